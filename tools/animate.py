"""Make the README's moving picture: ``python tools/animate.py``.

Opens the sigmoid's LivePlot in Chromium, moves its sliders as a learner would, and stores what the
screen shows as ``images/explorer.gif``. Needs what the browser tests need.
"""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from helpers import ACTIVATIONS
from helpers.live.liveplot import LivePlot
from helpers.pictures.explorer import explore

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "images" / "explorer.gif"
WIDTH, HEIGHT = 640, 616
FRAME = 100  # ms
COLORS = 96

STAGE = """async ([script, data, position]) => {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const bytes = Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0));
  const state = { data: new DataView(bytes.buffer), position };
  const listeners = [];
  const model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; listeners.forEach((call) => call()); },
    on: (name, call) => listeners.push(call),
    off() {},
    save_changes() { throw new Error("there is no kernel"); },
  };
  const el = document.body.appendChild(document.createElement("section"));
  window.removeLast = await widget.render({ model, el });
}"""
MOVE = "(input, at) => { input.value = at; input.dispatchEvent(new Event('input')); }"


def stage(page: Page, *plots: LivePlot) -> None:
    """Put plots on a bare page, where a model has neither a kernel nor a comm."""
    helpers = ROOT / "helpers" / "live"
    style = (helpers / "liveplot.css").read_text(encoding="utf-8")
    page.set_content(f"<!doctype html><title>Plots</title><style>{style}</style><body></body>")
    script = (helpers / "liveplot.js").read_text(encoding="utf-8")
    for plot in plots:
        page.evaluate(STAGE, [script, base64.b64encode(plot.data).decode(), plot.position])


def moves() -> Iterator[tuple[int, int]]:
    """Yield which slider goes where, frame by frame: z through its range, then α up and back."""
    alphas = ACTIVATIONS["sigmoid"].alphas
    start, end = alphas.index(1.0), alphas.index(3.0)
    for z in [*range(120, 201, 8), *range(200, -1, -8), *range(0, 115, 8)]:
        yield 0, z
    for alpha in [*range(start, end + 1, 2), *range(end, start - 1, -2)]:
        yield 1, alpha


def main() -> None:
    """Store the picture."""
    from playwright.sync_api import sync_playwright  # the tests go without, where it is missing

    browser = shutil.which("chromium") or shutil.which("google-chrome")
    frames: list[Image.Image] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        plot = explore(ACTIVATIONS["sigmoid"])
        assert isinstance(plot, LivePlot)
        stage(page, plot)
        sliders = page.locator("input[type=range]")
        for slider, at in moves():
            sliders.nth(slider).evaluate(MOVE, at)
            frame = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            # One palette for all, so that a frame need only hold what changed.
            palette = frames[0] if frames else None
            frames.append(frame.quantize(COLORS, palette=palette, dither=Image.Dither.NONE))
        chromium.close()
    TARGET.parent.mkdir(exist_ok=True)
    frames[0].save(
        TARGET, save_all=True, append_images=frames[1:], duration=FRAME, loop=0, optimize=True
    )
    print(f"{TARGET.relative_to(ROOT)}: {len(frames)} frames, {TARGET.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
