"""GitHub shows the notebooks and the README as they are meant.

To look at the pages yourself, name a directory for pictures of them, in slices from top to bottom:
``GITHUB_SCREENSHOTS=pages python -m pytest tests/test_github.py``.
"""

import base64
import io
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from PIL import Image

from tests.support import github
from tools.notebooks import FOLDER, Notebook, read

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = [github.ROOT / "README.md", *sorted(FOLDER.glob("*.ipynb"))]
each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
SLICE = 1400

# What stands on the page: text outside code and formulas, outputs, pictures, links and formulas
# that MathJax refuses.
LOOK = """() => {
    const text = document.body.cloneNode(true);
    text.querySelectorAll("pre, code, script, style, [class^=MathJax], .prompt")
        .forEach(node => node.remove());
    const all = (selector, look) => [...document.querySelectorAll(selector)].map(look);
    return {
        text: text.textContent,
        outputs: all(".output_subarea", node => node.textContent).join("\\n"),
        pictures: all("img", ({alt, naturalWidth, attributes}) =>
            ({alt, naturalWidth, src: attributes.src?.value ?? ""})),
        links: all("a", node => node.getAttribute("href") ?? ""),
        refused: all(".merror, .MathJax_Error, .noError, .MathJax_Processing",
            node => node.textContent),
    };
}"""

# Each fold's summary and its height as it is, after a click and after another.
FOLDS = """() => [...document.querySelectorAll("details")].map(fold => {
    const summary = fold.querySelector("summary");
    const heights = [0, 1, 2].map(() => {
        const height = fold.offsetHeight;
        summary.click();
        return height;
    });
    summary.click();
    return [summary.textContent, heights];
})"""


def source(path: Path) -> Notebook:
    if path.suffix == ".md":
        return github.as_notebook(path.read_text(encoding="utf-8"))
    return read(path)


@cache
def html(path: Path) -> str:
    return github.render(source(path))


def faults_of_text(text: str, outputs: str) -> Iterator[str]:
    """Yield what is left on a page as text that was not meant to be text."""
    for kind, pattern in {
        "LaTeX": r"\\[A-Za-z]+|\$",
        "HTML": r"</?[a-z][\w-]*(?: [^<>]*)?/?>",
        "a table": r"^ *\|.*|.*\|\s*:?-{2,}.*",
        "Markdown": r"\*\*|^ *#{1,6} .*|\]\(.*?\)",
    }.items():
        for found in re.findall(f"(?m){pattern}", text):
            yield f"{kind} is left as text: {found!r}"
    for pattern in (r"\b\w*Box\(", r"\binteractive\(", " at 0x", " object>", "model not found"):
        for found in re.findall(f".*{pattern}.*", outputs, re.IGNORECASE):
            yield f"an object instead of a picture: {found!r}"


def fault_of_picture(picture: dict[str, Any], folder: Path) -> str | None:
    """Return what is wrong with a picture on a page whose links start in `folder`."""
    src, alt = picture["src"], picture["alt"]
    if not alt or alt.startswith("No description"):
        return f"no alt text: {src[:80]}"
    if urlsplit(src).scheme in {"http", "https"}:
        return None  # a badge: the network is refused
    if not picture["naturalWidth"]:
        return f"missing picture: {src[:80]}"
    data = (
        base64.b64decode(src.partition(",")[2])
        if src.startswith("data:")
        else (folder / unquote(src)).read_bytes()
    )
    alpha = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[..., 3]
    return None if alpha.min() == 255 else f"not opaque: {alt}"


def fault_of_link(link: str, path: Path) -> str | None:
    """Return what is wrong with a link on the page of `path`."""
    url = urlsplit(link)
    if url.scheme in {"http", "https", "mailto"}:
        return None
    target = (path.parent / unquote(url.path)).resolve() if url.path else path
    if not link or url.scheme or not target.is_relative_to(github.ROOT) or not target.exists():
        return f"leads nowhere: {link!r}"
    if url.fragment and (
        target.suffix not in {".md", ".ipynb"}
        or unquote(url.fragment) not in github.anchors(target, html(target))
    ):
        return f"leads to no heading of {target.name}: {link!r}"
    return None


def faults(page: "Page", path: Path) -> list[str]:
    """Return all that is wrong with the page that is open, which is that of `path`."""
    look = page.evaluate(LOOK)
    found = [*faults_of_text(look["text"], look["outputs"])]
    found += [f"MathJax refuses: {formula!r}" for formula in look["refused"]]
    found += filter(None, (fault_of_picture(each, path.parent) for each in look["pictures"]))
    found += filter(None, (fault_of_link(link, path) for link in look["links"]))
    for summary, heights in page.evaluate(FOLDS):
        if not heights[0] < heights[1] > heights[2] == heights[0]:
            found.append(f"does not fold: {summary!r}, heights {heights}")
    return found


