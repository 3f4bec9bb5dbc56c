r"""Read the derivations out of the notebooks' Markdown and check every line of them, as typed.

How to write a chain
--------------------
A chain is an ``aligned`` display, its ``$$`` on lines of their own between blank lines::

    For $z > 0$:

    $$
    \begin{aligned}
    g'(z) &= \frac{d}{dz}\left(z\right) && \text{definition of } g \\
    &= 1 && \text{slope of the identity}
    \end{aligned}
    $$

Every line is ``&= expression && reason``; the first also has a left side. No reason may be empty.
Every expression must equal the one before it. If the left side is the slope of the notebook's
function (``g'(z)``, ``\frac{dg}{dz}``, ``\sigma'(z)`` …, also with ``z`` in one branch only, or
``g'_+(0)``, ``g'_-(0)``), the last line is also compared with the helper. Every ``aligned`` display
is taken for a chain; what is not a chain (a list of formulas) goes into plain ``$$``.

The paragraph directly before the chain (its introduction) may say, each in a ``$…$`` of its own:

- the branch or the range the chain holds for: ``$z > 0$``, ``$z < 0$``, ``$\alpha \le 1$``,
  ``$h > 0$`` (also ``\ge``, ``\ne``; a symbol first, a number last);
- the function, ``$g(z) = z^2$``. Outside notebooks 01–04 it must be said if the chain uses ``g`` or
  ``a``; inside, ``g`` is the notebook's own function and a statement to the contrary fails.

``a`` always means ``g(z)``. If ``\alpha`` occurs in the chain or in its introduction's formulas, it
is checked at several α and ``g`` is σ(αz), tanh(αz) or the leaky family with that leak. If it does
not, ``g`` is the plain function: α = 1 for sigmoid and tanh, 0 for ReLU (leaky keeps every α).

Expressions: numbers, ``z h a e \alpha``, ``+ - \cdot \times``, ``\frac{…}{…}``, powers, brackets
with or without ``\left \right``, ``\lvert … \rvert``, ``\max(…, …)``, ``g(…)``, ``\sigma(…)``,
``\tanh(…)``, ``\tanh z``, ``\tanh^2(z)``, ``g'(…)``, ``\sigma'(…)``, ``\tanh'(…)``, ``g'_+(0)``,
``\frac{d}{dz}`` in front of *one* factor (bracket anything longer; ``\cdot`` ends it),
``\lim_{h \to 0^+}``, ``0^-`` or ``0`` in front of one term, and
``\begin{cases} 1 & z > 0 \\ \alpha & z < 0 \\ \text{undefined} & z = 0 \end{cases}``. Cases must
not overlap. What else stands there is refused, never guessed at.

How it is read
--------------
``sympy.parsing.latex.parse_latex`` takes ``a(1-a)`` for a call and ``e`` for a name, does not know
``\tanh'`` or ``\lvert``, and lets ``\frac{d}{dz}`` swallow a product. So whatever stands in
brackets, is called, differentiated or taken to a limit is read first, on its own, and stands in the
outer line as a placeholder: ``parse_latex`` only ever sees sums, products, quotients and powers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import sympy  # type: ignore[import-untyped]
from sympy import Expr, Function, Rational, Symbol
from sympy.core.function import AppliedUndef  # type: ignore[import-untyped]
from sympy.parsing.latex import parse_latex  # type: ignore[import-untyped]

from helpers.activations import ACTIVATIONS

NOTEBOOK_FUNCTION = {"01": "sigmoid", "02": "tanh", "03": "relu", "04": "leaky_relu"}

Z, H, ALPHA, A, EULER = (Symbol(name) for name in ("z", "h", "alpha", "a", "e"))
UNDEFINED = Symbol("undefined")

# Binary fractions: the helper's float64 gets exactly the number the formula gets.
POINTS = tuple(Rational(z, 16) for z in (-160, -38, -16, -5, 0, 11, 16, 50, 160))
STEEPNESSES = (Rational(1, 2), Rational(1), Rational(11, 4))
LEAKS = (Rational(-1, 2), Rational(0), Rational(3, 128), Rational(11, 4))
STEPS = (Rational(-3, 8), Rational(1, 1024))
NEARBY = Rational(1, 2**40)
DIGITS = 30
TINY = Rational(1, 10**80)  # what evalf leaves of a difference that is exactly zero

SamplePoint = tuple[tuple[Symbol, Rational], ...]


class DerivationError(AssertionError):
    """A chain that cannot be read or is not true; the message says where and why."""


class UnreadableError(ValueError):
    """LaTeX outside the grammar above."""


class UndefinedError(ArithmeticError):
    """The expression has no value, or no slope, at the point asked for."""


class UndecidedError(LookupError):
    """A choice between cases needs a point, and none was given."""


TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|[A-Za-z]|\s+|.", re.DOTALL)
SPACING = {r"\left", r"\right", r"\,", r"\;", r"\:", r"\!", r"\ ", r"\quad", r"\displaystyle"}
CLOSING = {"(": ")", "[": "]", "{": "}", r"\lvert": r"\rvert", r"\begin": r"\end"}
CALLED = {"g": "g", r"\sigma": "sigma", r"\tanh": "tanh", r"\max": "max"}
SYMBOLS = {"z", "h", "a", "e", r"\alpha"}
OPERATORS = {"+", "-", r"\cdot"}
RELATIONS = {"<": "<", ">": ">", r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">="}
RELATIONS |= {"=": "==", r"\ne": "!=", r"\neq": "!="}
D_DZ = tuple(r"\frac{d}{dz}".replace("{", " { ").replace("}", " } ").replace("dz", "d z").split())

Tokens = tuple[str, ...]


def read(latex: str) -> Expr:
    """Return the expression as it stands, derivatives and limits not yet worked out.

    Raises
    ------
    UnreadableError
        If anything in it is outside the grammar of this module.
    """
    return _read(_tokens(latex))


def _tokens(latex: str) -> Tokens:
    latex = re.sub(r"\\\\\s*\[[^\]]*\]", r"\\\\", latex)  # the space of a line break
    latex = latex.replace(r"\left|", r"\lvert ").replace(r"\right|", r"\rvert ")
    tokens = (token for token in TOKEN.findall(latex) if not token.isspace())
    same = {r"\times": r"\cdot", r"\dfrac": r"\frac", r"\tfrac": r"\frac"}
    return tuple(same.get(token, token) for token in tokens if token not in SPACING)


@cache
def _read(tokens: Tokens) -> Expr:
    pieces: list[str] = []
    parts: dict[Symbol, Expr] = {}
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token == "^":
            i, exponent = _exponent(tokens, i)
            pieces.append(f"^{{{_placeholder(parts, _read(exponent))}}}")
        elif token in SYMBOLS | OPERATORS or token.isdecimal():
            if token.isdecimal() and i and tokens[i - 1].isdecimal():
                raise UnreadableError(f"two numbers side by side: {tokens[i - 1]} {token}")
            pieces.append(token)
            i += 1
        else:
            i, part = _part(tokens, i)
            pieces.append(_placeholder(parts, part))
    tree = _parse(" ".join(pieces))
    return tree.xreplace(parts)


@cache
def _parse(latex: str) -> Expr:
    try:
        tree = parse_latex(latex, strict=True)
    except Exception as error:
        raise UnreadableError(f"parse_latex cannot read {latex!r}") from error
    return tree


def _placeholder(parts: dict[Symbol, Expr], part: Expr) -> str:
    name = f"x_{{{len(parts) + 1}}}"
    parts[Symbol(name)] = part
    return name


def _exponent(tokens: Tokens, i: int) -> tuple[int, Tokens]:
    """Return the end and the content of the exponent whose ``^`` stands at `i`."""
    if tokens[i + 1 : i + 2] == ("{",):
        end = _closing(tokens, i + 1)
        return end, tokens[i + 2 : end - 1]
    content = tokens[i + 1 : i + 2]
    if not content or not (content[0] in SYMBOLS or re.fullmatch(r"\d", content[0])):
        raise UnreadableError("^ needs braces, one digit or one symbol behind it")
    return i + 2, content


def _closing(tokens: Tokens, start: int) -> int:
    """Return the index behind the bracket that closes the one at `start`."""
    opened: list[str] = []
    for i in range(start, len(tokens)):
        if tokens[i] in CLOSING:
            opened.append(CLOSING[tokens[i]])
        elif tokens[i] in CLOSING.values() and (not opened or opened.pop() != tokens[i]):
            break
        if not opened:
            return i + 1
    raise UnreadableError(f"{''.join(tokens[start:])!r} does not begin with a bracket that closes")


def _group(tokens: Tokens, start: int, opening: str) -> tuple[int, Tokens]:
    if tokens[start : start + 1] != (opening,):
        raise UnreadableError(f"{opening} expected behind {''.join(tokens[:start])}")
    end = _closing(tokens, start)
    return end, tokens[start + 1 : end - 1]


def _part(tokens: Tokens, i: int) -> tuple[int, Expr]:
    """Read what `parse_latex` must not see; return its end and its tree."""
    token = tokens[i]
    if token in {"(", "[", "{"}:
        end, inside = _group(tokens, i, token)
        return end, _read(inside)
    if token == r"\lvert":
        end, inside = _group(tokens, i, token)
        return end, Function("abs")(_read(inside))
    if tokens[i : i + len(D_DZ)] == D_DZ:
        return _derivative(tokens, i + len(D_DZ))
    if token == r"\frac":
        middle, numerator = _group(tokens, i + 1, "{")
        end, denominator = _group(tokens, middle, "{")
        if numerator in {("d", "g"), ("d", "a")} and denominator == ("d", "z"):
            return end, Function("g'")(Z)
        return end, sympy.Mul(_read(numerator), 1 / _read(denominator), evaluate=False)
    if token == r"\lim":
        return _limit_of(tokens, i)
    if token == r"\begin":
        return _cases(tokens, i)
    if token in CALLED:
        return _call(tokens, i)
    if re.fullmatch(r"\d+\.\d+", token):
        return i + 1, Rational(token)
    raise UnreadableError(f"{token} is not part of the notation")


def _derivative(tokens: Tokens, start: int) -> tuple[int, Expr]:
    """Read the one factor, with its power, that a d/dz ending at `start` applies to."""
    if start < len(tokens) and (tokens[start] in SYMBOLS or tokens[start].isdecimal()):
        end = start + 1
    elif start < len(tokens) and tokens[start] not in OPERATORS | {"^"}:
        end, _ = _part(tokens, start)
    else:
        raise UnreadableError("d/dz of nothing")
    if tokens[end : end + 1] == ("^",):
        end, _ = _exponent(tokens, end)
    if end < len(tokens) and tokens[end] not in OPERATORS:
        raise UnreadableError(
            "d/dz stands before several factors: bracket them, or end it with \\cdot"
        )
    return end, Function("d/dz")(_read(tokens[start:end]))


def _limit_of(tokens: Tokens, i: int) -> tuple[int, Expr]:
    start, below = _group(tokens, i + 2, "{")
    side = "".join(token for token in below[3:] if token not in "^{}")
    if tokens[i + 1] != "_" or below[:3] != ("h", r"\to", "0") or side not in {"", "+", "-"}:
        raise UnreadableError(r"a limit is \lim_{h \to 0}, \lim_{h \to 0^+} or \lim_{h \to 0^-}")
    depth = 0
    for position, token in enumerate(tokens[start:]):
        depth += (token in CLOSING) - (token in CLOSING.values())
        if position and not depth and token in {"+", "-"}:
            raise UnreadableError("a limit stands before a sum: bracket what it applies to")
    return len(tokens), Function(f"lim{side}")(_read(tokens[start:]))


def _cases(tokens: Tokens, i: int) -> tuple[int, Expr]:
    name = ("{", *"cases", "}")
    end = _closing(tokens, i) + len(name)
    if tokens[i + 1 : i + 1 + len(name)] != name or tokens[end - len(name) : end] != name:
        raise UnreadableError("the only environment inside a chain is cases")
    rows = []
    for row in _separated(tokens[i + 1 + len(name) : end - len(name) - 1], r"\\"):
        value, *condition = _separated(row, "&")
        if len(condition) != 1:
            raise UnreadableError(f"{''.join(row)} is not: value & condition")
        undefined = (r"\text", "{", *"undefined", "}")
        tree = UNDEFINED if value == undefined else _read(value)
        rows.append(Function("row")(tree, *_comparison(condition[0])))
    return end, Function("cases")(*rows)


def _comparison(tokens: Tokens) -> tuple[Symbol, Expr, Expr]:
    """Read ``z > 0``, words around it left aside, as relation, left and right side."""
    while r"\text" in tokens:
        start = tokens.index(r"\text")
        tokens = tokens[:start] + tokens[_closing(tokens, start + 1) :]
    found = [token for token in tokens if token in RELATIONS]
    if len(found) != 1:
        raise UnreadableError(f"{' '.join(tokens)!r} is not one comparison")
    middle = tokens.index(found[0])
    return Symbol(RELATIONS[found[0]]), _read(tokens[:middle]), _read(tokens[middle + 1 :])


def _separated(tokens: Tokens, separator: str) -> list[Tokens]:
    """Split at every `separator` outside brackets."""
    found: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in CLOSING) - (token in CLOSING.values())
        if token == separator and not depth:
            found.append([])
        else:
            found[-1].append(token)
    return [tuple(part) for part in found]


def _call(tokens: Tokens, i: int) -> tuple[int, Expr]:
    name, end = CALLED[tokens[i]], i + 1
    if name != "max" and tokens[end : end + 1] == ("'",):
        name, end = f"{name}'", end + 1
        if tokens[end : end + 2] in {("_", "+"), ("_", "-")}:
            name, end = f"{name}_{tokens[end + 1]}", end + 2
    power = None
    if tokens[end : end + 1] == ("^",):
        end, exponent = _exponent(tokens, end)
        if len(exponent) != 1 or not exponent[0].isdecimal():
            raise UnreadableError("the power of a function name is a natural number")
        power = int(exponent[0])
    if name in {"sigma", "tanh"} and end < len(tokens) and tokens[end] in SYMBOLS - {"e"}:
        end, arguments = end + 1, tokens[end : end + 1]
        if end < len(tokens) and tokens[end] not in OPERATORS:
            raise UnreadableError(
                r"\tanh without brackets stands before one symbol and nothing else"
            )
    else:
        end, arguments = _group(tokens, end, "(")
    read_arguments = [_read(argument) for argument in _separated(arguments, ",")]
    if len(read_arguments) != (2 if name == "max" else 1):
        raise UnreadableError(f"{name} with {len(read_arguments)} arguments")
    call = Function(name)(*read_arguments)
    return end, call if power is None else sympy.Pow(call, power, evaluate=False)


@dataclass(frozen=True)
class Near:
    """Work a tree out where `point` is: derivatives and limits taken, cases chosen.

    Without a point every choice between cases raises `UndecidedError`, so that a formula found
    without one holds everywhere. Inside a derivative a point must not lie on the border of a case.
    """

    g: Expr | None
    point: SamplePoint | None
    differentiable: bool = False

    def at(self, **changed: Rational) -> Near:
        if self.point is None:
            return self
        moved = dict(self.point) | {Symbol(name): value for name, value in changed.items()}
        return replace(self, point=tuple(moved.items()))

    def of(self, tree: Expr) -> Expr:
        if tree == A:
            return self.of(Function("g")(Z))
        if tree == EULER:
            return sympy.E
        if tree == UNDEFINED:
            raise UndefinedError
        if not isinstance(tree, AppliedUndef):
            return tree.func(*map(self.of, tree.args)) if tree.args else tree
        return self._worked_out(tree.func.__name__, tree.args)

    def _worked_out(self, name: str, arguments: tuple[Any, ...]) -> Expr:
        first = arguments[0]
        if name == "g":
            if self.g is None:
                raise UnreadableError(
                    "the chain uses g or a, and its introduction does not say $g(z) = …$"
                )
            return self.of(self.g.xreplace({Z: first}))
        if name == "sigma":
            return 1 / (1 + sympy.exp(-self.of(first)))
        if name == "tanh":
            return sympy.tanh(self.of(first))
        if name in {"max", "abs"}:
            other = arguments[1] if name == "max" else -first
            row = Function("row")
            return self._chosen(
                (row(first, Symbol(">="), first, other), row(other, Symbol("<"), first, other))
            )
        if name == "cases":
            return self._chosen(arguments)
        if name == "d/dz":
            return sympy.diff(replace(self, differentiable=True).of(first), Z)
        if name.startswith("lim"):
            sides = {self._approached(first, side) for side in name[3:] or "+-"}
            if len(sides) != 1:
                raise UndefinedError
            return sides.pop()
        function, _, side = name.partition("'")
        f = Function(function)
        if side:
            return self.of(Function(f"lim{side[1:]}")((f(first + H) - f(first)) / H))
        there = self.at(z=self._number(first))
        return there.of(Function("d/dz")(f(Z))).xreplace({Z: self.of(first)})

    def _chosen(self, rows: tuple[Any, ...]) -> Expr:
        if self.point is None:
            raise UndecidedError
        holding = []
        for row in rows:
            value, relation, left, right = row.args
            gap = self._number(left - right)
            if self.differentiable and gap == 0:
                raise UndefinedError
            if _holds(gap, relation.name):
                holding.append(value)
        if len(holding) != 1:
            raise UndefinedError
        return self.of(holding[0])

    def _number(self, tree: Expr) -> Expr:
        return self.of(tree).xreplace(dict(self.point or ()))

    def _approached(self, tree: Expr, side: str) -> Expr:
        near = self.at(h=NEARBY if side == "+" else -NEARBY)
        return _limit(near.of(tree), side)


@cache
def _limit(formula: Expr, side: str) -> Expr:
    try:
        return sympy.limit(formula, H, 0, side)
    except (NotImplementedError, ValueError) as error:
        raise UndefinedError from error


def _holds(gap: Expr, relation: str) -> bool:
    sign = sympy.sign(gap)
    holds = {"<": sign < 0, ">": sign > 0, "==": sign == 0}
    holds |= {"<=": sign <= 0, ">=": sign >= 0, "!=": sign != 0}
    return bool(holds[relation])


@cache
def formula(tree: Expr, g: Expr | None, point: SamplePoint) -> Expr:
    """Return `tree` in z, h and α, as it is near `point`."""
    try:
        return _everywhere(tree, g)
    except UndecidedError:
        return Near(g, point).of(tree)


@cache
def _everywhere(tree: Expr, g: Expr | None) -> Expr:
    return Near(g, None).of(tree)


@cache
def value(tree: Expr, g: Expr | None, point: SamplePoint) -> Expr | None:
    """Return the value of `tree` to more than `DIGITS` digits; None where it has none."""
    try:
        found = formula(tree, g, point).xreplace(dict(point)).evalf(DIGITS + 10)
    except UndefinedError:
        return None
    if found.free_symbols:
        raise UnreadableError(f"unknown: {', '.join(sorted(map(str, found.free_symbols)))}")
    if not (found.is_real and found.is_finite):
        return None
    return found if abs(found) > TINY else sympy.S.Zero


def equal(x: Expr | None, y: Expr | None) -> bool:
    """Compare two values to `DIGITS` digits; two that do not exist are equal."""
    if x is None or y is None:
        return x is y
    return bool(abs(x - y) <= max(abs(x), abs(y)) * Rational(1, 10**DIGITS))


DISPLAY = re.compile(
    r"(?:\A\s*|\n[ \t]*\n)\$\$[ \t]*\n(.*?)\n\$\$[ \t]*(?=\n[ \t]*\n|\s*\Z)", re.DOTALL
)
ALIGNED = re.compile(r"\s*\\begin\{aligned\}(.*)\\end\{aligned\}\s*", re.DOTALL)
INLINE = re.compile(r"(?<!\$)\$([^$\n]+)\$(?!\$)")
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One expression of a chain and where it stands in the cell's source."""

    latex: str
    start: int
    reason: str


