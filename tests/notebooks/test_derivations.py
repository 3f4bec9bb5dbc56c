"""Every derivation in the notebooks is true as typed, and the check that says so can fail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import mpmath  # type: ignore[import-untyped]
import pytest
import sympy  # type: ignore[import-untyped]
from sympy import Rational

from helpers.activations import ACTIVATIONS
from tests.support import derivations
from tests.support.derivations import (
    NEARBY,
    NOTEBOOK_FUNCTION,
    Chain,
    DerivationError,
    UnreadableError,
    chains,
    check,
    formula,
    markdown_cells,
    read,
    scope,
    value,
)

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
names = [path.name for path in NOTEBOOKS]

SIGMOID = r"""
$$
\begin{aligned}
g'(z) &= \frac{d}{dz}\left(1+e^{-z}\right)^{-1} && \text{definition of } \sigma \\
&= -\left(1+e^{-z}\right)^{-2}\cdot\frac{d}{dz}\left(1+e^{-z}\right) && \text{chain rule} \\
&= \frac{e^{-z}}{\left(1+e^{-z}\right)^2} && \text{slope of } e^{-z} \\
&= \frac{1+e^{-z}-1}{\left(1+e^{-z}\right)^2} && \text{add and subtract one} \\
&= \sigma(z) - \sigma(z)^2 && \text{definition of } \sigma \\
&= \sigma(z)\left(1-\sigma(z)\right) && \text{factor out} \\
&= a(1-a) && a = \sigma(z)
\end{aligned}
$$
"""
STEEP_SIGMOID = r"""
$$
\begin{aligned}
\frac{dg}{dz} &= \sigma'(\alpha z)\cdot\frac{d}{dz}\left(\alpha z\right) && \text{chain} \\[4pt]
&= \alpha\,\sigma(\alpha z)\left(1-\sigma(\alpha z)\right) && \text{slope of } \sigma \\
&= \alpha\,a(1-a) && a = g(z)
\end{aligned}
$$
"""
STABLE = r"""
$$
\begin{aligned}
a(1-a) &= \frac{1}{1+e^{-z}}\cdot\frac{1}{1+e^{z}} && 1 - \sigma(z) = \sigma(-z) \\
&= \frac{e^{-\lvert z\rvert}}{\left(1+e^{-\left|z\right|}\right)^{2}} && \text{symmetry}
\end{aligned}
$$
"""
TANH = r"""
$$
\begin{aligned}
\tanh'(z) &= \frac{d}{dz}\frac{e^z-e^{-z}}{e^z+e^{-z}} && \text{definition} \\
&= \frac{\frac{d}{dz}\left(e^z-e^{-z}\right)\cdot\left(e^z+e^{-z}\right)
   -\left(e^z-e^{-z}\right)\cdot\frac{d}{dz}\left(e^z+e^{-z}\right)}{\left(e^z+e^{-z}\right)^2}
   && \text{quotient rule} \\
&= \frac{\left(e^z+e^{-z}\right)^2-\left(e^z-e^{-z}\right)^2}{\left(e^z+e^{-z}\right)^2}
   && \text{slopes} \\
&= 1 - \tanh^2 z && \text{divide} \\
&= 1-a^2 && a = \tanh(z)
\end{aligned}
$$
"""
IDENTITY = r"""
$$
\begin{aligned}
\tanh(z) &= \frac{1-e^{-2z}}{1+e^{-2z}} && \text{multiply by } e^{-z} \\
&= \frac{2-\left(1+e^{-2z}\right)}{1+e^{-2z}} && 1 = 2 - 1 \\
&= 2\sigma(2z)-1 && \text{definition of } \sigma
\end{aligned}
$$
"""
RIGHT = r"""
$$
\begin{aligned}
g'_+(0) &= \lim_{h \to 0^+} \frac{g(0+h) - g(0)}{h} && \text{from the right} \\
&= \lim_{h \to 0^+} \frac{h - 0}{h} && h > 0 \\
&= 1 && \text{cancel}
\end{aligned}
$$
"""
LEFT = r"""
$$
\begin{aligned}
g'_-(0) &= \lim_{h \to 0^-} \frac{g(0+h) - g(0)}{h} && \text{from the left} \\
&= \lim_{h \to 0^-} \frac{\alpha h - 0}{h} && h < 0 \\
&= \alpha && \text{cancel}
\end{aligned}
$$
"""
RELU = r"""
$$
\begin{aligned}
g'(z) &= \frac{d}{dz}\max(0, z) && \text{definition} \\
&= \begin{cases} 1 & z > 0 \\ 0 & z < 0 \\ \text{undefined} & z = 0 \end{cases} && \text{branches}
\end{aligned}
$$
"""
LEAKY = r"""
The left branch, $z < 0$:

