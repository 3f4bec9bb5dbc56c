"""The public names of the course: ``from helpers import sigmoid, explore, check``.

The mathematics needs NumPy alone and is here at once. What draws or judges is loaded when its name
is first asked for, so that Matplotlib and the widgets cost nothing to whoever wants the functions.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from helpers.activations import (
    ACTIVATIONS,
    Activation,
    leaky_relu,
    leaky_relu_derivative,
    leaky_relu_derivative_from_a,
    relu,
    relu_derivative,
    relu_derivative_from_a,
    sigmoid,
    sigmoid_derivative,
    sigmoid_derivative_from_a,
    tanh,
    tanh_derivative,
    tanh_derivative_from_a,
)
from helpers.checkpoints import check_points
from helpers.differences import central_difference
from helpers.network import check_gradient, random_network, spiral, train

if TYPE_CHECKING:
    from helpers.exercises.check import check, progress
    from helpers.pictures.comparison import by_layer, compare, poster, slope_powers
    from helpers.pictures.explorer import explore
    from helpers.pictures.functions import function_and_slope, lost_digits, step_error, subgradients
    from helpers.pictures.secant import explore_secant
    from helpers.pictures.training import (
        decision_boundaries,
        epochs_needed,
        gradient_by_layer,
        loss_curves,
        with_progress_bar,
    )

_ROOMS = {
    "exercises.check": ("check", "progress"),
    "pictures.comparison": ("by_layer", "compare", "poster", "slope_powers"),
    "pictures.explorer": ("explore",),
    "pictures.functions": ("function_and_slope", "lost_digits", "step_error", "subgradients"),
    "pictures.secant": ("explore_secant",),
    "pictures.training": (
        "decision_boundaries",
        "epochs_needed",
        "gradient_by_layer",
        "loss_curves",
        "with_progress_bar",
    ),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "by_layer",
    "central_difference",
    "check",
    "check_gradient",
    "check_points",
    "compare",
    "decision_boundaries",
    "epochs_needed",
    "explore",
    "explore_secant",
    "function_and_slope",
    "gradient_by_layer",
    "leaky_relu",
    "leaky_relu_derivative",
    "leaky_relu_derivative_from_a",
    "loss_curves",
    "lost_digits",
    "poster",
    "progress",
    "random_network",
    "relu",
    "relu_derivative",
    "relu_derivative_from_a",
    "sigmoid",
    "sigmoid_derivative",
    "sigmoid_derivative_from_a",
    "slope_powers",
    "spiral",
    "step_error",
    "subgradients",
    "tanh",
    "tanh_derivative",
    "tanh_derivative_from_a",
    "train",
    "with_progress_bar",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'helpers' has no attribute {name!r}")
    return getattr(import_module(f"helpers.{_ROOM_OF[name]}"), name)