@dataclass(frozen=True)
class Chain:
    """The lines of one chain, the left side as the first of them, and what was said before it."""

    notebook: str
    cell: str
    introduction: str
    lines: tuple[Line, ...]

    def error(self, number: int, problem: str) -> DerivationError:
        latex = self.lines[number].latex
        place = f"line {number}" if number else "the left side"
        title = self.lines[0].latex
        return DerivationError(
            f"{self.notebook}, cell {self.cell}, {place} of the chain {title} = …\n"
            f"  {latex}\n  {problem}"
        )


def chains(source: str, notebook: str, cell: str) -> list[Chain]:
    """Return the chains of one Markdown cell.

    Raises
    ------
    DerivationError
        If an alignment stands where GitHub would not render it, or is not laid out as a chain.
    """
    source = FENCE.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), source)
    found = []
    for display in DISPLAY.finditer(source):
        aligned = ALIGNED.fullmatch(display[1])
        if aligned:
            start = display.start(1) + aligned.start(1)
            introduction = source[: display.start()].rstrip().rpartition("\n\n")[2]
            lines = tuple(_lines(aligned[1], start, f"{notebook}, cell {cell}"))
            found.append(Chain(notebook, cell, introduction, lines))
    alignments = re.findall(
        r"\\begin\{(?:aligned|align\*?|split|eqnarray\*?|gather\w*\*?)\}", source
    )
    if len(alignments) != len(found):
        raise DerivationError(
            f"{notebook}, cell {cell}: {len(alignments)} alignments, {len(found)} readable chains: "
            "a chain is one aligned environment between $$ on lines of their own, with a blank "
            "line before and after"
        )
    return found


