"""What the course costs a machine, such as Binder's: ``python -m benchmarks.cost``.

Makes and shows plots. Installs the learner's set into an environment of its own, starts JupyterLab
from it, runs notebook 01 in Chromium until its first slider has moved the figure, and executes each
notebook to see how much memory its kernel holds at the end. Linux only; needs what the browser
tests need.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat
from nbclient import NotebookClient
from playwright.sync_api import sync_playwright

from tools.server import fresh_environment, running

ROOT = Path(__file__).parents[1]
FIRST = "01-sigmoid.ipynb"
MEMORY = "[line.split()[1] for line in open('/proc/self/smaps_rollup') if line[:4] == 'Pss:'][0]"
PLOTS = {
    "explorer of notebook 01": "ACTIVATIONS['sigmoid']",
    "explorer of 201 × 100 positions": (
        "replace(ACTIVATIONS['sigmoid'], alphas=tuple(k / 25 for k in range(1, 101)))"
    ),
}
MAKE = """
import time
from dataclasses import replace
from matplotlib.figure import Figure
from helpers import ACTIVATIONS
from helpers.pictures.explorer import explore

def timed(*args, **named):
    global drawing
    start = time.process_time()
    draw(*args, **named)
    drawing += time.process_time() - start

draw, Figure.draw, drawing = Figure.draw, timed, 0
start = time.process_time()
explore(PLOT)._repr_mimebundle_()
print(time.process_time() - start, drawing)
"""
SHOW = """async () => {
  const ready = async (what) => {
    while (!what()) await new Promise((again) => setTimeout(again, 20));
    return what();
  };
  const panel = await ready(() => window.jupyterapp?.shell?.currentWidget);
  await ready(() => panel.context?.isReady);
  await panel.sessionContext.ready;
  jupyterapp.commands.execute("notebook:run-all-cells");
  const { content } = panel;
  const index = content.widgets.findIndex(
    ({ model }) => /^explore/.test(model.sharedModel.getSource()));
  await content.scrollToItem(index, "center");
}"""


def seconds_to_plot(plot: str) -> tuple[float, float]:
    """Return the processor seconds to make and show a plot, and those in which Matplotlib draws.

    Each is the median of five, in new processes that have imported all but drawn nothing.
    Matplotlib draws to lay the figure out, as SVG, and as PNG.
    """
    command = [sys.executable, "-c", MAKE.replace("PLOT", plot)]
    printed = [
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for _ in range(5)
    ]
    total, drawing = zip(*(map(float, line.split()) for line in printed), strict=True)
    return median(total), median(drawing)


def installed(folder: Path) -> int:
    """Install the learner's set into `folder`; return its size in MB."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [str(folder / "bin" / "pip"), "install", "--quiet", "-r", "requirements.txt"]
    subprocess.run(install, cwd=ROOT, check=True)
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) // 10**6


def seconds_to_slider(environment: Path, home: Path) -> float:
    """Return the seconds from the server's start until a slider has moved the figure."""
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    options = ["--no-browser", "--expose-app-in-browser", "--ServerApp.ip=127.0.0.1"]
    root = ["--allow-root"] if os.getuid() == 0 else []
    command = [str(environment / "bin" / "jupyter"), "lab", *options, *root]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox"] if root else [],
        )
        page = browser.new_page()
        start = time.monotonic()
        with running(command, home, fresh_environment(home)) as server:
            page.goto(server.address.replace("/lab?", f"/lab/tree/notebooks/{FIRST}?"))
            page.evaluate(SHOW)
            view = page.locator(".liveplot").first
            slider = view.get_by_role("slider").first
            slider.wait_for(timeout=60_000)
            picture = view.locator("svg").first.inner_html()
            slider.press("ArrowRight")
            assert view.locator("svg").first.inner_html() != picture
            seconds = time.monotonic() - start
        browser.close()
    return seconds


def megabytes(notebook: Path) -> float:
    """Return what a kernel holds (proportional set size) when it has run all cells."""
    cells = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    cells.cells.append(nbformat.v4.new_code_cell(MEMORY))  # type: ignore[no-untyped-call]
    NotebookClient(cells, resources={"metadata": {"path": str(notebook.parent)}}).execute()
    return int(cells.cells[-1].outputs[0]["data"]["text/plain"].strip("'")) / 1000


def main() -> None:
    """Print the table."""
    print("| what | cost |\n|---|---|")
    for name, plot in PLOTS.items():
        total, drawing = seconds_to_plot(plot)
        cost = f"{total:.2f} s of processor time, in {drawing:.2f} s of which Matplotlib draws"
        print(f"| {name}, made and shown | {cost} |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        environment, home = Path(folder) / "environment", Path(folder) / "home"
        print(f"| learner's set, installed | {installed(environment)} MB |", flush=True)
        home.mkdir()
        seconds = seconds_to_slider(environment, home)
        print(
            f"| from the server's start to the first moved slider | {seconds:.1f} s |", flush=True
        )
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        print(f"| kernel of {notebook.stem}, memory | {megabytes(notebook):.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
