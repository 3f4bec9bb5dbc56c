"""The table of check points: the formula at z, the formula in a, a numerical slope, a verdict."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.activations import Activation
from helpers.arguments import real_array
from helpers.differences import central_difference
from helpers.text import as_text

# A step wider than central_difference's own: at tanh(10) = 1 - 4e-9 the values of g differ only in
# their last 7 digits, and rounding would cost 2e-4 of the slope. Here it costs at most 1.4e-5 of
# it, and the secant at most 7e-7: both well below RTOL. A steeper function gets a smaller step.
STEP = 1e-3
RTOL = 1e-4
EPSILON = 2.0**-52


@dataclass(frozen=True)
class CheckPoint:
    """One row: the slope of one activation function at one z, found in three ways.

    Attributes
    ----------
    z, a, derivative : float
        The point, g(z), and g' by the formula in z.
    from_a : float or None
        g' by the formula in a; None where a does not determine the slope.
    left, right : float
        Numerical slopes; the same central difference twice, except at a kink.
    verdict : str
        Begins with ``pass``, ``FAIL`` or ``undecided``, and says why.
    """

    z: float
    a: float
    derivative: float
    from_a: float | None
    left: float
    right: float
    verdict: str

    def cells(self) -> list[str]:
        """Return the row as text."""
        numerical = [as_text(slope, 4) for slope in dict.fromkeys((self.left, self.right))]
        slopes = [as_text(slope) for slope in (self.derivative, self.from_a)]
        return [as_text(self.z), as_text(self.a, 10), *slopes, " | ".join(numerical), self.verdict]


class CheckTable(tuple[CheckPoint, ...]):
    """Check points that show themselves as a table, in plain text and in a notebook."""

    header = ("z", "a = g(z)", "g′(z) from z", "g′ from a", "numerical", "verdict")

    @property
    def passed(self) -> bool:
        """Whether something was decided, and nothing failed."""
        verdicts = [point.verdict[:4] for point in self]
        return "FAIL" not in verdicts and "pass" in verdicts

    def __repr__(self) -> str:
        rows = [self.header, *(point.cells() for point in self)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )

    def _repr_html_(self) -> str:
        def row(cells: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in cells) + "</tr>"

        body = "\n".join(row(point.cells(), "td") for point in self)
        return (
            f"<table>\n<thead>{row(self.header, 'th')}</thead>\n<tbody>\n{body}\n</tbody></table>"
        )


def check_points(
    activation: Activation, z: Sequence[float] = (-10, 0, 10), alpha: float | None = None
) -> CheckTable:
    """Check g' of an activation function against numerical slopes.

    Parameters
    ----------
    activation : Activation
        The function and the derivatives to check.
    z : sequence of float, default (-10, 0, 10)
        Check points, finite.
    alpha : float, optional
        Shape parameter; by default the activation's own.

    Returns
    -------
    CheckTable
        A tuple of `CheckPoint`, shown as a table; ``.passed`` is False if one failed, and if all
        are undecided.

    Notes
    -----
    A slope passes if it agrees with the central difference to a relative 1e-4. There is no absolute
    tolerance: with one, 0 would pass for 8e-9. Where g is so flat that its own rounding hides the
    slope, the verdict is ``undecided``. At a kink the slope must lie between those on the left and
    on the right. It is called a subgradient where the slope rises there, and a supergradient where
    it falls, as that of leaky ReLU does when alpha is above 1.

    Examples
    --------
    >>> from helpers.activations import ACTIVATIONS
    >>> check_points(ACTIVATIONS["relu"])  # doctest: +NORMALIZE_WHITESPACE
    z    a = g(z)  g′(z) from z  g′ from a  numerical  verdict
    −10  0         0             0          0          pass
    0    0         0             0          0 | 1      pass: a subgradient, between 0 and 1
    10   10        1             1          1          pass
    """
    alpha = activation.alpha if alpha is None else alpha
    points = real_array(z)
    if points.ndim != 1 or not all(map(math.isfinite, points.tolist())):
        raise ValueError(f"z must be a flat sequence of finite numbers; got {z!r}")
    return CheckTable(_check(activation, float(point), alpha) for point in points)


def _check(activation: Activation, z: float, alpha: float) -> CheckPoint:
    def g(x: float) -> float:
        return float(activation.g(x, alpha=alpha))

    a, derivative = g(z), float(activation.derivative(z, alpha=alpha))
    try:
        from_a = float(activation.derivative_from_a(a, alpha=alpha))
    except ValueError:  # a leak below 0: two z share this a
        from_a = None
    spacing = math.ulp(z)
    step = max(STEP / max(1.0, abs(alpha)), 2 * spacing)
    if activation.kink not in (None, z):
        step = min(step, max(abs(z - activation.kink) / 2, spacing))  # stay on one side
    left = right = float(central_difference(g, z, step))
    if z == activation.kink:
        left, right = (float(central_difference(g, z + s * step, step)) for s in (-1, 1))
    rounding = EPSILON * abs(a) / (2 * step)
    found = {"g′(z)": derivative} | ({} if from_a is None else {"g′ from a": from_a})
    verdicts = [_verdict(name, slope, left, right, rounding) for name, slope in found.items()]
    worst = min(verdicts, key=lambda verdict: ("FAIL", "unde", "pass").index(verdict[:4]))
    return CheckPoint(z, a, derivative, from_a, left, right, worst)


def _verdict(name: str, slope: float, left: float, right: float, rounding: float) -> str:
    low, high = sorted((left, right))
    largest = max(abs(slope), abs(low), abs(high))  # nan if the slope is
    if rounding > RTOL * largest:
        return f"undecided: rounding of g hides slopes below {as_text(rounding / RTOL, 2)}"
    if low - RTOL * abs(low) <= slope <= high + RTOL * abs(high):
        if math.isclose(low, high, rel_tol=RTOL):
            return "pass"
        kind = "subgradient" if left < right else "supergradient"
        return f"pass: a {kind}, between {as_text(low, 4)} and {as_text(high, 4)}"
    nearest = low if slope < low else high
    off = f", relative error {abs(slope / nearest - 1):.2g}" if nearest else ""
    return f"FAIL: {name} is {as_text(slope)}, expected {as_text(nearest, 4)}{off}"
