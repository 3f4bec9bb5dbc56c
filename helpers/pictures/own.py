"""A learner's own function, as the explorer calls it."""

import reprlib
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.activations import Activation
from helpers.differences import central_difference

Array = NDArray[np.float64]

FINE = np.arange(-1000, 1001) / 100  # where the explorer looks for flat stretches


class RefusedError(Exception):
    """A function that cannot be explored; the message says why."""


def own_activation(
    g: Callable[..., Any],
    derivative: Callable[..., Any] | None,
    alpha: float | Sequence[float] | None,
) -> Activation:
    """Describe a learner's functions as an `Activation`, with calls that are watched."""
    for function in (g, derivative or g):
        if not callable(function):
            kind = type(function).__name__
            raise RefusedError(f"explore takes one of ACTIVATIONS or functions of z, not {kind}")
    alphas = _alphas(alpha)
    watched = _watched(g, alpha is not None)

    def slope(z: Array, alpha: float) -> Array:
        slopes = np.asarray(central_difference(lambda x: watched(x, alpha), z), dtype=float)
        if not np.isfinite(slopes).any():
            raise RefusedError(f"{_name(g)} has no finite slope for z from −10 to 10")
        return slopes

    if derivative is not None:
        slope = _watched(derivative, alpha is not None)
    return Activation(
        name=_name(g),
        g=watched,
        derivative=slope,
        derivative_from_a=slope,
        alpha=alphas[0],
        alphas=tuple(sorted(set(alphas))),
        maximum_slope=lambda alpha: float(np.nanmax(np.abs(slope(FINE, alpha)), initial=0.0)),
    )


def _alphas(alpha: float | Sequence[float] | None) -> list[float]:
    """Return the values of a slider for α, the default first."""
    try:
        values = np.array(0.0 if alpha is None else alpha, dtype=float)
    except (OverflowError, TypeError, ValueError):
        values = np.array(np.nan)
    if values.ndim > 1 or not values.size or not np.isfinite(values).all():
        raise RefusedError(f"alpha must be a finite number or several, not {alpha!r}")
    first, *more = values.ravel().tolist()
    if values.ndim == 0 and alpha is not None:
        # first * 10 / 10 need not be first, and would be another position of the slider.
        more = [first if k == 10 else first * k / 10 for k in range(1, 41)]
        if not first:
            more = [k / 10 for k in range(-10, 11)]
        if not np.isfinite(more).all():
            raise RefusedError(f"alpha = {alpha!r} is too large for a slider to four times it")
    return [first, *more]


def _name(function: Callable[..., Any]) -> str:
    """Return a function's name if a title has room for it, and its font the letters."""
    name = getattr(function, "__name__", "")
    fits = isinstance(name, str) and len(name) <= 20 and max(name, default="") <= "ω"
    return name if fits and name.isidentifier() else "your function"


def _watched(function: Callable[..., Any], with_alpha: bool) -> Callable[..., Array]:
    """Return the function, silenced, and refused where it fails or returns no array like z."""
    name = _name(function)

    def call(z: Any, alpha: float) -> Any:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return function(z, alpha) if with_alpha else function(z)

    def takes_numbers(alpha: float) -> bool:
        try:
            call(-2.0, alpha)
            call(2.0, alpha)
        except (Exception, SystemExit):
            return False
        return True

    def watched(z: Array, alpha: float) -> Array:
        try:
            values = np.asarray(call(z.copy(), alpha))
        except (Exception, SystemExit) as error:
            cause = f"{type(error).__name__}: {' '.join(str(error).split()).rstrip('.')}"
            if takes_numbers(alpha):
                cause += (
                    "; it takes one number but no array, which np.exp in place of math.exp and "
                    "np.where(z > 0, …, …) in place of if would cure"
                )
            raise RefusedError(f"{name} raised {cause}") from error
        if values.dtype.kind not in "fiub":
            kinds = {"c": "complex numbers", "U": "text"}
            returned = kinds.get(values.dtype.kind, reprlib.repr(values[()]))
            raise RefusedError(f"{name} returned {returned}, not real numbers")
        if values.shape != z.shape:
            raise RefusedError(f"{name} returned shape {values.shape} for z of shape {z.shape}")
        values = values.astype(float)
        if not np.isfinite(values).any():
            raise RefusedError(f"{name} returned no finite number for z from −10 to 10")
        return values

    return watched
