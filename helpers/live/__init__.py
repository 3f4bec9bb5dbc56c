"""LivePlot: a Matplotlib figure whose artists follow controls in the browser."""

import logging

# In a home that cannot be written, its import would warn: in the first cell of a learner.
_logger = logging.getLogger("matplotlib")
_level = _logger.level
_logger.setLevel(logging.ERROR)
import matplotlib.font_manager  # noqa: E402, F401

_logger.setLevel(_level)