def _lines(body: str, start: int, where: str) -> Iterator[Line]:
    rows = list(_split(body, start, r"\\"))
    if not rows[-1][0].strip():
        rows.pop()
    for number, (row, row_start) in enumerate(rows, start=1):
        here = f"{where}, line {number} of a chain\n  {row.strip()}\n  "
        cells = list(_split(row, row_start, "&"))
        if len(cells) != 4 or cells[2][0].strip() or not cells[1][0].lstrip().startswith("="):
            raise DerivationError(f"{here}is not of the form: &= expression && reason")
        (left, left_start), (right, right_start), _, (reason, _) = cells
        if bool(left.strip()) != (number == 1):
            raise DerivationError(f"{here}the first line, and it alone, has a left side")
        words = re.sub(r"\\text\b|\\[,;:! ]|\\q?quad|[{}\s]", "", reason)
        if not words:
            raise DerivationError(f"{here}has no reason")
        if number == 1:
            yield Line(left, left_start, "")
        equals = right.index("=") + 1
        yield Line(right[equals:], right_start + equals, reason)


def _split(text: str, start: int, separator: str) -> Iterator[tuple[str, int]]:
    """Split at every `separator` outside environments and braces; yield parts and their places."""
    depth = begin = 0
    for token in TOKEN.finditer(text):
        depth += (token[0] in {r"\begin", "{"}) - (token[0] in {r"\end", "}"})
        if token[0] == separator and not depth:
            yield text[begin : token.start()], start + begin
            spacing = (
                re.match(r"\s*\[[^\]]*\]", text[token.end() :]) if separator == r"\\" else None
            )
            begin = token.end() + (spacing.end() if spacing else 0)
    yield text[begin:], start + begin


