"""Draw the README's poster anew: ``python tools/poster.py`` writes ``images/poster.png``."""

import base64
from pathlib import Path

from helpers.pictures.comparison import poster

TARGET = Path(__file__).parents[1] / "images" / "poster.png"


def drawn() -> bytes:
    """Return the poster as a PNG, 1080 pixels wide."""
    data, _ = poster()._repr_mimebundle_()
    return base64.b64decode(data["image/png"])


if __name__ == "__main__":
    TARGET.write_bytes(drawn())
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1000:.0f} KB")
