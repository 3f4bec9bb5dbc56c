"""A learner's notebook on the third day: its plots live, and its file holds no others."""

from __future__ import annotations

import copy
import json
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager

from course_saving import STATE, VIEW, _load_jupyter_server_extension, keep_plots

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


def saved(page: Page, jupyterlab: JupyterLab, name: str) -> Path:
    jupyterlab.command(page, "docmanager:save")
    return jupyterlab.root / name


def reopen(page: Page, jupyterlab: JupyterLab, name: str) -> None:
    """End the kernel, open what is stored, and move the plot by its slider."""
    page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
    jupyterlab.open(page, name)
    output = page.locator(".jp-OutputArea-output").first
    slider = output.get_by_role("slider").first
    slider.wait_for(timeout=10_000)
    numbers = output.locator("dl").inner_text()
    slider.press("ArrowRight")
    assert output.locator("dl").inner_text() != numbers


@pytest.mark.course
def test_a_plot_lives_on_the_third_day(page: Page, jupyterlab: JupyterLab) -> None:
    name = jupyterlab.write("days.ipynb", [EXPLORER, OTHER])
    jupyterlab.open(page, name)
    sizes = []
    for _ in range(3):
        jupyterlab.run_all(page)
        sizes.append(saved(page, jupyterlab, name).stat().st_size)
    assert max(sizes) < 1.01 * sizes[0], sizes
    reopen(page, jupyterlab, name)
    jupyterlab.scroll(page, OTHER)
    jupyterlab.command(page, "notebook:run-cell")
    saved(page, jupyterlab, name)
    reopen(page, jupyterlab, name)
    page.evaluate(RESTART)
    saved(page, jupyterlab, name)
    reopen(page, jupyterlab, name)
    jupyterlab.command(page, "notebook:clear-all-cell-outputs")
    assert "widgets" not in json.loads(saved(page, jupyterlab, name).read_text())["metadata"]


@pytest.fixture
def server(tmp_path: Path) -> LargeFileManager:
    """Return what saves files for Jupyter Server, with the hook; with one of the user's, too."""
    manager = LargeFileManager(root_dir=str(tmp_path), log=logging.getLogger("saving"))
    manager.pre_save_hook = lambda model, **_: model["content"]["metadata"].update(mine=True)
    _load_jupyter_server_extension(SimpleNamespace(contents_manager=manager))
    return manager


def shows(name: str, picture: bool = True) -> dict[str, Any]:
    data = {VIEW: {"model_id": name}, "text/plain": ["VBox"], "image/png": ["aWk="]}
    if not picture:
        del data["image/png"]
    return {"output_type": "display_data", "data": data, "metadata": {}}


def notebook(*outputs: dict[str, Any], **models: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": "a", "source": ["x"], "metadata": {}, "execution_count": 1}
    state = {name: {"model_name": "M", "state": {"is": value}} for name, value in models.items()}
    metadata = {"widgets": {STATE: {"state": state}}}
    return {
        "cells": [{**cell, "outputs": [*outputs]}],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def stored(server: LargeFileManager, content: dict[str, Any], name: str = "n.ipynb") -> Any:
    """Save a notebook as a front end does; return the file."""
    model = {"type": "notebook", "content": copy.deepcopy(content)}
    server.save(model, name)  # type: ignore[no-untyped-call]
    file = json.loads(Path(server.root_dir, name).read_text(encoding="utf-8"))
    assert file["metadata"].pop("mine"), "the user's own hook did not run"
    return file


def models(file: Any) -> list[str]:
    return sorted(file["metadata"].get("widgets", {}).get(STATE, {}).get("state", {}))


@pytest.mark.parametrize(
    ("others", "kept"),
    [
        ({"old": 0, "old_box": ["IPY_MODEL_old"]}, ["box", "slider"]),
        ({"link": [["IPY_MODEL_slider", "x"], ["IPY_MODEL_box", "y"]]}, ["box", "link", "slider"]),
        (
            {"link": [["IPY_MODEL_slider", "x"], ["IPY_MODEL_old", "y"]], "old": 0},
            ["box", "slider"],
        ),
    ],
    ids=["re-run", "link", "link-to-old"],
)
def test_what_is_shown_is_kept(server: LargeFileManager, others: Any, kept: list[str]) -> None:
    now = notebook(shows("box"), box=["IPY_MODEL_slider"], slider=5, **others)
    assert models(stored(server, now)) == kept


def test_what_an_output_widget_has_captured_is_kept(server: LargeFileManager) -> None:
    now = notebook(shows("out"), out=[shows("plot")], plot=1, old=2)
    assert models(stored(server, now)) == ["out", "plot"]


@pytest.mark.parametrize("name", ["n.ipynb", "saved-as.ipynb"])
def test_an_earlier_kernels_models_are_kept(server: LargeFileManager, name: str) -> None:
    before = notebook(shows("box"), shows("both"), box=["IPY_MODEL_slider"], slider=5, both=1)
    stored(server, before)
    now = notebook(shows("box"), shows("new"), shows("both"), new=6, both=2)
    file = stored(server, now, name)
    assert models(file) == ["both", "box", "new", "slider"]
    assert file["metadata"]["widgets"][STATE]["state"]["both"]["state"] == {"is": 2}
    assert file["cells"] == now["cells"], "a view is gone"


def test_a_picture_stands_for_a_model_that_is_gone(server: LargeFileManager) -> None:
    first, alone = stored(server, notebook(shows("gone"), shows("gone", False)))["cells"][0][
        "outputs"
    ]
    assert first["data"].keys() == {"image/png", "text/plain"}
    assert alone["data"].keys() == {VIEW, "text/plain"}, "nothing better could stand there"


@pytest.mark.parametrize(
    "beside", ["{gone", '{"metadata": [], "gone": 0}'], ids=["no JSON", "no notebook"]
)
def test_a_fault_loses_nothing(server: LargeFileManager, beside: str) -> None:
    Path(server.root_dir, "n.ipynb").write_text(beside)
    now = notebook(shows("gone"), shows("here"), here=1, old=2)
    assert stored(server, now) == now


def test_what_holds_no_state_is_left_alone(server: LargeFileManager) -> None:
    """The front end does not store it: the kernel that holds the models may be running."""
    now = notebook(shows("in the kernel")) | {"metadata": {}}
    assert stored(server, now) == now


@pytest.mark.parametrize("model", [{"type": "file", "content": "text"}, {"type": "directory"}])
def test_other_files_are_left_alone(server: LargeFileManager, model: dict[str, Any]) -> None:
    before = dict(model)
    keep_plots(model, "n.txt", server)
    assert model == before
