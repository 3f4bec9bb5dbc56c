"""What Binder makes of this repository: asked of repo2docker, and then done."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import JupyterLab, is_as_set, missing
from tools.adopt import FIRST, binder
from tools.server import free_port, fresh_environment, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

REPOSITORY = Path(__file__).parents[2]
BADGE = parse_qs(urlsplit(binder("owner/name", FIRST)).query)["urlpath"][0]
BASE_URL = "/user/owner-name-1a2b3c4d/"
# What conda splits, pip has as one.
PIP_NAMES = {
    "jupyterhub-base": "jupyterhub",
    "jupyterhub-singleuser": "jupyterhub",
    "nbconvert-core": "nbconvert",
}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Binder runs on Linux")


def copy(folder: Path) -> Path:
    """Copy what a clone would have; return the folder."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "site")
    return Path(shutil.copytree(REPOSITORY, folder, ignore=ignored))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(tmp_path_factory.mktemp("binder") / "clone")


@pytest.fixture(scope="module")
def buildpack(clone: Path) -> Iterator[Any]:
    """Return the buildpack that repo2docker picks, chosen as it chooses; it looks where it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # repo2docker imports what is deprecated
        from repo2docker.app import Repo2Docker  # type: ignore[import-untyped]
    app = Repo2Docker()
    with pytest.MonkeyPatch.context() as context:
        context.chdir(clone)
        packs = (kind(base_image=app.base_image) for kind in app.buildpacks)
        chosen = next(pack for pack in packs if pack.detect())
        chosen.platform = "linux/amd64"
        yield chosen


def commands(buildpack: Any) -> list[str]:
    """Return what runs after the repository is copied into the image, as the user."""
    text: str = buildpack.render({"NB_USER": "jovyan", "NB_UID": "1000"})
    _, copied, after = text.partition("src/ ${REPO_DIR}/\n")
    assert copied, text
    assert "USER root" not in re.sub("^#.*", "", after, flags=re.MULTILINE)
    return re.findall(r"^RUN (.*)", after, re.MULTILINE)


def base(buildpack: Any) -> tuple[dict[str, str], list[str]]:
    """Return what is installed before ours: all versions, and the packages asked for by name."""
    import repo2docker.buildpacks  # type: ignore[import-untyped]

    (name,) = (name for name in buildpack.get_build_script_files() if name.endswith(".lock"))
    lock = Path(repo2docker.buildpacks.__file__).parent / name
    package = re.compile(r"https://.*/(.+)-(.+)-[^-]*py[^-]*(?:\.conda|\.tar\.bz2)")
    found = [match.groups() for match in map(package.match, lock.read_text().splitlines()) if match]
    (asked,) = lock.parent.glob(f"environment.py-{buildpack.python_version}.yml")
    names = re.findall(r"^- ([\w-]+)==", asked.read_text(), re.MULTILINE)
    versions = {PIP_NAMES.get(name, name): version for name, version in found}
    return versions, [PIP_NAMES.get(name, name) for name in names]


def test_repo2docker_installs_what_a_learner_installs(buildpack: Any, clone: Path) -> None:
    assert type(buildpack).__name__ == "PythonBuildPack"
    assert buildpack.runtime == ("python", "3.13", None)
    read = {*buildpack.get_preassemble_script_files(), *buildpack.get_post_build_scripts()}
    assert read == {"binder/requirements.txt", "binder/postBuild"}
    names = {path.relative_to(clone).as_posix() for path in clone.glob("binder/*")}
    assert names == read | {"binder/runtime.txt"}, "and no other file waits to be read"
    assert commands(buildpack) == [
        '${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "binder/requirements.txt"',
        "chmod +x binder/postBuild",
        "./binder/postBuild",
    ]
    assert "\n-r ../requirements.txt\n" in (clone / "binder" / "requirements.txt").read_text()
    assert (clone / BADGE.removeprefix("lab/tree/")).exists()


def test_what_is_there_already_is_kept(buildpack: Any, clone: Path) -> None:
    """JupyterLab and the widgets of repo2docker are new enough: none is installed twice."""
    have, _ = base(buildpack)
    for line in (clone / "requirements.txt").read_text().splitlines():
        name, _, lowest = line.partition(">=")
        if name in have:
            numbers = [[int(n) for n in version.split(".")] for version in (have[name], lowest)]
            assert numbers[0] >= numbers[1], f"{line}, and repo2docker has {have[name]}"
    assert {"jupyterlab", "ipywidgets"} <= have.keys()


# And now really.


def interpreter(version: str) -> str:
    """Return a Python of this very version; without one the test is skipped, and fails in CI."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = filter(None, map(shutil.which, (f"python{version}", "python3")))
    check = f"import ensurepip, sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    for name in (sys.executable, *found, *map(str, pyenv.glob(f"{version}.*/bin/python"))):
        if subprocess.run([name, "-c", check], capture_output=True, check=False).returncode == 0:
            return name
    return missing(f"there is no Python {version} here, and Binder runs it (binder/runtime.txt)")