@dataclass(frozen=True)
class Scope:
    """What g stands for in one chain, and the points the chain is checked at."""

    name: str | None
    g: Expr | None
    points: tuple[SamplePoint, ...]


def scope(chain: Chain, trees: list[Expr]) -> Scope:
    """Work out g, the values of α and the sample points of a chain."""
    name = NOTEBOOK_FUNCTION.get(chain.notebook[:2])
    conditions, stated = _said(chain)
    mentioned = [*trees, *stated, *(symbol for _, symbol, _ in conditions)]
    has_alpha = name == "leaky_relu" or any(tree.has(ALPHA) for tree in mentioned)
    g = stated[0] if stated else None
    if name:
        g = read(ACTIVATIONS[name].formula)
        if not has_alpha:
            g = g.xreplace({ALPHA: Rational(str(ACTIVATIONS[name].alpha))})

    axes: dict[Symbol, tuple[Rational, ...]] = {}
    if any(tree.has(Z, A) for tree in trees):
        axes[Z] = POINTS
    if has_alpha:
        axes[ALPHA] = LEAKS if name in {"relu", "leaky_relu"} else STEEPNESSES
    if any(_has_free_h(tree) for tree in trees):
        if any(_sides(tree) for tree in trees):
            raise chain.error(0, "h stands in a limit on one line and outside a limit on another")
        axes[H] = STEPS
    points = [tuple(zip(axes, values, strict=True)) for values in product(*axes.values())]
    for relation, symbol, number in conditions:
        points = [
            point
            for point in points
            if symbol not in axes or _holds(dict(point)[symbol] - number, relation.name)
        ]
    if not points:
        raise chain.error(0, "no sample point fulfils what the introduction says of z, h and α")
    for other in stated if name else ():
        for point in points:
            if not equal(value(other, None, point), value(g, None, point)):
                raise chain.error(0, "the introduction's g is not the notebook's own function")
    return Scope(name, g, tuple(points))


