"""From a key press on a slider to the changed picture: ``python -m benchmarks.slider_latency``.

A notebook in a real JupyterLab shows the picture of `peers` in six ways. Chromium presses the right
arrow key on each one's slider, one press at a time, and a script in the page waits until all parts
that move have changed. Then everything again, with the network of a distant server: a proxy delays
each direction by 50 ms.

The time runs from the key event, as the browser dates it, to the change in the page: of an SVG's
attributes or a text, of a canvas, of an image once decoded. What follows is alike for all: the
browser paints at its next frame. Needs `benchmarks/requirements.txt` and Chromium.
"""

import asyncio
import os
import platform
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import nbformat
import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.peers import PEERS, Peer
from benchmarks.throughput import processor
from tools.server import fresh_environment, running

ROOT = Path(__file__).parents[1]
DELAY = 0.05  # seconds, each way
PRESSES = {0.0: 60, DELAY: 40}  # by delay
WARM_UP = 5  # presses before those that count
FRAME = 1000 / 60  # ms
TARGETS = {0.0: 50, DELAY: 100}  # how often faster than interact, by delay

SCRIPT = """
// A canvas tells nobody that it was drawn on.
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...given) {
  draw.apply(this, given);
  this.canvas.dispatchEvent(new Event("drawn", { bubbles: true }));
};

const ways = { text: (part) => part.textContent, pixels: (part) => part.toDataURL() };

window.watch = (cell, parts) => {
  const box = document.querySelectorAll(".jp-Notebook .jp-CodeCell")[cell];
  const look = () => parts.flatMap(([selector, attribute]) => {
    const way = ways[attribute] ?? ((part) => part.getAttribute(attribute));
    return [...box.querySelectorAll(selector)].map(way);
  });
  const before = look();
  if (before.length < parts.length) throw new Error(`only ${before.length} parts are there`);
  let start;
  const pressed = (event) => (start = event.timeStamp);
  box.addEventListener("keydown", pressed, { capture: true, once: true });
  window.answer = new Promise((resolve) => {
    const check = async () => {
      let now = performance.now();
      const after = look();
      if (after.length < before.length || after.some((part, i) => part === before[i])) return;
      const images = [...box.querySelectorAll(".jp-OutputArea img")];
      if (images.length) {
        await Promise.all(images.map((image) => image.decode()));
        now = performance.now();
      }
      observer.disconnect();
      box.removeEventListener("drawn", check);
      resolve(now - start);
    };
    const observer = new MutationObserver(check);
    const all = { attributes: true, characterData: true, childList: true, subtree: true };
    observer.observe(box, all);
    box.addEventListener("drawn", check);
  });
};
"""

# Waits until the notebook is open, runs all cells, and waits until they are done.
RUN_ALL = """async () => {
  const wait = () => new Promise((again) => setTimeout(again, 50));
  while (!window.jupyterapp?.shell?.currentWidget?.context?.isReady) await wait();
  const { sessionContext } = jupyterapp.shell.currentWidget;
  await sessionContext.ready;
  await sessionContext.session.kernel.info;
  await jupyterapp.commands.execute("notebook:run-all-cells");
  while (sessionContext.session.kernel.status !== "idle") await wait();
}"""


async def _delayed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, each piece `DELAY` after it came."""
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    now = asyncio.get_running_loop().time

    async def send() -> None:
        while piece := await pieces.get():
            due, data = piece
            await asyncio.sleep(due - now())
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.close()

    sending = asyncio.create_task(send())
    with suppress(ConnectionError):
        data = b"more"
        while data:
            data = await reader.read(1 << 16)
            pieces.put_nowait((now() + DELAY, data))
        await sending


@contextmanager
def distant(port: int) -> Iterator[int]:
    """Yield a port that leads to `port` by a slow way."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        with suppress(asyncio.CancelledError):  # at the end; asyncio would print it
            await asyncio.gather(_delayed(reader, back), _delayed(there, writer))

    port_there: Future[int] = Future()
    over = threading.Event()

    async def serve() -> None:
        async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
            port_there.set_result(server.sockets[0].getsockname()[1])
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))  # Playwright has a loop in ours
    thread.start()
    try:
        yield port_there.result()
    finally:
        over.set()
        thread.join()


