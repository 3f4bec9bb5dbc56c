"""The static site in a real Chromium that may load nothing from elsewhere: ``make site-test``."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import re
import shutil
import threading
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from helpers.network import Epoch, random_network, spiral, train
from tests.notebooks import test_course_browser as course
from tests.notebooks.test_course_browser import Axis
from tests.support import exact
from tools import site
from tools.notebooks import FOLDER, WIDGET_VIEW, Notebook, read
from tools.site import Package, Renderer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Route
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.site

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
ONE = FOLDER / "01-sigmoid.ipynb"  # where a test needs any page
each_page = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
each_look = pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (360, "dark")], ids=["wide and light", "narrow and dark"]
)
AXE = Package(
    "axe-core",
    "4.14.1",
    "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    "",
    ("axe.min.js",),
)
ALPHA = {"sigmoid": 1.0, "tanh": 1.0, "relu": 0.0, "leaky_relu": 0.01}
NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU"}
GIDS = [f"point-{k}" for k in range(8)] + [f"line-{k}" for k in range(4)]
GIDS += [f"{key}-{part}" for key in ALPHA for part in ("line", "point")]
DEEP = (2, *[16] * 5, 1)  # units of notebook 06's deep networks, layer by layer
KEYS = ("End", "ArrowLeft", *["PageDown"] * 3, "Home", "ArrowRight", *["PageUp"] * 5)

READY = """() => {
    const live = document.querySelectorAll(".live").length;
    return window.typeset && document.querySelectorAll(".live .liveplot").length === live;
}"""
TYPESET = "document.addEventListener('typeset', () => { window.typeset = true; });"

OPEN = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"

SCROLLING = "pre, .table, .frame, .liveplot, mjx-container"  # where it is wider than its column

# What stands on the page, and what a reader would stumble over.
LOOK = """() => {
    const text = document.body.cloneNode(true);
    text.querySelectorAll("pre, code, script, mjx-container").forEach((node) => node.remove());
    const all = (selector, look) => [...document.querySelectorAll(selector)].map(look);
    return {
        language: document.documentElement.lang,
        title: document.title,
        background: getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number),
        description: document.querySelector("meta[name=description]").content,
        headings: all("h1, h2, h3, h4", (heading) => Number(heading.tagName[1])),
        pictures: all("img", ({ alt, naturalWidth }) => [alt, naturalWidth]),
        displayed: all("mjx-container[display]", (formula) => formula.textContent).length,
        formulas: all("mjx-container", (formula) => formula.textContent).length,
        empty: all("p:not([role]), th, li, dt", (part) => part)
            .filter((part) => !part.textContent.trim() && !part.firstElementChild)
            .map((part) => part.parentElement.outerHTML),
        rejected: all(WRONG, (part) => part.closest("mjx-container").textContent),
        typed: text.textContent.match(/.*\\$.*/g) ?? [],
        overflow: document.documentElement.scrollWidth - innerWidth,
        outside: all(SCROLLING, (box) => [box, box.getBoundingClientRect()])
            .filter(([box, { right }]) => right > innerWidth && !box.closest(".table, .wide"))
            .map(([box]) => box.textContent),
        unreachable: all(SCROLLING, (box) => box)
            .filter((box) => box.clientWidth && box.scrollWidth > box.clientWidth && box.tabIndex)
            .map((box) => box.textContent),
    };
}""".replace("WRONG", json.dumps(course.WRONG)).replace("SCROLLING", json.dumps(SCROLLING))

# How the element that has the focus is outlined.
OUTLINE = """() => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(document.activeElement);
    const { backgroundColor } = getComputedStyle(document.body);
    return [outlineStyle, parseFloat(outlineWidth) >= 2, outlineColor !== backgroundColor];
}"""


def run(work: Coroutine[Any, Any, bool]) -> bool:
    """Run `work` in a thread of its own: where Playwright runs, asyncio cannot."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages that are tested, and return their folder."""
    if not shutil.which("npm") and not os.environ.get("CI"):
        pytest.skip("npm is not on the PATH")
    built = tmp_path_factory.mktemp("host") / "under a path" / "site"
    assert run(site.build(NOTEBOOKS, built))
    return built


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[str]:
    """Serve the folder that the site lies in, as any static host would; return the site's URL."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    root = folder.parents[1]
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(root))
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        path = folder.relative_to(root).as_posix().replace(" ", "%20")
        yield f"http://127.0.0.1:{server.server_port}/{path}/"
        server.shutdown()
        thread.join()


Visit = Callable[..., "Tab"]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Return what opens a page that loads nothing from elsewhere and has no error to tell."""
    contexts, faults = [], []

    def open_page(url: str, width: int = 1280, scheme: Any = "light", **options: Any) -> Tab:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)

        def answer(route: Route) -> None:
            if re.match(re.escape(url.rpartition("/")[0]) + "/|data:|blob:", route.request.url):
                route.continue_()
            else:
                faults.append(f"asks for {route.request.url}")
                route.abort()

        def listen(message: ConsoleMessage) -> None:
            if message.type == "error":
                faults.append(f"console: {message.text} at {message.location}")

        context.route("**/*", answer)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error.stack}"))
        if options.get("java_script_enabled", True):  # else the preloaded script is canceled
            page.on("requestfailed", lambda request: faults.append(f"not loaded: {request.url}"))
        page.add_init_script(TYPESET)
        page.goto(url)
        return page

    yield open_page
    told = "\n".join(faults)  # what closing cuts off comes after
    for context in contexts:
        context.close()
    assert not told, told


