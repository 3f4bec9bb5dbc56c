"""Execute the notebooks and store them in one canonical form: ``make notebooks``.

A stored notebook is what GitHub shows and what the tests compare, so its bytes follow from its
cells alone: outputs in place and counted from 1, no widget views (the picture beside each stays),
no timings, no interpreter version, no leftovers of the editor, and cell ids that do not change.
Executing it again changes no byte.

``--check`` executes nothing and names the notebooks that are not in this form, as a notebook saved
from JupyterLab is not.
"""

# mypy: allow-untyped-calls
# (nbformat's functions carry no types)

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).parents[1] / "notebooks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What programs leave in a cell. All else was set by somebody and stays, except at its default.
LEFT_BEHIND = {"ExecuteTime", "collapsed", "colab", "execution", "papermill", "scrolled", "vscode"}
DEFAULTS: tuple[object, ...] = (True, [], {}, {"slide_type": ""})

Notebook = dict[str, Any]
Cell = dict[str, Any]
AtCell = Callable[[int, int], None]  # gets the cell's number and how many there are


def read(path: Path) -> Notebook:
    """Return the notebook in `path`, each source and stream as one string, each cell with an id."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or content.get("nbformat") != 4 or "cells" not in content:
        raise ValueError("not a notebook in format 4")
    notebook: Notebook = nbformat.v4.rwbase.rejoin_lines(nbformat.from_dict(content))
    _identify(notebook["cells"])
    return notebook


def _identify(cells: Sequence[Cell]) -> None:
    """Give an id made from the last heading to each cell that has none of its own."""
    taken: set[str] = set()
    for cell in cells:
        if re.fullmatch(r"[\w-]{1,64}", cell.get("id", ""), re.ASCII) and cell["id"] not in taken:
            taken.add(cell["id"])
        else:
            cell["id"] = ""
    section = "cell"
    for cell in cells:
        heading = re.search(r"^#+ (.+)", cell["source"], re.MULTILINE)
        if cell["cell_type"] == "markdown" and heading:
            slug = "-".join(re.findall(r"[a-z0-9]+", heading[1].lower()))
            section = slug[:50].strip("-") or "cell"
        if not cell["id"]:
            number = 1
            while f"{section}-{number}" in taken:
                number += 1
            cell["id"] = f"{section}-{number}"
            taken.add(cell["id"])


def canonical(notebook: Notebook) -> str:
    """Return the text under which an executed notebook is stored.

    Raises
    ------
    ValueError
        A cell's output cannot be stored: an error, something on stderr, or a widget without a
        picture, of which GitHub would show the ``VBox(children=…)`` alone.
    """
    cells = []
    count = 0
    for number, cell in enumerate(notebook["cells"], start=1):
        kept = {
            key: cell[key] for key in ("id", "cell_type", "source", "attachments") if key in cell
        }
        kept["metadata"] = _set_by_teachers(cell.get("metadata", {}))
        if cell["cell_type"] == "code":
            executed = bool(cell["source"].strip())
            count += executed
            kept["execution_count"] = count if executed else None
            try:
                kept["outputs"] = _outputs(cell["outputs"], kept["execution_count"])
            except ValueError as error:
                raise ValueError(_place(number, cell, str(error))) from None
        cells.append(kept)
    stored = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    node = nbformat.from_dict(stored)
    nbformat.validate(node)
    text: str = nbformat.writes(node)
    return text.rstrip("\n") + "\n"


def _set_by_teachers(metadata: dict[str, Any]) -> dict[str, Any]:
    hidden = metadata.get("jupyter", {}).get("source_hidden")
    metadata = metadata | {"jupyter": {"source_hidden": True} if hidden else {}}
    return {
        key: value
        for key, value in sorted(metadata.items())
        if key not in LEFT_BEHIND and value not in DEFAULTS
    }


def _outputs(outputs: Sequence[dict[str, Any]], count: int | None) -> list[dict[str, Any]]:
    """Return a cell's outputs as stored; streams are joined, since where they break is chance."""
    stored: list[dict[str, Any]] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "error":
            raise ValueError(f"{output['ename']}: {output['evalue']}")
        if kind == "stream":
            if output["name"] == "stderr":
                lines = output["text"].strip().splitlines() or ["an empty line"]
                raise ValueError(f"writes to stderr: {lines[-1]}")
            if stored and stored[-1]["output_type"] == "stream":
                stored[-1]["text"] += output["text"]
            else:
                stored.append({"output_type": kind, "name": "stdout", "text": output["text"]})
            continue
        data = {mime: value for mime, value in output["data"].items() if mime != WIDGET_VIEW}
        if len(data) < len(output["data"]) and not data.keys() - {"text/plain"}:
            raise ValueError("shows a widget without a picture beside it, for a reader on GitHub")
        if "image/png" in data:
            data["image/png"] = "".join(data["image/png"].split())
        metadata = {key: value for key, value in output["metadata"].items() if key != WIDGET_VIEW}
        shown = {"output_type": kind, "data": data, "metadata": metadata}
        stored.append(shown | {"execution_count": count} if kind == "execute_result" else shown)
    return stored


