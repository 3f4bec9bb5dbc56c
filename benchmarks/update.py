"""What an update of the course does to a learner's work: ``python -m benchmarks.update``.

nbgitpuller fetches the course into a learner's folder, the learner runs a notebook, answers an
exercise and saves, the course changes, and nbgitpuller fetches again. Prints, case by case, what
the folder holds then. Needs git, and nbgitpuller from `benchmarks/requirements.txt`.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
FIRST, SECOND = (f"notebooks/{name}.ipynb" for name in ("01-sigmoid", "02-tanh"))
OWN = "notebooks/own.ipynb"
MARKS = "new", "mine"
ANSWER, OTHER = -3, 3  # cells of code: an exercise, and one that the learner leaves alone

Change = Callable[[Path], object]


def write(name: str, cell: int, text: str) -> Change:
    """Return what makes `text` the source of a cell; a learner runs all cells, too."""

    def change(folder: Path) -> None:
        notebook = nbformat.read(folder / name, as_version=4)  # type: ignore[no-untyped-call]
        notebook.cells[cell].source = text
        if text == "mine":
            NotebookClient(  # as JupyterLab saves: without times, without widgets' state
                notebook,
                resources={"metadata": {"path": str(folder / "notebooks")}},
                allow_errors=True,
                record_timing=False,
                store_widget_state=False,
            ).execute()
        else:
            notebook.cells[cell].outputs = []
        nbformat.write(notebook, folder / name)  # type: ignore[no-untyped-call]

    return change


def add(text: str) -> Change:
    """Return what makes a file under the name that both choose."""
    return lambda folder: (folder / OWN).write_text(text, encoding="utf-8")


def remove(name: str) -> Change:
    """Return what deletes a file."""
    return lambda folder: (folder / name).unlink()


WORK = write(FIRST, ANSWER, "mine")
CASES: dict[str, tuple[Change, Change]] = {  # what the learner does, what the course does
    "another notebook changes": (WORK, write(SECOND, OTHER, "new")),
    "another cell of the same notebook changes": (WORK, write(FIRST, OTHER, "new")),
    "the same cell changes": (WORK, write(FIRST, ANSWER, "new")),
    "the notebook is deleted": (WORK, remove(FIRST)),
    "a file is added under the name of the learner's own": (add("mine"), add("new")),
    "a notebook changes that the learner has deleted": (remove(FIRST), write(FIRST, OTHER, "new")),
    "another notebook changes than the learner has deleted": (
        remove(FIRST),
        write(SECOND, OTHER, "new"),
    ),
}


def git(folder: Path, *arguments: str) -> None:
    """Run git in `folder` as somebody."""
    somebody = ["-c", "user.name=Course", "-c", "user.email=course@example.org"]
    subprocess.run(["git", *somebody, *arguments], cwd=folder, check=True, capture_output=True)


def outcome(learner: Change, course: Change, folder: Path) -> str:
    """Return what is in the learner's folder after the update."""
    there, here = folder / "there", folder / "here"
    git(folder, "clone", "--quiet", str(ROOT), str(there))
    git(there, "checkout", "--quiet", "-B", "main")
    pull = [sys.executable, "-m", "nbgitpuller.pull", there.as_uri(), "main", str(here)]
    subprocess.run(pull, check=True, capture_output=True)
    learner(here)
    course(there)
    git(there, "add", "--all")
    git(there, "commit", "--quiet", "--message", "Change the course")
    pulled = subprocess.run(pull, capture_output=True, text=True)
    found = [f"nbgitpuller ends with {pulled.returncode}"] if pulled.returncode else []
    for name in (FIRST, SECOND):
        if not (here / name).exists():
            found.append(f"{Path(name).name} is gone")
            continue
        notebook = nbformat.read(here / name, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
        sources = [notebook.cells[cell].source for cell in (OTHER, ANSWER)]
        marks = [source for source in sources if source in MARKS]
        found.append(f"{Path(name).name}: {' and '.join(marks) or 'as the course had it'}")
    for path in sorted((here / "notebooks").glob("own*")):
        found.append(f"{path.name}: {path.read_text(encoding='utf-8')}")
    return "; ".join(found)


def main() -> None:
    """Print the table."""
    print("| the course changes | what the learner's folder holds |\n|---|---|")
    for case, (learner, course) in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            print(f"| {case} | {outcome(learner, course, Path(folder))} |", flush=True)


if __name__ == "__main__":
    main()
