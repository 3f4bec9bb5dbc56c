"""A learner's notebook on the third day: its plots live, and its file holds no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import JupyterLab

EXPLORER = "from helpers import explore_secant\nexplore_secant()"
OTHER = "6 * 7"
RESTART = """async () => {
    const { sessionContext } = jupyterapp.shell.currentWidget.context;
    await sessionContext.restartKernel();
    await sessionContext.session.kernel.info;
    await sessionContext.session.kernel.requestExecute({ code: "" }).done;
}"""


def lives(page: Page, jupyterlab: JupyterLab, name: str) -> bool:
    """End the notebook's kernel, open what is stored, and tell whether its slider moves a plot."""
    page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
    jupyterlab.open(page, name)
    jupyterlab.scroll(page, EXPLORER)
    output = page.locator(".jp-OutputArea-output").first
    output.locator("img, svg, .jupyter-widgets-view, .jp-OutputArea-error").first.wait_for()
    slider = output.get_by_role("slider").first
    try:
        slider.wait_for(timeout=5000)
    except Exception:
        return False
    numbers = output.locator("dl").inner_text()
    slider.press("ArrowRight")
    return output.locator("dl").inner_text() != numbers


def test_a_plot_lives_on_the_third_day(page: Page, jupyterlab: JupyterLab) -> None:
    name = jupyterlab.write("days.ipynb", [EXPLORER, OTHER])
    jupyterlab.open(page, name)
    jupyterlab.run_all(page)
    jupyterlab.command(page, "docmanager:save")
    assert lives(page, jupyterlab, name)
    jupyterlab.scroll(page, OTHER)
    jupyterlab.command(page, "notebook:run-cell")
    jupyterlab.command(page, "docmanager:save")
    assert lives(page, jupyterlab, name)
    page.evaluate(RESTART)
    jupyterlab.command(page, "docmanager:save")
    assert lives(page, jupyterlab, name)


def test_a_file_holds_only_the_plots_that_are_shown(page: Page, jupyterlab: JupyterLab) -> None:
    name = jupyterlab.write("runs.ipynb", [EXPLORER])
    file = jupyterlab.root / name
    jupyterlab.open(page, name)
    sizes = []
    for _ in range(10):
        jupyterlab.run_all(page)
        jupyterlab.command(page, "docmanager:save")
        sizes.append(file.stat().st_size)
    assert sizes[-1] <= sizes[0] + 10, sizes
    assert lives(page, jupyterlab, name)
    jupyterlab.command(page, "notebook:clear-all-cell-outputs")
    jupyterlab.command(page, "docmanager:save")
    assert file.stat().st_size < 2000
