"""What tests share: how Hypothesis searches, a Chromium, and a JupyterLab to open notebooks in.

Without a browser or Playwright the tests that need them are skipped on a contributor's machine and
fail in CI.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import matplotlib
import nbformat
import pytest
from hypothesis import settings

from tools.server import free_port, fresh_environment, running
from tools.settings import write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Error, Page

KERNEL = """async () => {
    const { sessionContext } = jupyterapp.shell.currentWidget.context;
    await sessionContext.ready;
    await sessionContext.session.kernel.info;
}"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def missing(what: str) -> NoReturn:
    """Skip a test for want of something; in CI, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"the browser tests must run in CI, but {what}")
    pytest.skip(what)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start a headless Chromium, one for each module: while it runs, asyncio cannot be used."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed: pip install -r tests/requirements.txt")
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        *(["--no-sandbox"] if os.name == "posix" and os.getuid() == 0 else []),
    ]
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path  # there after "playwright install chromium"
        executable = next(filter(None, map(shutil.which, (*BROWSERS, own))), None)
        if executable is None:
            missing(f"there is none of {', '.join(BROWSERS)} on the PATH")
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


def uncaught(page: Page) -> list[str]:
    """Return a list that gathers what scripts of the page fail to catch, JupyterLab's own apart."""
    errors: list[str] = []

    def gather(error: Error) -> None:
        stack = error.stack or ""
        if "/static/lab/" not in stack or "blob:" in stack:  # a widget's script is a blob
            errors.append(stack or str(error))

    page.on("pageerror", gather)
    return errors


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Open a page with a storage of its own; what its scripts fail to catch fails the test."""
    with chromium.new_context() as context:
        page = context.new_page()
        errors = uncaught(page)
        yield page
        assert not errors, f"uncaught in the page: {errors}"


def is_as_set(page: Page) -> None:
    """Check in an open JupyterLab that it follows the course's settings, and asks nothing."""
    saves = "'@jupyter-widgets/jupyterlab-manager:saveWidgetState'"
    assert page.evaluate(f"jupyterapp.commands.isToggled({saves})")
    assert not page.evaluate("jupyterapp.hasPlugin('@jupyterlab/apputils-extension:announcements')")
    assert page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts() == []


@dataclass
class JupyterLab:
    """A running JupyterLab: where it is, and what a learner does in it."""

    url: str
    token: str
    root: Path

    def write(self, name: str, cells: list[str], **metadata: Any) -> str:
        """Put a notebook of code cells into the server's directory; return its name."""
        notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],  # type: ignore[no-untyped-call]
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}, **metadata},
        )
        nbformat.write(notebook, self.root / name)  # type: ignore[no-untyped-call]
        return name

    def open(self, page: Page, name: str) -> None:
        """Open a notebook and wait until its kernel is there."""
        page.goto(f"{self.url}lab/tree/{name}?reset&token={self.token}")
        page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context?.isReady")
        page.evaluate("jupyterapp.restored.then(() => {})")
        page.evaluate(KERNEL)

    def command(self, page: Page, command: str) -> None:
        """Run a command of JupyterLab, such as a menu's, to its end."""
        page.evaluate("command => jupyterapp.commands.execute(command).then(() => {})", command)

    def scroll(self, page: Page, code: str) -> None:
        """Bring the cell of this code into sight; JupyterLab 4.4 takes the others off the page."""
        page.evaluate(
            """async (code) => {
                const { content } = jupyterapp.shell.currentWidget;
                const index = content.widgets.findIndex(
                    ({ model }) => model.sharedModel.getSource() === code);
                if (index < 0) throw new Error(`there is no cell ${code}`);
                content.activeCellIndex = index;
                await content.scrollToItem(index, "center");
            }""",
            code,
        )

    def evaluate(self, page: Page, expression: str) -> str:
        """Return what an expression is in the notebook's kernel, as its repr."""
        reply = page.evaluate(
            """async (expression) => {
                const { kernel } = jupyterapp.shell.currentWidget.context.sessionContext.session;
                const request = { code: "", silent: true, user_expressions: { it: expression } };
                return (await kernel.requestExecute(request).done).content.user_expressions.it;
            }""",
            expression,
        )
        assert reply["status"] == "ok", f"{expression}: {reply}"
        return str(reply["data"]["text/plain"])

    def run_all(self, page: Page) -> None:
        """Run all cells and wait until the last is done; a cell that fails, fails the test."""
        self.command(page, "notebook:run-all-cells")
        page.wait_for_function(
            """() => jupyterapp.shell.currentWidget.context.sessionContext
                .session.kernel.status === "idle" """
        )
        errors = page.evaluate(
            """() => jupyterapp.shell.currentWidget.context.model.toJSON().cells
                .flatMap(cell => cell.outputs ?? [])
                .filter(output => output.output_type === "error")
                .map(error => `${error.ename}: ${error.evalue}`)"""
        )
        assert not errors, f"cells failed: {errors}"


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """Start a JupyterLab in a directory of its own, untouched by the user's settings."""
    home = tmp_path_factory.mktemp("jupyterlab")
    root = home / "notebooks"
    root.mkdir()
    write(home)
    options = [
        "--ip=127.0.0.1",
        f"--port={free_port()}",
        "--no-browser",
        "--expose-app-in-browser",
        f"--LabApp.app_settings_dir={home / 'share' / 'jupyter' / 'lab' / 'settings'}",
        *(["--allow-root"] if os.name == "posix" and os.getuid() == 0 else []),
    ]
    command = [sys.executable, "-m", "jupyter", "lab", *options]
    # A list of fonts takes long to make, and Matplotlib says so on stderr: the user's will do.
    environment = fresh_environment(home) | {
        "MPLCONFIGDIR": matplotlib.get_cachedir(),
        "JUPYTER_CONFIG_PATH": str(home / "etc" / "jupyter"),
    }
    with running(command, root, environment) as server:
        url, _, token = server.address.partition("lab?token=")
        yield JupyterLab(url, token, root)
