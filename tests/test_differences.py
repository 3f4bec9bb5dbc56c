"""The central difference: its value, its error against the step, and its contract."""

import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from helpers.activations import ACTIVATIONS
from helpers.differences import central_difference

EPSILON = float(np.finfo(np.float64).eps)
SMOOTH = [activation for activation in ACTIVATIONS.values() if activation.kink is None]
KINKED = [activation for activation in ACTIVATIONS.values() if activation.kink is not None]


def _error(h: float, z: float = 1.0) -> float:
    sigmoid = ACTIVATIONS["sigmoid"]
    return abs(float(central_difference(sigmoid.g, z, h) - sigmoid.derivative(z)))


@pytest.mark.parametrize("activation", SMOOTH, ids=lambda activation: activation.name)
def test_the_default_step_gives_about_ten_digits(activation: Any) -> None:
    z = np.linspace(-10, 10, 101)
    for alpha in (0.1, 1.0, 4.0):
        found = central_difference(lambda x: activation.g(x, alpha=alpha), z)  # noqa: B023
        exact = activation.derivative(z, alpha=alpha)
        # The third derivative is at most 2 alpha**3, in tanh at 0, and the values of g at most 1.
        h = 6.1e-6 * np.maximum(1, np.abs(z))
        allowed = h**2 * alpha**3 / 3 + 6 * EPSILON / h
        assert (np.abs(found - exact) <= allowed).all(), f"alpha = {alpha}"


@pytest.mark.parametrize("h", [1e-6, 1e-3, 0.5, 8.0])
def test_the_secant_of_a_parabola_has_the_slope_of_its_tangent(h: float) -> None:
    z = np.array([-2.0, 0.0, 0.3, 100.0])
    found = central_difference(lambda x: 3 * x**2 - x, z, h)
    assert_allclose(found, 6 * z - 1, rtol=1e-9, atol=1e-9 + 1e5 * EPSILON / h)


def test_the_step_that_is_divided_by_is_the_one_taken() -> None:
    for z, h in [(1e6 + 0.1, 1e-9), (1.0, 1e-15), (1e15, 0.2), (0.0, 1e-300)]:
        assert central_difference(lambda x: x, z, h) == 1


def test_halving_a_long_step_quarters_the_error() -> None:
    for h in (0.2, 0.1, 0.01):
        assert _error(h) / _error(h / 2) == pytest.approx(4, rel=0.02)


def test_the_error_against_the_step_is_v_shaped_and_the_default_lies_at_the_bottom() -> None:
    steps = 10.0 ** np.arange(-13, 0)
    # A single error may be small by luck; the largest of a few neighbors is not.
    errors = [max(_error(h, z) for z in np.linspace(0.9, 1.1, 21)) for h in steps]
    best = int(np.argmin(errors))
    assert 1e-6 <= steps[best] <= 1e-4
    assert (np.diff(errors[: best + 1]) < 0).all()
    assert (np.diff(errors[best:]) > 0).all()
    sigmoid, z = ACTIVATIONS["sigmoid"], np.linspace(0.9, 1.1, 21)
    default = np.abs(central_difference(sigmoid.g, z) - sigmoid.derivative(z)).max()
    assert default <= 4 * errors[best]


def test_the_default_step_grows_with_z() -> None:
    taken: list[Any] = []

    def g(x: Any) -> Any:
        taken.append(x)
        return x

    z = np.array([-1e8, -2.0, 0.0, 1e-3, 1.0, 1e300])
    central_difference(g, z)
    above, below = taken
    assert_allclose((above - below) / 2, EPSILON ** (1 / 3) * np.array([1e8, 2, 1, 1, 1, 1e300]))
    assert_allclose(central_difference(np.square, [1e8, -1e100]), [2e8, -2e100], rtol=1e-9)


@pytest.mark.parametrize("activation", KINKED, ids=lambda activation: activation.name)
def test_at_a_kink_no_step_gives_more_than_the_mean_of_the_slopes(activation: Any) -> None:
    for alpha in (activation.alpha, 0.5, -0.5, 1.5):
        for h in (None, 1.0, 1e-3, 1e-9, 1e-300):
            found = central_difference(lambda x: activation.g(x, alpha=alpha), 0, h)  # noqa: B023
            assert found == pytest.approx((1 + alpha) / 2, rel=1e-12), f"h = {h}"


