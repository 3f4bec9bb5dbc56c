"""LivePlot in a real Chromium: on a page without a kernel, and in a real JupyterLab."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib.image
import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

from helpers import ACTIVATIONS
from helpers.live.liveplot import Choice, LivePlot, Slider
from helpers.pictures.explorer import explore
from tests.conftest import JupyterLab, uncaught
from tools.animate import stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

Z = np.round(np.linspace(-2, 2, 41), 1)
SHIFT = np.arange(3.0)
X = np.linspace(-3, 3, 61)  # further than the axes, to be clipped
LONG = "0.12345678901234567890 × (1 − 0.12345678901234567890) = 1.0821520500000000000e−01"


def axes_of_parabola() -> Any:
    axes = Figure(figsize=(7, 3)).subplots()
    axes.set(xlim=(-2, 2), ylim=(0, 5), gid="axes")
    return axes


def parabola(label: str = "A parabola") -> LivePlot:
    """Return a plot in which a line, markers, a filled area and texts of both kinds move."""
    axes = axes_of_parabola()
    axes.plot([], [], gid="curve")
    axes.plot([], [], "o-", gid="point")
    axes.fill([0], [0], color="0.8", gid="area")
    axes.text(0, 5, "$x^2$", gid="formula")
    axes.text(0, 1, "", gid="name", ha="right", va="top", color="#005500", size=12)
    z = Z[:, None]
    curve = np.stack(np.broadcast_arrays(X, X**2 + SHIFT[:, None]), axis=-1)
    curve[0, 20:30] = np.nan
    ends = z[..., None] + [0, 0.5]
    point = np.stack(np.broadcast_arrays(ends, z[..., None] ** 2 + SHIFT[:, None]), axis=-1)
    point[40] = np.nan
    corners = [np.stack([u * z[..., 0], v * z[..., 0] ** 2], axis=-1) for u, v in CORNERS]
    return LivePlot(
        axes.figure,
        [
            Slider("z", Z, 0, jumps=(-2, 0, 2)),
            Slider("shift", SHIFT, 1),
            Choice("formula", ("shown", "hidden")),
        ],
        {
            "curve": curve[:, None],
            "point": point[:, :, None],
            "area": np.stack(corners, axis=1)[:, None, None],
            "formula": np.stack([Z, Z**2], axis=-1)[:, None, None, None],
        },
        {"name": [[["lowest"], ["middle"], ["highest"]]]},
        {"formula": [True, False]},
        {
            "z²": np.char.mod("%.2f", z**2)[..., None],
            "a formula of z that is long": np.where(Z == -2, "short", LONG)[:, None, None],
        },
        label=label,
    )


CORNERS = ((0, 0), (1, 0), (1, 1))


def show(page: Page, *plots: LivePlot) -> list[Locator]:
    stage(page, *plots)
    return page.locator(".liveplot").all()


def artist(view: Locator, gid: str) -> Locator:
    return view.locator(f'[id$="-{gid}"]')


def points(path: Locator) -> NDArray[np.float64]:
    """Return where a path goes; a gap is a row of nan."""
    parts = (path.get_attribute("d") or "").split("M")[1:]
    lines = [np.array(re.findall(r"-?[\d.]+", part), dtype=float).reshape(-1, 2) for part in parts]
    gaps = [[[np.nan, np.nan]]] * len(lines)
    return np.concatenate([row for pair in zip(gaps, lines, strict=True) for row in pair][1:])


def markers(view: Locator, gid: str) -> NDArray[np.float64]:
    """Return where the markers are; one that is not shown is a row of nan."""
    places = (
        artist(view, gid)
        .locator("use")
        .evaluate_all(
            """(uses) => uses.map((use) => use.getAttribute("visibility") === "hidden"
            ? [NaN, NaN] : [Number(use.getAttribute("x")), Number(use.getAttribute("y"))])"""
        )
    )
    return np.array(places)


def expected(x: Any, y: Any) -> NDArray[np.float64]:
    """Return where Matplotlib puts data of the parabola's axes, in units of its SVG."""
    axes = axes_of_parabola()
    axes.figure.dpi = 72
    places = np.asarray(axes.transData.transform(np.stack(np.broadcast_arrays(x, y), axis=-1)))
    return places * [1, -1] + [0, 3 * 72]


def close(actual: Any, wanted: Any) -> None:
    np.testing.assert_allclose(actual, wanted, rtol=0, atol=0.02)


def pixels(view: Locator) -> NDArray[np.float64]:
    image = io.BytesIO(view.locator("svg").screenshot())
    return matplotlib.image.imread(image)[..., :3].astype(float)