def _said(chain: Chain) -> tuple[list[tuple[Symbol, Expr, Expr]], list[Expr]]:
    """Return the conditions and the definitions of g in the introduction."""
    conditions, stated = [], []
    for latex in INLINE.findall(chain.introduction):
        left, equals, right = latex.partition("=")
        if equals and re.fullmatch(r"\s*g\s*(\\left)?\(z(\\right)?\)\s*", left):
            try:
                stated.append(read(right))
            except UnreadableError as error:
                raise chain.error(0, f"in the introduction, ${latex}$: {error}") from error
            continue
        with suppress(
            UnreadableError
        ):  # other formulas are prose: unread, they grant the chain nothing
            condition = _comparison(_tokens(latex))
            if (
                condition[1] in {Z, H, ALPHA}
                and condition[2].is_number
                and condition[0].name != "=="
            ):
                conditions.append(condition)
    return conditions, stated


def _sides(tree: Expr) -> set[str]:
    """Return the sides, ``+``, ``-`` or both at once, from which limits are taken in `tree`."""
    names = {call.func.__name__ for call in tree.atoms(AppliedUndef)}
    return {name[3:] or "+-" for name in names if name.startswith("lim")}


def _has_free_h(tree: Expr) -> bool:
    if isinstance(tree, AppliedUndef) and tree.func.__name__.startswith("lim"):
        return False
    return tree == H or any(_has_free_h(argument) for argument in tree.args)


