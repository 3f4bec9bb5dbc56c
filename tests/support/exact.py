"""The four functions and their slopes in mpmath, written anew: nothing here comes from helpers."""

from collections.abc import Callable
from typing import Any

import mpmath  # type: ignore[import-untyped]

G: dict[str, Callable[[Any, float], Any]] = {
    "sigmoid": lambda z, alpha: 1 / (1 + mpmath.exp(-alpha * mpmath.mpf(z))),
    "tanh": lambda z, alpha: mpmath.tanh(alpha * mpmath.mpf(z)),
    "relu": lambda z, alpha: z if z > 0 else alpha * mpmath.mpf(z),
    "leaky_relu": lambda z, alpha: z if z > 0 else alpha * mpmath.mpf(z),
}
SLOPE: dict[str, Callable[[Any, float], Any]] = {
    "sigmoid": lambda z, alpha: alpha / (2 + 2 * mpmath.cosh(alpha * mpmath.mpf(z))),
    "tanh": lambda z, alpha: alpha / mpmath.cosh(alpha * mpmath.mpf(z)) ** 2,
    "relu": lambda z, alpha: 1 if z > 0 else alpha,
    "leaky_relu": lambda z, alpha: 1 if z > 0 else alpha,
}

# In float64, because what is looked at is the digits that it loses.
SLOPE_FROM_A: dict[str, Callable[[float, float], float]] = {
    "sigmoid": lambda a, alpha: alpha * (a * (1 - a)),
    "tanh": lambda a, alpha: alpha * (1 - a * a),
    "relu": lambda a, alpha: 1 if a > 0 else alpha,
    "leaky_relu": lambda a, alpha: 1 if a > 0 else alpha,
}