def _place(number: int, cell: Cell, reason: str) -> str:
    lines = cell["source"].splitlines() or ["(empty)"]
    return f"cell {number} (id {cell['id']}): {lines[0]}\n    {reason}"


async def execute(path: Path, at_cell: AtCell = lambda number, cells: None) -> Notebook:
    """Return the notebook in `path` as a fresh kernel of this interpreter executes it.

    Raises
    ------
    ValueError
        A cell failed; the message names it.
    """
    notebook = read(path)
    cells = notebook["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    node = nbformat.from_dict(
        {**notebook, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    )
    current = 0

    def start(cell: Cell, cell_index: int) -> None:
        nonlocal current
        current = cell_index
        at_cell(cell_index + 1, len(cells))

    client = NotebookClient(
        node,
        timeout=300,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # no warning that the kernel listens on TCP
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=start,
    )
    try:
        await client.async_execute()
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}".strip().splitlines()[-1]
        raise ValueError(_place(current + 1, cells[current], reason)) from None
    except (RuntimeError, TimeoutError) as error:  # the kernel died, or a cell does not end
        reason = str(error).strip().splitlines()[0]
        raise ValueError(_place(current + 1, cells[current], reason)) from None
    executed: Notebook = node
    return executed


async def each(
    paths: Sequence[Path], jobs: int, work: Callable[[Path, AtCell], Awaitable[str]]
) -> bool:
    """Do `work` for each notebook, `jobs` at a time; return whether none failed.

    It gets the path and what to call at each cell, and returns what is reported. Progress is one
    line a notebook and, in a terminal, the cells that are running now.
    """
    running: dict[Path, str] = {}
    terminal = sys.stdout.isatty()
    clear = "\r\x1b[K" if terminal else ""
    slots = asyncio.Semaphore(jobs)
    done = 0

    async def one(path: Path) -> bool:
        def show(number: int, cells: int) -> None:
            running[path] = f"{path.stem} {number}/{cells}"
            if terminal:
                print(clear + "   ".join(running.values()), end="", flush=True)

        nonlocal done
        async with slots:
            start = time.perf_counter()
            try:
                result, ran = await work(path, show), True
            except (ValueError, nbformat.ValidationError) as error:
                result, ran = f"FAILED, nothing is written\n  {error}", False
            else:
                result += f", {time.perf_counter() - start:.1f} s"
            running.pop(path, None)
            done += 1
            print(f"{clear}[{done}/{len(paths)}] {path.stem}: {result}", flush=True)
            return ran

    return all(await asyncio.gather(*map(one, paths)))


async def store(paths: Sequence[Path], jobs: int) -> bool:
    """Execute `paths`, `jobs` at a time, and write those that change; return whether all ran."""

    async def one(path: Path, at_cell: AtCell) -> str:
        text = canonical(await execute(path, at_cell)).encode()
        unchanged = path.read_bytes() == text
        if not unchanged:
            path.write_bytes(text)
        return f"{'unchanged' if unchanged else 'stored'}, {len(text) / 1000:.0f} KB"

    return await each(paths, jobs, one)


def fault(path: Path) -> str | None:
    """Return why the notebook in `path` is not in the canonical form, or None if it is."""
    try:
        is_now = path.read_bytes().decode()
        wanted = canonical(read(path))
    except (ValueError, KeyError, nbformat.ValidationError) as error:
        return f"{path.name}: {type(error).__name__}: {error}"
    lines = zip_longest(is_now.split("\n"), wanted.split("\n"))
    for number, (now, then) in enumerate(lines, start=1):
        if now != then:
            return f"{path.name}, line {number}: is {now!r:.70}, canonical {then!r:.70}"
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="notebooks, as 01-sigmoid; all if none is named")
    parser.add_argument("--check", action="store_true", help="execute nothing, only compare")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time (default 2)")
    options = parser.parse_args(arguments)
    known = {path.stem: path for path in sorted(FOLDER.glob("*.ipynb"))}
    stems = [Path(name).stem for name in options.names] or list(known)
    if unknown := [stem for stem in stems if stem not in known]:
        parser.error(f"no notebook {', '.join(unknown)}; there are {', '.join(known) or 'none'}")
    paths = [known[stem] for stem in stems]
    if not options.check:
        return 0 if asyncio.run(store(paths, options.jobs)) else 1
    faults = [text for path in paths if (text := fault(path))]
    if faults:
        print("\n".join([*faults, "Not in the form that is stored: run make notebooks."]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