def test_shape_and_kind_of_the_result() -> None:
    for number in (0, 1.5, True, np.float32(0.5), np.array(2)):
        assert type(central_difference(np.tanh, number)) is np.float64
    for shape in [(0,), (3,), (2, 0), (2, 3, 1)]:
        z = np.ones(shape, np.float32)
        result = central_difference(np.tanh, z)
        assert (result.shape, result.dtype) == (shape, np.float64)
    assert_array_equal(central_difference(np.tanh, [[0], [1]], [[0.1], [0.2]]).shape, (2, 1))
    assert_allclose(central_difference(np.tanh, np.float32(0.5)), 0.786447733, rtol=1e-9)


def test_each_z_may_have_a_step_of_its_own() -> None:
    both = central_difference(np.exp, [0.0, 1.0], [0.1, 0.2])
    each = [central_difference(np.exp, 0.0, 0.1), central_difference(np.exp, 1.0, 0.2)]
    assert_allclose(both, each, rtol=1e-14)


def test_what_g_returns_may_be_of_any_real_type() -> None:
    z = [-1.0, 0.0, 1.0]
    for kind in (bool, np.uint8, np.int8, np.float16, np.float32, np.float64):
        falls = central_difference(lambda x: (x < 0.5).astype(kind), z, 1.0)  # noqa: B023
        assert_array_equal(falls, [0, -0.5, -0.5], err_msg=f"for {kind.__name__}")
        assert falls.dtype == np.float64
    assert central_difference(lambda x: x > 0, 0.0, 0.25) == 2


def test_the_input_is_not_changed() -> None:
    z, h = np.array([1.0, 2.0]), np.array([0.1, 0.2])
    z.flags.writeable = h.flags.writeable = False
    central_difference(np.tanh, z, h)
    central_difference(np.tanh, z)


def test_nan_and_infinities_are_silent() -> None:
    with np.errstate(all="raise"):
        found = central_difference(np.tanh, [-np.inf, 0.0, np.nan, np.inf, 1e308, 1.7e308])
        assert np.isnan(central_difference(np.tanh, [-np.inf, np.nan, np.inf], 0.1)).all()
    assert np.isnan(found[[0, 2, 3]]).all()
    assert_allclose(found[[1, 4, 5]], [1, 0, 0], rtol=1e-9)


def _refused(error: type[Exception], message: str, *arguments: Any) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        central_difference(*arguments)


def test_wrong_arguments_are_named() -> None:
    _refused(TypeError, "g must be a function of z; got float", 1.0, 1.0)
    _refused(TypeError, "z must be real", np.tanh, "1")
    _refused(TypeError, "z must be real", np.tanh, None)
    _refused(TypeError, "h must be real", np.tanh, 1.0, 1j)
    for h in (0, -0.0, -1e-3, np.nan, [0.1, -0.1]):
        _refused(ValueError, f"h must be positive; got {h!r}", np.tanh, [1.0, 1.0], h)
    rounds = "is too small: z + h or z - h rounds to z"
    _refused(ValueError, f"h = 1e-17 {rounds}", np.tanh, [0.0, 1.0], 1e-17)
    _refused(ValueError, f"h = 1e-16 {rounds}", lambda x: x, 1.0, 1e-16)  # above only
    _refused(ValueError, f"h = 1e-16 {rounds}", lambda x: x, -1.0, 1e-16)  # below only
    _refused(ValueError, f"h = 1e-17 {rounds}", np.tanh, [np.inf, 1.0], 1e-17)
    _refused(TypeError, "g(z) must be real", lambda x: 1j * x, 1.0)
    _refused(TypeError, "g(z) must be real", lambda x: None, 1.0)
    message = "g must keep the shape (2,) of z; got ()"
    _refused(ValueError, message, lambda x: 1.0, [0.0, 1.0])
    message = "g must keep the shape (2,) of z; got (2, 2)"
    _refused(ValueError, message, lambda z: np.stack([z, z]), [0.0, 1.0])
