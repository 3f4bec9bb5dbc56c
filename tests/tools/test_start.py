"""How the course is started: `make lab` for real, and what a learner reads when it cannot start."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import is_as_set
from tools.server import fresh_environment, running

if TYPE_CHECKING:
    from playwright.sync_api import Page

REPOSITORY = Path(__file__).parents[2]
INSTALLED_BY = ("Makefile", "requirements.txt", "pyproject.toml", "tests/requirements.txt")

pytestmark = pytest.mark.skipif(
    os.name != "posix" or shutil.which("make") is None,
    reason="the Makefile wants make, and Linux or macOS",
)

# Stands for Python: it notes what it is asked, makes environments of itself, and fails as told.
FAKE_PYTHON = """\
#!/bin/sh
case "$*" in
    --version) echo "Python $VERSION" ;;
    *version_info*) test -z "$VERSION" ;;
    *ensurepip*) test -z "$NO_VENV" ;;
    *) echo "$(basename "$0") $*" >> asked.txt
esac || exit 1
case "$*" in
    "-m venv"*)
        for folder; do :; done
        test "$3" != --clear || rm -r "$folder"
        mkdir -p "$folder/bin"
        touch "$folder/pyvenv.cfg"
        cp "$0" "$folder/bin/python"
        test -z "$INTERRUPTED" || exit 1
        cp "$0" "$folder/bin/pip"
        cp "$0" "$folder/bin/jupyter" ;;
    "-m pip"*) test -z "$NO_NETWORK" ;;
esac
"""
VENV = "python3 -m venv .venv"
CLEAR = "python3 -m venv --clear .venv"
INSTALL = ["python -m pip install -r requirements.txt", "python tools/settings.py"]
START = "jupyter lab -y --LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb"


class Clone:
    """What `make` needs of a fresh clone, with a Python that only notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "python3").write_text(FAKE_PYTHON)
        (folder / "python3").chmod(0o755)
        for name in INSTALLED_BY:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)

    def make(self, *arguments: str, **variables: str) -> tuple[str, list[str]]:
        """Run `make lab`; return what is said where it stops, and what Python was asked."""
        path = {"PATH": f"{self.folder}:{os.environ['PATH']}", "LC_ALL": "C"}
        done = subprocess.run(
            ["make", "lab", "ROOT=", *arguments],
            cwd=self.folder,
            env=fresh_environment(self.folder) | path | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        asked = self.folder / "asked.txt"
        lines = asked.read_text().splitlines() if asked.exists() else []
        asked.unlink(missing_ok=True)
        said = re.sub(r"make: \*\*\* \[.*\] Error 1\s*$", "", done.stderr).strip()
        assert done.returncode == (0 if START in "".join(lines) else 2), done
        return said, lines


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_lab_installs_once_and_starts(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON", "python3.99")  # what make is told for the tests is not for this
    assert clone.make()[1] == [VENV, *INSTALL, START]
    assert clone.make("OPTIONS=--no-browser")[1] == [f"{START} --no-browser"]
    os.utime(clone.folder / ".venv" / "learner", (0, 0))  # older than what is required now
    assert clone.make()[1] == [*INSTALL, START]


@pytest.mark.parametrize(("user", "option"), [(0, "--allow-root "), (1000, "")])
def test_root_is_allowed_only_to_root(user: int, option: str, tmp_path: Path) -> None:
    (tmp_path / "id").write_text(f"#!/bin/sh\necho {user}\n")
    (tmp_path / "id").chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["make", "--no-print-directory", "--dry-run", "lab"]
    made = subprocess.check_output(command, cwd=REPOSITORY, env=os.environ | path, text=True)
    assert " ".join(made.splitlines()[-1].split()).endswith(START.replace("-y ", f"-y {option}"))


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (
            [],
            {"VERSION": "3.10.13"},
            "The course needs Python 3.11 or newer, but python3 is Python 3.10.13. "
            "Name a newer one, as in: make lab PYTHON=python3.13",
        ),
        (
            ["PYTHON=python3.99"],
            {},
            "There is no python3.99. The course needs Python 3.11 or newer; "
            "name the one you have, as in: make lab PYTHON=python3.13",
        ),
        (
            [],
            {"NO_VENV": "1"},
            "python3 cannot make virtual environments. "
            "On Debian and Ubuntu this installs what it lacks: sudo apt install python3-venv",
        ),
        (
            [],
            {"NO_NETWORK": "1"},
            "The installation did not finish; pip says why above. "
            "It needs a network connection. To go on: make lab",
        ),
    ],
    ids=["old", "missing", "no venv", "no network"],
)
def test_what_cannot_be_done_is_said_plainly(
    arguments: list[str], variables: dict[str, str], said: str, clone: Clone
) -> None:
    assert clone.make(*arguments, **variables)[0] == said
    asked = clone.make()[1]
    assert asked[-3:] == [*INSTALL, START], "and then it goes on"