$$
\begin{aligned}
g'(z) &= \lim_{h \to 0} \frac{g(z+h) - g(z)}{h} && \text{definition} \\
&= \lim_{h \to 0} \frac{\alpha(z+h) - \alpha z}{h} && z + h < 0 \text{ for small } h \\
&= \alpha && \text{cancel}
\end{aligned}
$$
"""
CENTRAL = r"""
With a step $h > 0$:

$$
\begin{aligned}
\frac{g(h) - g(-h)}{2h} &= \frac{h - \alpha(-h)}{2h} && \text{both branches} \\
&= \frac{1+\alpha}{2} && \text{cancel}
\end{aligned}
$$
"""
SQUARE = r"""
Take $g(z) = z^2$:

$$
\begin{aligned}
g'(z) &= \lim_{h \to 0} \frac{(z+h)^2 - z^2}{h} && \text{definition} \\
&= \lim_{h \to 0} \left(2z + h\right) && \text{expand} \\
&= 2z && h \to 0
\end{aligned}
$$
"""
SAMPLES = {
    "SIGMOID": ("01-sigmoid.ipynb", SIGMOID),
    "STEEP_SIGMOID": ("01-sigmoid.ipynb", STEEP_SIGMOID),
    "STABLE": ("01-sigmoid.ipynb", STABLE),
    "TANH": ("02-tanh.ipynb", TANH),
    "IDENTITY": ("02-tanh.ipynb", IDENTITY),
    "RELU": ("03-relu.ipynb", RELU),
    "RIGHT": ("03-relu.ipynb", RIGHT),
    "LEFT": ("04-leaky-relu.ipynb", LEFT),
    "LEAKY": ("04-leaky-relu.ipynb", LEAKY),
    "CENTRAL": ("04-leaky-relu.ipynb", CENTRAL),
    "SQUARE": ("00-start-here.ipynb", SQUARE),
}

# What changes, behind what must not: the names of commands, d/dz, the h of a limit, words.
MUTABLE = re.compile(
    r"\\frac\{d[ga]?\}\{dz\}|\\lim_\{h \\to 0|\\text\{[^}]*\}|\\(?:begin|end)\{\w+\}|\\\\\[[^\]]*\]"
    r"|(?P<old>[-+\d]|\\(?:cdot|sigma|tanh|alpha)(?![A-Za-z])|(?<!\\)[zha])|\\?[A-Za-z]+"
)
CHANGES = {"+": "-", "-": "+", r"\cdot": "+", r"\sigma": r"\tanh", r"\tanh": r"\sigma"}


def mutants(source: str, chain: Chain) -> Iterator[tuple[int, str]]:
    """Yield line numbers and copies of `source` with one sign, digit or factor changed there."""
    for number, line in enumerate(chain.lines):
        for found in MUTABLE.finditer(line.latex):
            old = found["old"]
            if old is None:
                continue
            new = CHANGES.get(old, rf"\left(1-{old}\right)")
            if old.isdecimal():
                new = str((int(old) + 1) % 10)
            elif line.latex[found.start() - 1] == "^" and old not in CHANGES:
                new = f"{{{new}}}"
            begin, end = (line.start + place for place in found.span())
            yield number, source[:begin] + new + source[end:]


def proven_equal(chain: Chain, mutant: Chain) -> bool:
    """Tell whether the mutant says the same for every z and α: exactly, not at sample points."""
    trees, mutated = ([read(line.latex) for line in c.lines] for c in (chain, mutant))
    here = scope(chain, trees)
    return all(
        sympy.simplify(formula(tree, here.g, point) - formula(other, here.g, point)) == 0
        for tree, other in zip(trees, mutated, strict=True)
        for point in here.points
        if tree != other
    )


def error_of(chain: Chain) -> DerivationError | None:
    try:
        check(chain)
    except DerivationError as error:
        return error
    return None


def assert_mutants_are_caught(source: str, notebook: str, cell: str) -> int:
    caught = 0
    for index, chain in enumerate(chains(source, notebook, cell)):
        check(chain)
        for number, mutated in mutants(source, chain):
            mutant = chains(mutated, notebook, cell)[index]
            before, after = chain.lines[number].latex, mutant.lines[number].latex
            error = error_of(mutant)
            if error is None:
                assert proven_equal(chain, mutant), (
                    f"{notebook}, cell {cell}: line {number} may be changed unnoticed\n"
                    f"  from {before}\n  to   {after}"
                )
            else:
                unread = isinstance(error.__cause__, UnreadableError)
                assert not unread, f"{error}\nproves nothing: the mutant is not mathematics"
                caught += 1
    return caught


def one(source: str, notebook: str = "01-sigmoid.ipynb") -> Chain:
    (chain,) = chains(source, notebook, "some-cell")
    return chain


def chain_of(*rows: str, introduction: str = "") -> str:
    body = " \\\\\n".join(rows)
    return f"{introduction}\n\n$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$\n"


def test_the_notebooks_are_there() -> None:
    numbers = {path.name[:2] for path in NOTEBOOKS}
    assert numbers >= {"00", *NOTEBOOK_FUNCTION}, f"notebooks found: {names}"


def assert_derived(path: Path) -> None:
    """Check every chain of a notebook, and that an activation notebook derives all of its g'."""
    compared: set[Any] = set()
    for source, cell in markdown_cells(path):
        for chain in chains(source, path.name, cell):
            compared |= check(chain)
    name = NOTEBOOK_FUNCTION.get(path.name[:2])
    if name is None:
        return
    for sign, side in ((-1, "-"), (1, "+")):
        assert any(z * sign >= 1 for z in compared), f"{path.name}: no chain for g'({side}z), z > 0"
        if ACTIVATIONS[name].kink is not None:
            assert sign * NEARBY in compared, f"{path.name}: no chain for g'_{side}(0)"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_every_derivation_is_true_as_typed(path: Path) -> None:
    assert_derived(path)