def illegible(view: Locator) -> dict[str, float]:
    """Return the contrasts below WCAG 2's: 4.5 for texts, 3 for the buttons' borders."""
    found = view.evaluate(
        """(view) => {
            const canvas = document.createElement("canvas").getContext("2d", { alpha: true });
            const rgba = (...layers) => {
                canvas.clearRect(0, 0, 1, 1);
                for (const color of layers) {
                    canvas.fillStyle = color;
                    canvas.fillRect(0, 0, 1, 1);
                }
                return [...canvas.getImageData(0, 0, 1, 1).data];
            };
            const behind = (element) => {
                for (let at = element; at; at = at.parentElement) {
                    const { backgroundColor } = getComputedStyle(at);
                    if (rgba(backgroundColor)[3]) return backgroundColor;
                }
                document.body.style.backgroundColor = "Canvas"; // what is behind all
                const { backgroundColor } = getComputedStyle(document.body);
                document.body.style.backgroundColor = "";
                return backgroundColor;
            };
            const texts = view.querySelectorAll("label, legend, button, span, dt, dd");
            return [...texts].flatMap((element) => {
                const { color, borderTopColor, borderTopWidth } = getComputedStyle(element);
                const name = `${element.localName} ${element.textContent}`;
                const background = behind(element);
                const entry = (name, color, least) =>
                    [name, rgba(background, color), rgba(background), least];
                const border = borderTopWidth === "0px" ? background : borderTopColor;
                return element.localName === "button"
                    ? [entry(name, color, 4.5), entry(`border of ${name}`, border, 3)]
                    : [entry(name, color, 4.5)];
            });
        }"""
    )

    def luminance(color: list[int]) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in
                  (channel / 255 for channel in color[:3])]  # fmt: skip
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    def contrast(one: list[int], other: list[int]) -> float:
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    assert any(name.startswith("border of") for name, *_ in found), found
    return {
        name: contrast(color, background)
        for name, color, background, least in found
        if contrast(color, background) < least
    }


def test_artists_go_where_matplotlib_would_draw_them(page: Page) -> None:
    (view,) = show(page, parabola())
    z, shift = view.get_by_role("slider").all()
    for keys, at, lift in (
        ([], 0, 1),
        ([(z, "ArrowRight")], 0.1, 1),
        ([(shift, "End")], 0.1, 2),
        ([(z, "Home"), (z, "PageUp")], -1.6, 2),
        ([(z, "End"), (z, "ArrowDown")], 1.9, 2),
        ([(shift, "ArrowLeft")], 1.9, 1),
    ):
        for slider, key in keys:
            slider.press(key)
        close(points(artist(view, "curve").locator("path")), expected(X, X**2 + lift))
        close(markers(view, "point"), expected([at, at + 0.5], at**2 + lift))
        close(
            points(artist(view, "point").locator("> path")), expected([at, at + 0.5], at**2 + lift)
        )
        area = artist(view, "area").locator("path")
        close(points(area), expected([0, at, at], [0, 0, at**2]))
        assert (area.get_attribute("d") or "").endswith("Z")
        shifts = re.findall(r"-?[\d.]+", artist(view, "formula").get_attribute("transform") or "")
        close(np.array(shifts, float), expected(at, at**2) - expected(0, 2.5))
        assert artist(view, "name").text_content() == ("lowest", "middle", "highest")[lift]
        assert view.locator("dd").first.text_content() == f"{at**2:.2f}"


def test_a_text_that_changes_looks_like_matplotlibs(page: Page) -> None:
    (view,) = show(page, parabola())
    box = artist(view, "name").locator("text").evaluate(
        "(text) => { const { x, y, width } = text.getBBox(); return [x, y, width, "
        "getComputedStyle(text).fill, getComputedStyle(text).fontSize]; }"
    )  # fmt: skip
    axes = axes_of_parabola()
    drawn = axes.text(0, 1, "middle", ha="right", va="top", size=12)
    axes.figure.dpi = 72
    bounds = drawn.get_window_extent()
    (anchor,) = [expected(0, 1)]
    transform = artist(view, "name").get_attribute("transform") or ""
    close(np.array(re.findall(r"-?[\d.]+", transform), float), anchor)
    assert box[0] == pytest.approx(-bounds.width, abs=2)
    assert box[1] == pytest.approx(0, abs=3)
    assert box[2] == pytest.approx(bounds.width, abs=2)
    assert box[3:] == ["rgb(0, 85, 0)", "12px"]


