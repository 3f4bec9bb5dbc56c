"""An exercise in JupyterLab: its folds open, and its feedback is announced."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tools.notebooks import FOLDER, METADATA, read

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import JupyterLab


def open_cells(page: Page, jupyterlab: JupyterLab, *names: str, **written: str) -> None:
    """Open a notebook that has these cells of notebook 02, some of them with another source."""
    notebook = read(FOLDER / "02-tanh.ipynb")
    cells = [cell for cell in notebook["cells"] if cell["id"] in names]
    assert [cell["id"] for cell in cells] == list(names)
    for cell in cells:
        cell["source"] = written.get(cell["id"].replace("-", "_"), cell["source"])
    stored = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    (jupyterlab.root / "exercise.ipynb").write_text(json.dumps(stored), encoding="utf-8")
    jupyterlab.open(page, "exercise.ipynb")


@pytest.fixture
def exercise(page: Page, jupyterlab: JupyterLab) -> Page:
    open_cells(page, jupyterlab, "imports", "exercise-slope-from-a-task", "exercise-slope-from-a")
    return page


def test_hint_and_solution_unfold(exercise: Page) -> None:
    for fold, text in (("Hint", "formula in a"), ("Solution", "answer = ")):
        inside = exercise.locator("details", has_text=fold).get_by_text(text).first
        assert not inside.is_visible()
        summary = exercise.locator("summary", has_text=fold)
        summary.focus()
        summary.press("Enter")
        inside.wait_for(state="visible", timeout=5000)
    assert exercise.locator("details pre code").count() == 1


def test_feedback_is_a_status(exercise: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.run_all(exercise)
    before = exercise.locator(".jp-OutputArea-output").get_by_role("status")
    assert before.inner_text() == (
        "Not attempted yet. Replace the placeholder and run the cell again."
    )
    exercise.locator(".jp-CodeCell .cm-content").last.click()
    exercise.keyboard.press("Control+A")
    exercise.keyboard.insert_text('check("slope-from-a", 1.6)')
    exercise.keyboard.press("Shift+Enter")
    after = exercise.get_by_role("status").filter(has_text="Not yet. This is 1 − a.")
    after.wait_for(timeout=20_000)
    assert before.count() == 1
    assert after.evaluate("(status) => getComputedStyle(status.firstChild).color") == (
        after.evaluate("(status) => getComputedStyle(status).color")
    ), "the verdict has a color of its own"


def test_run_all_goes_on_after_an_answer_that_is_no_python(
    page: Page, jupyterlab: JupyterLab
) -> None:
    open_cells(
        page,
        jupyterlab,
        "imports",
        "exercise-slope-from-a",
        "exercise-float32",
        "exercises-progress",
        exercise_slope_from_a='answer = 0,64)\ncheck("slope-from-a", answer)',
        exercise_float32='answer = c\ncheck("float32", answer)',
    )
    jupyterlab.command(page, "notebook:run-all-cells")
    page.get_by_role("status").filter(has_text="0 of 5 exercises solved").wait_for(timeout=60_000)
    errors = page.locator(".jp-OutputArea-output").all_inner_texts()
    assert ["SyntaxError" in errors[0], "NameError: name 'c'" in errors[1]] == [True, True]