@pytest.mark.parametrize(
    ("name", "cells", "problem"),
    [
        ("01-sigmoid.ipynb", [SIGMOID, STABLE], None),
        ("01-sigmoid.ipynb", [SIGMOID, STABLE.replace("1+e^{z}", "1-e^{z}")], "where the line"),
        ("01-sigmoid.ipynb", [STABLE], "no chain for g'"),
        ("02-tanh.ipynb", ["No chain."], "no chain for g'"),
        ("03-relu.ipynb", [RELU, RIGHT], "no chain for g'_-"),
        ("03-relu.ipynb", [RELU, RIGHT, LEFT.replace(r"\alpha", "0")], None),
        ("04-leaky-relu.ipynb", [LEAKY, RIGHT, LEFT], "no chain for g'(+z)"),
        ("06-backpropagation.ipynb", ["No chain."], None),
    ],
)
def test_an_activation_notebook_must_derive_its_slope(
    tmp_path: Path, name: str, cells: list[str], problem: str | None
) -> None:
    path = tmp_path / name
    found = [{"cell_type": "markdown", "id": f"c{i}", "source": c} for i, c in enumerate(cells)]
    path.write_text(json.dumps({"cells": found}), encoding="utf-8")
    if problem is None:
        assert_derived(path)
    else:
        with pytest.raises(AssertionError, match=re.escape(problem)):
            assert_derived(path)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_every_changed_sign_digit_or_factor_in_a_notebook_is_caught(path: Path) -> None:
    for source, cell in markdown_cells(path):
        assert_mutants_are_caught(source, path.name, cell)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_changed_sign_digit_or_factor_in_a_sample_is_caught(sample: str) -> None:
    notebook, source = SAMPLES[sample]
    assert assert_mutants_are_caught(source, notebook, "sample") >= 8


