"""The course as a learner sees it, in JupyterLab, moved by keys: ``make course-test``.

The numbers come out of the page and are compared with mpmath; nothing here comes from helpers.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mpmath  # type: ignore[import-untyped]
import nbformat
import numpy as np
import pytest

from tests.conftest import KERNEL, JupyterLab, uncaught
from tests.support import exact

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.course
REPOSITORY = Path(__file__).parents[2]
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
EXPLORED = re.compile(r'^explore(?:_secant\(\)|\(ACTIVATIONS\["(\w+)"\]\))$', re.MULTILINE)
NEAR = 0.05  # SVG units

# From the z slider three jump buttons lead to the other slider, and from there one Tab further.
OTHER, BACK = "Tab " * 4, "Shift+Tab " * 4
WALK = (
    "Home",
    "End",
    "PageDown " * 5,
    "ArrowRight",
    "ArrowLeft ArrowLeft",
    OTHER + "End",
    BACK + "PageUp PageUp",
    "Home",
    "End",
    OTHER + "Home",
    BACK + "Home",
    "Tab Tab Enter Shift+Tab Shift+Tab",
    OTHER + "PageUp PageUp ArrowRight",
    BACK + "ArrowLeft ArrowLeft ArrowLeft PageUp",
    "PageDown PageDown PageDown ArrowRight",
    "Home",
    "End",
)
TO_LOGARITHMIC = (OTHER + "Tab ArrowRight", "Shift+Tab PageUp PageUp PageUp", BACK + "PageUp")

GIDS = [f"{panel}-{part}" for panel in ("g", "slope", "log") for part in ("point", "curve")]
GIDS += ["g-tangent", "at", "ahead", "tangent", "secant", "point"]

# What stands at a gid, and the values and places of the ticks of its axes: Matplotlib keeps the
# text of a tick in a comment.
READ = """(view) => {
    const number = (text) => {
        const power = text.match(/10\\^\\{(.*?)\\}/)?.[1];
        return power === undefined
            ? Number(text.replace("−", "-"))
            : 10 ** Number(power.replace("−", "-"));
    };
    const ticks = (axes, axis) =>
        [...axes.querySelectorAll(`g[id*="-${axis}tick_"]`)].flatMap((tick) => {
            const comment = document.createTreeWalker(tick, NodeFilter.SHOW_COMMENT).nextNode();
            const use = tick.querySelector("use");
            return comment ? [[number(comment.data), Number(use.getAttribute(axis))]] : [];
        });
    const drawn = (gid) => {
        const group = view.querySelector(`[id$="-${gid}"]`);
        let axes = group;
        while (axes && !axes.querySelector('[id*="-xtick_"]')) axes = axes.parentElement;
        if (!axes?.getBoundingClientRect().width) return [];
        const path = group.querySelector(":scope > path")?.getAttribute("d") ?? "";
        const markers = [...group.querySelectorAll("use")]
            .filter((use) => use.getAttribute("visibility") !== "hidden")
            .map((use) => [Number(use.getAttribute("x")), Number(use.getAttribute("y"))]);
        const line = [...path.matchAll(/(-?[\\d.]+) (-?[\\d.]+)/g)]
            .map(([, x, y]) => [Number(x), Number(y)]);
        return [[gid, { places: line.concat(markers), x: ticks(axes, "x"), y: ticks(axes, "y") }]];
    };
    const terms = [...view.querySelectorAll("dt")];
    const rows = terms.map((term) => [term.textContent, term.nextElementSibling.textContent]);
    return [Object.fromEntries(rows), Object.fromEntries(GIDS.flatMap(drawn))];
}""".replace("GIDS", json.dumps(GIDS))

# A command that MathJax does not know stands there in red; a formula that has no end, as typed.
WRONG = "mjx-merror, mjx-math [style*='color: red']"
# Cells out of sight are rendered a moment after they come into sight.
FORMULAS = """async (wanted) => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const typeset = () => all('mjx-container[display="true"]').length;
    for (let tries = 0; typeset() < wanted && tries < 100; tries++)
        await new Promise((resume) => setTimeout(resume, 50));
    const typed = all(".jp-MarkdownOutput").flatMap((output) => {
        const text = output.cloneNode(true);
        for (const element of text.querySelectorAll("code, mjx-container")) element.remove();
        return text.textContent.match(/\\$.*/) ?? [];
    });
    const rejected = all(WRONG)
        .map((part) => part.closest("mjx-container").textContent);
    return [typeset(), typed.concat(rejected)];
}""".replace("WRONG", json.dumps(WRONG))


class Axis:
    """Where the numbers of an axis are, told from its ticks."""

    def __init__(self, ticks: list[list[float]]) -> None:
        values, places = np.array(ticks).T
        steps = np.diff(values)
        self.logarithmic = not np.allclose(steps, steps[0])
        self.scale, self.offset = np.polyfit(self._even(values), places, 1)
        off = np.abs(self.places(values) - places).max()
        assert off < 1e-3, f"the ticks {ticks} are neither even nor logarithmic"

    def _even(self, values: Any) -> Any:
        return np.log10(values) if self.logarithmic else np.asarray(values)

    def places(self, values: Any) -> Any:
        return self.scale * self._even(values) + self.offset

    def values(self, places: Any) -> Any:
        even = (np.asarray(places) - self.offset) / self.scale
        return 10**even if self.logarithmic else even


class Shown:
    """What an explorer shows now."""

    def __init__(self, view: Locator) -> None:
        self.rows, self.drawn = view.evaluate(READ)

    def number(self, row: str) -> float:
        return float(self.rows[row].split()[0].replace("−", "-"))

    def lies_on(self, gid: str, height: Callable[[float], Any], every: int = 1) -> None:
        """Check that what is drawn lies on the graph of a function."""
        x_axis, y_axis = (Axis(self.drawn[gid][axis]) for axis in "xy")
        places = np.array(self.drawn[gid]["places"])[::every]
        assert len(places), f"{gid} is not drawn at {self.rows}"
        for x, y in places:
            near = x_axis.values([x - 0.01, x, x + 0.01])  # x is rounded, too
            expected = y_axis.places([float(height(at)) for at in near])
            steep = np.hypot(1, np.abs(np.diff(expected)).min() / 0.01)
            off = np.abs(y - expected).min() / steep
            assert off <= NEAR, (
                f"{gid} over {near[1]:.6g}: {off:.3f} away from {expected[1]:.3f}, at {self.rows}"
            )

    def stands_at(self, gid: str, x: float, y: Any) -> None:
        """Check that one marker is drawn, and where."""
        [place] = self.drawn[gid]["places"]
        expected = [
            Axis(self.drawn[gid][axis]).places(float(value))
            for axis, value in zip("xy", (x, y), strict=True)
        ]
        off = np.abs(np.subtract(place, expected)).max()
        assert off <= NEAR, f"{gid} at {place}, expected {expected}, with {self.rows}"


def agree(shown: Shown, row: str, expected: Any, rtol: float = 2e-15) -> None:
    got = shown.number(row)
    assert abs(got - expected) <= rtol * abs(expected), (
        f"{row}: got {got!r}, expected {mpmath.nstr(mpmath.mpf(expected), 17)}, with {shown.rows}"
    )


def check_activation(key: str, view: Locator) -> tuple[float, float]:
    """Compare all that is shown at a position; return z and α."""
    shown = Shown(view)
    z, alpha = shown.number("z"), shown.number("α")
    a, slope = exact.G[key](z, alpha), exact.SLOPE[key](z, alpha)
    agree(shown, "a = g(z)", a)
    agree(shown, "g′ from z", slope)
    if alpha < 0:
        assert shown.rows["g′ from a"] == "a does not determine it"
    else:  # of the a that is shown: near 1, another in its last digit has quite another slope
        agree(shown, "g′ from a", exact.SLOPE_FROM_A[key](shown.number("a = g(z)"), alpha))
    shown.stands_at("g-point", z, a)
    shown.lies_on("g-tangent", lambda x: a + slope * (x - z))
    shown.lies_on("g-curve", lambda x: exact.G[key](x, alpha), every=25)
    panel = "slope" if "slope-point" in shown.drawn else "log"
    shown.stands_at(f"{panel}-point", z, slope)
    shown.lies_on(f"{panel}-curve", lambda x: exact.SLOPE[key](x, alpha), every=25)
    return z, alpha


def check_secant(view: Locator) -> tuple[float, float]:
    """Compare all that is shown at a position; return z and h."""
    shown = Shown(view)
    z, h = shown.number("z"), shown.number("h")
    with mpmath.workprec(53):  # float64, by other means
        ahead = mpmath.mpf(z) + h
        secant = (ahead**2 - mpmath.mpf(z) ** 2) / h
        error = abs(secant - 2 * z)
    lost = mpmath.ldexp(3 * ahead**2 + z**2, -53) / h  # at most: three roundings, and that of z²
    assert abs(secant - (2 * mpmath.mpf(z) + h)) <= lost + 1e-15, f"not the secant's, at z = {z}"
    agree(shown, "secant slope", secant)
    agree(shown, "tangent slope 2z", 2 * z)
    agree(shown, "error", error, 5e-3)
    shown.stands_at("at", z, mpmath.mpf(z) ** 2)
    shown.stands_at("ahead", z + h, ahead**2)
    shown.lies_on("tangent", lambda x: z**2 + 2 * z * (x - z))
    shown.lies_on("secant", lambda x: z**2 + secant * (x - z))
    if error:  # a logarithmic axis has no 0
        shown.stands_at("point", h, error)
    return z, h


@pytest.fixture(scope="module")
def lab_page(chromium: Browser, jupyterlab: JupyterLab) -> Iterator[Page]:
    """Load JupyterLab once: that takes longer than to run a notebook."""
    with chromium.new_context() as context:
        page = context.new_page()
        jupyterlab.open(page, jupyterlab.write("first.ipynb", []))
        yield page


@pytest.fixture
def page(lab_page: Page) -> Iterator[Page]:
    """Leave no notebook behind; what a script of the page fails to catch fails the test."""
    errors = uncaught(lab_page)
    lab_page.set_viewport_size({"width": 1280, "height": 900})
    yield lab_page
    lab_page.evaluate(
        """async () => {
            jupyterapp.shell.currentWidget.dispose(); // closing it would ask whether to save
            await jupyterapp.serviceManager.sessions.shutdownAll();
        }"""
    )
    assert not errors, f"uncaught in the page: {errors}"


def open_notebook(page: Page, name: str) -> None:
    page.evaluate("path => jupyterapp.commands.execute('docmanager:open', { path })", name)
    page.evaluate(KERNEL)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_explorer_is_exact(
    path: Path, page: Page, jupyterlab: JupyterLab
) -> None:
    shutil.copy(path, jupyterlab.root)
    open_notebook(page, path.name)
    jupyterlab.run_all(page)
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    explored = [
        (cell.source, match[1])
        for cell in notebook.cells
        for match in EXPLORED.finditer(cell.source)
    ]
    views = page.locator(".liveplot")
    for at, (code, key) in enumerate(explored):
        jupyterlab.scroll(page, code)
        view = views.nth(at)
        view.locator("input").first.focus()
        walk = WALK + TO_LOGARITHMIC * view.get_by_text("logarithmic").count()
        seen: set[tuple[float, float]] = set()
        for keys in walk:
            for press in keys.split():
                page.keyboard.press(press)
            seen.add(check_activation(key, view) if key else check_secant(view))
        assert len(seen) >= 12, f"only {len(seen)} positions were seen: {seen}"
        assert not key or {z for z, _ in seen} >= {-10, 0, 10}, f"seen were {seen}"
    page.set_viewport_size({"width": 1280, "height": 20_000})  # so that every cell is rendered
    jupyterlab.scroll(page, notebook.cells[0].source)
    formulas = sum(cell.source.count("$$") // 2 for cell in notebook.cells)
    assert page.evaluate(FORMULAS, formulas) == [formulas, []]
    assert not page.get_by_text("Error displaying widget").count()


def test_a_link_to_a_section_of_the_readme_leads_there(page: Page, jupyterlab: JupyterLab) -> None:
    """GitHub wants the heading in lower case, and JupyterLab an anchor that is named so."""
    readme = REPOSITORY / "README.md"
    folder = jupyterlab.root / "notebooks"
    folder.mkdir()
    shutil.copy(readme, jupyterlab.root)
    shutil.copy(NOTEBOOKS[0], folder)
    texts = [path.read_text(encoding="utf-8") for path in (*NOTEBOOKS, *REPOSITORY.glob("*.md"))]
    named = {name for text in texts for name in re.findall(r"README\.md#([\w-]+)", text)}
    named |= {*re.findall(r"\]\(#([\w-]+)", readme.read_text(encoding="utf-8"))}
    open_notebook(page, f"notebooks/{NOTEBOOKS[0].name}")
    page.get_by_role("link", name="Contents").first.click()
    page.wait_for_function("""() => [...document.querySelectorAll("h2")].some((heading) => {
        const { top } = heading.getBoundingClientRect();
        return heading.textContent.startsWith("Notebooks") && 0 < top && top < innerHeight;
    })""")
    anchors = page.evaluate("""() => [...document.querySelectorAll("[data-jupyter-id]")]
        .map((anchor) => anchor.dataset.jupyterId)""")
    assert "notebooks" in named
    assert named <= {*anchors}