def wait(page: Tab) -> None:
    """Wait until the plots of a notebook's page are live and its formulas typeset."""
    page.wait_for_function(READY)
    page.evaluate("document.fonts.ready.then(() => {})")


class Shown(course.Shown):
    """What a plot of notebooks 05 and 06 shows now."""

    def __init__(self, view: Locator) -> None:
        script = course.READ.replace(json.dumps(course.GIDS), json.dumps(GIDS))
        self.rows, self.drawn = view.evaluate(script)

    def places(self, gid: str) -> tuple[Any, Any]:
        """Return in data coordinates where the points of a line are, with those of its markers."""
        drawn = self.drawn[gid]
        x, y = np.reshape(drawn["places"], (-1, 2)).T
        return Axis(drawn["x"]).values(x), Axis(drawn["y"]).values(y)


def as_number(text: str) -> float:
    return float(text.replace("−", "-"))


def positions(view: Locator) -> dict[str, float]:
    """Return where the sliders of a plot are, by their names."""
    found: list[tuple[str, str]] = view.locator("input[type=range]").evaluate_all(
        """(sliders) => sliders.map((slider) =>
            [slider.labels[0].textContent, slider.getAttribute("aria-valuetext")])"""
    )
    return {name: as_number(text) for name, text in found}


def settings(view: Locator) -> list[str]:
    """Return where all controls of a plot are."""
    found: list[str] = view.locator("input").evaluate_all(
        "(inputs) => inputs.map(({ type, value, checked }) => type === 'radio' ? checked : value)"
    )
    return found


def check_comparison(view: Locator) -> None:
    """Compare the points and numbers of the four functions with mpmath."""
    shown = Shown(view)
    z = shown.number("z")
    for k, (key, alpha) in enumerate(ALPHA.items()):
        values = exact.G[key](z, alpha), exact.SLOPE[key](z, alpha)
        told = re.findall(r"= ([+-]?[\d.]+)", shown.rows[NAMES[key]].replace("−", "-"))
        for number, value in zip(told, values, strict=True):
            assert abs(float(number) - value) <= 5.001e-7, f"{key}: {shown.rows}, not {value}"
        for panel, value in enumerate(values):
            shown.stands_at(f"point-{2 * k + panel}", z, value)


def check_powers(view: Locator) -> None:
    """Compare the powers of the four slopes with mpmath."""
    shown, at = Shown(view), positions(view)
    for key, alpha in ALPHA.items():
        slope = exact.SLOPE[key](at["z"], alpha)
        told = [as_number(part) for part in re.split(r" \^ | = ", shown.rows[NAMES[key]])]
        assert told == pytest.approx([float(slope), at["n"], float(slope ** at["n"])], rel=6e-3), (
            shown.rows
        )
        n, powers = shown.places(f"{key}-line")
        if not slope:  # a logarithmic axis has no 0
            assert not n.size
            continue
        shown.stands_at(f"{key}-point", at["n"], slope ** at["n"])
        shown.lies_on(f"{key}-line", functools.partial(pow, slope))
        assert n[0] == pytest.approx(1, abs=1e-3)
        lowest = powers[-1] == pytest.approx(1e-40, rel=0.01)  # where the axis ends
        assert n[-1] == pytest.approx(50, abs=1e-3) or lowest, f"{key} ends at {n[-1]}"


@functools.cache
def trained() -> dict[str, list[Epoch]]:
    """Return what training yields for each of notebook 06's deep networks."""
    x, y = spiral(200, np.random.default_rng(0))
    return {
        key: list(train(random_network(DEEP, key, np.random.default_rng(0), "he"), x, y, 100, 0.1))
        for key in ALPHA
    }