def write_notebook(path: Path, names: Sequence[str]) -> None:
    """Write a notebook with a cell for each of these peers."""
    cells = [f"from benchmarks import peers\npeers.{name}()" for name in names]
    cells[0] = f"%matplotlib inline\n{cells[0]}"
    notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],  # type: ignore[no-untyped-call]
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]


def milliseconds(page: Page, cell: int, peer: Peer, presses: int) -> list[float]:
    """Return how long each press of the right arrow key took to change the picture."""
    page.evaluate(
        "cell => jupyterapp.shell.currentWidget.content.scrollToItem(cell, 'start')", cell
    )
    box = page.locator(".jp-Notebook .jp-CodeCell").nth(cell)
    slider = box.get_by_role("slider").first
    box.locator(peer.parts[-1][0]).first.wait_for(timeout=60_000)
    slider.focus()
    times = []
    for _ in range(WARM_UP + presses):
        page.wait_for_timeout(300)  # until nothing is under way
        page.evaluate("([cell, parts]) => watch(cell, parts)", [cell, asdict(peer)["parts"]])
        page.keyboard.press("ArrowRight")
        times.append(page.evaluate("answer"))
    return times[WARM_UP:]


def measure() -> tuple[dict[float, list[list[float]]], str]:
    """Return the milliseconds, by delay and peer, and the version of the browser."""
    root = ["--allow-root"] if os.name == "posix" and os.getuid() == 0 else []
    options = ["--no-browser", "--expose-app-in-browser", "--ServerApp.ip=127.0.0.1"]
    times: dict[float, list[list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        environment = fresh_environment(home) | {"PYTHONPATH": str(ROOT)}
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox"] if root else [],
        )
        command = [sys.executable, "-m", "jupyter", "lab", *options, *root]
        with running(command, home, environment) as server:
            port = server.address.partition("127.0.0.1:")[2].partition("/")[0]
            with distant(int(port)) as far:
                for delay, presses in PRESSES.items():
                    name = f"after-{delay}.ipynb"
                    write_notebook(home / name, [peer.name for peer in PEERS])
                    address = server.address.replace("/lab?", f"/lab/tree/{name}?reset&")
                    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
                        page = context.new_page()
                        page.set_default_timeout(120_000)
                        page.add_init_script(SCRIPT)
                        page.goto(address.replace(port, str(far)) if delay else address)
                        page.evaluate(RUN_ALL)
                        times[delay] = []
                        for cell, peer in enumerate(PEERS):
                            print(f"{peer.name}, {delay * 1000:.0f} ms", file=sys.stderr)
                            times[delay].append(milliseconds(page, cell, peer, presses))
        browser_version = browser.version
        browser.close()
    return times, browser_version


def main() -> None:
    """Print the table, the machine, and whether the targets are met."""
    times, browser = measure()
    print("| key press to changed picture, ms | median | 95% | × ours |", end="")
    print(f" {DELAY * 1000:.0f} ms away: median | 95% | × ours |\n|---|---|---|---|---|---|---|")
    for number, peer in enumerate(PEERS):
        row = peer.what
        for samples in times.values():
            median, high = np.quantile(samples[number], [0.5, 0.95])
            row += f" | {median:.1f} | {high:.1f} | {median / np.median(samples[0]):.0f}"
        print(f"| {row} |")
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("jupyterlab", "ipympl", "plotly", "bqplot")
    )
    presses = " and ".join(map(str, PRESSES.values()))
    print(
        f"\n{processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions},"
    )
    print(f"Chromium {browser}; {presses} presses\n")
    median, high = np.quantile(times[0.0][0], [0.5, 0.95])
    met = {"median at most 4 ms": median <= 4, "95 % within a frame of 60 Hz": high <= FRAME}
    for delay, target in TARGETS.items():
        ours, redraw = (float(np.median(samples)) for samples in times[delay][:2])
        met[f"{target} times faster than interact, {delay * 1000:.0f} ms away"] = (
            redraw >= target * ours
        )
    for target_text, reached in met.items():
        print(f"{target_text}: {'met' if reached else 'MISSED'}")


if __name__ == "__main__":
    main()