def test_nan_is_a_gap(page: Page) -> None:
    (view,) = show(page, parabola())
    z, shift = view.get_by_role("slider").all()
    shift.press("Home")
    curve = points(artist(view, "curve").locator("path"))
    assert np.flatnonzero(np.isnan(curve[:, 0])).tolist() == [20]
    close(curve[[19, 21]], expected(X[[19, 30]], X[[19, 30]] ** 2))
    assert not np.isnan(markers(view, "point")).any()
    z.press("End")
    assert np.isnan(markers(view, "point")).all()
    assert artist(view, "point").locator("> path").get_attribute("d") == ""
    z.press("ArrowLeft")
    close(markers(view, "point"), expected([1.9, 2.4], 1.9**2))


def test_what_lies_outside_the_axes_is_clipped(page: Page) -> None:
    (view,) = show(page, parabola())
    view.get_by_role("slider", name="z").press("Home")
    with_curve = pixels(view)
    for gid in ("curve", "point"):
        artist(view, gid).evaluate("(group) => group.remove()")
    changed = np.abs(with_curve - pixels(view)).max(axis=-1) > 0.02
    rows, columns = changed.nonzero()
    scale = changed.shape[1] / (7 * 72)
    (left, bottom), (right, top) = expected([-2, 2], [0, 5]) * scale
    assert left - 2 <= columns.min() < left + 10
    assert right - 10 < columns.max() <= right + 2
    assert top - 2 <= rows.min() < top + 10, "the curve is not drawn up to the axes' edge"
    assert rows.max() <= bottom + 2


@pytest.mark.parametrize("lift", [0, 3])
def test_a_line_looks_the_same_however_far_it_goes(page: Page, lift: float) -> None:
    pictures = []
    for far in (3, 1e8):
        axes = axes_of_parabola()
        axes.plot([], [], gid="line")
        points = np.array([[-1, -2], [1, 2]]) * far + [0, lift]
        (view,) = show(page, LivePlot(axes.figure, [], {"line": points}, label="A line"))
        pictures.append(pixels(view))
    artist(view, "line").evaluate("(group) => group.remove()")
    assert np.abs(pictures[0] - pixels(view)).max() > 0.5
    off = np.abs(pictures[0] - pictures[1]).max(axis=-1)
    assert off.max() < 0.4, "the line has moved"


def test_what_is_not_shown_is_not_drawn(page: Page) -> None:
    (view,) = show(page, parabola())
    assert artist(view, "formula").is_visible()
    view.get_by_role("radio", name="hidden").check()
    assert not artist(view, "formula").is_visible()
    view.get_by_role("radio", name="hidden").press("ArrowLeft")
    assert artist(view, "formula").is_visible()


def test_keyboard_alone_reaches_and_moves_everything(page: Page) -> None:
    (view,) = show(page, parabola())
    z = view.get_by_role("slider", name="z")
    seen = []
    for key in (
        "Tab", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "PageUp", "PageDown", "End",
        "Home", "Tab", "Tab", "Enter", "Tab", "Space",
    ):  # fmt: skip
        page.keyboard.press(key)
        seen.append(z.get_attribute("aria-valuetext"))
    assert seen == [
        "0.0", "0.1", "0.2", "0.1", "0.0", "0.4", "0.0", "2.0",
        "−2.0", "−2.0", "−2.0", "0.0", "0.0", "2.0",
    ]  # fmt: skip
    order = []
    for _ in range(3):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.labels?.[0]?.textContent ?? "
                                   "document.activeElement.textContent"))  # fmt: skip
    assert order == ["shift", "shown", "Reset"]
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "2px", "the focus cannot be seen"
    page.keyboard.press("Enter")
    assert z.get_attribute("aria-valuetext") == "0.0"


def test_everything_has_a_name(page: Page) -> None:
    (view,) = show(page, parabola("A parabola & a point"))
    img, *others = view.aria_snapshot().splitlines()
    assert img.startswith('- img "A parabola & a point"')
    assert view.locator("svg").get_attribute("role") == "img"
    assert others == [
        "- text: z",
        '- slider "z": "20"',
        '- button "z = −2": −2',
        '- button "z = 0": "0"',
        '- button "z = +2": "+2"',
        "- text: shift",
        '- slider "shift": "1"',
        '- group "formula":',
        "  - text: formula",
        '  - radio "shown" [checked]',
        "  - text: shown",
        '  - radio "hidden"',
        "  - text: hidden",
        '- button "Reset"',
        "- term: z²",
        '- definition: "0.00"',
        "- term: a formula of z that is long",
        f"- definition: {LONG}",
        "- status",
    ]


