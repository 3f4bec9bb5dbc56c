"""Draw the README's poster anew: ``python tools/poster.py``.

Stores it as ``images/poster.png``, in 64 colors, which it needs no more than: a third of the bytes.
"""

import io
from pathlib import Path

from PIL import Image

from helpers.comparison import poster

TARGET = Path(__file__).parents[1] / "images" / "poster.png"


def drawn() -> bytes:
    """Return the poster as a PNG, 1440 pixels wide."""
    full, small = io.BytesIO(), io.BytesIO()
    poster().figure.savefig(full, dpi=200, metadata={"Software": None})
    colors = Image.open(full).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    colors.save(small, "png", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(drawn())
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1000:.0f} KB")
