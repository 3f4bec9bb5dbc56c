"""Numerical derivatives: what the formulas are checked against."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import real_array

_CUBE_ROOT_OF_EPSILON = float(np.cbrt(np.finfo(np.float64).eps))


@np.errstate(all="ignore")
def central_difference(g: Callable[[Any], Any], z: ArrayLike, h: ArrayLike | None = None) -> Any:
    """Slope of the secant of g through z - h and z + h.

    Parameters
    ----------
    g : callable
        Takes an array of any shape and returns one of the same shape, of numbers or bools.
    z : array_like
        Where the slope is wanted, any shape. The work is done in float64.
    h : array_like, optional
        Step, positive, in the unit of `z`. By default 6.1e-6 max(1, abs(z)).

    Returns
    -------
    ndarray or scalar
        The shape of `z`.

    Raises
    ------
    TypeError
        If `g` cannot be called, or if `z`, `h` or what `g` returns is not real.
    ValueError
        If `h` is not positive, or so small that z + h or z - h rounds to z, or if `g` returns
        another shape.

    Notes
    -----
    For a smooth g the error is about h**2 abs(g''') / 6 from the secant plus eps abs(g) / h from
    rounding, eps = 2.2e-16. The default, the cube root of eps, is near the best h [1]_. At a kink
    the result is the mean of the two slopes, however small h is.

    References
    ----------
    .. [1] N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM, 2002.

    Examples
    --------
    >>> print(f"{central_difference(np.tanh, 0.0):.9f}")
    1.000000000
    >>> print(f"{central_difference(np.abs, 0.0):.9f}")
    0.000000000
    """
    if not callable(g):
        raise TypeError(f"g must be a function of z; got {type(g).__name__}")
    z = real_array(z).astype(np.float64)
    default = _CUBE_ROOT_OF_EPSILON * np.maximum(1.0, np.abs(z))
    step = default if h is None else real_array(h, "h")
    if h is not None and not np.all(step > 0):
        raise ValueError(f"h must be positive; got {h!r}")
    above, below = z + step, z - step
    if np.any(((above == z) | (below == z)) & np.isfinite(z)):
        raise ValueError(f"h = {h!r} is too small: z + h or z - h rounds to z")
    rise = real_array(g(above), "g(z)") - real_array(g(below), "g(z)")
    if np.shape(rise) != np.shape(above):
        raise ValueError(f"g must keep the shape {np.shape(above)} of z; got {np.shape(rise)}")
    return (rise / (above - below))[()]
