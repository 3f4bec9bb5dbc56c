"""Each exercise stands in its notebook, unattempted, and its folded solution is right.

Each notebook is executed once, with the solutions in place. All other cells must show what is
stored; that the exercises do, unattempted, is for nbval to see.
"""

import asyncio
import base64
import copy
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from helpers.exercises.sheets import SHEETS
from tests.notebooks.test_notebooks import outputs, without_pictures, write
from tests.support.pictures import visible_difference
from tools.notebooks import FOLDER, Cell, Notebook, canonical, execute, read

FOLDED = re.compile(
    r"^<details>\n<summary>Hint</summary>\n\n\S.*?\n\n</details>\n\n"
    r"<details>\n<summary>Solution</summary>\n\n"
    r"```python\n(?P<solution>.*?)\n```\n\n(?:\S.*?\n\n)?</details>\Z",
    re.DOTALL | re.MULTILINE,
)
CHECK = re.compile(r'^check\("(?P<name>[\w-]+)", .+\)\Z', re.MULTILINE)

each_notebook = pytest.mark.parametrize("stem", SHEETS)


def exercises(cells: list[Cell]) -> dict[str, tuple[Cell, Cell]]:
    """Return each exercise's task and the learner's cell, which follows it."""
    found = {}
    for task, cell in pairwise(cells):
        if cell["cell_type"] == "code" and (call := CHECK.search(cell["source"])):
            assert task["cell_type"] == "markdown", f"{call['name']}: no task before it"
            found[call["name"]] = task, cell
    return found


def said(cell: Cell) -> str:
    """Return the plain text that a cell shows, and nothing else that it shows."""
    outputs: list[Any] = cell["outputs"]
    assert [output["output_type"] for output in outputs] == ["execute_result"], outputs
    text = outputs[0]["data"]["text/plain"]
    return text if isinstance(text, str) else "".join(text)


def progress_cell(cells: list[Cell], stem: str) -> Cell:
    found = [cell for cell in cells if cell["source"] == f'progress("{stem}")']
    assert len(found) == 1, f'{stem}: {len(found)} cells say progress("{stem}")'
    return found[0]


@each_notebook
def test_exercises_stand_unattempted(stem: str) -> None:
    cells = read(FOLDER / f"{stem}.ipynb")["cells"]
    found = exercises(cells)
    assert list(found) == list(SHEETS[stem])
    for name, (task, cell) in found.items():
        assert task["source"].startswith("### "), name
        assert FOLDED.search(task["source"]), f"{name}: no hint and solution as GitHub folds them"
        assert said(cell).startswith("Not attempted yet."), name
        assert cell["metadata"] == {"tags": ["raises-exception"]}, f"{name}: may stop Run All"
    assert said(progress_cell(cells, stem)).startswith(f"0 of {len(found)} exercises solved")


@cache
def solved(stem: str) -> Notebook:
    """Return the notebook as executed with each folded solution in place of the learner's cell."""
    notebook = read(FOLDER / f"{stem}.ipynb")
    for name, (task, cell) in exercises(notebook["cells"]).items():
        folded, call = FOLDED.search(task["source"]), CHECK.search(cell["source"])
        assert folded, f"{name}: no solution"
        assert call
        cell["source"] = f"{folded['solution']}\n\n\n{call[0]}"
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{stem}.ipynb")
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return asyncio.run(execute(path))


@each_notebook
def test_folded_solutions_are_right(stem: str) -> None:
    cells = solved(stem)["cells"]
    answers = {name: said(cell) for name, (_, cell) in exercises(cells).items()}
    wrong = [f"{name}: {text}" for name, text in answers.items() if not text.startswith("Right. ")]
    assert not wrong, "\n".join(wrong)
    total = len(answers)
    assert said(progress_cell(cells, stem)).startswith(f"{total} of {total} exercises solved")


@each_notebook
def test_all_else_shows_what_is_stored(stem: str, tmp_path: Path) -> None:
    stored, now = read(FOLDER / f"{stem}.ipynb"), copy.deepcopy(solved(stem))
    learners = [cell["id"] for _, cell in exercises(stored["cells"]).values()]
    learners.append(progress_cell(stored["cells"], stem)["id"])
    for old, new in zip(stored["cells"], now["cells"], strict=True):
        if new["id"] in learners:
            new |= old
    now = read(write(tmp_path / f"{stem}.ipynb", canonical(now)))
    texts = [without_pictures(canonical(notebook)) for notebook in (stored, now)]
    assert texts[0] == texts[1], f"{stem}: run make notebooks"
    faults: list[str] = []
    for (place, old), (_, new) in zip(outputs(stored), outputs(now), strict=True):
        pictures = [output.get("data", {}).get("image/png") for output in (old, new)]
        if pictures[0] == pictures[1]:
            continue
        difference = visible_difference(*map(base64.b64decode, pictures))
        if difference:
            file = tmp_path / f"{stem}-{len(faults) + 1}.png"
            difference.picture.save(file)
            faults.append(
                f"{stem}, {place}: {difference.text}\n"
                f"  stored, drawn now, differences in red: {file}"
            )
    assert not faults, "\n".join([*faults, "If this is meant, run make notebooks."])
