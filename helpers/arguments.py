"""What the arguments of the mathematics may be, and what is said of others.

The rule, the same for z, a, alpha and at_zero: a number is real if Python or NumPy says so (int,
float, bool, Fraction, Decimal, NumPy's scalars and arrays of no dimension). Anything else raises
``TypeError``; a number that is real but out of range raises ``ValueError``.
"""

import math
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def real_array(z: ArrayLike, name: str = "z", allowed: str = "a list or array of numbers") -> Array:
    """Return `z` as a floating-point array: float dtypes kept, all other numbers to float64.

    Raises
    ------
    TypeError
        If `z` holds anything but real numbers, or has a mask, which would be lost.
    ValueError
        If `z` is a ragged list, or holds a number beyond float64.

    Examples
    --------
    >>> real_array([1, 2]).dtype
    dtype('float64')
    """
    if isinstance(z, np.ma.MaskedArray):
        raise TypeError(f"{name} must have no mask, which would be lost; fill it, or use .data")
    try:
        array = np.asarray(z)
    except ValueError as error:
        raise ValueError(f"{name} must have rows of equal length; got {z!r}") from error
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype.kind == "O" and all(isinstance(x, Real | Decimal | np.bool) for x in array.flat):
        try:
            return array.astype(np.float64)
        except (OverflowError, ValueError):
            limits = "-1.8e308 and 1.8e308, as float64 is"
            raise ValueError(f"{name} must lie between {limits}; got a number beyond") from None
    got = type(z).__name__ + (f" of {array.dtype}" if array.ndim else "")
    raise TypeError(f"{name} must be real: a number, or {allowed}; got {got}")


def finite_number(value: float, name: str) -> float:
    """Return `value` as a float: a real number as everywhere here, but a single and finite one."""
    if type(value) is not float:  # asking a float the long way costs more than 100 elements
        array = real_array(value, name, "an array of no dimension")
        if array.ndim:
            raise TypeError(f"{name} must be a single number; got {type(value).__name__}")
        value = float(array)
    if math.isfinite(value):
        return value
    raise ValueError(f"{name} must be finite; got {value}")


def steepness(alpha: float) -> float:
    """Return `alpha` as a float; `ValueError` when it is not positive and finite."""
    alpha = finite_number(alpha, "alpha")
    if alpha > 0:
        return alpha
    raise ValueError(f"alpha is a steepness and must be positive; got {alpha}")