def check(chain: Chain) -> frozenset[Rational]:
    """Check every line of a chain; return the z at which its end was compared with the helper.

    Raises
    ------
    DerivationError
        Where a line cannot be read or differs from the one before it, or the end from the helper.
    """
    trees = []
    for number, line in enumerate(chain.lines):
        try:
            trees.append(read(line.latex))
        except UnreadableError as error:
            raise chain.error(number, str(error)) from error
    here = scope(chain, trees)
    one_sided = re.fullmatch(r"g'_([+-])", trees[0].func.__name__) if trees[0].args else None
    for number, tree in enumerate(trees):
        if one_sided and not _sides(tree) <= {one_sided[1]}:
            raise chain.error(number, f"is not the limit from the side of {chain.lines[0].latex}")
        for point in here.points:
            try:
                before, now = (value(trees[n], here.g, point) for n in (max(number - 1, 0), number))
            except UnreadableError as error:
                raise chain.error(number, str(error)) from error
            if not equal(before, now):
                raise chain.error(
                    number,
                    f"is {_shown(now)} where the line before is {_shown(before)}, {_at(point)}",
                )
            if now is None and dict(point).get(Z) != 0:
                raise chain.error(number, f"has no value {_at(point)}")
    if not here.name:
        return frozenset()
    if one_sided:
        beside = NEARBY if one_sided[1] == "+" else -NEARBY
        return frozenset(_compare(chain, here.name, trees[-1], here, at=beside))
    if _is_slope(trees[0]) and all(
        Z in dict(point)
        and equal(value(trees[0], here.g, point), value(Function("g'")(Z), here.g, point))
        for point in here.points
    ):
        return frozenset(_compare(chain, here.name, trees[-1], here))
    return frozenset()


