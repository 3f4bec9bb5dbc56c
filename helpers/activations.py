"""Activation functions and their derivatives, side by side.

Every function takes a number, a list or an array of any shape and returns the same shape; for a
number, a NumPy scalar. float16, float32 and float64 are kept; integers and bools become float64.
nan stays nan, infinities give the limit, the input is never changed, no input causes a warning.

What z, a, alpha and at_zero may be is said once, in ``helpers.arguments``: anything but a real
number raises ``TypeError``, a number out of range ``ValueError``.

The functions and derivatives of z are exact to 4 units in the last place (6 in float32) wherever
the exact result is a normal number, with two exceptions. When alpha is not 1, ``alpha * z`` is
rounded first: that moves the result by up to abs(alpha z) * 1.2e-16 of itself, twice that for the
slope of tanh, never more than 1e-13. And where cosh overflows the slope is 0: when alpha is above 8
(sigmoid) or 2 (tanh), slopes below 2.8e-309 alpha or 1.2e-308 alpha are lost, although they are
normal numbers.

The forms ``…_from_a`` are the textbook's and can lose digits; their notes say where.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import Array, finite_number, real_array, steepness

# NumPy's flags are silenced here, once a call: an overflow below is the right limit, since every
# formula is written so that exp or cosh = inf leads to 0 or 1, never to nan.
_silent = np.errstate(all="ignore")


@_silent
def sigmoid(z: ArrayLike, alpha: float = 1.0) -> Any:
    """Logistic sigmoid, 1 / (1 + exp(-alpha z)).

    Parameters
    ----------
    z : array_like
        Pre-activation, any shape.
    alpha : float, default 1.0
        Steepness, positive.

    Returns
    -------
    ndarray or scalar
        a in [0, 1], the shape of `z`. Exactly 0 where exp(-alpha z) overflows and a is less than
        any normal number: in float64 below alpha z = -709.8.

    Examples
    --------
    >>> float(sigmoid(0))
    0.5
    >>> sigmoid([-1000, 0, 1000])
    array([0. , 0.5, 1. ])
    """
    z, alpha = real_array(z), steepness(alpha)
    return _like(z, 1 / (1 + np.exp(-_scaled(z, alpha))))


@_silent
def sigmoid_derivative(z: ArrayLike, alpha: float = 1.0) -> Any:
    """Slope of the sigmoid at z, alpha / (exp(alpha z) + 2 + exp(-alpha z)).

    This is alpha a (1 - a) rearranged so that nothing cancels. Largest at 0: alpha / 4.

    Parameters
    ----------
    z : array_like
        Pre-activation, any shape.
    alpha : float, default 1.0
        Steepness, positive.

    Returns
    -------
    ndarray or scalar
        g'(z) in [0, alpha / 4], the shape of `z`.

    Examples
    --------
    >>> print(f"{sigmoid_derivative(0):.4f} {sigmoid_derivative(10):.4e}")
    0.2500 4.5396e-05
    """
    z, alpha = real_array(z), steepness(alpha)
    # exp(t) + 2 + exp(-t) = 2 (1 + cosh t)
    return _like(z, alpha / 2 / (1 + np.cosh(_scaled(z, alpha))))


@_silent
def sigmoid_derivative_from_a(a: ArrayLike, alpha: float = 1.0) -> Any:
    """Slope of the sigmoid from its activation, alpha a (1 - a).

    Parameters
    ----------
    a : array_like
        Activation ``sigmoid(z, alpha)``, any shape.
    alpha : float, default 1.0
        Steepness, positive.

    Returns
    -------
    ndarray or scalar
        g'(z), the shape of `a`.

    Notes
    -----
    1 - a cancels where a is near 1: each step of 2.3 in alpha z costs a digit, and from about
    alpha z = 37 on, a is stored as 1 and the result is exactly 0. On the negative side nothing
    is lost.

    Examples
    --------
    >>> float(sigmoid_derivative_from_a(0.5))
    0.25
    """
    a, alpha = real_array(a, "a"), steepness(alpha)
    return _like(a, _scaled(a * (1 - a), alpha))


@_silent
def tanh(z: ArrayLike, alpha: float = 1.0) -> Any:
    """Hyperbolic tangent of alpha z.

    Parameters
    ----------
    z : array_like
        Pre-activation, any shape.
    alpha : float, default 1.0
        Steepness, positive.

    Returns
    -------
    ndarray or scalar
        a in [-1, 1], the shape of `z`.

    Examples
    --------
    >>> tanh([-1000, 0, 1000])
    array([-1.,  0.,  1.])
    """
    z, alpha = real_array(z), steepness(alpha)
    return _like(z, np.tanh(_scaled(z, alpha)))


@_silent
def tanh_derivative(z: ArrayLike, alpha: float = 1.0) -> Any:
    """Slope of tanh(alpha z) at z, 4 alpha / (exp(2 alpha z) + 2 + exp(-2 alpha z)).

    This is alpha (1 - a**2) rearranged so that nothing cancels. Largest at 0: alpha.

    Parameters
    ----------
    z : array_like
        Pre-activation, any shape.
    alpha : float, default 1.0
        Steepness, positive.

    Returns
    -------
    ndarray or scalar
        g'(z) in [0, alpha], the shape of `z`.

    Examples
    --------
    >>> print(f"{tanh_derivative(0):.4f} {tanh_derivative(10):.4e}")
    1.0000 8.2446e-09
    """
    z, alpha = real_array(z), steepness(alpha)
    t = _scaled(z, alpha)
    return _like(z, alpha / (0.5 + 0.5 * np.cosh(t + t)))


@_silent
def tanh_derivative_from_a(a: ArrayLike, alpha: float = 1.0) -> Any:
    """Slope of tanh(alpha z) from its activation, alpha (1 - a**2).

    Parameters
    ----------
    a : array_like
        Activation ``tanh(z, alpha)``, any shape.
    alpha : float, default 1.0
        Steepness, positive.

    Returns
    -------
    ndarray or scalar
        g'(z), the shape of `a`.

    Notes
    -----
    1 - a**2 cancels where a is near -1 or 1, on both sides: at alpha z = 10 half of the 16 digits
    are gone (all of float32's), and from about 19 on the result is exactly 0.

    Examples
    --------
    >>> float(tanh_derivative_from_a(0.5))
    0.75
    """
    a, alpha = real_array(a, "a"), steepness(alpha)
    return _like(a, _scaled(1 - a * a, alpha))


@_silent
def relu(z: ArrayLike) -> Any:
    """Rectified linear unit, max(0, z).

    Parameters
    ----------
    z : array_like
        Pre-activation, any shape.

    Returns
    -------
    ndarray or scalar
        a in [0, inf], the shape of `z`.

    Examples
    --------
    >>> relu([-2, 0, 2])
    array([0., 0., 2.])
    """
    z = real_array(z)
    return _like(z, np.maximum(z, 0.0))


def relu_derivative(z: ArrayLike, at_zero: float = 0.0) -> Any:
    """Slope of ReLU at z: 0 below zero, 1 above, `at_zero` at the kink.

    Parameters
    ----------
    z : array_like
        Pre-activation, any shape.
    at_zero : float, default 0.0
        The value to use at z = 0, where no derivative exists. Each value from 0 to 1 is a
        subgradient; 0 is the common choice of deep-learning libraries.

    Returns
    -------
    ndarray or scalar
        g'(z), the shape of `z`.

    Examples
    --------
    >>> relu_derivative([-2, 0, 2])
    array([0., 0., 1.])
    >>> relu_derivative([-2, 0, 2], at_zero=0.5)
    array([0. , 0.5, 1. ])
    """
    return leaky_relu_derivative(z, 0.0, finite_number(at_zero, "at_zero"))


def relu_derivative_from_a(a: ArrayLike) -> Any:
    """Slope of ReLU from its activation: 1 where a is positive, else 0.

    Parameters
    ----------
    a : array_like
        Activation ``relu(z)``, any shape.

    Returns
    -------
    ndarray or scalar
        g'(z), the shape of `a`, with 0 at the kink: a = 0 does not tell z = 0 from z < 0.

    Examples
    --------
    >>> relu_derivative_from_a([0, 0, 2])
    array([0., 0., 1.])
    """
    return leaky_relu_derivative_from_a(a, 0.0)


@_silent
def leaky_relu(z: ArrayLike, alpha: float = 0.01) -> Any:
    """Leaky ReLU: z above zero, alpha z below.

    Piecewise, not max(alpha z, z), so that it holds for every alpha, also above 1 and below 0.

    Parameters
    ----------
    z : array_like
        Pre-activation, any shape.
    alpha : float, default 0.01
        Leak, the slope below zero; PyTorch's ``negative_slope``.

    Returns
    -------
    ndarray or scalar
        a, the shape of `z`.

    Examples
    --------
    >>> leaky_relu([-2, 0, 2], alpha=0.5)
    array([-1.,  0.,  2.])
    """
    z, alpha = real_array(z), finite_number(alpha, "alpha")
    if alpha == 0:  # 0 · (−inf) would be nan
        return _like(z, np.maximum(z, 0.0))
    return _like(z, np.where(z > 0, z, _scaled(z, alpha)))


@_silent
def leaky_relu_derivative(z: ArrayLike, alpha: float = 0.01, at_zero: float | None = None) -> Any:
    """Slope of leaky ReLU at z: alpha below zero, 1 above, `at_zero` at the kink.

    Parameters
    ----------
    z : array_like
        Pre-activation, any shape.
    alpha : float, default 0.01
        Leak, the slope below zero.
    at_zero : float, optional
        The value to use at z = 0, where no derivative exists unless alpha is 1. Each value
        between alpha and 1 is a subgradient when alpha <= 1. None means `alpha`.

    Returns
    -------
    ndarray or scalar
        g'(z), the shape of `z`.

    Examples
    --------
    >>> leaky_relu_derivative([-2, 0, 2])
    array([0.01, 0.01, 1.  ])
    """
    z, alpha = real_array(z), finite_number(alpha, "alpha")
    at_zero = alpha if at_zero is None else finite_number(at_zero, "at_zero")
    return _like(z, np.select([z > 0, z < 0, z == 0], [1.0, alpha, at_zero], np.nan))


@_silent
def leaky_relu_derivative_from_a(a: ArrayLike, alpha: float = 0.01) -> Any:
    """Slope of leaky ReLU from its activation: 1 where a is positive, else alpha.

    Parameters
    ----------
    a : array_like
        Activation ``leaky_relu(z, alpha)``, any shape.
    alpha : float, default 0.01
        Leak, not negative: below 0 the two branches share their activations, and a no longer
        tells which of them it came from.

    Returns
    -------
    ndarray or scalar
        g'(z), the shape of `a`, with `alpha` at the kink.

    Examples
    --------
    >>> leaky_relu_derivative_from_a([-0.02, 0, 2])
    array([0.01, 0.01, 1.  ])
    """
    a, alpha = real_array(a, "a"), finite_number(alpha, "alpha")
    if alpha < 0:
        raise ValueError(f"alpha must not be negative for the slope to follow from a; got {alpha}")
    return _like(a, np.select([a > 0, a <= 0], [1.0, alpha], np.nan))


def _steps(low: float, high: float, step: float) -> tuple[float, ...]:
    return tuple(round(low + i * step, 10) for i in range(round((high - low) / step) + 1))


@dataclass(frozen=True)
class Activation:
    """What a notebook needs to know of one activation function.

    Check points, figures and sliders read it, so that none of them asks for a name.

    Attributes
    ----------
    name : str
        As it stands in a sentence.
    g, derivative, derivative_from_a : callable
        ``g(z, alpha=…)``, ``derivative(z, alpha=…)`` and ``derivative_from_a(a, alpha=…)``;
        `alpha` may be left out.
    maximum_slope : callable
        ``maximum_slope(alpha)``, the largest value of g'.
    alpha : float, default 1.0
        Default of the shape parameter.
    alphas : tuple of float, default 0.1 to 4
        Values of alpha worth showing, increasing; the default is one of them.
    range : tuple of float, default from -inf to inf
        Infimum and supremum of g at the default alpha.
    kink : float, optional
        Where the left and right slopes differ at the default alpha.
    formula, derivative_formula, from_a_formula : str
        LaTeX of g(z), g'(z) and g' in terms of a.
    """

    name: str
    g: Callable[..., Any]
    derivative: Callable[..., Any]
    derivative_from_a: Callable[..., Any]
    maximum_slope: Callable[[float], float]
    alpha: float = 1.0
    alphas: tuple[float, ...] = _steps(0.1, 4.0, 0.1)
    range: tuple[float, float] = (-math.inf, math.inf)
    kink: float | None = None
    formula: str = ""
    derivative_formula: str = ""
    from_a_formula: str = ""


_LEAKY_RELU = Activation(
    name="leaky ReLU",
    g=leaky_relu,
    derivative=leaky_relu_derivative,
    derivative_from_a=leaky_relu_derivative_from_a,
    alpha=0.01,
    alphas=tuple(sorted({0.01, *_steps(-0.5, 1.5, 0.05)})),
    maximum_slope=lambda alpha: max(1.0, alpha),
    kink=0.0,
    formula=r"\begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}",
    derivative_formula=r"\begin{cases} 1 & z > 0 \\ \alpha & z < 0 \end{cases}",
    from_a_formula=r"\begin{cases} 1 & a > 0 \\ \alpha & a \le 0 \end{cases}",
)

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        "sigmoid": Activation(
            name="sigmoid",
            g=sigmoid,
            derivative=sigmoid_derivative,
            derivative_from_a=sigmoid_derivative_from_a,
            maximum_slope=lambda alpha: alpha / 4,
            range=(0.0, 1.0),
            formula=r"\frac{1}{1 + e^{-\alpha z}}",
            derivative_formula=r"\alpha\,\sigma(\alpha z)\,(1 - \sigma(\alpha z))",
            from_a_formula=r"\alpha\,a\,(1 - a)",
        ),
        "tanh": Activation(
            name="tanh",
            g=tanh,
            derivative=tanh_derivative,
            derivative_from_a=tanh_derivative_from_a,
            maximum_slope=lambda alpha: alpha,
            range=(-1.0, 1.0),
            formula=r"\tanh(\alpha z)",
            derivative_formula=r"\alpha\,(1 - \tanh^2(\alpha z))",
            from_a_formula=r"\alpha\,(1 - a^2)",
        ),
        "relu": replace(
            _LEAKY_RELU,
            name="ReLU",
            g=partial(leaky_relu, alpha=0.0),
            derivative=partial(leaky_relu_derivative, alpha=0.0),
            derivative_from_a=partial(leaky_relu_derivative_from_a, alpha=0.0),
            alpha=0.0,
            alphas=_steps(0.0, 1.0, 0.05),
            range=(0.0, math.inf),
        ),
        "leaky_relu": _LEAKY_RELU,
    }
)


def _scaled(z: Array, alpha: float) -> Array:
    """Return alpha z, in at least float64 so that narrow types are rounded once, at the end."""
    return z if alpha == 1 else np.multiply(z, alpha, dtype=np.result_type(z, np.float64))


def _like(z: Array, result: Array) -> Any:
    return result.astype(z.dtype, copy=False)[()]
