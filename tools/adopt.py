"""Write the repository's address into every badge and link: ``make adopt REPO=owner/name``.

The address stands in one place, ``Repository`` under ``[project.urls]`` in ``pyproject.toml``.
Everything that needs it is generated from there:

``README.md``
    the lines between ``<!-- links -->`` and ``<!-- /links -->``, below the title: badges, or,
    while the address is unknown, how to launch in plain words. The badge of the tests and the link
    to the site stand there when ``.github/workflows`` has ``tests.yml`` and ``site.yml``. And those
    between ``<!-- class -->`` and ``<!-- /class -->``: the link that a teacher hands out.
``notebooks/*.ipynb``
    the first line of the first cell, a Markdown cell: links to Binder, to the previous notebook,
    to the contents and to the next notebook, in the order of the file names. An empty line and
    ``# Title`` follow. The line is inserted where it is missing. While the address is unknown, its
    first link leads to the words in ``README.md``.
``CITATION.cff``
    the line ``repository-code``, present only once the address is known.

Without ``REPO`` the links are refreshed from ``pyproject.toml``, after a notebook was added, say.
``--check`` changes nothing and names what disagrees.
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

ROOT = Path(__file__).parents[1]
CONTENTS = "[Contents](../README.md#notebooks)"
FIRST = "lab/tree/notebooks/00-start-here.ipynb"
PLAIN_WORDS = f"""\
**Launch on Binder, with nothing to install:** open [mybinder.org](https://mybinder.org), paste the
address of this repository, choose *URL* instead of *File* beside the path, type
`{FIRST}` there and press *launch*."""
UNKNOWN = "OWNER/NAME"  # stands in the link for a class until the address is known
OTHER_PROJECTS: set[str] = set()  # owner/name of each project that a page links to on purpose
PAGES = ("*.md", "*.cff", "*.toml", "binder/*", "docs/**/*.md", "helpers/*.py", "notebooks/*.ipynb")

OWNER = r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}"
ADDRESS = re.compile(rf"{OWNER}/(?!\.\.?$)[\w.-]{{1,100}}", re.ASCII)
LINK = re.compile(
    rf"(?<![\w.-])(?:(?:www\.|raw\.)?github(?:usercontent)?\.com[/:]|mybinder\.org/v2/gh/)(?P<owner>{OWNER})/(?P<name>[\w.-]+)"
    rf"|//(?P<host>{OWNER}\.github\.io)(?:/(?P<path>[\w.-]+))?",
    re.ASCII,
)


def address(root: Path) -> str | None:
    """Return ``owner/name`` as ``pyproject.toml`` has it, or None while it is unknown."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    url: str | None = project.get("urls", {}).get("Repository")
    return url and url.removeprefix("https://github.com/")


def set_address(root: Path, repository: str) -> None:
    """Write `repository`, which is ``owner/name``, into ``pyproject.toml``."""
    path = root / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    line = f'Repository = "https://github.com/{repository}"\n'
    if "[project.urls]\n" not in text:
        text = text.replace("\n[tool.", "\n[project.urls]\n\n[tool.", 1)
    text = re.sub(r"^Repository = .*\n", "", text, flags=re.MULTILINE)
    path.write_text(text.replace("[project.urls]\n", f"[project.urls]\n{line}"), encoding="utf-8")


def binder(repository: str, path: str) -> str:
    """Return the link that launches `repository` on Binder and opens `path` there."""
    return f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath={quote(path)}"


def site(repository: str) -> str:
    """Return the address of the pages that GitHub serves for `repository`."""
    owner, name = repository.split("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def class_link(repository: str) -> str:
    """Return the link that fetches or updates the course on a JupyterHub, and opens it there."""
    course = quote(f"https://github.com/{repository}", safe="")
    start = quote(f"lab/tree/{repository.partition('/')[2]}/notebooks/{Path(FIRST).name}", safe="")
    return f"https://HUB/hub/user-redirect/git-pull?repo={course}&urlpath={start}"


def expected(root: Path) -> dict[Path, str]:
    """Return what each file with generated links should read, given the address in `root`."""
    repository = address(root)
    pages = {}

    path = root / "README.md"
    text = path.read_text(encoding="utf-8")
    text = _with_block(text, "links", _badges(root, repository) if repository else PLAIN_WORDS)
    pages[path] = _with_block(text, "class", f"```text\n{class_link(repository or UNKNOWN)}\n```")

    path = root / "CITATION.cff"
    text = re.sub(
        r"^repository-code:.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    code = f'repository-code: "https://github.com/{repository}"\n' if repository else ""
    pages[path] = text + code

    notebooks = sorted((root / "notebooks").glob("*.ipynb"))
    for previous, path, following in zip(
        [None, *notebooks], notebooks, [*notebooks[1:], None], strict=False
    ):
        line = "[How to launch on Binder](../README.md)"
        if repository:
            line = f"[Launch on Binder]({binder(repository, f'lab/tree/notebooks/{path.name}')})"
        line += f" · [← Previous]({previous.name})" if previous else ""
        line += f" · {CONTENTS}"
        line += f" · [Next →]({following.name})" if following else ""
        pages[path] = _with_first_line(path, line)
    return pages


def _with_block(text: str, name: str, block: str) -> str:
    """Return a page with `block` between its two comments of that name."""
    if not re.search(rf"<!-- {name} -->\n(.*\n)*<!-- /{name} -->\n", text):
        raise ValueError(f"README.md needs the lines <!-- {name} --> and <!-- /{name} -->")
    before, _, rest = text.partition(f"<!-- {name} -->\n")
    _, _, after = rest.partition(f"<!-- /{name} -->\n")
    return f"{before}<!-- {name} -->\n{block}\n<!-- /{name} -->\n{after}"


def _badges(root: Path, repository: str) -> str:
    badges = (
        f"[![Launch on Binder](https://mybinder.org/badge_logo.svg)]({binder(repository, FIRST)})"
    )
    workflows = root / ".github" / "workflows"
    if (workflows / "tests.yml").exists():
        tests = f"https://github.com/{repository}/actions/workflows/tests.yml"
        badges += f"\n[![Tests]({tests}/badge.svg)]({tests})"
    if (workflows / "site.yml").exists():
        badges += f"\n[Read and move the figures without a server]({site(repository)})"
    return badges


def _with_first_line(path: Path, line: str) -> str:
    """Return the notebook in `path` with `line` as its first; nothing else in it changes."""
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    cell = notebook["cells"][0]
    if cell["cell_type"] != "markdown":
        raise ValueError(f"{path.name} must begin with a Markdown cell")
    source = "".join(cell["source"]).splitlines(keepends=True)
    if not (source and CONTENTS in source[0]):
        source = ["\n", "\n", *source]
    if source[0].rstrip("\n") == line:
        return text
    cell["source"] = [f"{line}\n", *source[1:]]
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def disagreements(root: Path) -> Iterator[str]:
    """Yield each file and each link in `root` that disagrees with the repository's address."""
    repository = address(root)
    for path, text in expected(root).items():
        if path.read_text(encoding="utf-8") != text:
            yield f"{path.relative_to(root)}: the generated links are not current, run make adopt"
    for pattern in PAGES:
        for path in sorted(root.glob(pattern)):
            for link in LINK.finditer(unquote(path.read_text(encoding="utf-8"))):
                if link["host"]:
                    same = repository and site(repository).startswith(f"https:{link[0]}")
                else:
                    found = f"{link['owner']}/{link['name'].rstrip('.').removesuffix('.git')}"
                    same = found == (repository or UNKNOWN) or found in OTHER_PROJECTS
                if not same:
                    yield f"{path.relative_to(root)}: {link[0]} is not {repository or 'known yet'}"


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repository", nargs="?", help="owner/name on GitHub")
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    options = parser.parse_args(arguments)
    if options.repository and not ADDRESS.fullmatch(options.repository):
        parser.error(
            f"give owner/name, as in ada/activation-derivatives, not {options.repository!r}"
        )
    try:
        if options.check:
            faults = list(disagreements(root))
            print("\n".join(faults))
            return 1 if faults else 0
        if options.repository:
            set_address(root, options.repository)
        for path, text in expected(root).items():
            if path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8", newline="\n")
                print(f"{path.relative_to(root)}: links written")
    except (OSError, ValueError) as error:
        sys.exit(f"cannot write the links: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