def test_the_readout_is_announced_once_after_a_pause(page: Page) -> None:
    page.clock.install(time=0)
    page.clock.pause_at(1)  # however slow the machine is, the presses are no pause
    view, other = show(page, parabola(), parabola())
    status = view.get_by_role("status")
    assert status.get_attribute("aria-live") == "polite"
    assert status.text_content() == "", "nothing has moved, so there is nothing to announce"
    status.evaluate(
        """(status) => {
            window.heard = [];
            const hear = () => heard.push(status.textContent);
            new MutationObserver(hear).observe(status, { childList: true });
        }"""
    )
    z = view.get_by_role("slider", name="z")
    for _ in range(20):
        z.press("ArrowLeft")
        assert view.locator("dd").last.text_content() == ("short" if _ == 19 else LONG)
    page.clock.run_for(1000)
    assert page.evaluate("heard") == ["z²: 4.00; a formula of z that is long: short"]
    assert other.get_by_role("status").text_content() == ""


def test_ids_belong_to_one_view(page: Page) -> None:
    first, second = show(page, parabola(), parabola())
    alone = pixels(second)
    assert page.evaluate(
        """() => {
            const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
            return ids.length - new Set(ids).size;
        }"""
    ) == 0  # fmt: skip
    strangers = page.evaluate(
        r"""() => [...document.querySelectorAll("svg")].flatMap((svg) =>
            [...svg.outerHTML.matchAll(/(?:url\(|href=")#([^)"]*)/g)]
                .map(([, id]) => id)
                .filter((id) => !svg.contains(document.getElementById(id))))"""
    )
    assert strangers == []
    first.evaluate("(view) => { view.style.display = 'none'; }")
    assert np.abs(pixels(second) - alone).max() < 0.1, "the second view needs the first's ids"
    second.get_by_role("radio", name="hidden").check()
    assert first.get_by_role("radio", name="shown", include_hidden=True).is_checked()


def test_a_gid_may_be_that_of_a_control(page: Page) -> None:
    axes = axes_of_parabola()
    axes.plot(0, 0, "o", gid="control-0")
    points = {"control-0": np.stack([Z, Z**2], axis=-1)[:, None]}
    (view,) = show(page, LivePlot(axes.figure, [Slider("z", Z, 0)], points, label="A point"))
    view.get_by_role("slider", name="z", exact=True).press("End")
    close(markers(view, "control-0"), [expected(2, 4)])


@pytest.mark.parametrize("width", [360, 1280])
def test_a_plot_fits_its_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    (view,) = show(page, parabola())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figure = view.locator("svg").bounding_box()
    assert figure is not None
    assert figure["width"] == pytest.approx(min(width - 24, 700), abs=1)
    assert figure["width"] / figure["height"] == pytest.approx(7 / 3, rel=0.01)
    for control in view.locator("input[type=range], button, fieldset label").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 40, f"{control} is {box['height']} px high"
    for slider in view.get_by_role("slider").all():
        box = slider.bounding_box()
        assert box is not None
        assert box["width"] >= 180, f"{slider} is {box['width']} px wide"
    rows = view.locator("dd, dt").all()
    boxes = [row.evaluate("(row) => row.getBoundingClientRect().toJSON()") for row in rows]
    for term, definition in zip(boxes[::2], boxes[1::2], strict=True):
        assert term["right"] <= definition["left"]
        assert definition["right"] <= width
    for above, below in pairwise(boxes[1::2]):
        assert above["bottom"] <= below["top"]


