"""Numbers and feedback, as a reader sees them."""

import html
import math
from dataclasses import dataclass


def as_text(value: float | None, digits: int = 6) -> str:
    """Write a number with a minus sign, not a hyphen; None, for "there is none", as a dash.

    >>> as_text(-0.0000453958077), as_text(0.25), as_text(None)
    ('−4.53958e−05', '0.25', '–')
    """
    return "–" if value is None else f"{value + 0.0:.{digits}g}".replace("-", "−")


def as_percent(share: float) -> str:
    """Write a share in whole percent, rounded down: 100% means all, and 0% less than one in 100.

    >>> as_percent(199 / 200), as_percent(0.29), as_percent(1)
    ('99%', '29%', '100%')
    """
    return f"{math.floor(100 * share + 1e-9)}%"


@dataclass(frozen=True)
class Feedback:
    """What is said of an answer: shown as text, and announced by a screen reader.

    Attributes
    ----------
    verdict : str
        ``Right.``, ``Not yet.``, ``Not attempted yet.``, or how a count begins.
    reason : str
        The sentences after it.
    mistake : str or None
        Name of the known mistake.
    """

    verdict: str
    reason: str
    mistake: str | None = None

    def __repr__(self) -> str:
        return f"{self.verdict} {self.reason}"

    def _repr_html_(self) -> str:
        verdict, reason = html.escape(self.verdict), html.escape(self.reason)
        return f'<p role="status"><strong>{verdict}</strong> {reason}</p>'