def test_the_oldest_python_is_that_of_the_package() -> None:
    (oldest,) = re.findall(r'requires-python = ">=3\.(\d+)"', Path("pyproject.toml").read_text())
    makefile = (REPOSITORY / "Makefile").read_text()
    assert set(re.findall(r"sys.version_info < \(3, (\d+)\)|Python 3\.(\d+) or", makefile)) == {
        (oldest, ""),
        ("", oldest),
    }


def test_half_an_environment_is_made_anew_and_a_folder_is_not_cleared(clone: Clone) -> None:
    clone.make(INTERRUPTED="1")
    assert clone.make()[1] == [CLEAR, *INSTALL, START]
    python = clone.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("python3.0")  # gone, as after an upgrade of the system
    assert clone.make()[1] == [CLEAR, *INSTALL, START]
    (clone.folder / "mine").mkdir()
    assert clone.make("VENV=mine")[1][0] == "python3 -m venv mine"


def test_the_plain_lines_are_those_of_make(clone: Clone) -> None:
    command = ["make", "--no-print-directory", "--dry-run", "lab", "test", "PYTHON=python", "ROOT="]
    made = subprocess.check_output(command, cwd=clone.folder, text=True)
    commands = (line.split(" || ")[0].removeprefix("@") for line in made.splitlines())
    does = {" ".join(command.removeprefix(".venv/bin/").split()) for command in commands}
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^#+ ", readme.partition("On Windows")[2], flags=re.MULTILINE)[0]
    lines = "".join(re.findall(r"^```sh\n(.*?)^```", section, re.DOTALL | re.MULTILINE))
    plain = {line for line in lines.splitlines() if "activate" not in line}
    assert len(plain) == 6
    assert plain <= does, f"make does {does}"


def test_a_home_that_cannot_be_written_is_not_mentioned() -> None:
    """Matplotlib would mention it in the first cell."""
    command = [sys.executable, "-c", "from helpers import explore, function_and_slope"]
    home = fresh_environment(Path(os.devnull))
    done = subprocess.run(command, cwd=REPOSITORY, env=home, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_lab_opens_the_first_notebook_and_ends(tmp_path: Path, page: Page) -> None:
    """As on the first start of a learner whose other JupyterLab has the port."""
    venv = tmp_path / "venv"  # what make takes for one that is installed
    venv.mkdir()
    (venv / "bin").symlink_to(Path(sys.prefix, "bin"))
    (venv / "learner").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        options = f"OPTIONS=--no-browser --expose-app-in-browser --ServerApp.port={port}"
        command = ["make", "lab", f"VENV={venv}", options]
        with running(command, REPOSITORY, fresh_environment(tmp_path)) as server:
            assert "pip install" not in server.printed()
            assert f"The port {port} is already in use, trying another port." in server.printed()
            opens = r"http://127\.0\.0\.1:\d+/lab/tree/notebooks/00-start-here\.ipynb\?token=\w{40}"
            assert re.match(opens, server.address)
            page.goto(server.address)
            page.locator(".jp-Notebook h1").first.wait_for()
            is_as_set(page)
            assert "course_saving | extension was successfully loaded" in server.printed()
            page.wait_for_function(  # a server that is starting a kernel does not end
                "jupyterapp.shell.currentWidget?.context.sessionContext.session?.kernel?.info"
            )
            os.killpg(server.process.pid, signal.SIGINT)  # as Ctrl+C does
            server.process.wait(timeout=60)
            assert server.printed().startswith("If no browser opens, click the last address below")
            assert "Traceback" not in server.printed()
