"""The repository's address stands in one place, and everything else follows it."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tools.adopt import ADDRESS, ROOT, address, disagreements, main, site

FILES = ("README.md", "CONTRIBUTING.md", "CITATION.cff", "pyproject.toml")
FOLDERS = ("notebooks", ".github", "binder")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy what carries links, and make its address unknown."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    for name in FOLDERS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
    project = tmp_path / "pyproject.toml"
    project.write_text(re.sub(r"(?m)^Repository = .*\n", "", project.read_text(encoding="utf-8")))
    assert main([], tmp_path) == 0
    return tmp_path


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def first_line(path: Path) -> str:
    cell = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    assert cell["source"][1] == "\n"
    assert cell["source"][2].startswith("# ")
    return str(cell["source"][0]).rstrip("\n")


def test_links_agree_with_the_address() -> None:
    faults = list(disagreements(ROOT))
    assert not faults, "\n".join(faults)


def test_before_adoption_words_say_how_to_launch(copy: Path) -> None:
    assert address(copy) is None
    assert "paste the\naddress of this repository" in (copy / "README.md").read_text("utf-8")
    first, second, *_ = sorted((copy / "notebooks").glob("*.ipynb"))
    start = "[How to launch on Binder](../README.md) · "
    assert first_line(first).startswith(f"{start}[Contents](../README.md#notebooks) · [Next →](")
    assert first_line(second).startswith(f"{start}[← Previous](00-start-here.ipynb) · [Contents](")
    for path, content in contents(copy).items():
        assert b"mybinder.org/v2" not in content, path


def test_adoption_writes_every_link(copy: Path) -> None:
    assert main(["ada/course"], copy) == 0
    assert address(copy) == "ada/course"
    assert not list(disagreements(copy))
    launch = "https://mybinder.org/v2/gh/ada/course/HEAD?urlpath=lab/tree/notebooks/"
    readme = (copy / "README.md").read_text("utf-8")
    assert f"(https://mybinder.org/badge_logo.svg)]({launch}00-start-here.ipynb)" in readme
    assert "paste the\naddress" not in readme
    course = "https%3A%2F%2Fgithub.com%2Fada%2Fcourse"
    first = "lab%2Ftree%2Fcourse%2Fnotebooks%2F00-start-here.ipynb"
    assert f"/hub/user-redirect/git-pull?repo={course}&urlpath={first}\n" in readme
    assert "OWNER" not in readme
    for path in (copy / "notebooks").glob("*.ipynb"):
        assert first_line(path).startswith(f"[Launch on Binder]({launch}{path.name}) · ")
    citation = (copy / "CITATION.cff").read_text("utf-8")
    assert citation.count('\nrepository-code: "https://github.com/ada/course"\n') == 1


def test_only_what_exists_gets_a_badge(copy: Path) -> None:
    shutil.rmtree(copy / ".github", ignore_errors=True)
    main(["Ada/course"], copy)
    links = (
        "/Ada/course/actions/workflows/tests.yml/badge.svg)",
        "(https://ada.github.io/course/)",
    )
    readme = copy / "README.md"
    assert [link in readme.read_text("utf-8") for link in links] == [False, False]
    (copy / ".github" / "workflows").mkdir(parents=True)
    for name in ("tests.yml", "site.yml"):
        (copy / ".github" / "workflows" / name).touch()
    assert main([], copy) == 0
    assert [link in readme.read_text("utf-8") for link in links] == [True, True]
    assert not list(disagreements(copy))


def test_adoption_changes_nothing_else(copy: Path) -> None:
    before = contents(copy)
    main(["ada/course"], copy)
    project = copy / "pyproject.toml"
    project.write_text(project.read_text("utf-8").replace("ada/course", "Grace-H/a.b_c"), "utf-8")
    assert main([], copy) == 0  # refreshes from the one place
    by_hand = contents(copy)
    assert main(["Grace-H/a.b_c"], copy) == 0
    assert contents(copy) == by_hand
    project.write_bytes(before[project])
    assert main([], copy) == 0
    assert contents(copy) == before


@pytest.mark.parametrize(
    ("file", "tampering"),
    [
        ("README.md", ("/HEAD?", "/main?")),
        ("README.md", ("gh/ada/course", "gh/eve/course")),
        ("README.md", ("# ", "# https://github.com/eve/course\n# ")),
        ("CONTRIBUTING.md", ("# ", "# git@github.com:ada/another.git ")),
        ("CONTRIBUTING.md", ("# ", "# https://ada.github.io/another/ ")),
        ("CONTRIBUTING.md", ("# ", "# ?repo=https%3A%2F%2Fgithub.com%2Feve%2Fcourse ")),
        ("CITATION.cff", ("ada/course", "ada/Course")),
        ("notebooks/01-sigmoid.ipynb", ("gh/ada/course", "gh/ada/curse")),
        ("notebooks/01-sigmoid.ipynb", ("02-tanh.ipynb)", "03-relu.ipynb)")),
        ("pyproject.toml", ("ada/course", "eve/course")),
    ],
)
def test_a_tampered_link_is_found(file: str, tampering: tuple[str, str], copy: Path) -> None:
    main(["ada/course"], copy)
    path = copy / file
    good = path.read_text("utf-8")
    path.write_text(good.replace(*tampering, 1), "utf-8")
    assert path.read_text("utf-8") != good
    faults = list(disagreements(copy))
    assert faults
    assert main(["--check"], copy) == 1
    if file != "pyproject.toml":  # there, all the others are wrong
        assert all(fault.startswith(str(Path(file))) for fault in faults)


def test_before_adoption_every_address_is_a_fault(copy: Path) -> None:
    page = copy / "CONTRIBUTING.md"
    page.write_text(page.read_text("utf-8") + "\nhttps://github.com/ada/course\n", "utf-8")
    assert list(disagreements(copy)) == ["CONTRIBUTING.md: github.com/ada/course is not known yet"]


def test_good_links_are_no_fault(copy: Path) -> None:
    main(["Ada/course"], copy)
    page = copy / "CONTRIBUTING.md"
    links = (
        "https://github.com/Ada/course/issues, git@github.com:Ada/course.git and\n"
        "https://ada.github.io/course/; see https://github.com/Ada/course.\n"
        "https://docs.github.com/en/pages https://mybinder.org/badge_logo.svg\n"
    )
    page.write_text(page.read_text("utf-8") + links, "utf-8")
    assert not list(disagreements(copy))


@pytest.mark.parametrize(
    "wrong",
    ["course", "ada/", "/course", "ada/course/", "-ada/course", "ada--b/c", "ada/a b", "ada/..",
     "https://github.com/ada/course", "ada/cours€", f"{'a' * 40}/course"],
)  # fmt: skip
def test_a_wrong_address_is_refused(
    wrong: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(copy)
    with pytest.raises(SystemExit) as stopped:
        main(["--", wrong], copy)
    assert stopped.value.code == 2
    assert "give owner/name, as in ada/activation-derivatives, not " in capsys.readouterr().err
    assert contents(copy) == before


@pytest.mark.parametrize("good", ["a/b", "ada-l/.github", "a1/x.y_z-", f"{'a' * 39}/course"])
def test_a_good_address_is_taken(good: str) -> None:
    assert ADDRESS.fullmatch(good)


@pytest.mark.parametrize("name", ["links", "class"])
def test_a_missing_place_for_links_is_named(name: str, copy: Path) -> None:
    page = copy / "README.md"
    page.write_text(page.read_text("utf-8").replace(f"<!-- /{name} -->", ""), "utf-8")
    with pytest.raises(SystemExit, match=rf"README.md needs the lines <!-- {name} --> and"):
        main(["ada/course"], copy)


def test_site_of_an_owner() -> None:
    assert site("Ada/course") == "https://ada.github.io/course/"
    assert site("Ada/ada.github.io") == "https://ada.github.io/"
