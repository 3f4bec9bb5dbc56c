"""Show a notebook or a Markdown file as GitHub does: without scripts, styles or widgets of its own.

GitHub converts a notebook with nbconvert and lets pass only the HTML it knows to be harmless. Here
the same is done with nbconvert and bleach, except that what GitHub drops in silence stays on the
page as text, so that it is seen. Formulas are set by the MathJax of a Python package.
"""

# mypy: allow-untyped-calls
# (nbconvert's and nbformat's functions carry no types)

import mimetypes
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import bleach  # type: ignore[import-untyped]
import nbformat
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from tools.notebooks import Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

ROOT = Path(__file__).parents[2]
HOST = "http://github.test"
MATHJAX = f"{HOST}/mathjax/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe"

# The package has this font alone; and by default MathJax shows as text a formula that it does not
# understand.
MATHJAX_OPTIONS = """{
    "HTML-CSS": {availableFonts: [], imageFont: null, preferredFont: null, webFont: "STIX-Web"},
    TeX: {noErrors: {disabled: true}, noUndefined: {disabled: true}},
}"""

# What GitHub's pages may contain, by the allow-list of its html-pipeline.
TAGS = (
    "h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p ol ul table thead "
    "tbody tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary "
    "details caption figure figcaption abbr bdo cite dfn mark small span time wbr"
)
ATTRIBUTES = (
    "abbr align alt aria-describedby aria-hidden aria-label aria-labelledby border colspan color "
    "datetime dir height id label lang name open rel role rowspan scope span start tabindex title "
    "type valign value width"
)
CODE = {"div", "span", "pre"}  # the classes of colored code are nbconvert's own


def clean(html: object) -> str:
    """Return HTML with the tags and attributes that GitHub lets pass, other tags as text."""

    def allowed(tag: str, name: str, value: str) -> bool:
        return (
            name in ATTRIBUTES.split()
            or (tag, name) in {("a", "href"), ("img", "src")}
            or (tag in CODE and name == "class" and "alert" not in value)
        )

    return str(bleach.clean(str(html), tags=TAGS.split(), attributes=allowed))


def render(notebook: Notebook) -> str:
    """Return the page that GitHub makes of a notebook."""
    exporter = HTMLExporter(
        template_name="classic",  # it writes the pictures' alt text, as GitHub does
        sanitize_html=True,
        mathjax_url=MATHJAX,
    )
    exporter.register_filter("clean_html", clean)
    node = nbformat.from_dict(notebook)
    html, _ = exporter.from_notebook_node(node)
    soup = BeautifulSoup(html, "html.parser")
    for script in soup.find_all("script"):
        if "mathjax" not in str(script).lower():
            script.decompose()  # what the template brings for other pages than GitHub's
    for link in soup.find_all("a", string="¶"):
        link.decompose()  # nbconvert's own, from a heading to itself
    return str(soup)


def as_notebook(markdown: str) -> Notebook:
    """Return a notebook that shows a Markdown file."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": markdown}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def anchors(path: Path, html: str) -> set[str]:
    """Return the anchors that a link to the page of `path` may name."""
    soup = BeautifulSoup(html, "html.parser")
    if path.suffix == ".ipynb":
        return {unquote(str(tag["id"])) for tag in soup.find_all(id=True)}
    headings = [tag.get_text().strip().lower() for tag in soup.find_all(re.compile("h[1-6]"))]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def open_page(page: "Page", path: Path, html: str) -> None:
    """Open `html` as the page of `path`, with all formulas set and no network but `ROOT`."""
    spec = find_spec("jupyter_server_mathjax")
    if spec is None or spec.origin is None:
        raise ImportError("jupyter-server-mathjax: pip install -r tests/requirements.txt")
    mathjax = Path(spec.origin).parent / "static"
    address = f"{HOST}/{path.relative_to(ROOT).as_posix()}.html"

    def answer(route: "Route") -> None:
        url = urlsplit(route.request.url)
        name = unquote(url.path).removeprefix("/")
        if route.request.url == address:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        file = mathjax / name.removeprefix("mathjax/") if "mathjax/" in name else ROOT / name
        if not route.request.url.startswith(HOST) or not file.is_file():
            route.abort()
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=file.read_bytes(), content_type=kind)

    page.route("**/*", answer)
    page.add_init_script(f"window.MathJax = {MATHJAX_OPTIONS}")
    page.goto(address)
    page.evaluate(
        """() => MathJax.Hub.Register.StartupHook(
            "End", () => { MathJax.Hub.Queue(() => { window.typeset = true; }); })"""
    )
    page.wait_for_function("window.typeset")


def lint(markdown: str) -> Iterator[str]:
    """Yield what GitHub would not show as meant, though another page may."""
    text = re.sub(r"^( *)(```|~~~).*?^\1\2 *$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    for found in re.findall(r"^ *(?:```\{|:::).*|\{[\w:-]+\}`.*?`", markdown, re.MULTILINE):
        yield f"MyST: {found!r}"
    text = re.sub(r"(`+).+?\1", "", text)
    for found in re.findall(r"<[^>]*(?:\balert\b|\bstyle=|<svg\b)[^>]*>|<svg\b", text):
        yield f"a style that is dropped: {found!r}"
    lines = ["", *text.splitlines(), ""]
    opened = False
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if "$$" in line and line != "$$":
            yield f"$$ is not on a line of its own: {line!r}"
        elif line == "$$":
            if (after if opened else before).strip():
                yield f"no empty line {'after' if opened else 'before'} $$: {before!r}, {after!r}"
            opened = not opened
        elif not opened:
            if found := re.search(r"\\\\?[\[(]|\\begin\{.*?\}", line):
                yield f"a formula without $: {found[0]!r} in {line!r}"
            if line.startswith("|") and any("|" in part for part in line.split("$")[1::2]):
                yield f"| in a formula in a table, write \\lvert … \\rvert: {line!r}"
        elif not line.strip():
            yield "an empty line in a formula"
    if opened:
        yield "$$ is not closed"
