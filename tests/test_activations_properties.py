"""What holds of the activation functions at every z and alpha, tried at points Hypothesis picks."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from helpers import (
    ACTIVATIONS,
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

STEEP = [
    sigmoid,
    sigmoid_derivative,
    sigmoid_derivative_from_a,
    tanh,
    tanh_derivative,
    tanh_derivative_from_a,
]
LEAKY = [leaky_relu, leaky_relu_derivative, leaky_relu_derivative_from_a]
PLAIN = [relu, relu_derivative, relu_derivative_from_a]

TINY = float(np.finfo(np.float64).tiny)
EPSILON = float(np.finfo(np.float64).eps)
FOUR_ULP = 4 * EPSILON  # since one ulp of a number is at most EPSILON times the number


def each(*functions: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("f", functions, ids=lambda f: f.__name__)


@st.composite
def bit_patterns(draw: st.DrawFn) -> Any:
    """Arrays of any bits whatever: subnormal, infinite, quiet and signaling nan among them."""
    unsigned, dtype = draw(
        st.sampled_from([(np.uint64, np.float64), (np.uint32, np.float32), (np.uint16, np.float16)])
    )
    shape = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=9)
    return draw(arrays(unsigned, shape)).view(dtype)


any_float = st.floats(allow_nan=False)
finite = st.floats(allow_nan=False, allow_infinity=False)
steepness = st.floats(1e-3, 500)


def around_zero(reach: float = 800.0) -> st.SearchStrategy[float]:
    """Exponents t = alpha z, many of them small, up to where everything has saturated."""
    return st.one_of(st.floats(-40, 40), st.floats(-reach, reach))


# Any input at all -------------------------------------------------------------------------------
@each(*STEEP, *LEAKY, *PLAIN)
@given(z=bit_patterns(), alpha=finite)
def test_no_bits_cause_a_warning_or_a_wrong_nan(f: Any, z: Any, alpha: float) -> None:
    keywords = {}
    if f in STEEP or f is leaky_relu_derivative_from_a:
        keywords["alpha"] = abs(alpha) or 1.0
    elif f in LEAKY:
        keywords["alpha"] = alpha
    for each_alpha in ({}, keywords):
        before = z.tobytes()
        with np.errstate(all="raise"):
            result = f(z, **each_alpha)
        assert z.tobytes() == before
        assert (result.shape, result.dtype) == (z.shape, z.dtype)
        assert_array_equal(np.isnan(result), np.isnan(z))


@each(*STEEP, *LEAKY, *PLAIN)
@given(z=st.lists(any_float, max_size=20), alpha=steepness)
def test_a_list_gives_what_its_numbers_give(f: Any, z: list[float], alpha: float) -> None:
    keywords = {} if f in PLAIN else {"alpha": alpha}
    one_by_one = [f(number, **keywords) for number in z]
    assert_allclose(f(z, **keywords), one_by_one, rtol=2 * FOUR_ULP, atol=TINY)


@pytest.mark.parametrize("key", ACTIVATIONS)
@given(z=any_float, data=st.data())
def test_slopes_lie_between_0_and_the_maximum(key: str, z: float, data: st.DataObject) -> None:
    activation = ACTIVATIONS[key]
    alpha = data.draw(steepness | st.sampled_from(activation.alphas))
    slope = activation.derivative(z, alpha=alpha)
    assert min(alpha, 0) <= slope <= activation.maximum_slope(alpha)


# Symmetry ---------------------------------------------------------------------------------------
@given(t=around_zero(), alpha=steepness)
def test_sigmoid_at_minus_z_is_one_minus_sigmoid(t: float, alpha: float) -> None:
    z = t / alpha
    # Each of the two is at most 1, so that its 4 ulp are at most 2 EPSILON.
    assert abs(sigmoid(-z, alpha) + sigmoid(z, alpha) - 1) <= 5 * EPSILON


@given(t=around_zero(), alpha=steepness)
def test_tanh_is_odd(t: float, alpha: float) -> None:
    z = t / alpha
    assert_allclose(tanh(-z, alpha), -tanh(z, alpha), rtol=2 * FOUR_ULP)


@each(sigmoid_derivative, tanh_derivative)
@given(t=around_zero(), alpha=steepness)
def test_slopes_are_even(f: Any, t: float, alpha: float) -> None:
    z = t / alpha
    assert_allclose(f(-z, alpha), f(z, alpha), rtol=2 * FOUR_ULP, atol=TINY)


@given(t=around_zero(340), alpha=steepness)
def test_tanh_is_a_sigmoid_of_twice_the_steepness(t: float, alpha: float) -> None:
    z = t / alpha
    assert abs(2 * sigmoid(z, 2 * alpha) - 1 - tanh(z, alpha)) <= 8 * EPSILON
    assert_allclose(
        4 * sigmoid_derivative(2 * z, alpha), tanh_derivative(z, alpha), rtol=2 * FOUR_ULP
    )


# Shape of the curves ----------------------------------------------------------------------------
@each(sigmoid, tanh, leaky_relu)
@given(ends=st.lists(any_float | around_zero(), min_size=2, max_size=2), alpha=steepness)
def test_g_does_not_decrease(f: Any, ends: list[float], alpha: float) -> None:
    low, high = f(sorted(ends), alpha)
    assert low <= high or low - high <= FOUR_ULP * (abs(low) + abs(high)) + TINY


@each(sigmoid_derivative, tanh_derivative)
@given(ends=st.lists(any_float | around_zero(), min_size=2, max_size=2), alpha=steepness)
def test_slopes_fall_off_from_zero(f: Any, ends: list[float], alpha: float) -> None:
    near, far = f(sorted(ends, key=abs), alpha)
    assert far <= near * (1 + 2 * FOUR_ULP) + 500 * TINY


# g' from a --------------------------------------------------------------------------------------
# a is right to 4 EPSILON of itself. Subtracting it from 1 keeps that error and shrinks the value,
# so it grows by a / (1 - a) = e**t. In 1 - a**2 the square doubles it, and it grows by
# a**2 / (1 - a**2) = sinh(t)**2. The rest is rounding.
@pytest.mark.parametrize(
    ("from_z", "from_a", "g", "growth"),
    [
        (sigmoid_derivative, sigmoid_derivative_from_a, sigmoid, lambda t: 4 * math.exp(t)),
        (tanh_derivative, tanh_derivative_from_a, tanh, lambda t: 9 * math.sinh(t) ** 2),
    ],
    ids=["sigmoid", "tanh"],
)
@given(t=st.floats(-700, 30), alpha=steepness)
def test_the_slope_from_a_loses_what_cancels_and_no_more(
    from_z: Any, from_a: Any, g: Any, growth: Callable[[float], float], t: float, alpha: float
) -> None:
    t = t if g is sigmoid else math.fmod(t, 18)
    z = t / alpha
    allowed = (10 + growth(alpha * z)) * EPSILON
    assert_allclose(from_a(g(z, alpha), alpha), from_z(z, alpha), rtol=allowed)


@given(z=any_float, alpha=st.floats(0, 10))
def test_the_sign_of_a_tells_the_slope_of_the_relu_family(z: float, alpha: float) -> None:
    a = leaky_relu(z, alpha)
    assert leaky_relu_derivative_from_a(a, alpha) == leaky_relu_derivative(z, alpha)
    assert relu_derivative_from_a(relu(z)) == relu_derivative(z)


# The ReLU family --------------------------------------------------------------------------------
@given(z=bit_patterns())
def test_a_leak_of_1_changes_nothing_and_a_leak_of_0_is_relu(z: Any) -> None:
    assert_array_equal(leaky_relu(z, 1.0), z)
    assert_array_equal(leaky_relu(z, 0.0), relu(z))
    assert_array_equal(leaky_relu_derivative(z, 0.0), relu_derivative(z))
    assert_array_equal(leaky_relu_derivative_from_a(z, 0.0), relu_derivative_from_a(z))
    assert_array_equal(ACTIVATIONS["relu"].g(z), relu(z))


@given(z=any_float, alpha=finite.filter(lambda alpha: alpha != 0), at_zero=finite)
def test_the_two_branches(z: float, alpha: float, at_zero: float) -> None:
    assert leaky_relu(z, alpha) == (z if z > 0 else alpha * z)
    assert relu(z) == max(z, 0.0)
    assert leaky_relu_derivative(z, alpha) == (1 if z > 0 else alpha)
    assert leaky_relu_derivative(z, alpha, at_zero) == (1 if z > 0 else alpha if z < 0 else at_zero)
    assert relu_derivative(z, at_zero) == (1 if z > 0 else 0 if z < 0 else at_zero)
