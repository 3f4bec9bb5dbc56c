"""The stored notebooks are in canonical form. What they show is compared in `test_solutions`."""

import asyncio
import base64
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation
from PIL import Image

from helpers import sigmoid
from tests.support.pictures import visible_difference
from tools.notebooks import FOLDER, Cell, Notebook, canonical, fault, main, read, store

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
OBJECT = re.compile(
    r"\bat 0x[0-9a-f]+|<\S+ object|<bound method|<function"  # Python's own
    r"|\b(?:[HV]?Box|Tab|Accordion|Output|\w+(?:Slider|Progress|Plot|Widget))\(\w+="  # a widget's
    r"|\binteractive\("
)

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def outputs(notebook: Notebook) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each output of `notebook` with the place where it stands."""
    for number, cell in enumerate(notebook["cells"], start=1):
        for output in cell.get("outputs", []):
            yield f"cell {number} (id {cell['id']})", output


def without_pictures(text: str) -> list[str]:
    return re.sub(r'"image/png": ".*"', '"image/png": …', text).splitlines()


def picture_faults(notebook: Notebook) -> Iterator[str]:
    """Yield what a reader on GitHub would miss in the pictures."""
    for place, output in outputs(notebook):
        data = output.get("data", {})
        if "image/svg+xml" in data:
            yield f"{place}: SVG, which GitHub does not show"
        if "image/png" in data:
            alt = output["metadata"].get("image/png", {}).get("alt", "")
            if len(alt.split()) < 3:
                yield f"{place}: alt text {alt!r} does not say what is on the picture"
            picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
            if np.asarray(picture.convert("RGBA"))[..., 3].min() < 255:
                yield f"{place}: not opaque, illegible on a dark page"


def object_reprs(notebook: Notebook) -> Iterator[str]:
    """Yield the outputs that show an object as Python names it, of no use to a reader."""
    for place, output in outputs(notebook):
        data = output.get("data", {})
        # Beside a richer form it is not shown; only an address there would differ each time.
        rich = data.keys() - {"text/plain"}
        texts = [output.get("text", ""), *(data[kind] for kind in sorted(data) if "text/" in kind)]
        for text in texts:
            found = OBJECT.search(text)
            if found and not (rich and text == data.get("text/plain") and " at 0x" not in text):
                yield f"{place}: shows {found[0]!r}"


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS
    assert NOTEBOOKS[0].stem == "00-start-here"


@each_notebook
def test_stored_in_canonical_form(path: Path) -> None:
    reason = fault(path)
    assert reason is None, f"{reason}\nRun make notebooks."


@each_notebook
def test_small_enough_for_github(path: Path) -> None:
    assert path.stat().st_size < 500_000


@each_notebook
def test_outputs_are_for_readers(path: Path) -> None:
    notebook = read(path)
    faults = [*picture_faults(notebook), *object_reprs(notebook)]
    faults += [
        f"{place}: a carriage return, which only a terminal obeys"
        for place, output in outputs(notebook)
        if "\r" in output.get("text", "")
    ]
    assert not faults, "\n".join([path.name, *faults])


@each_notebook
def test_cells_are_short(path: Path) -> None:
    long = [
        f"cell {number} (id {cell['id']}): {len(lines)} lines"
        for number, cell in enumerate(read(path)["cells"], start=1)
        if cell["cell_type"] == "code" and len(lines := cell["source"].splitlines()) > 12
    ]
    assert not long, "\n".join([path.name, *long])


# The checks themselves: each must be able to fail, and to say where.

PNG = io.BytesIO()
Image.new("RGB", (2, 2), "white").save(PNG, "png")
PICTURE = base64.b64encode(PNG.getvalue()).decode()
ALT = {"image/png": {"alt": "The sigmoid and its slope"}}


def sample(*outputs: dict[str, Any], **cell: Any) -> Notebook:
    code = {"cell_type": "code", "id": "b", "metadata": {}, "source": "f()", "execution_count": 1}
    title = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Title"}
    cells = [title, {**code, "outputs": list(outputs), **cell}]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def shown(metadata: dict[str, Any] | None = None, **data: str) -> dict[str, Any]:
    mimes = {"png": "image/png", "plain": "text/plain", "html": "text/html", "svg": "image/svg+xml"}
    bundle = {mimes.get(kind, WIDGET): content for kind, content in data.items()}
    return {"output_type": "display_data", "data": bundle, "metadata": metadata or {}}


WIDGET = "application/vnd.jupyter.widget-view+json"


def write(path: Path, notebook: Notebook | str) -> Path:
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"execution_count": 1', '"execution_count": 7'),
        lambda text: text.replace('"execution_count": 1', '"execution_count": null'),
        lambda text: text.replace('"metadata": {}', '"metadata": {"scrolled": true}', 1),
        lambda text: text.replace('"name": "python"\n', '"name": "python",\n   "version": "3.9"\n'),
        lambda text: text.replace('"kernelspec"', '"widgets": {"state": {}},\n  "kernelspec"'),
        lambda text: text.replace('"id": "b"', '"id": "a"'),
        lambda text: text.replace("   ", "    "),
        lambda text: text.removesuffix("\n"),
        lambda text: text.replace("hm", "\\u00e9"),
    ],
)
def test_form_is_checked(change: Callable[[str], str], tmp_path: Path) -> None:
    good = canonical(sample(stream("hm\n")))
    assert fault(write(tmp_path / "a.ipynb", good)) is None
    assert change(good) != good
    reason = fault(write(tmp_path / "a.ipynb", change(good)))
    assert reason is not None
    assert "a.ipynb, line " in reason


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (stream("careful\n", "stderr"), "writes to stderr: careful"),
        (stream("\n", "stderr"), "writes to stderr: an empty line"),
        (
            {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []},
            "ValueError: no",
        ),
        (shown(plain="VBox()", widget=""), "a widget without a picture"),
    ],
)
def test_unfit_outputs_are_refused(output: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=rf"cell 2 \(id b\): f\(\)\n    .*{reason}"):
        canonical(sample(output))


def test_widget_view_goes_and_its_picture_stays() -> None:
    cell = json.loads(canonical(sample(shown(ALT, png=PICTURE, plain="A plot", widget=""))))
    (output,) = cell["cells"][1]["outputs"]
    assert output["data"] == {"image/png": PICTURE, "text/plain": ["A plot"]}
    assert output["metadata"] == ALT


def test_what_a_teacher_sets_stays() -> None:
    teachers = {
        "deletable": False,
        "editable": False,
        "jupyter": {"source_hidden": True},
        "nbgrader": {"locked": True},
        "slideshow": {"slide_type": "fragment"},
        "tags": ["hide-input"],
        "lesson": 3,
    }
    left_behind = {
        "deletable": True,
        "editable": True,
        "jupyter": {"source_hidden": False, "outputs_hidden": True},
        "slideshow": {"slide_type": ""},
        "tags": [],
    }
    for metadata, kept in (
        (teachers, teachers),
        (left_behind, {}),
        ({"scrolled": True, "execution": {}}, {}),
    ):
        cell = json.loads(canonical(sample(metadata=metadata)))["cells"][1]
        assert cell["metadata"] == kept


def test_a_missing_id_comes_from_the_heading_above(tmp_path: Path) -> None:
    titles = ("# What σ'(0) is", "text", "## What σ'(0) is", "text")
    cells: list[Cell] = [{"cell_type": "markdown", "metadata": {}, "source": t} for t in titles]
    cells[3]["id"] = "not sane!"
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    ids = [cell["id"] for cell in read(write(tmp_path / "a.ipynb", notebook))["cells"]]
    assert ids == ["what-0-is-1", "what-0-is-2", "what-0-is-3", "what-0-is-4"]


def test_executing_twice_changes_no_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (
        "from IPython.display import display\n"
        "bar = display('0 %', display_id='bar')\n"
        "print('a'); print('b', flush=True)\n"
        "display(dict(zip('cab', range(3))))\n"
        "bar.update('100 %')\n"
        "1 / 3"
    )
    path = write(tmp_path / "a.ipynb", sample(source=source, metadata={"scrolled": True}))
    assert asyncio.run(store([path], jobs=1))
    first = path.read_bytes()
    assert asyncio.run(store([path], jobs=1))
    assert path.read_bytes() == first
    assert fault(path) is None
    report = r"\[1/1\] a: stored, .*\n\[1/1\] a: unchanged, .*\n"
    assert re.fullmatch(report, capsys.readouterr().out)


def test_in_a_terminal_the_running_cells_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    path = write(tmp_path / "a.ipynb", sample(source="1"))
    assert asyncio.run(store([path], jobs=1))
    *now, last = capsys.readouterr().out.split("\r\x1b[K")
    assert now == ["", "a 1/2", "a 2/2"]
    assert re.fullmatch(r"\[1/1\] a: stored, \d KB, [\d.]+ s\n", last)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (
            {"source": "x = 1\n1 / 0"},
            "cell 2 (id b): x = 1\n    ZeroDivisionError: division by zero",
        ),
        (
            {"source": "import warnings; warnings.warn('hm')"},
            "cell 2 (id b): import warnings; warnings.warn('hm')\n    writes to stderr: ",
        ),
        ({"source": "1", "metadata": {"tags": "hidden"}}, "'hidden' is not of type 'array'"),
    ],
    ids=["error", "stderr", "not valid"],
)
def test_a_failing_notebook_is_named_and_stays(
    cell: Cell, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.ipynb", sample(**cell))
    before = path.read_bytes()
    assert not asyncio.run(store([path], jobs=1))
    assert path.read_bytes() == before
    message = capsys.readouterr().out
    assert "a: FAILED" in message
    assert reason in message


def test_an_unknown_notebook_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["07-swish"])
    assert "no notebook 07-swish; there are " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (shown(png=PICTURE), "alt text ''"),
        (shown({"image/png": {"alt": "Figure"}}, png=PICTURE), "alt text 'Figure'"),
        (shown(svg="<svg/>"), "SVG"),
    ],
)
def test_pictures_are_checked(output: dict[str, Any], reason: str) -> None:
    (found,) = picture_faults(sample(output))
    assert reason in found
    assert not list(picture_faults(sample(shown(ALT, png=PICTURE))))


def test_transparency_is_found() -> None:
    png = io.BytesIO()
    Image.new("RGBA", (2, 2), (255, 255, 255, 254)).save(png, "png")
    picture = base64.b64encode(png.getvalue()).decode()
    assert "not opaque" in next(picture_faults(sample(shown(ALT, png=picture))))


@pytest.mark.parametrize(
    "output",
    [
        stream("<helpers.Activation object at 0x7f0123456789>"),
        shown(plain="VBox(children=(FloatSlider(value=0.0),))"),
        shown(plain="interactive(children=())"),
        shown(plain="<function sigmoid at 0x7f0123456789>", html="<p>σ</p>"),
        shown(html="<table><td><bound method f></td></table>"),
    ],
)
def test_objects_are_found(output: dict[str, Any]) -> None:
    (found,) = object_reprs(sample(output))
    assert "cell 2 (id b): shows " in found


@pytest.mark.parametrize(
    "output",
    [
        stream("g(z) = 1 / (1 + exp(-z)); a < b\n"),
        shown(plain="<IPython.core.display.HTML object>", html="<table></table>"),
        shown(ALT, png=PICTURE, plain="LivePlot of the sigmoid"),
    ],
)
def test_other_outputs_are_not_taken_for_objects(output: dict[str, Any]) -> None:
    assert not list(object_reprs(sample(output)))


def figure(
    alpha: float = 1,
    shift: float = 0,
    marks: tuple[float, ...] = (-10, 0, 10),
    style: dict[Any, Any] | None = None,
    software: str = "Matplotlib",
) -> bytes:
    """Draw a sigmoid as the notebooks do; `shift` moves its curve up, in pixels."""
    with rc_context(style):
        drawn = Figure(figsize=(4, 3), dpi=192, layout="constrained")
        axes = drawn.subplots()
        z = [i / 20 for i in range(-200, 201)]
        (curve,) = axes.plot(z, sigmoid(z, alpha), color="#0072B2", linewidth=2, label="g(z)")
        up = ScaledTranslation(0, shift / 192, drawn.dpi_scale_trans)
        curve.set_transform(axes.transData + up)
        axes.plot(marks, sigmoid(marks), "o", color="black", label="check points")
        axes.set(title=r"Sigmoid $\sigma(z)$", xlabel="pre-activation z", ylabel="activation a")
        axes.legend(loc="lower right")
        png = io.BytesIO()
        drawn.savefig(png, metadata={"Software": software})
    return png.getvalue()


@pytest.mark.parametrize(
    "change", [{"alpha": 1.1}, {"shift": 6}, {"shift": -6}, {"marks": (-10, 10)}], ids=str
)
def test_a_visible_change_is_found(change: dict[str, Any]) -> None:
    difference = visible_difference(figure(), figure(**change))
    assert difference is not None
    assert "of the pixels differ visibly, from (" in difference.text
    assert difference.picture.width > 3 * 700


@pytest.mark.parametrize("style", [{"text.hinting": "none"}, {"text.antialiased": False}], ids=str)
def test_another_rendering_of_letters_is_none(style: dict[str, Any]) -> None:
    before, now = figure(), figure(style=style)
    assert before != now
    difference = visible_difference(before, now)
    assert difference is None, difference and difference.text


@pytest.mark.parametrize("size", [9.9, 10.1])
def test_other_sizes_of_letters_in_another_version_are_none(size: float) -> None:
    now = figure(style={"font.size": size}, software="Another Matplotlib")
    difference = visible_difference(figure(), now)
    assert difference is None, difference and difference.text


@pytest.mark.parametrize("change", [{"alpha": 1.5}, {"shift": 8}, {"marks": (-10, 10)}], ids=str)
def test_another_version_may_move_a_legend_but_no_curve(change: dict[str, Any]) -> None:
    style = {"legend.labelspacing": 0.7}
    before, now = figure(), figure(style=style, software="Another Matplotlib")
    assert visible_difference(before, figure(style=style)) is not None
    assert visible_difference(before, now) is None
    assert visible_difference(before, figure(**change, software="Another Matplotlib")) is not None


def test_another_size_is_found() -> None:
    difference = visible_difference(figure(), figure(style={"savefig.dpi": 180}))
    assert difference is not None
    assert difference.text == "the size went from 768 × 576 to 720 × 540 pixels"