def test_mutants_that_pass_are_true() -> None:
    """A constant has no slope and -0 is +0: changes that only say so are the ones that pass."""
    passed = {
        mutant.lines[number].latex.strip()
        for notebook, source in SAMPLES.values()
        for number, mutated in mutants(source, one(source, notebook))
        for mutant in [one(mutated, notebook)]
        if error_of(mutant) is None
    }
    assert passed == {
        r"-\left(1+e^{-z}\right)^{-2}\cdot\frac{d}{dz}\left(2+e^{-z}\right)",
        "g'_+(1)",
        r"\lim_{h \to 0^+} \frac{g(0+h) + g(0)}{h}",
        r"\lim_{h \to 0^-} \frac{g(0+h) + g(0)}{h}",
        r"\lim_{h \to 0^+} \frac{h + 0}{h}",
        r"\lim_{h \to 0^-} \frac{\alpha h + 0}{h}",
        r"\lim_{h \to 0} \left(2z - h\right)",
    }


def test_the_end_is_compared_with_the_helper_where_the_chain_holds() -> None:
    compared = {sample: check(one(source, name)) for sample, (name, source) in SAMPLES.items()}
    everywhere = frozenset(derivations.POINTS)
    assert compared["SIGMOID"] == compared["STEEP_SIGMOID"] == compared["TANH"] == everywhere
    assert compared["RELU"] == everywhere - {0}
    assert compared["LEAKY"] == {z for z in everywhere if z < 0}
    assert compared["RIGHT"] == {NEARBY}
    assert compared["LEFT"] == {-NEARBY}
    assert not compared["IDENTITY"] | compared["STABLE"] | compared["SQUARE"]


@pytest.mark.parametrize(
    ("sample", "change"),
    [
        ("SIGMOID", {"derivative": lambda z: ACTIVATIONS["sigmoid"].derivative(z) * (1 + 1e-11)}),
        ("SIGMOID", {"derivative": lambda z: -ACTIVATIONS["sigmoid"].derivative(z)}),
        ("SIGMOID", {"alpha": 2.0}),
        ("SIGMOID", {"formula": r"\frac{1}{1 - e^{-\alpha z}}"}),
        ("STEEP_SIGMOID", {"derivative": lambda z, alpha: ACTIVATIONS["sigmoid"].derivative(z)}),
        ("TANH", {"derivative": lambda z: 1 - ACTIVATIONS["tanh"].g(z) ** 2}),
        ("RELU", {"alpha": 0.01}),
        ("RELU", {"derivative": lambda z: 1.0 * (z > -1)}),
        ("RIGHT", {"derivative": lambda z: 0.0}),
        ("LEFT", {"derivative": lambda z, alpha: 1.0}),
        ("LEAKY", {"derivative": lambda z, alpha: 0.01}),
    ],
)
def test_a_wrong_helper_is_caught(
    monkeypatch: pytest.MonkeyPatch, sample: str, change: dict[str, Any]
) -> None:
    notebook, source = SAMPLES[sample]
    name = NOTEBOOK_FUNCTION[notebook[:2]]
    wrong = {**ACTIVATIONS, name: replace(ACTIVATIONS[name], **change)}
    monkeypatch.setattr(derivations, "ACTIVATIONS", wrong)
    with pytest.raises(DerivationError):
        check(one(source, notebook))