def _is_slope(tree: Expr) -> bool:
    names = {call.func.__name__ for call in tree.atoms(AppliedUndef)}
    return any("'" in name or name == "d/dz" for name in names)


def _compare(
    chain: Chain, name: str, end: Expr, here: Scope, at: Rational | None = None
) -> Iterator[Rational]:
    """Compare the end of a chain with the helper's slope, at the chain's own z or at `at`."""
    for point in here.points:
        expected = value(end, here.g, point)
        if expected is None:
            continue
        z = dict(point)[Z] if at is None else at
        alpha = {"alpha": float(dict(point)[ALPHA])} if ALPHA in dict(point) else {}
        got = float(ACTIVATIONS[name].derivative(float(z), **alpha))
        if not abs(got - expected) <= abs(expected) * Rational(1, 10**12):
            raise chain.error(
                len(chain.lines) - 1,
                f"ends in {_shown(expected)} where the helper gives {got!r}, {_at(point)}",
            )
        yield z


def _shown(number: Expr | None) -> str:
    return "undefined" if number is None else str(number.evalf(DIGITS))


def _at(point: SamplePoint) -> str:
    return "at " + ", ".join(f"{symbol} = {float(number)!r}" for symbol, number in point)


def markdown_cells(path: Path) -> list[tuple[str, str]]:
    """Return source and id of every Markdown cell of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [("".join(c["source"]), c["id"]) for c in cells if c["cell_type"] == "markdown"]