def save_screenshots(page: "Page", folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    for number, top in enumerate(range(0, picture.height, SLICE), start=1):
        part = picture.crop((0, top, picture.width, min(top + SLICE, picture.height)))
        part.save(folder / f"{name}-{number:02}.png")


@each_page
def test_page_reads_as_meant(path: Path, page: "Page") -> None:
    page.set_viewport_size({"width": 1000, "height": SLICE})
    github.open_page(page, path, html(path))
    if folder := os.environ.get("GITHUB_SCREENSHOTS"):
        save_screenshots(page, Path(folder), path.stem)
    found = faults(page, path)
    assert not found, "\n".join([path.name, *found])


@each_page
def test_markdown_keeps_to_what_github_knows(path: Path) -> None:
    found = [
        f"{path.name}, cell {number} (id {cell['id']}): {fault}"
        for number, cell in enumerate(source(path)["cells"], start=1)
        if cell["cell_type"] == "markdown"
        for fault in github.lint(cell["source"])
    ]
    assert not found, "\n".join(found)


# The checks themselves: each must be able to fail.

GOOD = """\
# Title

Let $a = \\sigma(z)$ and $a < b$, so that $\\lvert z\\rvert$ and `$PATH`.

$$
\\begin{aligned}
g'(z) &= a\\,(1 - a) \\\\
&= \\frac{d}{dz} g(z)
\\end{aligned}
$$

| z | $\\lvert z\\rvert$ |
|--:|---|
| 1 | $1$ |

<details>
<summary>Hint</summary>

Use the **chain rule**: $$

</details>

> **Note.** See [contents](../README.md#notebooks) and [there](01-sigmoid.ipynb#Derive-it).
""".replace(": $$", ".")

BAD = {
    "a \\frac{1}{2} b": "LaTeX is left as text: '\\\\frac'",
    "a $\\sigmoid(z)$": "MathJax refuses: ",
    "a $\\frac{1}{2$ b": "MathJax refuses: ",
    "<style>p {color: red}</style>": "HTML is left as text: '<style>'",
    "<script>1</script>": "HTML is left as text: '<script>'",
    "<details>\n<summary>A</summary>\n**bold**\n</details>": "Markdown is left as text: '**'",
    "<details open>\n<summary>A</summary>\n\nb\n\n</details>": "does not fold: 'A'",
    "text\n|z|a|\n|-|": "a table is left as text: ",
    "![](../README.md)": "no alt text: ",
    "![a curve](../nothing.png)": "missing picture: ../nothing.png",
    "[a](01.ipynb)": "leads nowhere: '01.ipynb'",
    "[a](../../../etc)": "leads nowhere: '../../../etc'",
    "[a](#nothing)": "leads to no heading of ",
    "[a](../README.md#Notebooks)": "leads to no heading of README.md: ",
}


def page_with(page: "Page", path: Path, *cells: dict[str, Any]) -> list[str]:
    numbered = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)]
    notebook = {"cells": numbered, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    github.open_page(page, path, github.render(notebook))
    return faults(page, path)


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(**data: str) -> dict[str, Any]:
    mimes = {"plain": "text/plain", "html": "text/html", "png": "image/png"}
    bundle = {mimes[kind]: content for kind, content in data.items()}
    output = {"output_type": "display_data", "data": bundle, "metadata": {}}
    cell = {"cell_type": "code", "metadata": {}, "source": "VBox()  # $ <b>"}
    return {**cell, "execution_count": 1, "outputs": [output]}


def test_a_good_page_has_no_fault(page: "Page") -> None:
    table = code(plain="<IPython.core.display.HTML object>", html="<table><td>1</td></table>")
    assert page_with(page, PAGES[1], markdown(GOOD), table) == []
    assert page.locator("td").count() == 3
    assert page.locator(".MathJax").count() == 6
    assert not list(github.lint(GOOD))


def test_each_fault_of_a_page_is_found(page: "Page") -> None:
    found = page_with(page, PAGES[1], *map(markdown, BAD))
    missed = {reason for reason in BAD.values() if not any(reason in fault for fault in found)}
    assert not missed, "\n".join(found)


def test_each_fault_of_an_output_is_found(page: "Page") -> None:
    transparent = io.BytesIO()
    Image.new("RGBA", (2, 2)).save(transparent, "png")
    clear = code(png=base64.b64encode(transparent.getvalue()).decode())
    plain = ("VBox(children=())", "interactive(children=())", "<f object at 0x7f>")
    found = page_with(page, PAGES[1], clear, *(code(plain=text) for text in plain))
    assert len(found) == 4
    assert sum("an object instead of a picture: " in fault for fault in found) == 3
    assert sum("no alt text: data:image/png" in fault for fault in found) == 1
    clear["outputs"][0]["metadata"] = {"image/png": {"alt": "A curve"}}
    assert page_with(page, PAGES[1], clear) == ["not opaque: A curve"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("See $$x$$.", "$$ is not on a line of its own"),
        ("See\n$$\nx\n$$\n", "no empty line before $$"),
        ("$$\nx\n$$\nthen", "no empty line after $$"),
        ("$$\nx\n\ny\n$$", "an empty line in a formula"),
        ("$$\nx", "$$ is not closed"),
        ("\\begin{align}\nx\n\\end{align}", "a formula without $"),
        ("\\\\(x\\\\)", "a formula without $"),
        ("| a |\n|---|\n| $|z|$ |", "| in a formula in a table"),
        ('<div class="alert alert-info">Note</div>', "a style that is dropped"),
        ('<b style="color: red">Note</b>', "a style that is dropped"),
        ("<svg></svg>", "a style that is dropped"),
        ("```{note}\nNote\n```", "MyST"),
        (":::{note}\nNote\n:::", "MyST"),
        ("{math}`x`", "MyST"),
    ],
)
def test_each_fault_of_markdown_is_found(text: str, reason: str) -> None:
    assert any(fault.startswith(reason) for fault in github.lint(text))
