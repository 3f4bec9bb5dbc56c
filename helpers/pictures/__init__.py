"""What the course draws, still or live."""

import helpers.live  # noqa: F401 (before Matplotlib: it has a word with its logger)
