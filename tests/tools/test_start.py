"""How the course is started: `make lab` for real, and what a learner reads when it cannot start."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SAVES_WIDGETS
from tools.server import fresh_environment, running

if TYPE_CHECKING:
    from playwright.sync_api import Page

REPOSITORY = Path(__file__).parents[2]
INSTALLED_BY = ("Makefile", "requirements.txt", "pyproject.toml", "tests/requirements.txt")

pytestmark = pytest.mark.skipif(
    os.name != "posix" or shutil.which("make") is None,
    reason="the Makefile wants make, and Linux or macOS",
)

# Stands for Python in a folder of its own: it notes what it is asked, makes virtual environments of
# itself, and fails where a test wants it to.
FAKE_PYTHON = """\
#!/bin/sh
echo "$(basename "$0") $*" >> asked.txt
case "$*" in
    "--version") echo "Python ${VERSION:-3.11.2}" ;;
    *version_info*) test "${VERSION:-3.11.2}" != 3.10.13 ;;
    *ensurepip*) test -z "$NO_VENV" || { echo "No module named 'ensurepip'" >&2; exit 1; } ;;
    "-m venv"*)
        for folder; do :; done
        test "$3" != --clear || rm -r "$folder"
        mkdir -p "$folder/bin"
        echo "home = /usr/bin" > "$folder/pyvenv.cfg"
        cp "$0" "$folder/bin/python"
        test -z "$INTERRUPTED" || exit 1
        cp "$0" "$folder/bin/pip"
        cp "$0" "$folder/bin/jupyter" ;;
    "-m pip"*) test -z "$NO_NETWORK" ;;
esac
"""


class Clone:
    """What `make` needs of a fresh clone, with a Python that only notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "python3"
        self.python.write_text(FAKE_PYTHON)
        self.python.chmod(0o755)
        for name in INSTALLED_BY:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = fresh_environment(self.folder) | {
            "PATH": f"{self.folder}:{os.environ['PATH']}",
            "LC_ALL": "C",
        }
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self) -> list[str]:
        """Return what the fake Python was asked since the last time, checks aside."""
        file = self.folder / "asked.txt"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [line for line in lines if " -c " not in line and "--version" not in line]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def refused(clone: Clone, *arguments: str, **variables: str) -> str:
    """Return what `make lab` says when it stops, without make's own last line."""
    result = clone.make("lab", *arguments, **variables)
    assert result.returncode == 2, result
    assert "jupyter lab" not in "".join(clone.asked())
    assert "Traceback" not in result.stderr
    *said, last = result.stderr.strip().splitlines()
    assert re.fullmatch(r"make: \*\*\* \[.*\] Error 1", last)
    return "\n".join(said).strip()


VENV = "python3 -m venv .venv"
INSTALL = "python -m pip install -r requirements.txt"
SETTINGS = "python tools/settings.py"


def test_lab_installs_once_and_starts(clone: Clone) -> None:
    start = "jupyter lab --LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb"
    assert clone.make("lab", "ROOT=").returncode == 0
    assert clone.asked() == [VENV, INSTALL, SETTINGS, start]
    assert clone.make("lab", "ROOT=", "OPTIONS=--no-browser").returncode == 0
    assert clone.asked() == [f"{start} --no-browser"]