def check_gradient(view: Locator) -> None:
    """Compare the gradient's size in each layer, the loss and the share with a run of our own."""
    shown = Shown(view)
    for k, (key, epochs) in enumerate(trained().items()):
        epoch = epochs[int(positions(view)["epoch"])]
        told = [float(number) for number in re.findall(r"[\d.]+", shown.rows[NAMES[key]])]
        loss, percent = (
            pytest.approx(epoch.loss, rel=6e-3),
            pytest.approx(100 * epoch.accuracy, abs=0.51),
        )
        assert told == [loss, percent], f"{key}: {shown.rows}, not {epoch}"
        layers, sizes = shown.places(f"line-{k}")
        assert layers == pytest.approx(2 * [*range(1, 7)], abs=1e-3)  # the line, then its markers
        assert sizes == pytest.approx(2 * epoch.gradient, rel=1e-2), f"{key}, {epoch.number}"


def press(page: Tab, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def reach(page: Tab, control: Locator) -> None:
    """Go to a control by Tab alone."""
    for _ in range(300):
        if control.evaluate("(control) => control === document.activeElement"):
            return
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body"):
            assert page.evaluate(OUTLINE) == ["solid", True, True], "the focus cannot be seen"
    pytest.fail("Tab does not lead to the control")


def shows(code: str) -> tuple[Callable[[Locator], Any], dict[str, set[float]]]:
    """Return what compares a plot that `code` made with mpmath, and where its sliders must go."""
    if (found := course.EXPLORED.search(code)) and found[1]:
        return functools.partial(course.check_activation, found[1]), {"z": {-10, 0, 10}}
    if found:
        return course.check_secant, {"z": {-2, 2}, "h": {1e-15, 2}}
    return {
        "compare()": (check_comparison, {"z": {-5.0, 5.0}}),
        "slope_powers()": (check_powers, {"z": {-5.0, 5.0}, "n": {1.0, 50.0}}),
        "gradient_by_layer(deep, stills=(0, 20, 100))": (check_gradient, {"epoch": {0.0, 100.0}}),
    }[code]


def live(page: Tab) -> list[tuple[Locator, str]]:
    """Return the live plots of a page, with the code of their cells."""
    before = "xpath=ancestor::div[@class='output']/preceding-sibling::div[1]"
    views = page.locator(".live .liveplot").all()
    assert views, "no figure is live"
    return [(view, view.locator(before).inner_text().strip()) for view in views]


def walk(page: Tab, view: Locator, code: str) -> None:
    """Move all controls of the plot that `code` made, by keys, and check what it shows."""
    check, ends = shows(code)
    start, seen = settings(view), []

    def look() -> dict[str, float]:
        check(view)
        at, rows = positions(view), course.Shown(view).rows
        for name in at.keys() & rows.keys():
            assert as_number(rows[name]) == at[name], f"{name} is {at[name]}, but {rows}"
        seen.append(at)
        return at

    sliders = view.get_by_role("slider").all()
    reach(page, sliders[0])
    if course.EXPLORED.search(code):
        to_logarithmic = course.TO_LOGARITHMIC * view.get_by_text("logarithmic").count()
        for keys in course.WALK + to_logarithmic:
            press(page, keys)
            look()
    else:
        for slider in sliders:
            reach(page, slider)
            for key in KEYS:
                before = view.locator("svg").inner_html()
                press(page, key)
                assert (view.locator("svg").inner_html() == before) is False, f"{key} moves nothing"
                look()
    different = {tuple(at.values()) for at in seen}
    assert len(different) >= 12, f"only {len(different)} positions were seen: {different}"
    for name, wanted in ends.items():
        assert {at[name] for at in seen} >= wanted, f"{name} was not at all of {wanted}: {seen}"
    for button in view.locator(".liveplot-jumps button").all():
        reach(page, button)
        press(page, "Enter")
        name, _, number = (button.get_attribute("aria-label") or "").partition(" = ")
        assert look()[name] == as_number(number), f"{name} = {number} goes elsewhere"
    assert settings(view) != start
    reach(page, view.get_by_role("button", name="Reset"))
    press(page, "Enter")
    look()
    assert settings(view) == start, "Reset goes elsewhere"


@each_look
@each_page
def test_sliders_move_the_figures_by_keyboard_alone(
    path: Path, width: int, scheme: str, visit: Visit, host: str
) -> None:
    page = visit(f"{host}{path.stem}.html", width, scheme)
    wait(page)
    press(page, "Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).clipPath") == "none"
    assert page.evaluate(OUTLINE) == ["solid", True, True], "the focus cannot be seen"
    press(page, "Enter")
    assert page.evaluate("document.activeElement.id") == "content", "the skip link does not skip"
    codes = [cell["source"] for cell in read(path)["cells"]]
    for view, code in live(page):
        assert code in codes
        walk(page, view, code)


@each_look
@each_page
def test_a_page_is_as_it_is_meant(
    path: Path, width: int, scheme: str, visit: Visit, host: str, axe: str
) -> None:
    page = visit(f"{host}{path.stem}.html", width, scheme)
    wait(page)
    page.evaluate(OPEN)
    page.wait_for_timeout(100)  # until what got a size is measured
    look = page.evaluate(LOOK)
    assert look["language"] == "en"
    assert look["title"].endswith(" · Derivatives of activation functions")
    assert 50 < len(look["description"].strip()) == len(look["description"]) < 250
    assert (np.mean(look["background"]) < 64) == (scheme == "dark"), look["background"]
    assert page.locator("main > p").first.inner_text() == (
        "On this page the sliders move, but the code does not run. "
        "To run it, open the notebook on Binder or in JupyterLab."
    )
    assert look["headings"][0] == 1
    assert look["headings"].count(1) == 1
    steps = [after - before for before, after in pairwise(look["headings"])]
    assert max(steps) <= 1, f"a heading is left out: {look['headings']}"
    assert all(alt and size for alt, size in look["pictures"]), look["pictures"]
    displayed, inline = formulas(read(path))
    assert (look["displayed"], look["formulas"]) == (displayed, displayed + inline)
    for fault in ("empty", "rejected", "typed", "outside", "unreachable"):
        assert not look[fault], fault
    assert look["overflow"] <= 0, "the page scrolls sideways"
    assert not serious(page, axe)


def formulas(notebook: Notebook) -> tuple[int, int]:
    """Return how many displayed and how many inline formulas a notebook has."""
    markdown = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    text = re.sub(
        r"^```.*?^```$|`[^`]*`", "", "\n\n".join(markdown), flags=re.DOTALL | re.MULTILINE
    )
    displayed = text.count("$$") // 2
    return displayed, text.count("$") // 2 - 2 * displayed


@pytest.fixture(scope="module")
def axe(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the script of axe-core."""
    place = tmp_path_factory.mktemp("axe")
    site.unpack([AXE], place)
    return (place / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def serious(page: Tab, axe: str) -> list[str]:
    """Return what axe-core finds that bars somebody from using the page."""
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(({ violations }) => violations)")
    return [
        f"{each['impact']}: {each['help']}: {node['html'][:200]} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
        if each["impact"] in {"serious", "critical"}
    ]


@each_look
def test_the_contents(width: int, scheme: str, visit: Visit, host: str, axe: str) -> None:
    page = visit(f"{host}index.html", width, scheme)
    page.wait_for_timeout(100)  # until what got a size is measured
    look = page.evaluate(LOOK)
    assert look["language"] == "en"
    assert look["title"] == "Derivatives of activation functions"
    assert 50 < len(look["description"].strip()) == len(look["description"]) < 250
    assert (np.mean(look["background"]) < 64) == (scheme == "dark"), look["background"]
    assert look["headings"] == [1, 2, 2, 3, 3]
    assert not look["empty"] + look["unreachable"]
    assert look["pictures"]
    assert all(alt and size for alt, size in look["pictures"]), look["pictures"]
    assert look["overflow"] <= 0, "the page scrolls sideways"
    assert not serious(page, axe)
    listed = page.locator(".contents > li > a").evaluate_all(
        "(links) => links.map((link) => [link.textContent, link.getAttribute('href')])"
    )
    assert listed == [[each.title, each.file] for each in site.pages()]
    page.get_by_role("link", name="The sigmoid and its derivative").press("Enter")
    page.get_by_role("heading", level=1, name="The sigmoid and its derivative").wait_for()
    wait(page)


def dead_links(folder: Path) -> list[str]:
    """Return the links to a page or file of the site that is not there, or to no anchor there."""
    soups = {
        path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in folder.glob("*.html")
    }
    dead = []
    for name, soup in soups.items():
        links = [str(link["href"]) for link in soup.find_all("a", href=True)]
        assert len(links) > 2, f"{name} has hardly a link"
        for link in links:
            file, _, anchor = unquote(link).partition("#")
            file = file or name
            there = (folder / file).is_file() and (not anchor or soups[file].find(id=anchor))
            if not there and not link.startswith("https:"):
                dead.append(f"{name}: {link}")
    return dead


def test_links_lead_somewhere(folder: Path) -> None:
    assert not dead_links(folder)


def test_a_few_pages_alone_link_to_each_other_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stored(path: Path, at_cell: object) -> Notebook:
        return read(path)

    def licenses(folder: Path) -> None:
        folder.mkdir()
        (folder / "LICENSES.txt").touch()

    monkeypatch.setattr(site, "execute", stored)
    monkeypatch.setattr(site, "copy_libraries", licenses)
    few = [ONE, FOLDER / "05-comparison.ipynb"]
    assert run(site.build(few, tmp_path / "site"))
    assert not dead_links(tmp_path / "site")
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    listed = BeautifulSoup(index, "html.parser").select(".contents > li")
    assert [item["value"] for item in listed] == ["1", "5"]


def test_pages_lead_to_those_before_and_after(folder: Path) -> None:
    files = [page.file for page in site.pages()]
    soup = BeautifulSoup((folder / "01-sigmoid.html").read_text(encoding="utf-8"), "html.parser")
    for rel, file in (("prev", files[0]), ("next", files[2])):
        assert {str(link["href"]) for link in soup.find_all("a", rel=rel)} == {file}


@each_page
def test_exercises_have_folds_and_say_where_to_run_them(
    path: Path, visit: Visit, host: str
) -> None:
    page = visit(f"{host}{path.stem}.html")
    wait(page)
    sources = [cell["source"] for cell in read(path)["cells"]]
    folds = page.locator("details")
    assert folds.count() == "\n".join(sources).count("<details>") > 0
    for name in ("Hint", "Solution"):
        fold = page.locator("details", has_text=name).first
        inside = fold.locator("p, pre").first
        assert not inside.is_visible()
        fold.locator("summary").press("Enter")
        assert inside.is_visible()
    calls = [call[1] for call in map(site.ANSWERED_ELSEWHERE.search, sources) if call]
    assert len(calls) >= 5
    assert calls[-1] == "progress"
    asked = page.locator(".input", has_text=site.ANSWERED_ELSEWHERE)
    for cell, call in zip(asked.all(), calls, strict=True):
        after = cell.locator("xpath=following-sibling::*[1]")
        told = {
            "check": "For an answer, run this cell",
            "progress": "To see what you have solved, run the notebook",
        }[call]
        assert after.inner_text() == (
            f"This page runs no Python. {told} on Binder or in JupyterLab."
        )
        assert after.locator("a").count() == 2
    assert not page.get_by_text("Not attempted yet").count()


def test_the_still_pictures_are_printed(visit: Visit, host: str) -> None:
    page = visit(f"{host}{ONE.stem}.html", scheme="dark")
    wait(page)
    still, live = page.locator(".still"), page.locator(".liveplot")
    assert (still.is_visible(), live.is_visible()) == (False, True)
    page.emulate_media(media="print")
    assert (still.is_visible(), live.is_visible()) == (True, False)
    assert still.evaluate("(image) => image.complete && image.naturalWidth > 0")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
    for text in ("Skip to the content", "Contents", "On this page"):
        assert not page.get_by_text(text, exact=True).first.is_visible(), text


@each_page
def test_paper_keeps_together_what_belongs_together(path: Path, visit: Visit, host: str) -> None:
    page = visit(f"{host}{path.stem}.html")
    wait(page)
    page.emulate_media(media="print")
    for what in (".output img", "p > mjx-container[display]"):
        apart = page.evaluate(
            """(what) => [...document.querySelectorAll(what)]
                .map((shown) => shown.closest(".output, main > p")?.previousElementSibling)
                .filter((before) => before?.matches(".input, p, h2, h3"))
                .map((before) => [getComputedStyle(before).breakAfter, before.textContent])""",
            what,
        )
        assert apart, f"nothing introduces {what}"
        assert not [text for kept, text in apart if kept != "avoid"]


def test_without_scripts_the_still_pictures_are_seen(visit: Visit, host: str) -> None:
    page = visit(f"{host}{ONE.stem}.html", java_script_enabled=False)
    assert page.locator(".still").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()


@each_page
def test_a_page_works_from_a_folder_without_a_server(
    path: Path, visit: Visit, folder: Path
) -> None:
    page = visit((folder / f"{path.stem}.html").as_uri())
    wait(page)
    assert page.locator("mjx-container").count() == sum(formulas(read(path)))
    for view, code in live(page):
        check, ends = shows(code)
        for name, wanted in ends.items():
            view.get_by_role("slider", name=name, exact=True).press("Home")
            check(view)
            assert positions(view)[name] == min(wanted)


def row(box: Locator, right: bool) -> set[int]:
    """Return the grays along the top of a box, where no glyph is, at its left or right edge."""
    picture = Image.open(BytesIO(box.screenshot())).convert("L")
    start = picture.width - 12 if right else 0
    return {*picture.crop((start, 1, start + 12, 2)).tobytes()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_shadow_lies_where_a_formula_is_cut(scheme: str, visit: Visit, host: str) -> None:
    page = visit(f"{host}{ONE.stem}.html", 360, scheme)
    wait(page)
    page.wait_for_timeout(100)  # until the boxes are measured
    cut = page.locator("mjx-container[display][tabindex]").first
    whole = page.locator("mjx-container[display]:not([tabindex])").first
    [plain] = row(whole, right=True)
    assert row(whole, right=False) == {plain}
    assert row(cut, right=False) == {plain}
    assert len(row(cut, right=True)) > 5, "the right edge has no shadow"
    cut.evaluate("(formula) => { formula.scrollLeft = formula.scrollWidth; }")
    assert row(cut, right=True) == {plain}
    assert len(row(cut, right=False)) > 5, "the left edge has no shadow"


@each_page
def test_figures_stay_legible_on_a_phone(path: Path, visit: Visit, host: str) -> None:
    page = visit(f"{host}{path.stem}.html", 360)
    page.set_viewport_size({"width": 360, "height": 640})
    wait(page)
    page.wait_for_timeout(100)  # until the boxes are measured

    def measure(box: Locator) -> dict[str, float]:
        measured: dict[str, float] = box.evaluate("(box) => box.getBoundingClientRect().toJSON()")
        return measured

    for picture in page.locator(".picture").all():
        assert measure(picture)["width"] >= 480
        frame = picture.locator("xpath=..")
        assert measure(frame)["width"] <= 328
        assert frame.get_attribute("role") == "group"
        assert frame.get_attribute("aria-label") == "Figure"
        frame.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.scrollLeft > 0")
    for view, _ in live(page):
        slider, numbers = view.get_by_role("slider").first, view.locator(".liveplot-readout")
        if view.locator("[id*='-stacked-']").count():
            page.evaluate("(by) => scrollBy(0, by)", measure(slider)["bottom"] - 630)
            assert measure(numbers)["bottom"] <= 640, "the numbers are out of sight"
            assert measure(slider)["bottom"] > measure(numbers)["top"], "they stand elsewhere"
            slider.focus()
            assert measure(slider)["bottom"] <= measure(numbers)["top"], "they hide the slider"
            assert measure(numbers)["height"] <= 160, "they hide the figure"
            continue
        assert measure(view.locator("svg"))["width"] >= 480
        before = measure(slider), measure(numbers)
        view.evaluate("(plot) => { plot.scrollLeft = plot.scrollWidth; }")
        assert view.evaluate("(plot) => plot.scrollLeft") > 100
        assert (measure(slider), measure(numbers)) == before, "what is below the figure moves"


@pytest.mark.parametrize(
    "missing",
    [
        "anywidget/index.js",
        "html-manager/embed-amd.js",
        "requirejs/require.js",
        "mathjax/tex-chtml.js",
        "mathjax/output/chtml/fonts/woff-v2/MathJax_Main-Regular.woff",
    ],
)
def test_nothing_is_asked_for_elsewhere_when_a_library_is_missing(
    missing: str, folder: Path, tmp_path: Path, chromium: Browser
) -> None:
    damaged = shutil.copytree(folder, tmp_path / "site")
    (damaged / site.LIBRARIES / missing).unlink()
    here = f"{damaged.as_uri()}/"
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.url.startswith((here, "data:", "blob:")):
            route.continue_()
        else:
            route.abort()

    with chromium.new_context() as context:
        context.route("**/*", answer)
        page = context.new_page()
        page.goto(f"{here}{ONE.stem}.html")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)  # on a slow machine scripts rest between requests
        shown = page.locator(".live .liveplot, .live .still:visible")
        assert shown.count() == 1, "neither the plot nor its picture is there"
    assert f"{here}{site.LIBRARIES}/{missing}" in asked
    assert not [url for url in asked if not url.startswith((here, "data:", "blob:"))]


def test_the_weights_are_of_what_the_pages_load(chromium: Browser, folder: Path) -> None:
    """A font of the formulas is loaded where one is seen that needs it, maybe in a fold."""
    counted = {path.relative_to(folder).as_posix() for path in site.shared(folder)}
    loaded = set()
    for path in NOTEBOOKS:
        with chromium.new_context() as context:
            page = context.new_page()
            page.on("requestfinished", lambda request: loaded.add(unquote(request.url)))
            page.add_init_script(TYPESET)
            page.goto((folder / f"{path.stem}.html").as_uri())
            wait(page)
            page.evaluate(OPEN)
            page.evaluate("new Promise(requestAnimationFrame).then(() => document.fonts.ready)")
    here = f"{unquote(folder.as_uri())}/"
    others = {url.removeprefix(here) for url in loaded if url.startswith(here)} - counted
    assert {f"{here}{name}" for name in counted} <= loaded, "counted are some that no page loads"
    assert {Path(name).suffix for name in others} == {".html", ".png"}, others
    weight = sum((folder / name).stat().st_size for name in counted) / 1000
    assert f" that all share | {weight:.0f} |" in site.weights(folder)


def test_licenses_are_kept(folder: Path) -> None:
    libraries = folder / site.LIBRARIES
    told = (libraries / "LICENSES.txt").read_text(encoding="utf-8")
    texts = {
        "html-manager/LICENSE": "Redistribution and use in source and binary forms",
        "html-manager/embed.js.LICENSE.txt": "jQuery JavaScript Library",
        "mathjax/LICENSE": "Apache License",
        "anywidget/LICENSE": "Permission is hereby granted",
        "MIT.txt": "Permission is hereby granted",
    }
    named = [word for word in told.split() if re.search(r"LICENSE(\.txt)?$|^MIT\.txt$", word)]
    assert {*named} == {*texts}
    for name, text in texts.items():
        assert text in (libraries / name).read_text(encoding="utf-8")
    packages = {path.name for path in libraries.iterdir() if path.is_dir()}
    assert packages == {"html-manager", "mathjax", "requirejs", "anywidget"}
    assert all(name in told for name in packages)
    holder = "Copyright jQuery Foundation and other contributors"
    start = (libraries / "requirejs" / "require.js").read_text(encoding="utf-8")[:300]
    assert holder in start
    assert "Released under MIT license" in start
    assert holder in told
    widgets = (libraries / "html-manager" / "embed-amd.js").read_text(encoding="utf-8")
    assert {*re.findall(r"Font Awesome Free [\d.]+", widgets)} == {"Font Awesome Free 5.15.4"}
    assert not re.search(r"data:(application/)?font", widgets), "a font is within"
    assert (folder / site.LICENSE).read_bytes() == (site.ROOT / "LICENSE").read_bytes()
    for page in folder.glob("*.html"):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        linked = [str(link["href"]) for link in soup.select("footer a")]
        assert linked == [site.LICENSE, f"{site.LIBRARIES}/LICENSES.txt"]


def files(folder: Path) -> dict[str, bytes]:
    there = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in there}


def test_a_page_that_is_built_anew_is_the_same_and_the_others_stay(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "SITE", shutil.copytree(folder, tmp_path / "site"))
    (site.SITE / f"{ONE.stem}.html").write_text("of before", encoding="utf-8")
    (site.SITE / site.PICTURES / f"{ONE.stem}_99_0.png").touch()
    make_site()
    expected, got = files(folder), files(site.SITE)
    assert got.keys() == expected.keys()
    assert not [name for name in got if got[name] != expected[name]]


def executed() -> Notebook:
    """Return a notebook with a live plot and a full progress bar, as a kernel leaves it."""
    plot, layout, bar = uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex

    def model(module: str, **state: str) -> dict[str, Any]:
        return {"model_module": module, "model_name": "Model", "state": state}

    def output(view: str, **data: str) -> dict[str, Any]:
        widget = {WIDGET_VIEW: {"model_id": view, "version_major": 2, "version_minor": 0}}
        return {"output_type": "display_data", "metadata": {}, "data": widget | data}

    def printed(text: str) -> dict[str, Any]:
        return {"output_type": "stream", "name": "stdout", "text": text}

    outputs = [
        printed("one\n"),
        printed("two\n"),
        output(bar, **{"text/html": "<p>20 done.</p>"}),
        output(plot, **{"image/png": "iVBORw0KGgo=", "text/plain": "A plot"}),
    ]
    first = (
        "[How to launch on Binder](../README.md) · [Contents](../README.md#notebooks)\n\n# A title"
    )
    cells: list[dict[str, Any]] = [
        {"id": "a", "cell_type": "markdown", "metadata": {}, "source": first},
        {"id": "b", "cell_type": "code", "metadata": {}, "source": "draw()", "outputs": outputs},
        {
            "id": "c",
            "cell_type": "code",
            "metadata": {},
            "source": 'answer = ...\n\ncheck("name", answer)',
            "outputs": [printed("Not attempted yet.")],
        },
    ]
    state = {
        bar: model("@jupyter-widgets/controls"),
        plot: model("anywidget", layout=f"IPY_MODEL_{layout}"),
        layout: model("@jupyter-widgets/base"),
    }
    widgets = {site.WIDGET_STATE: {"version_major": 2, "version_minor": 0, "state": state}}
    return {"cells": cells, "metadata": {"widgets": widgets}, "nbformat": 4, "nbformat_minor": 5}


def test_of_the_widgets_live_plots_stay() -> None:
    shown = site.embeddable(executed())
    first, code, exercise = shown["cells"]
    assert first["source"].strip() == "# A title"
    assert exercise["outputs"] == []
    text, bar, plot = code["outputs"]
    assert text["text"] == "one\ntwo\n"
    assert bar["data"] == {"text/html": "<p>20 done.</p>"}
    assert plot["data"][WIDGET_VIEW]["model_id"] == "live-0"
    models = shown["metadata"]["widgets"][site.WIDGET_STATE]["state"]
    assert list(models) == ["live-0", "live-1"]
    assert models["live-0"]["state"] == {"layout": "IPY_MODEL_live-1"}
    assert site.embeddable(executed()) == shown, "the ids are drawn by chance"


@pytest.mark.parametrize("repository", [None, "ada/course"])
def test_links_wait_for_the_address(repository: str | None) -> None:
    known = site.pages()
    page = next(page for page in known if page.path == ONE)
    renderer = Renderer(known, repository)
    notebook = read(ONE)
    notebook["cells"][0]["source"] += "\n\n[code](../helpers/text.py)"
    soup = BeautifulSoup(renderer.page(page, notebook)[page.file], "html.parser")
    code = soup.find("a", string="code")
    launch = {str(link["href"]) for link in soup.find_all("a", string=["on Binder", "Run it"])}
    contents = renderer.contents()["index.html"].decode()
    assert contents.count("nothing to install") == 1
    assert r".venv\Scripts\activate" in contents
    if repository:
        binder = "https://mybinder.org/v2/gh/ada/course/HEAD?urlpath=lab/tree/notebooks/"
        assert code
        assert code["href"] == "https://github.com/ada/course/blob/HEAD/helpers/text.py"
        assert launch == {f"{binder}01-sigmoid.ipynb"}
        assert f'href="{binder}00-start-here.ipynb"' in contents
        assert 'href="https://github.com/ada/course"' in contents
    else:
        assert code is None
        assert launch == {"index.html#run"}
        assert "these pages do not know its address" in contents
        assert "this repository" not in contents
        assert "github.com" not in contents


def test_a_notebook_that_fails_fails_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(path: Path, at_cell: object) -> Notebook:
        raise ValueError("cell 3 (id code): 1 / 0")

    monkeypatch.setattr(site, "execute", fail)
    monkeypatch.setattr(site, "copy_libraries", lambda folder: None)
    assert not run(site.build([ONE], tmp_path / "site"))
    told = "[1/1] 01-sigmoid: FAILED, nothing is written\n  cell 3 (id code): 1 / 0\n"
    assert capsys.readouterr().out == told


def make_site() -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(site.main, [ONE.stem]).result()


def test_a_site_stays_until_the_next_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def build(paths: object, folder: Path, jobs: int) -> bool:
        folder.mkdir(exist_ok=True)
        (folder / "index.html").write_text(content)
        return content != "incomplete"

    monkeypatch.setattr(site, "SITE", tmp_path / "site")
    monkeypatch.setattr(site, "build", build)
    monkeypatch.setattr(site, "weights", lambda folder: "")
    for content in ("first", "second"):
        make_site()
        assert (tmp_path / "site" / "index.html").read_text() == content
    content = "incomplete"
    with pytest.raises(SystemExit, match="site/ is left as it was"):
        make_site()
    assert (tmp_path / "site" / "index.html").read_text() == "second"
    assert list(tmp_path.iterdir()) == [tmp_path / "site"]


def test_without_npm_it_is_said_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "SITE", tmp_path / "site")
    monkeypatch.setattr(shutil, "which", lambda *args, **kwargs: None)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").touch()
    with pytest.raises(SystemExit, match="cannot build the site: npm is missing"):
        make_site()
    assert list(tmp_path.rglob("*")) == [tmp_path / "site", tmp_path / "site" / "index.html"]


def test_a_package_that_is_another_is_refused(folder: Path, tmp_path: Path) -> None:
    other = replace(AXE, integrity=site.MATHJAX.integrity)
    with pytest.raises(ValueError, match=f"{re.escape(AXE.integrity)}, not the known one"):
        site.unpack([other], tmp_path)
    assert not list(tmp_path.iterdir())
    other = replace(AXE, files=("axe.min.js", "fonts/*"))
    with pytest.raises(ValueError, match=re.escape("axe-core 4.14.1 has no fonts/*")):
        site.unpack([other], tmp_path)