def compiled(*folders: Path) -> set[Path]:
    return {path for folder in folders for path in folder.rglob("*.pyc")}


@pytest.mark.binder
def test_the_badge_leads_to_sliders_that_move(buildpack: Any, page: Page, tmp_path: Path) -> None:
    home = copy(tmp_path / "home")  # on Binder the clone is the user's home
    prefix = tmp_path / "notebook"
    environment = fresh_environment(home) | {
        "KERNEL_PYTHON_PREFIX": str(prefix),
        "NB_PYTHON_PREFIX": str(prefix),
        "PATH": f"{prefix / 'bin'}:{os.environ['PATH']}",
        "REPO_DIR": str(home),
    }

    def run(*command: str) -> None:
        done = subprocess.run(
            command, cwd=home, env=environment, capture_output=True, text=True, check=False
        )
        said = f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == 0, said
        assert "dependency conflicts" not in said, said

    run(interpreter(buildpack.python_version), "-m", "venv", str(prefix))
    versions, names = base(buildpack)
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()))
    run("pip", "install", "-c", str(constraints), *names)
    for command in commands(buildpack):
        run("bash", "-c", command)

    before = compiled(prefix, home)
    fonts = {path: path.stat().st_mtime_ns for path in (home / ".cache").rglob("fontlist-*.json")}
    assert fonts, "postBuild lists no fonts"
    token = secrets.token_hex()
    options = [
        "--ip=127.0.0.1",
        f"--port={free_port()}",
        f"--ServerApp.base_url={BASE_URL}",
        f"--ServerApp.token={token}",
        "--ServerApp.trust_xheaders=True",
        "--no-browser",
        "--expose-app-in-browser",
        *(["--allow-root"] if os.getuid() == 0 else []),
    ]
    with running(["jupyter-lab", *options], home, environment) as server:
        address = server.address.partition(BASE_URL)[0] + BASE_URL
        lab = JupyterLab(address, token, home)
        lab.open(page, BADGE.removeprefix("lab/tree/"))
        lab.run_all(page)
        lab.scroll(page, "explore_secant()")
        view = page.locator(".liveplot").first
        view.get_by_role("slider").first.wait_for()
        for slider in view.get_by_role("slider").all():
            before_move = view.locator("svg").first.inner_html(), view.inner_text()
            slider.press("ArrowRight")
            moved = view.locator("svg").first.inner_html(), view.inner_text()
            assert moved[0] != before_move[0]
            assert moved[1] != before_move[1]
        is_as_set(page)
        assert "course_saving | extension was successfully loaded" in server.printed()
    late = sorted(str(path) for path in compiled(prefix, home) - before)
    assert not late, f"postBuild leaves {len(late)} files to compile: {late[:9]}"
    assert fonts == {path: path.stat().st_mtime_ns for path in fonts}
