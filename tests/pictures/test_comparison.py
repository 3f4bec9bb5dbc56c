"""Notebook 05: its tables agree with the helpers, its pictures with what they say."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from sympy import Expr, Rational  # type: ignore[import-untyped]

from helpers import ACTIVATIONS, Activation, leaky_relu_derivative, relu_derivative
from helpers.differences import central_difference
from helpers.live.liveplot import LivePlot
from helpers.pictures import comparison
from helpers.pictures.comparison import POSTER, POSTER_LEAK, by_layer, compare, poster, slope_powers
from tests.support.derivations import ALPHA, LEAKS, POINTS, Z, read, value
from tests.support.pictures import visible_difference
from tools.notebooks import FOLDER
from tools.notebooks import read as read_notebook
from tools.poster import TARGET, drawn

CELLS = {cell["id"]: cell for cell in read_notebook(FOLDER / "05-comparison.ipynb")["cells"]}
LEAK = Rational("0.01")
ALPHAS = {
    "sigmoid": (Rational(1),),
    "tanh": (Rational(1),),
    "relu": (Rational(0),),
    "leaky_relu": tuple(alpha for alpha in {*LEAKS, LEAK} if 0 < alpha < 1),
}


def table(cell: str) -> list[list[str]]:
    """Return the rows of the table in a cell, without the line below its header."""
    lines = [line for line in CELLS[cell]["source"].splitlines() if line.startswith("|")]
    rows = [[entry.strip() for entry in line.strip("|").split("|")] for line in lines]
    return [rows[0], *rows[2:]]


def entry(row: str, key: str) -> str:
    header, *rows = table("summary")
    columns = dict(zip(ACTIVATIONS, range(1, 5), strict=True))
    assert header[1:] == [activation.name for activation in ACTIVATIONS.values()]
    (found,) = (entries[columns[key]] for entries in rows if entries[0] == row)
    return found


def tree(text: str) -> Expr:
    """Read ``$1$ for $z > 0$, $0$ for $z < 0$``, or one formula, as an expression."""
    pieces = re.findall(r"\$(.+?)\$ for \$(.+?)\$(?:, )?", text)
    if not pieces:
        formula = re.fullmatch(r"\$(.+)\$", text)
        assert formula, f"neither a formula nor cases: {text!r}"
        return read(formula[1])
    assert ", ".join(f"${piece}$ for ${condition}$" for piece, condition in pieces) == text
    rows = r" \\ ".join(f"{piece} & {condition}" for piece, condition in pieces)
    return read(rf"\begin{{cases}} {rows} \end{{cases}}")


def assert_same(text: str, key: str, function: Callable[..., Any], at_kink: bool) -> None:
    """Compare a formula with a helper, at z from -10 to 10 and several alpha."""
    activation = ACTIVATIONS[key]
    for alpha in ALPHAS[key]:
        g = read(activation.formula).xreplace({ALPHA: alpha})
        for z in POINTS:
            expected = value(tree(text), g, ((Z, z), (ALPHA, alpha)))
            if float(z) == activation.kink and not at_kink:
                assert expected is None, f"{text} has the value {expected} at the kink"
                continue
            assert expected is not None, f"{text} has no value at z = {z}"
            got = function(activation, float(z), float(alpha))
            assert abs(got - expected) <= abs(expected) * Rational(1, 10**12), (
                f"{text} is {expected} at z = {float(z)}, α = {float(alpha)}; the helper: {got}"
            )


each_function = pytest.mark.parametrize("key", ACTIVATIONS)


def g(activation: Activation, z: float, alpha: float) -> float:
    return float(activation.g(z, alpha=alpha))


def derivative(activation: Activation, z: float, alpha: float) -> float:
    return float(activation.derivative(z, alpha=alpha))


def from_a(activation: Activation, z: float, alpha: float) -> float:
    """Return the slope at z where the slope in a, 1 - a**2, would lose its digits."""
    slope = float(activation.derivative_from_a(activation.g(z, alpha=alpha), alpha=alpha))
    exact = derivative(activation, z, alpha)
    assert slope == pytest.approx(exact, rel=1e-7, abs=0)
    return exact


@each_function
def test_summary_of_formulas(key: str) -> None:
    smooth = ACTIVATIONS[key].kink is None
    assert_same(entry("$g(z)$", key), key, g, at_kink=True)
    assert_same(entry("$g'(z)$", key), key, derivative, at_kink=smooth)
    assert_same(entry("$g'$ in $a$", key), key, from_a, at_kink=True)


@each_function
def test_summary_at_zero(key: str) -> None:
    activation = ACTIVATIONS[key]
    at_zero = entry("$g(0)$", key)
    slope = entry("$g'(0)$", key)
    assert slope.startswith("undefined, here ") == (activation.kink == 0)
    for text, function in ((at_zero, g), (slope.removeprefix("undefined, here "), derivative)):
        for alpha in ALPHAS[key]:
            expected = value(tree(text), None, ((ALPHA, alpha),))
            assert expected is not None
            got = function(activation, 0.0, float(alpha))
            assert got == pytest.approx(float(expected), rel=1e-12, abs=0), text


@each_function
def test_summary_of_slopes_and_outputs(key: str) -> None:
    activation = ACTIVATIONS[key]
    z = np.linspace(-100, 100, 20_001)
    for exact in ALPHAS[key]:
        alpha = float(exact)
        a, slopes = activation.g(z, alpha=alpha), activation.derivative(z, alpha=alpha)
        largest = float(value(tree(entry("largest slope", key)), None, ()) or 0)
        assert largest == slopes.max() == activation.maximum_slope(alpha)

        centered = np.allclose(activation.g(-z, alpha=alpha), -a, rtol=1e-12, atol=0)
        assert entry("zero-centered", key) == ("yes" if centered else "no")

        flat = tuple(slopes[[0, -1]] < 1e-40)
        places = {(True, True): "on both sides", (True, False): "for z < 0", (False, False): "no"}
        assert entry("saturates", key) == places[flat]

        stops = np.count_nonzero(slopes == 0) > 1  # not only at the kink
        assert entry("dies", key) == ("yes" if stops else "no")


@each_function
def test_summary_of_ranges(key: str) -> None:
    activation = ACTIVATIONS[key]
    found = re.fullmatch(r"([(\[])(.+), (.+)([)\]])", entry("range", key))
    assert found
    ends = [float(end.replace("−", "-").replace("∞", "inf")) for end in (found[2], found[3])]
    assert tuple(ends) == activation.range
    reached = activation.g(np.linspace(-10, 10, 401))
    closed = tuple(bool(np.any(reached == end)) for end in ends)
    assert (found[1] == "[", found[4] == "]") == closed, found[0]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("$a(1 + a)$", "sigmoid"),
        ("$1 - a$", "tanh"),
        ("$1$ for $z > 0$, $1$ for $z < 0$", "relu"),
        ("$1$ for $z > 0$, $0$ for $z \\le 0$", "relu"),
        (r"$1$ for $z > 0$, $\alpha z$ for $z < 0$", "leaky_relu"),
    ],
)
def test_a_wrong_formula_is_found(text: str, key: str) -> None:
    with pytest.raises(AssertionError, match=r"the helper|at the kink"):
        assert_same(text, key, derivative, at_kink=ACTIVATIONS[key].kink is None)


# The table of slopes at zero.


def slopes_at_zero(program: str) -> Iterator[tuple[str, float]]:
    """Yield the functions of a program with their slopes, α being 0.01."""
    for owner, spelled, slope in table("zero")[1:]:
        if owner == program:
            yield spelled.strip("`"), float(value(tree(slope), None, ((ALPHA, LEAK),)) or 0)


def test_slopes_at_zero_of_helpers_and_differences() -> None:
    leak = ACTIVATIONS["leaky_relu"]
    assert dict(slopes_at_zero("helpers")) == {
        "relu_derivative": relu_derivative(0),
        "leaky_relu_derivative": leaky_relu_derivative(0),
    }
    ((_, slope),) = slopes_at_zero("any")
    assert central_difference(leak.g, 0) == pytest.approx(slope, rel=1e-9, abs=0)


# PyTorch and JAX are large, and nothing else needs them, so tests/requirements.txt does not list
# them. After `pip install torch jax` these two run; without, they are reported as skipped.


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
def test_slopes_at_zero_of_pytorch() -> None:
    torch = import_module("torch")

    def slope(function: Callable[..., Any], *others: Any) -> float:
        z = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        function(z, *others).sum().backward()
        return float(z.grad)

    got = {
        "torch.relu": slope(torch.relu),
        "torch.clamp_min": slope(torch.clamp_min, 0),
        "torch.maximum": slope(torch.maximum, torch.zeros(1, dtype=torch.float64)),
        "F.leaky_relu": slope(torch.nn.functional.leaky_relu),
    }
    assert got == dict(slopes_at_zero("PyTorch")), f"PyTorch {torch.__version__}"


@pytest.mark.skipif(find_spec("jax") is None, reason="JAX is not installed")
def test_slopes_at_zero_of_jax() -> None:
    jax = import_module("jax")
    got = {
        "jax.nn.relu": float(jax.grad(jax.nn.relu)(0.0)),
        "jnp.maximum": float(jax.grad(jax.numpy.maximum)(0.0, 0.0)),
        "jax.nn.leaky_relu": float(jax.grad(jax.nn.leaky_relu)(0.0)),
    }
    assert got == dict(slopes_at_zero("JAX")), f"JAX {jax.__version__}"


# The pictures and live plots.


@each_function
def test_poster_says_what_the_functions_do(key: str) -> None:
    slope, effect = POSTER[key]
    pieces = re.fullmatch(r"(.+)\$ if \$z > 0\$, else \$(.+)", slope)
    text = f"${pieces[1]}$ for $z > 0$, ${pieces[2]}$ for $z < 0$" if pieces else f"${slope}$"
    assert_same(text, key, derivative, at_kink=pieces is None)
    if entry("saturates", key) == "on both sides":
        assert effect == "✗ vanishes"
    else:
        assert effect == f"✓ passes   {'✗ dies' if entry('dies', key) == 'yes' else '✓ lives'}"


@each_function
def test_poster_draws_the_functions(key: str) -> None:
    activation = ACTIVATIONS[key]
    alpha = POSTER_LEAK if key == "leaky_relu" else activation.alpha
    ax = poster().figure.axes[list(ACTIVATIONS).index(key)]
    curve, *slopes = [line for line in ax.lines if len(line.get_xdata()) > 2]  # type: ignore[arg-type]
    for line, function in ((curve, activation.g), *((s, activation.derivative) for s in slopes)):
        np.testing.assert_array_equal(line.get_ydata(), function(line.get_xdata(), alpha=alpha))
    assert curve.get_linestyle() == "-"
    assert all(line.get_linestyle() == "--" for line in slopes)


def test_stored_poster_is_drawn_from_the_code() -> None:
    stored = TARGET.read_bytes()
    assert len(stored) <= 150_000
    difference = visible_difference(stored, drawn())
    assert difference is None, f"{difference.text}: python tools/poster.py draws it anew"


def scene(plot: LivePlot) -> dict[str, Any]:
    header, _, _ = zlib.decompress(plot.data).partition(b"\n")
    found: dict[str, Any] = json.loads(header)
    return found


def readout(plot: LivePlot, *position: int) -> dict[str, str]:
    return {
        row["name"]: row["values"][int(np.dot(row["steps"], position))]
        for row in scene(plot)["readout"]
    }


def test_compare_reads_out_all_four() -> None:
    shown = readout(compare(), int(np.flatnonzero(comparison.POSITIONS == -2.0)[0]))
    assert shown == {
        "z": "−2",
        "sigmoid": "a = +0.119203\u2003g′ = 0.104994",
        "tanh": "a = −0.964028\u2003g′ = 0.070651",
        "ReLU": "a = +0.000000\u2003g′ = 0.000000",
        "leaky ReLU": "a = −0.020000\u2003g′ = 0.010000",
    }
    assert "sigmoid 0.1192 0.5 0.8808 0.105 0.25 0.105." in repr(compare())


def test_slope_powers_reads_out_the_product() -> None:
    z, layers = (
        int(np.flatnonzero(values == value)[0])
        for values, value in ((comparison.POSITIONS, 0.0), (comparison.LAYERS, 3.0))
    )
    assert readout(slope_powers(), z, layers) == {
        "sigmoid": "0.25 ^ 3 = 0.0156",
        "tanh": "1 ^ 3 = 1",
        "ReLU": "0 ^ 3 = 0",
        "leaky ReLU": "0.01 ^ 3 = 1e−06",
    }


def test_slope_powers_calls_the_number_of_layers_n_since_l_is_the_loss() -> None:
    plot = slope_powers()
    assert plot.values == {"z": 2.0, "n": 10.0}
    drawn = re.findall("<!-- (.+?) -->", scene(plot)["svg"])  # what the letters' outlines spell
    assert {"number of layers n", "g′(z) to the power n"} <= set(drawn)
    assert [ax.get_xlabel() for ax in plot._still.axes] == ["number of layers n"] * 3
    assert "g′(z) to the power n against n, on a logarithmic axis; sigmoid 1.6e" in repr(plot)
    assert "; tanh 1 at z = 0, n = 10; " in repr(plot)


def test_by_layer_draws_median_and_range() -> None:
    samples = np.array([[1.0, 10.0], [2.0, 40.0], [5.0, 20.0]])
    picture = by_layer({"left": {"tanh": samples}, "right": {"tanh": 2 * samples}}, "size", (1, 99))
    ax = picture.figure.axes[0]
    np.testing.assert_array_equal(ax.lines[-1].get_ydata(), [2, 20])
    (band,) = (each for each in ax.collections if isinstance(each, PolyCollection))
    corners = np.asarray(band.get_paths()[0].vertices).tolist()
    assert {tuple(corner) for corner in corners} == {
        (layer, end) for layer, ends in ((1, (1, 5)), (2, (10, 40))) for end in ends
    }
    assert ax.get_yscale() == "log"
    (legend,) = picture.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["tanh"], "once for all panels"
    assert picture.alt.endswith("; left, tanh: 2 to 20; right, tanh: 4 to 40")
