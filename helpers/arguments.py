"""What the arguments of the mathematics may be, and what is said of others."""

import math
import numbers
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def real_array(z: ArrayLike, name: str = "z") -> Array:
    """Return `z` as a floating-point array: float dtypes kept, integers and bools to float64.

    Raises
    ------
    TypeError
        If `z` holds anything but real numbers.
    ValueError
        If `z` is a ragged list.

    Examples
    --------
    >>> real_array([1, 2]).dtype
    dtype('float64')
    """
    try:
        array = np.asarray(z)
    except ValueError as error:
        raise ValueError(f"{name} must have rows of equal length; got {z!r}") from error
    kind = array.dtype.kind
    if kind == "f":
        return array
    if kind in "biu":
        return array.astype(np.float64)
    got = type(z).__name__ + (f" of {array.dtype}" if array.ndim else "")
    raise TypeError(f"{name} must be real: a number, or a list or array of numbers; got {got}")


def finite_number(value: float, name: str) -> float:
    """Return `value` as a float; `ValueError` when it is not a finite real number."""
    try:
        if isinstance(value, (float, numbers.Real)) and math.isfinite(value):  # float is quicker
            return float(value)
    except OverflowError:  # an integer beyond the largest float
        pass
    raise ValueError(f"{name} must be a finite real number; got {value!r}")


def steepness(alpha: float) -> float:
    """Return `alpha` as a float; `ValueError` when it is not positive and finite."""
    if type(alpha) is not float:  # asking a float the long way costs more than 100 elements
        alpha = finite_number(alpha, "alpha")
    if 0 < alpha < math.inf:
        return alpha
    raise ValueError(f"alpha is a steepness and must be positive and finite; got {alpha}")