def panels() -> LivePlot:
    """Return two panels with a legend; in the right one a line leaves its axes, a point moves."""
    figure = Figure(figsize=(7, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.set(ylabel="takes room", xlabel="z")
    right.set(xlim=(-2, 2), ylim=(0, 4), xlabel="z")
    left.patch.set_gid("left-frame")
    right.patch.set_gid("right-frame")
    right.plot([], [], linewidth=3, gid="line")
    right.plot([], [], "ko", gid="point")
    handles = left.plot([0, 1], [0, 1], label="a line")
    figure.legend(handles=handles, loc="outside lower center").set_gid("legend")
    return LivePlot(
        figure,
        [Slider("z", Z, 1)],
        {"line": np.stack([X, 9 * X], axis=-1), "point": np.stack([Z, Z**2], axis=-1)[:, None]},
        label="Two panels",
    )


def box(part: Locator) -> Any:
    """Return a part's box on the page: left, top, right, bottom; what is clipped counts as well."""
    sides = "({ left, top, right, bottom }) => [left, top, right, bottom]"
    return np.array(part.evaluate(f"(part) => ({sides})(part.getBoundingClientRect())"))


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def test_panels_are_stacked_where_the_page_is_narrow(page: Page) -> None:
    (view,) = show(page, panels())
    page.evaluate("window.errors = []; addEventListener('error', (e) => errors.push(e.message));")
    svg, slider = view.locator("svg"), view.get_by_role("slider")
    left, right, legend = (artist(view, gid) for gid in ("left-frame", "right-frame", "legend"))
    wide = svg.get_attribute("viewBox")
    for width in (1280, 360, 1280, 360):
        resize(page, width)
        (x, y, x1, y1), (right_x, right_y, right_x1, right_y1) = box(left), box(right)
        assert x1 - x == pytest.approx(right_x1 - right_x, abs=1)
        if width == 1280:
            assert svg.get_attribute("viewBox") == wide
            assert (right_y, right_y1) == pytest.approx((y, y1), abs=1)
            assert right_x > x1
        else:
            assert (right_x, right_x1) == pytest.approx((x, x1), abs=1)
            assert right_y > y1 + 10
        card, named = box(svg), box(legend)
        assert card[2] - card[0] <= min(width - 24, 700)
        assert named[1] > right_y1
        assert named[[0, 2]].sum() == pytest.approx(card[[0, 2]].sum(), abs=1)
        for part in (box(left), box(right), named):
            assert (part * [1, 1, -1, -1] >= card * [1, 1, -1, -1]).all(), "it is cut off"
        for key, z in (("Home", -2), ("End", 2), ("PageDown", 1.6)):
            slider.press(key)
            point = box(artist(view, "point").locator("use"))
            middle = (point[:2] + point[2:]) / 2
            expected = [right_x + (z + 2) / 4 * (right_x1 - right_x),
                        right_y1 - z**2 / 4 * (right_y1 - right_y)]  # fmt: skip
            assert middle == pytest.approx(expected, abs=0.5), f"z = {z} at {width} px"
    assert page.evaluate("errors") == [], "to be resized is answered by what resizes"


def test_a_stacked_panel_clips_and_its_card_is_white(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    (view,) = show(page, panels())
    resize(page, 360)
    with_line, card = pixels(view), box(view.locator("svg"))
    artist(view, "line").evaluate("(group) => group.remove()")
    without = pixels(view)
    rows, columns = (np.abs(with_line - without).max(axis=-1) > 0.02).nonzero()
    left, top, right, bottom = box(artist(view, "right-frame")) - card[[0, 1, 0, 1]]
    assert left - 2 <= columns.min() < columns.max() <= right + 2
    assert top - 2 <= rows.min() < top + 10, "the line is not drawn up to the axes' edge"
    assert bottom - 10 < rows.max() <= bottom + 2
    assert (without[-20:-5, -20:-5] == 1).all(), "the card's corner is not white"


def test_a_removed_plot_is_not_stacked_any_more(page: Page) -> None:
    (view,) = show(page, panels())
    resize(page, 1280)
    wide = view.locator("svg").get_attribute("viewBox")
    page.evaluate("removeLast()")
    resize(page, 360)
    assert view.locator("svg").get_attribute("viewBox") == wide


@pytest.mark.parametrize("width", [360, 1280])
def test_the_explorer_is_legible(page: Page, width: int) -> None:
    plot = explore(ACTIVATIONS["sigmoid"])
    assert isinstance(plot, LivePlot)
    (view,) = show(page, plot)
    resize(page, width)
    ticks = view.locator('[id*="-xtick_"] [id*="-text_"], [id*="-ytick_"] [id*="-text_"]').all()
    heights = [bottom - top for _, top, _, bottom in map(box, ticks)]
    shown = [height for height in heights if height]  # not those of the logarithmic axis
    assert 16 < len(shown) < len(heights)
    assert min(shown) >= 8, f"{min(shown)} px high"


@pytest.mark.parametrize(
    "page_style", ["", "color-scheme: light dark", "background: #111; color: #eee"]
)
def test_a_page_is_legible_in_the_dark(page: Page, page_style: str) -> None:
    page.emulate_media(color_scheme="dark")
    (view,) = show(page, parabola())
    page.locator("html").evaluate("(html, style) => { html.style = style; }", page_style)
    assert not illegible(view)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """Open a page of a phone on which a plot is longer than the screen."""
    size = {"width": 360, "height": 400}
    with chromium.new_context(viewport=size, has_touch=True, is_mobile=True) as context:  # type: ignore[arg-type]
        yield context.new_page()


@pytest.mark.parametrize(("right", "down"), [(0, -150), (60, 0)], ids=["scrolls", "moves"])
def test_a_finger_scrolls_the_page_or_moves_the_slider(phone: Page, right: int, down: int) -> None:
    (view,) = show(phone, parabola())
    phone.locator("body").evaluate("(body) => { body.style.paddingBottom = '100vh'; }")
    slider = view.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    left, top, end, bottom = box(slider)
    x, y = left + 0.3 * (end - left), (top + bottom) / 2
    session = phone.context.new_cdp_session(phone)
    steps = [(x + right * k / 10, y + down * k / 10) for k in range(11)]
    for k, (x, y) in enumerate(steps):
        points = [{"x": x, "y": y}]
        kind = "touchMove" if k else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        phone.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    scrolled = phone.evaluate("window.scrollY")
    z = slider.get_attribute("aria-valuetext")
    assert (z == "0.0") == (right == 0), f"z is {z}"
    phone.wait_for_timeout(200)
    assert (phone.evaluate("window.scrollY") >= scrolled > 50) == (down != 0), scrolled


def test_numbers_read_from_left_to_right_on_any_page(page: Page) -> None:
    (view,) = show(page, parabola())
    page.locator("html").evaluate("(html) => { html.dir = 'rtl'; }")
    view.get_by_role("slider").first.press("Home")
    for part in view.locator("dd, label, button, .liveplot-value").all():
        assert part.evaluate("(part) => getComputedStyle(part).direction") == "ltr"


def test_a_browser_without_newer_methods_of_arrays_will_do(page: Page) -> None:
    page.add_init_script("delete Array.prototype.with; delete Element.prototype.replaceChildren")
    (view,) = show(page, parabola())
    view.get_by_role("slider").first.press("End")
    assert view.locator("dd").first.text_content() == "4.00"


def test_paper_shows_the_figure_without_controls(page: Page) -> None:
    (view,) = show(page, parabola())
    page.emulate_media(media="print")
    assert view.locator("svg").is_visible()
    assert not view.get_by_role("slider").first.is_visible()
    assert view.locator("dd").first.is_visible()


CELLS = [
    """
import numpy as np
from pathlib import Path
from time import sleep
from matplotlib.figure import Figure
from helpers.live.liveplot import LivePlot, Slider

def plot(label):
    figure = Figure(figsize=(6, 2))
    axes = figure.subplots()
    axes.set(xlim=(0, 10), ylim=(0, 1))
    axes.plot([], [], "o", gid="point")
    z = np.arange(11.0)
    moves = {"point": np.stack([z, 0 * z + 0.5], axis=-1)[:, None]}
    readout = {"z": [f"{value:g} of 10" for value in z]}
    return LivePlot(figure, [Slider("z", z, 5)], moves, readout=readout, label=label)

first, second = plot("first"), plot("second")
seen = []
first.observe(lambda change: seen.append(change["new"]), "position")
""",
    "first",
    "second",
    "first",
]


@pytest.fixture(scope="module")
def notebook(chromium: Browser, jupyterlab: JupyterLab) -> Iterator[Page]:
    """Open a notebook that shows one plot twice and another between, all cells run."""
    with chromium.new_context(viewport={"width": 1280, "height": 1600}) as context:
        page = context.new_page()
        errors = uncaught(page)
        jupyterlab.open(page, jupyterlab.write("liveplot.ipynb", CELLS))
        jupyterlab.run_all(page)
        yield page
        assert not errors, f"uncaught in JupyterLab: {errors}"


def views(page: Page) -> list[Locator]:
    page.wait_for_function("document.querySelectorAll('.liveplot').length === 3")
    return page.locator(".liveplot").all()


def places(page: Page) -> list[tuple[float, str]]:
    """Return for each view where its point is, in data coordinates, and what its readout says."""
    left, width = 6 * 72 * 0.125, 6 * 72 * 0.775  # Matplotlib's margins
    return [
        (
            round((float(markers(view, "point")[0, 0]) - left) / width * 10, 2),
            view.locator("dd").text_content() or "",
        )
        for view in views(page)
    ]


def at(*z: int) -> list[tuple[float, str]]:
    return [(value, f"{value} of 10") for value in z]


def wait_for_kernel(lab: JupyterLab, page: Page, expression: str, wanted: str) -> None:
    """Wait until an expression has a value in the kernel, which hears of moves a bit later."""
    deadline = time.monotonic() + 10
    while (value := lab.evaluate(page, expression)) != wanted:
        assert time.monotonic() < deadline, f"{expression} is {value}, not {wanted}"
        page.wait_for_timeout(20)


def test_two_plots_and_two_views_of_one(notebook: Page, jupyterlab: JupyterLab) -> None:
    first, second, again = (view.get_by_role("slider") for view in views(notebook))
    assert places(notebook) == at(5, 5, 5)
    first.press("ArrowRight")
    assert places(notebook) == at(6, 5, 6)
    second.press("Home")
    assert places(notebook) == at(6, 0, 6)
    again.press("End")
    assert places(notebook) == at(10, 0, 10)
    wait_for_kernel(
        jupyterlab, notebook, "first.values, second.values", "({'z': 10.0}, {'z': 0.0})"
    )
    jupyterlab.evaluate(notebook, "first.move(z=3), second.move(z=4)")
    notebook.wait_for_function("document.querySelector('.liveplot dd').textContent === '3 of 10'")
    assert places(notebook) == at(3, 4, 3)


def test_a_control_has_its_own_keys_and_no_others(notebook: Page, jupyterlab: JupyterLab) -> None:
    first, *_ = views(notebook)
    slider = first.get_by_role("slider")
    slider.press("Home")
    for key in ("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "PageUp"):
        notebook.keyboard.press(key)
    assert first.locator("dd").text_content() == "2 of 10"
    notebook.keyboard.press("Tab")
    notebook.keyboard.press("Enter")
    assert first.locator("dd").text_content() == "5 of 10"

    file = jupyterlab.root / "liveplot.ipynb"
    before = file.stat().st_mtime_ns
    notebook.keyboard.press("Control+s")
    deadline = time.monotonic() + 10
    while file.stat().st_mtime_ns == before:
        assert time.monotonic() < deadline, "Ctrl+S does not save"
        notebook.wait_for_timeout(20)

    count = "jupyterapp.shell.currentWidget.content.widgets[1].model.executionCount"
    runs = notebook.evaluate(count)
    slider.focus()
    notebook.keyboard.press("Control+Enter")
    notebook.wait_for_function(f"{count} > {runs}")

    first, *_ = views(notebook)
    slider = first.get_by_role("slider")
    cells = notebook.locator(".jp-Notebook .jp-Cell").count()
    slider.focus()
    notebook.keyboard.press("Escape")
    notebook.keyboard.press("ArrowRight")  # the notebook's now
    assert first.locator("dd").text_content() == "5 of 10"
    notebook.keyboard.press("b")
    notebook.wait_for_function(
        "(count) => document.querySelectorAll('.jp-Notebook .jp-Cell').length > count", arg=cells
    )
    notebook.keyboard.press("z")
    notebook.wait_for_function(
        "(count) => document.querySelectorAll('.jp-Notebook .jp-Cell').length === count", arg=cells
    )


def test_a_second_window_follows_and_does_not_pull_back(
    notebook: Page, jupyterlab: JupyterLab
) -> None:
    jupyterlab.evaluate(notebook, "first.move(z=5), second.move(z=5)")
    jupyterlab.command(notebook, "docmanager:save")
    with notebook.context.new_page() as other:
        jupyterlab.open(other, "liveplot.ipynb")
        here, there = (views(window)[0].get_by_role("slider") for window in (notebook, other))
        for window, slider, key, z in ((other, here, "Home", 0), (notebook, there, "End", 10)):
            slider.press(key)
            window.wait_for_function(
                f"document.querySelector('.liveplot dd').textContent === '{z} of 10'"
            )
            assert places(window)[::2] == at(z, z)
        # While this window moves, it does not follow; then the other one does.
        for _ in range(3):
            here.press("ArrowLeft")
            jupyterlab.evaluate(other, "first.move(z=1)")
        assert places(notebook)[0] == at(7)[0]
        other.wait_for_function("document.querySelector('.liveplot dd').textContent === '7 of 10'")
        wait_for_kernel(jupyterlab, notebook, "first.values", "{'z': 7.0}")


def test_an_old_browser_gets_the_picture_and_a_reason(
    chromium: Browser, jupyterlab: JupyterLab
) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.add_init_script("delete window.DecompressionStream")
        jupyterlab.open(page, jupyterlab.write("old.ipynb", CELLS[:2]))
        jupyterlab.run_all(page)
        picture = page.get_by_role("img", name="first")
        picture.wait_for()
        assert picture.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 1200
        assert "Firefox 113" in (page.locator(".jp-OutputArea p").text_content() or "")


def test_a_thousand_moves_are_one_message(notebook: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.evaluate(notebook, "first.move(z=5), seen.clear()")
    slider = views(notebook)[0].get_by_role("slider")
    slider.evaluate(
        """(slider) => {
            for (let move = 0; move < 1000; move++) {
                slider.value = move % 11;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
            }
        }"""
    )
    wait_for_kernel(jupyterlab, notebook, "first.values", f"{{'z': {999 % 11:.1f}}}")
    assert jupyterlab.evaluate(notebook, "seen") == f"[[{999 % 11}]]"


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_jupyterlabs_themes_are_legible(notebook: Page, theme: str) -> None:
    notebook.evaluate(
        "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme
    )
    # The theme has a name before its style sheet is there.
    notebook.wait_for_function(
        """(light) => light === (getComputedStyle(document.querySelector(".jp-Notebook"))
            .backgroundColor.match(/\\d+/)[0] > 127)""",
        arg=theme == "JupyterLab Light",
    )
    for view in views(notebook):
        assert not illegible(view)
        scheme = view.get_by_role("slider").evaluate("(it) => getComputedStyle(it).colorScheme")
        assert (scheme == "dark") == (theme == "JupyterLab Dark"), f"{scheme} in {theme}"
        card = view.locator("svg path").first.evaluate("(path) => getComputedStyle(path).fill")
        assert card == "rgb(255, 255, 255)"


def test_sliders_work_while_the_kernel_is_busy(notebook: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.evaluate(notebook, "first.move(z=5), second.move(z=5)")
    notebook.evaluate(
        """() => {
            const { kernel } = jupyterapp.shell.currentWidget.context.sessionContext.session;
            window.loop = kernel.requestExecute({
                code: "while not Path('stop').exists(): sleep(0.01)"
            }).done;
        }"""
    )
    status = "jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status"
    notebook.wait_for_function(f"{status} === 'busy'")
    first, second, _ = (view.get_by_role("slider") for view in views(notebook))
    for z in (6, 7, 8):
        first.press("ArrowRight")
        assert places(notebook) == at(z, 5, z)
        notebook.wait_for_timeout(200)  # long enough for the kernel to be told
    second.press("Home")
    assert places(notebook) == at(8, 0, 8)
    assert notebook.evaluate(status) == "busy"
    (jupyterlab.root / "stop").touch()
    notebook.evaluate("window.loop.then(() => {})")
    wait_for_kernel(jupyterlab, notebook, "first.values, second.values", "({'z': 8.0}, {'z': 0.0})")
    assert places(notebook) == at(8, 0, 8)


def test_a_cell_can_be_run_again(notebook: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.run_all(notebook)
    notebook.wait_for_function(
        "[...document.querySelectorAll('.liveplot dd')].map(dd => dd.textContent).join() === "
        "'5 of 10,5 of 10,5 of 10'"
    )
    views(notebook)[0].get_by_role("slider").press("ArrowLeft")
    assert places(notebook) == at(4, 5, 4)
    wait_for_kernel(jupyterlab, notebook, "first.values, second.values", "({'z': 4.0}, {'z': 5.0})")


def test_a_notebook_can_be_reopened(notebook: Page, jupyterlab: JupyterLab) -> None:
    jupyterlab.evaluate(notebook, "first.move(z=1), second.move(z=2)")
    jupyterlab.command(notebook, "docmanager:save")
    jupyterlab.open(notebook, "liveplot.ipynb")
    assert places(notebook) == at(1, 2, 1)
    views(notebook)[2].get_by_role("slider").press("ArrowRight")
    assert places(notebook) == at(2, 2, 2)
    wait_for_kernel(jupyterlab, notebook, "first.values", "{'z': 2.0}")


def test_a_notebook_saved_in_an_earlier_session_moves(
    notebook: Page, jupyterlab: JupyterLab
) -> None:
    jupyterlab.evaluate(notebook, "first.move(z=1), second.move(z=2)")
    assert places(notebook) == at(1, 2, 1)
    jupyterlab.command(notebook, "docmanager:save")
    notebook.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    jupyterlab.open(notebook, "liveplot.ipynb")
    notebook.locator(".liveplot").nth(2).wait_for()
    assert places(notebook) == at(1, 2, 1)
    views(notebook)[2].get_by_role("slider").press("ArrowRight")
    assert places(notebook) == at(2, 2, 2)


def test_sliders_work_when_the_kernel_is_gone(notebook: Page) -> None:
    sliders = [view.get_by_role("slider") for view in views(notebook)]
    sliders[0].press("Home")
    notebook.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    notebook.wait_for_function(
        "!jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel"
    )
    for z in (1, 2):
        sliders[0].press("ArrowRight")
        assert places(notebook)[::2] == at(z, z)
        notebook.wait_for_timeout(300)  # longer than until the kernel would be told
    sliders[1].press("End")
    assert places(notebook) == at(2, 10, 2)