def test_a_python_named_to_make_test_does_not_reach_these_tests(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make` leaves in the environment what it is told."""
    monkeypatch.setenv("PYTHON", "python3.99")
    monkeypatch.setenv("OPTIONS", "--no-browser")
    assert clone.make("lab").returncode == 0
    assert "--no-browser" not in clone.asked()[-1]


def test_new_requirements_are_installed(clone: Clone) -> None:
    clone.make("lab")
    clone.asked()
    (clone.folder / "requirements.txt").touch()
    os.utime(clone.folder / ".venv" / "learner", (0, 0))
    clone.make("lab")
    assert clone.asked()[:-1] == [INSTALL, SETTINGS]


@pytest.mark.parametrize(("user", "option"), [(0, ["--allow-root"]), (1000, [])])
def test_root_is_allowed_only_to_root(clone: Clone, user: int, option: list[str]) -> None:
    identity = clone.folder / "id"
    identity.write_text(f"#!/bin/sh\necho {user}\n")
    identity.chmod(0o755)
    clone.make("lab")
    started = clone.asked()[-1].split()
    assert [word for word in started if "root" in word] == option
    assert not [word for word in started if re.search(r"--ip|\.ip=|token|password", word)]


def test_an_old_python_is_refused(clone: Clone) -> None:
    assert refused(clone, VERSION="3.10.13") == (
        "The course needs Python 3.11 or newer, but python3 is Python 3.10.13. "
        "Name a newer one, as in: make lab PYTHON=python3.13"
    )
    assert not (clone.folder / ".venv").exists()


def test_an_old_python_says_itself_that_it_is_old(clone: Clone) -> None:
    old = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions/3.10.13/bin/python")
    if not old.exists():
        pytest.skip("there is no Python 3.10 here")
    said = refused(clone, f"PYTHON={old}")
    assert f"newer, but {old} is Python 3.10.13. Name a newer one" in said


def test_what_is_old_is_said_alike() -> None:
    required = re.search(
        r'requires-python = ">=3\.(\d+)"', (REPOSITORY / "pyproject.toml").read_text()
    )
    assert required
    makefile = (REPOSITORY / "Makefile").read_text()
    assert f"sys.version_info < (3, {required[1]})" in makefile
    assert set(re.findall(r"needs Python 3\.(\d+)", makefile)) == {required[1]}


def test_a_missing_python_is_named(clone: Clone) -> None:
    assert refused(clone, "PYTHON=python3.99") == (
        "There is no python3.99. The course needs Python 3.11 or newer; "
        "name the one you have, as in: make lab PYTHON=python3.13"
    )


def test_a_python_without_virtual_environments_is_refused(clone: Clone) -> None:
    assert refused(clone, NO_VENV="1") == (
        "python3 cannot make virtual environments. "
        "On Debian and Ubuntu this installs what it lacks: sudo apt install python3-venv"
    )


def test_without_network_the_last_words_are_plain(clone: Clone) -> None:
    sentence = (
        "The installation did not finish; pip says why above. "
        "It needs a network connection. To go on: make lab"
    )
    assert refused(clone, NO_NETWORK="1") == sentence
    clone.asked()
    assert clone.make("lab").returncode == 0
    assert clone.asked()[:2] == [INSTALL, SETTINGS]


def test_an_unreachable_index_is_no_network(clone: Clone) -> None:
    """As above, with pip itself."""
    (clone.folder / ".venv" / "bin").mkdir(parents=True)
    pip = clone.folder / ".venv" / "bin" / "python"
    pip.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    pip.chmod(0o755)
    shutil.copy(pip, pip.with_name("pip"))
    (clone.folder / "requirements.txt").write_text("no-such-package-here\n")
    unreachable = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": "",
    }
    said = refused(clone, **unreachable)
    assert "No matching distribution found for no-such-package-here" in said
    assert said.endswith("It needs a network connection. To go on: make lab")


def test_a_half_made_environment_is_made_anew(clone: Clone) -> None:
    refused(clone, INTERRUPTED="1")
    assert clone.make("lab").returncode == 0
    assert VENV.replace("venv ", "venv --clear ") in clone.asked()


def test_an_environment_whose_python_is_gone_is_made_anew(clone: Clone) -> None:
    """Such as after an upgrade of the system."""
    clone.make("lab")
    clone.asked()
    python = clone.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("python3.0")
    assert clone.make("lab").returncode == 0
    assert clone.asked()[:-1] == [VENV.replace("venv ", "venv --clear "), INSTALL, SETTINGS]


def test_a_folder_that_is_no_environment_is_never_cleared(clone: Clone) -> None:
    (clone.folder / "mine").mkdir()
    assert clone.make("lab", "VENV=mine").returncode == 0
    assert "python3 -m venv mine" in clone.asked()


def plain_lines(readme: str) -> list[str]:
    """Return what the README tells those without make to type, activation aside."""
    section = re.split(r"^#+ ", readme.partition("On Windows")[2], flags=re.MULTILINE)[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if "activate" not in line]


def test_the_plain_lines_are_those_of_make(clone: Clone) -> None:
    made = clone.make("--dry-run", "lab", "test", "PYTHON=python", "ROOT=").stdout
    commands = (line.split(" || ")[0].removeprefix(".venv/bin/") for line in made.splitlines())
    does = {" ".join(command.split()) for command in commands}
    lines = plain_lines((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert len(lines) == 6, lines
    assert not [line for line in lines if line not in does], f"make does {does}"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return what `make` takes for its virtual environment: the one that runs the tests."""
    venv = tmp_path / "venv"
    venv.mkdir()
    (venv / "bin").symlink_to(Path(sys.prefix, "bin"))
    (venv / "learner").touch()
    return venv


def test_lab_opens_the_first_notebook(installed: Path, tmp_path: Path, page: Page) -> None:
    """As on the first start of a learner whose other JupyterLab has the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        options = f"OPTIONS=--no-browser --expose-app-in-browser --ServerApp.port={port}"
        command = ["make", "lab", f"VENV={installed}", options]
        with running(command, REPOSITORY, fresh_environment(tmp_path)) as server:
            assert "pip install" not in server.printed()
            assert f"The port {port} is already in use, trying another port." in server.printed()
            opens = (
                r"http://127\.0\.0\.1:\d+/lab/tree/notebooks/00-start-here\.ipynb\?token=\w{40,}"
            )
            assert re.fullmatch(opens, server.address)
            page.goto(server.address)
            page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context?.isReady")
            context = "jupyterapp.shell.currentWidget.context"
            page.evaluate(f"{context}.sessionContext.ready.then(() => {{}})")
            assert page.evaluate(f"{context}.path") == "notebooks/00-start-here.ipynb"
            page.locator(".jp-Notebook h1").first.wait_for()
            news = "jupyterapp.hasPlugin('@jupyterlab/apputils-extension:announcements')"
            assert not page.evaluate(news)
            assert page.evaluate(SAVES_WIDGETS)
            assert page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts() == []
