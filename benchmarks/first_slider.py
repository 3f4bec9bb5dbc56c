"""From opening a static page to its first slider: ``python -m benchmarks.first_slider``.

Serves the folder that ``make site`` has built, opens each page in Chromium with an empty cache, and
tells when the first slider was there and moved its figure. Needs Chromium.
"""

import os
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.throughput import processor

SITE = Path(__file__).parents[1] / "site"
TARGET = 2.0  # seconds
TIMES = 5  # each page is opened so often

MOVED = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  let slider;
  while (!(slider = document.querySelector(".liveplot input[type=range]"))) await frame();
  const figure = slider.closest(".liveplot").querySelector("svg");
  const before = figure.innerHTML;
  slider.stepUp();
  slider.dispatchEvent(new Event("input"));
  if (figure.innerHTML === before) throw new Error("the slider moves nothing");
  return performance.now() / 1000;
}"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and prints nothing."""

    def log_message(self, *_: object) -> None:
        """Keep the request to itself."""


def main() -> None:
    """Print the table."""
    pages = sorted(page.name for page in SITE.glob("0*.html"))
    if not pages:
        raise SystemExit("there is no site yet: make site")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    slowest = 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox"] if os.name == "posix" and os.getuid() == 0 else [],
        )
        print(f"{processor()}, {os.cpu_count()} cores; Chromium {browser.version}\n")
        print("| page | seconds to the first slider, median | slowest |\n|---|---|---|")
        for name in pages:
            seconds = []
            for _ in range(TIMES):
                with browser.new_context() as context:
                    page = context.new_page()
                    page.goto(f"http://127.0.0.1:{server.server_port}/{name}", wait_until="commit")
                    seconds.append(page.evaluate(MOVED))
            print(f"| {name} | {np.median(seconds):.2f} | {max(seconds):.2f} |", flush=True)
            slowest = max(slowest, *seconds)
        browser.close()
    server.shutdown()
    print(f"\nat most {TARGET:g} s: {'met' if slowest <= TARGET else 'MISSED'}")


if __name__ == "__main__":
    main()