def test_the_message_says_where_and_both_values() -> None:
    wrong = STEEP_SIGMOID.replace(
        r"\left(1-\sigma(\alpha z)\right)", r"\left(1+\sigma(\alpha z)\right)"
    )
    with pytest.raises(DerivationError) as failure:
        check(one(wrong))
    message = str(failure.value)
    for part in ("01-sigmoid.ipynb", "some-cell", "line 2", r"\left(1+\sigma(\alpha z)\right)"):
        assert part in message
    assert re.search(
        r"is 0\.\d{29,} where the line before is 0\.\d{29,}, at z = -10\.0, alpha =", message
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_formulas_of_the_catalogue_are_true(name: str) -> None:
    activation = ACTIVATIONS[name]
    number = next(key for key, value in NOTEBOOK_FUNCTION.items() if value == name)
    source = chain_of(
        rf"g'(z) &= {activation.derivative_formula} && \text{{in z}}",
        rf"&= {activation.from_a_formula} && \text{{in a}}",
        introduction=r"Where $z \ne 0$ and $\alpha \ge 0$:",
    )
    chain = one(source, f"{number}-{name}.ipynb")
    assert check(chain)
    here = scope(chain, [read(line.latex) for line in chain.lines])
    for point in here.points:
        z, alpha = (float(number) for _, number in point)
        expected = float(str(value(read("a"), here.g, point)))
        assert activation.g(z, alpha=alpha) == pytest.approx(expected, rel=1e-12, abs=0), point


EXP: Any = mpmath.exp
TANH_OF: Any = mpmath.tanh


def sigma(z: Any) -> Any:
    return 1 / (1 + EXP(-z))


def slope(z: Any) -> Any:
    return sigma(z) * (1 - sigma(z))


@pytest.mark.parametrize(
    ("latex", "truth"),
    [
        (r"a(1-a)", lambda z, s, a: a * (1 - a)),
        (r"a(1-a)^2", lambda z, s, a: a * (1 - a) ** 2),
        (r"a^2(1-a)", lambda z, s, a: a * a * (1 - a)),
        (r"\alpha\,a(1-a)", lambda z, s, a: s * a * (1 - a)),
        (r"\alpha(z+1)z", lambda z, s, a: s * (z + 1) * z),
        (r"z(1+z)(2+z)", lambda z, s, a: z * (1 + z) * (2 + z)),
        (r"2(1+z)3z", lambda z, s, a: 2 * (1 + z) * 3 * z),
        (r"z^{2}3", lambda z, s, a: z**2 * 3),
        (r"z^2a", lambda z, s, a: z**2 * a),
        (r"e^{-z}", lambda z, s, a: EXP(-z)),
        (r"e^z z", lambda z, s, a: EXP(z) * z),
        (r"e(1+z)", lambda z, s, a: EXP(1) * (1 + z)),
        (r"e^{-z(1-z)}(1+e^{2 \alpha z})", lambda z, s, a: EXP(z * z - z) * (1 + EXP(2 * s * z))),
        (r"\sigma(z)", lambda z, s, a: sigma(z)),
        (r"\sigma(z)(1-\sigma(z))", lambda z, s, a: slope(z)),
        (r"\sigma(z)^2", lambda z, s, a: sigma(z) ** 2),
        (r"g(2z)", lambda z, s, a: sigma(2 * s * z)),
        (r"\tanh z", lambda z, s, a: TANH_OF(z)),
        (r"\tanh z \cdot z", lambda z, s, a: TANH_OF(z) * z),
        (r"\tanh(z)z", lambda z, s, a: TANH_OF(z) * z),
        (r"\tanh^2 z", lambda z, s, a: TANH_OF(z) ** 2),
        (r"1-\tanh^{2}\left(2z\right)\cdot 3", lambda z, s, a: 1 - TANH_OF(2 * z) ** 2 * 3),
        (r"\tanh'(2z)", lambda z, s, a: 1 - TANH_OF(2 * z) ** 2),
        (r"\sigma'(2z)", lambda z, s, a: slope(2 * z)),
        (r"\sigma'(\alpha z)z", lambda z, s, a: slope(s * z) * z),
        (r"g'(2z)", lambda z, s, a: s * slope(2 * s * z)),
        (r"g'(0)", lambda z, s, a: s / 4),
        (r"\frac{dg}{dz}", lambda z, s, a: s * slope(s * z)),
        (r"\frac{d}{dz}a", lambda z, s, a: s * slope(s * z)),
        (r"\frac{d}{dz}\left(1+e^{-z}\right)^{-1}", lambda z, s, a: slope(z)),
        (r"\frac{d}{dz}z^3\cdot z", lambda z, s, a: 3 * z**3),
        (r"\frac{d}{dz}\left(z^2\right)\cdot\left(1+z\right)", lambda z, s, a: 2 * z * (1 + z)),
        (r"z\cdot\frac{d}{dz}e^{2z} - z^2", lambda z, s, a: 2 * z * EXP(2 * z) - z**2),
        (r"\frac{d}{dz} \frac{1}{z} + z", lambda z, s, a: -1 / z**2 + z),
        (
            r"\frac{\frac{d}{dz}(z^2)\cdot e^z - z^2\cdot\frac{d}{dz}e^z}{(e^z)^2}",
            lambda z, s, a: (2 * z - z**2) / EXP(z),
        ),
        (r"-z^2", lambda z, s, a: -(z**2)),
        (r"z-(1-z)-2", lambda z, s, a: 2 * z - 3),
        (r"\frac{1}{2}z", lambda z, s, a: z / 2),
        (r"\tfrac{1}{1+z}^2", lambda z, s, a: (1 + z) ** -2),
        (r"12z", lambda z, s, a: 12 * z),
        (r"0.5z", lambda z, s, a: z / 2),
        (r"\left[2 \times z\right]", lambda z, s, a: 2 * z),
        (r"\lvert z-1\rvert\lvert z\rvert", lambda z, s, a: abs(z - 1) * abs(z)),
        (r"e^{-\left|z\right|}", lambda z, s, a: EXP(-abs(z))),
        (r"\max(\alpha z, z)", lambda z, s, a: max(s * z, z)),
        (r"\lim_{h \to 0} \frac{g(z+h)-g(z)}{h}", lambda z, s, a: s * slope(s * z)),
        (r"\lim_{h \to 0^+} \frac{\lvert h\rvert}{h}z", lambda z, s, a: z),
        (r"\lim_{h \to 0^-} \frac{\lvert h\rvert}{h}z", lambda z, s, a: -z),
        (
            r"\begin{cases} z & z > 0 \\ 5 & \text{if } z \le 0 \end{cases}",
            lambda z, s, a: max(z, 5 * (z < 0)),
        ),
    ],
)
def test_the_reader_reads_what_is_written(latex: str, truth: Any) -> None:
    g = read(r"\sigma(\alpha z)")
    for z in (Rational(7, 10), Rational(-13, 10)):
        point = tuple({derivations.Z: z, derivations.ALPHA: Rational(17, 8)}.items())
        with mpmath.workdps(40):
            x, alpha = mpmath.mpf(z.p) / z.q, mpmath.mpf(17) / 8
            expected = truth(x, alpha, sigma(alpha * x))
            got = mpmath.mpf(str(value(read(latex), g, point)))
            assert mpmath.almosteq(got, expected, rel_eps=1e-30), (
                f"{latex} at {z}: {got}, {expected}"
            )


@pytest.mark.parametrize(
    "latex",
    [
        *(
            "",
            "z +",
            "1 2",
            "1 2 ) 3",
            "a(1-a",
            "a)1-a(",
            "(z]",
            "z^10",
            "z^-1",
            "z = 1",
            "1/z",
            "|z|",
        ),
        *(
            "x",
            r"\beta",
            r"\sin(z)",
            r"\frac12",
            r"\sigma",
            r"\sigma z^2",
            r"\max(z)",
            "g''(z)",
            "z'",
        ),
        *(r"\tanh 2z", r"\tanh z a", r"\tanh z(1-z)", r"\tanh^{-1}(z)", r"\tanh^a(z)", r"\sqrt{z}"),
        *(
            r"\frac{d}{dz}",
            r"\frac{d}{dz}\alpha z",
            r"\frac{d}{dz}(z)z",
            r"\frac{d}{dz}-z",
            r"\dots",
        ),
        *(r"\lim_{h \to 0} h + 1", r"\lim_{h \to 1} h", r"\lim_{z \to 0} z", r"\lim_{h \to 0}"),
        *(
            r"\begin{cases} 1 \\ 2 \end{cases}",
            r"\begin{cases} 1 & z \end{cases}",
            "z?",
            "z.",
            r"\%",
        ),
        *(
            r"\begin{matrix} z \end{matrix}",
            "g_+(0)",
            r"\max'(z, 1)",
            r"g(z, 1)",
            r"\lim",
            "g",
            "}",
        ),
        *(r"\begin{cases} 1 & z > 0 & z \end{cases}", r"\begin{cases} 1 & (z > 0) \end{cases}"),
        *(r"\begin{cases} 1 & z > 0 \text \end{cases}", r"\begin{cases}", r"\begin", r"\text{z}"),
        r"\begin{cases} 1 & 0 < z < 1 \end{cases}",
    ],
)
def test_the_reader_refuses_what_it_does_not_know(latex: str) -> None:
    with pytest.raises(UnreadableError):
        read(latex)


@pytest.mark.parametrize(
    ("source", "notebook", "problem"),
    [
        (chain_of("g'(z) &= a(1-a) &&"), "01", "no reason"),
        (chain_of(r"g'(z) &= a(1-a) && \text{ }"), "01", "no reason"),
        (chain_of(r"g'(z) &= a(1-a)"), "01", "not of the form"),
        (chain_of(r"g'(z) &\approx a(1-a) && \text{r}"), "01", "not of the form"),
        (chain_of(r"&= a(1-a) && \text{r}"), "01", "left side"),
        (chain_of(r"g'(z) &= a(1-a) && r", r"a &= a && r"), "01", "left side"),
        (chain_of(r"g'(z) &= a(1-a) && r").replace("$$\n\\b", "$$\\b"), "01", "alignments"),
        ("Text" + chain_of(r"g'(z) &= a(1-a) && r").strip(), "01", "alignments"),
        (chain_of(r"g'(z) &= a(1-a) && r") + "text", "01", "alignments"),
        (chain_of(r"g'(z) &= a(1-a) && r").replace("aligned", "align*"), "01", "alignments"),
        (chain_of(r"g'(z) &= a(1-b) && r"), "01", "line 1"),
        (chain_of(r"g'(z) &= a(1-a)+h && r"), "01", "line 1"),
        (chain_of(r"g'(z) &= a(1-a) && r"), "00", "does not say"),
        (chain_of(r"g'(z) &= 2z && r", introduction="$g(z) = z^3$"), "00", "where the line before"),
        (chain_of(r"g'(z) &= 2z && r", introduction="$g(z) = z^2$"), "01", "notebook's own"),
        (chain_of(r"g'(z) &= 2z && r", introduction=r"$g(z) = \sin(z)$"), "00", "not part of"),
        (chain_of(r"g'(z) &= 1 && r"), "03", "where the line before"),
        (chain_of(rf"\frac{{1}}{{3}} &= 0.{'3' * 29} && r"), "03", "where the line before"),
        (chain_of(r"g'(z) &= 1 && r", introduction="$z > 0$, $z < 0$"), "03", "no sample point"),
        (chain_of(r"g(z) &= \max(\alpha z, z) && r"), "04", "where the line before"),
        (
            chain_of(r"g'(z) &= \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases} && r"),
            "03",
            "where the line before is undefined",
        ),
        (
            chain_of(r"g(z) &= \begin{cases} z & z > 0 \\ 0 & z < 1 \end{cases} && r"),
            "03",
            "is undefined where",
        ),
        (
            chain_of(r"1 &= \lim_{h \to 0} \frac{h}{h} && r", r"&= \frac{h}{h} && r"),
            "03",
            "outside a limit",
        ),
        (chain_of(r"g'_+(0) &= \lim_{h \to 0} \frac{h}{h} && r"), "03", "limit from the side"),
        (chain_of(r"0 &= \lim_{h \to 0} \frac{\lvert h\rvert}{h} && r"), "03", "is undefined"),
        (chain_of(r"\frac{1}{z-z} &= \frac{2}{z-z} && r"), "03", "no value"),
    ],
)
def test_a_bad_chain_is_refused(source: str, notebook: str, problem: str) -> None:
    with pytest.raises(DerivationError, match=re.escape(problem)):
        list(map(check, chains(source, notebook, "some-cell")))


def test_the_introduction_restricts_where_a_chain_holds() -> None:
    row = r"g(z) &= \max(\alpha z, z) && \text{the larger}"
    check(one(chain_of(row, introduction=r"As long as $\alpha \le 1$:"), "04"))
    assert check(one(chain_of("g'(z) &= 1 && r", introduction="$z > 0$:"), "03")) == {
        z for z in derivations.POINTS if z > 0
    }


def test_code_is_not_a_chain() -> None:
    assert not chains("```latex\n\\begin{aligned}\n```\n", "01", "some-cell")
