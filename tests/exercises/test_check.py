"""The feedback on exercises: no right answer is called wrong, and known mistakes are named."""

import html
import math
import signal
import sys
import threading
from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.activations import leaky_relu, sigmoid
from helpers.differences import central_difference
from helpers.exercises import check as exercises
from helpers.exercises.check import check, progress
from helpers.exercises.sheets import SHEETS, Choice, Function, Number, OwnActivation
from helpers.text import Feedback

EXERCISES = {name: exercise for sheet in SHEETS.values() for name, exercise in sheet.items()}


def names(kind: Any) -> list[str]:
    return [name for name, exercise in EXERCISES.items() if isinstance(exercise, kind)]


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exercises, "_solved", set())


def elu_slope_by_mask(z: Any, alpha: float) -> Any:
    slope = np.ones_like(z, dtype=float)
    slope[z <= 0] = alpha * np.exp(z[z <= 0])
    return slope


def tanh_from_exp(z: Any) -> Any:
    t = -2 * np.abs(z)
    return -np.sign(z) * np.expm1(t) / (1 + np.exp(t))


def leaky_by_mask(z: Any, alpha: float) -> Any:
    slope = np.ones_like(z, dtype=float)
    slope[z <= 0] = alpha
    return slope


def one_relu_slope(z: float, at_zero: float) -> float:
    if z == 0:
        return at_zero
    return 1 if z > 0 else 0


def count_dead(z: Any) -> int:
    count = 0
    for unit in z:
        count += all(value <= 0 for value in unit)
    return count


# At least three ways to write each function, none of them the one in the records or the solution.
RIGHT: dict[str, list[Any]] = {
    "cube-step": [
        lambda z, h: ((z + h) ** 3 - z**3) / h,
        lambda z, h: (z + h) ** 2 + z * (z + h) + z * z,
        lambda z, h: 3 * z * (z + h) + h * h,
    ],
    "difference-bug": [
        lambda g, z, h: (g(z + h) - g(z - h)) / 2 / h,
        lambda g, z, h: 0.5 / h * (g(z + h) - g(z - h)),
        lambda g, z, h: ((g(z + h) - g(z)) / h + (g(z) - g(z - h)) / h) / 2,
    ],
    "inner-step": [
        lambda z, alpha: -alpha / np.exp(alpha * z),
        lambda z, alpha: alpha * (1 - np.exp(-alpha * z)) - alpha,
        lambda z, alpha: -alpha * math.exp(-alpha * z),
    ],
    "sigmoid-derivative": [
        lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
        lambda z: 1 / (np.exp(z) + 2 + np.exp(-z)),
        lambda z: sigmoid(z) - sigmoid(z) ** 2,
        lambda z: (sigmoid(z + 1e-5) - sigmoid(z - 1e-5)) / 2e-5,
        lambda z: [math.exp(-x) / (1 + math.exp(-x)) ** 2 for x in z],
    ],
    "stable-slope": [
        lambda z: 0.5 / (1 + np.cosh(z)),
        lambda z: sigmoid(z) * sigmoid(-z),
        lambda z: 0.25 / np.cosh(z / 2) ** 2,
        lambda z: np.exp(-np.abs(z) - 2 * np.log1p(np.exp(-np.abs(z)))),
    ],
    "second-derivative": [
        lambda a: 2 * a**3 - 2 * a,
        lambda a: 2 * a * (a - 1) * (a + 1),
        lambda a: -2 * np.tanh(np.arctanh(a)) / np.cosh(np.arctanh(a)) ** 2,
    ],
    "tanh-derivative": [
        lambda a, alpha: alpha * (1 - a) * (1 + a),
        lambda a, alpha: alpha - alpha * a * a,
        lambda a, alpha: alpha / np.cosh(np.arctanh(a)) ** 2,
    ],
    "overflow-bug": [
        tanh_from_exp,
        lambda z: np.expm1(2 * np.clip(z, -300, 300)) / (1 + np.exp(2 * np.clip(z, -300, 300))),
        lambda z: np.sinh(np.clip(z, -300, 300)) / np.cosh(np.clip(z, -300, 300)),
        lambda z: math.tanh(z),
    ],
    "squared-step": [
        lambda z: 2 * z * (z > 0),
        lambda z: z + np.abs(z),
        lambda z: np.where(z > 0, 2 * z, 0),
        lambda z: 2 * max(0, z),
    ],
    "relu-derivative": [
        lambda z, at_zero: (z > 0) + at_zero * (z == 0),
        lambda z, at_zero: np.select([z > 0, z == 0], [1.0, at_zero], 0.0),
        lambda z, at_zero: np.where(z == 0, at_zero, (np.sign(z) + 1) / 2),
        one_relu_slope,
    ],
    "greater-equal-bug": [
        lambda da, a: np.where(a > 0, da, 0),
        lambda da, a: da * np.sign(a),
        lambda da, a: [d if x > 0 else 0.0 for d, x in zip(da, a, strict=True)],
    ],
    "without-cases": [
        lambda alpha: 0.5 - 0.5 * alpha,
        lambda alpha: 1 - (1 + alpha) / 2,
        lambda alpha: Fraction(1, 2) * (1 - Fraction(float(alpha))),
    ],
    "leaky-derivative": [
        leaky_by_mask,
        lambda z, alpha: (z > 0) + alpha * (z <= 0),
        lambda z, alpha: alpha + (1 - alpha) * (z > 0),
        lambda z, alpha: [1 if x > 0 else alpha for x in z],
    ],
    "both-branches-bug": [
        elu_slope_by_mask,
        lambda z, alpha: np.where(z > 0, 1.0, alpha * np.exp(-np.abs(z))),
        lambda z, alpha: np.where(z > 0, 1.0, alpha + alpha * np.expm1(np.clip(z, None, 0))),
        lambda z, alpha: 1.0 if z > 0 else alpha * math.exp(z),
    ],
    "dead-units": [
        lambda z: int((z.max(axis=1) <= 0).sum()),
        lambda z: len(z) - np.count_nonzero((z > 0).any(axis=1)),
        count_dead,
    ],
    "layer-backward": [
        lambda da, a, w: (da * (1 - a) * (1 + a)) @ w,
        lambda da, a, w: np.einsum("ij,i,i", w, da, 1 - a**2),
        lambda da, a, w: np.transpose(w).dot(np.multiply(da, 1 - np.square(a))),
    ],
}

RIGHT_OWN: list[tuple[Any, Any]] = [
    (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    (lambda z: np.log1p(np.exp(z)), lambda z: 1 / (1 + np.exp(-z))),
    (lambda z: np.maximum(0.1 * z, z), lambda z: np.where(z > 0, 1, 0.1)),
    (lambda z: np.exp(-(z**2)), lambda z: -2 * z * np.exp(-(z**2))),
    (lambda z: np.tanh(8 * z), lambda z: 8 * (1 - np.tanh(8 * z) ** 2)),
    (lambda z: np.clip(z, -1, 1), lambda z: (np.abs(z) < 1) * 1.0),
    (lambda z: math.atan(z), lambda z: 1 / (1 + z**2)),
    (np.sin, np.cos),
    (np.exp, np.exp),
    (np.square, lambda z: z + z),
    (lambda z: 0 * z, lambda z: 0 * z),
    (lambda z: np.exp(-(z**4)), lambda z: -4 * z**3 * np.exp(-(z**4))),
    (lambda z: np.exp(-30 * z**2), lambda z: -60 * z * np.exp(-30 * z**2)),
    (lambda z: 1e6 + np.sin(z), np.cos),
]


def cut_to(z: Any, above: Any, else_: Any) -> Any:
    """Return slopes in z's own type, as a learner gets who makes the array from z."""
    return np.where(z > 0, above, else_).astype(z.dtype)


# Each mistake once more, written in another way than in the records.
WRONG: dict[str, dict[str, Any]] = {
    "central-secant": {"one-sided": "5/2", "run-of-h": 4.0, "tangent-at-end": 3},
    "cube-step": {
        "limit-too-early": lambda z, h: 3 * z * z,
        "power-of-a-sum": lambda z, h: (z**3 + h**3 - z**3) / h,
        "not-divided": lambda z, h: (z + h) ** 3 - z**3,
        "coefficients": lambda z, h: ((z + h) ** 3 - z**3) / h - 2 * z**2 - 2 * z * h,
    },
    "chain-rule-value": {"upstream-only": 16, "slope-only": 12, "z-for-a": 48, "sum": 28},
    "difference-bug": {
        "run-of-h": lambda g, z, h: 2 * (g(z + h) - g(z - h)) / (2 * h),
        "half-the-rise": lambda g, z, h: 0.5 * g(z + h) - 0.5 * g(z - h),
        "one-sided": lambda g, z, h: g(z + h) / h - g(z) / h,
    },
    "steep-slope": {
        "alpha-in-front": 4.5396e-5,
        "alpha-inside": "0.0133",
        "alpha-lost": 0.006648,
        "value": 1,
        "z-for-a": -40,
        "zero": 0.0,
    },
    "inner-step": {
        "alpha-lost": lambda z, alpha: -1 / np.exp(alpha * z),
        "sign-lost": lambda z, alpha: alpha / np.exp(alpha * z),
        "power-rule": lambda z, alpha: -alpha * z * np.exp(-alpha * z) / math.e,
        "slope-in-alpha": lambda z, alpha: -z / np.exp(alpha * z),
    },
    "sigmoid-derivative": {
        "z-for-a": lambda z: (1 - z) / (1 + np.exp(-z)),
        "z-for-both": lambda z: z - z**2,
        "value": lambda z: 1 / (1 + np.exp(-z)),
        "one-factor": lambda z: np.exp(-z) / (1 + np.exp(-z)),
        "tanh": lambda z: 1 - 1 / (1 + np.exp(-z)) ** 2,
        "twice": lambda z: sigmoid(sigmoid(z)) - sigmoid(sigmoid(z)) ** 2,
    },
    "stable-slope": {
        "cancellation": lambda z: sigmoid(z) - sigmoid(z) ** 2,
        "patched": lambda z: np.where(
            np.abs(z) > 37, sigmoid(-np.abs(z)), sigmoid(z) - sigmoid(z) ** 2
        ),
        "overflow-left": lambda z: np.exp(-z) * sigmoid(z) ** 2 * (z > -355),
        "overflow-right": lambda z: np.exp(z) * sigmoid(-z) ** 2 * (z < 355),
        "clipped": lambda z: 0.5 / (1 + np.cosh(np.minimum(np.abs(z), 500))),
    },
    "backward-bug": {"1": 1, "3": "line 3", "4": "4"},
    "confidently-wrong": {"a": "a", "c": "(c)", "d": "D."},
    "slope-from-a": {"square-lost": 1.6, "plus": "1.36", "sigmoid": -0.96, "a-for-z": 0.71},
    "second-derivative": {
        "chain-lost": lambda a: -a - a,
        "sign-lost": lambda a: 2 * a - 2 * a**3,
        "one-kept": lambda a: 1 - 2 * a + 2 * a**3,
        "sigmoid": lambda a: -2 * a**2 + 2 * a**3,
    },
    "tanh-derivative": {
        "alpha-lost": lambda a, alpha: (1 - a) * (1 + a),
        "twice": lambda a, alpha: alpha / np.cosh(a) ** 2,
        "twice-with-alpha": lambda a, alpha: alpha / np.cosh(alpha * a) ** 2,
        "alpha-squared": lambda a, alpha: alpha * alpha * (1 - a) * (1 + a),
        "alpha-inside": lambda a, alpha: alpha - alpha**3 * a**2,
        "square-lost": lambda a, alpha: alpha - alpha * a,
        "bracket-lost": lambda a, alpha: 1 - a * alpha * a,
    },
    "overflow-bug": {
        "nan-to-zero": lambda z: np.where(np.abs(z) < 700, np.tanh(z), 0),
        "right-half": lambda z: 2 / (1 + np.exp(-2 * z)) - 1 + np.where(z < -400, np.nan, 0),
        "left-half": lambda z: np.expm1(2 * z) / (np.exp(2 * z) + 1),
        "sign-lost": lambda z: np.abs(tanh_from_exp(z)),
    },
    "float32": {"a": "a", "b": "b", "d": "d"},
    "near-the-kink": {"true-slope": 0, "at-the-kink": 1 / 2, "run-of-h": 3 / 4, "identity": 1},
    "squared-step": {
        "no-branch": lambda z: z + z,
        "slope-of-relu": lambda z: np.where(z > 0, 2, 0),
        "factor-lost": lambda z: z * (z > 0),
    },
    "relu-derivative": {
        "at-zero-ignored": lambda z, at_zero: z > 0,
        "greater-equal": lambda z, at_zero: 1 - (z < 0),
        "at-zero-below": lambda z, at_zero: (z > 0) + at_zero * (z <= 0),
        "integers": lambda z, at_zero: cut_to(z, 1, np.where(z == 0, at_zero, 0)),
        "division": lambda z, at_zero: (np.abs(z) + z) / (2 * z),
        "sign": lambda z, at_zero: np.where(z == 0, at_zero, np.where(z > 0, 1, -1)),
    },
    "greater-equal-bug": {
        "upstream-lost": lambda da, a: np.sign(a),
        "value": lambda da, a: a * da,
        "turned": lambda da, a: np.where(a > 0, 0, da),
        "gradient-clipped": lambda da, a: da * (da > 0),
    },
    "dead-unit": {"a": "a", "b": "b", "c": "c"},
    "max-slope": {"leaky": 2, "value": -3, "relu": 0},
    "without-cases": {
        "sign-lost": lambda alpha: -0.5 + alpha / 2,
        "half-lost": lambda alpha: -(alpha - 1),
        "mean": lambda alpha: np.mean([alpha, np.ones_like(alpha)], axis=0),
    },
    "leaky-derivative": {
        "integers": lambda z, alpha: cut_to(z, 1, alpha),
        "integers-and-one": lambda z, alpha: cut_to(z, 1, np.where(z == 0, 1, alpha)),
        "one-at-zero": lambda z, alpha: (z >= 0) + alpha * (z < 0),
        "max-form": lambda z, alpha: np.where(
            (z > 0) == (alpha <= 1), 1.0, np.where(z == 0, min(alpha, 1), alpha)
        ),
        "max-of-slopes": lambda z, alpha: np.maximum((z > 0) * 1.0, alpha),
        "value": lambda z, alpha: z * np.where(z > 0, 1, alpha),
        "relu": lambda z, alpha: (z > 0).astype(int),
    },
    "both-branches-bug": {
        "nan-to-zero": lambda z, alpha: elu_slope_by_mask(z, alpha) * (z < 700),
        "clipped": lambda z, alpha: elu_slope_by_mask(np.maximum(z, -700), alpha),
        "minus-one": lambda z, alpha: elu_slope_by_mask(z, alpha) - alpha * (z <= 0),
        "value": lambda z, alpha: np.where(z > 0, z, alpha * np.exp(-np.abs(z)) - alpha),
        "alpha-lost": lambda z, alpha: elu_slope_by_mask(z, 1.0),
        "alpha-everywhere": lambda z, alpha: elu_slope_by_mask(z, 1.0) * alpha,
        "warning": lambda z, alpha: np.where(z > 0, 1.0, alpha * np.exp(z)),
    },
    "two-libraries": {"a": "a", "b": "b", "d": "d"},
    "leaky-path": {
        "sum": 0.03,
        "mean": 7.03 / 10,
        "all-negative": "1e-20",
        "one-negative": "1/100",
        "zero": 0,
    },
    "steeper-sigmoid": {"a": "a", "c": "c", "d": "d"},
    "dead-units": {
        "entries": lambda z: np.count_nonzero(~(z > 0)),
        "axis": lambda z: np.count_nonzero(z.max(axis=0) <= 0),
        "any": lambda z: np.count_nonzero(z.min(axis=1) <= 0),
        "strict": lambda z: np.count_nonzero(z.max(axis=1) < 0),
        "sum": lambda z: np.count_nonzero(z.mean(axis=1) <= 0),
        "share": lambda z: count_dead(z) / len(z),
    },
    "two-paths": {
        "slope-lost": 0.2,
        "slope-alone": "3/4",
        "one-path": 0.6,
        "sign-lost": 1.05,
        "weights-lost": 0.6 * 0.75,
        "sigmoid": 0.2 / 4,
    },
    "layer-backward": {
        "slope-lost": lambda da, a, w: da @ w,
        "not-transposed": lambda da, a, w: (da - da * a**2) @ w.T,
        "order": lambda da, a, w: (1 - a**2) * (da @ w),
        "square-lost": lambda da, a, w: (da - da * a) @ w,
        "twice": lambda da, a, w: (da / np.cosh(a) ** 2) @ w,
    },
    "z-or-a-bug": {"1": 1, "2": 2, "3": 3, "4": 4},
    "zero-weights": {"a": "a", "c": "c", "d": "d"},
}

WRONG_OWN: dict[str, tuple[Any, Any]] = {
    "value": (np.sin, lambda z: np.sin(z)),
    "z-for-a": (np.tanh, lambda a: 1 - a**2),
    "exchanged": (lambda z: 2 * z, np.square),
    "sign": (np.square, lambda z: -2 * z),
    "factor": (np.square, lambda z: z),
}

# Right but for one thing, and that at few points.
NEARLY: list[tuple[str, Any]] = [
    ("overflow-bug", lambda z: np.where(np.abs(z) >= 1000, np.sign(z), np.sinh(z) / np.cosh(z))),
    ("overflow-bug", lambda z: np.where(np.abs(z) > 3, np.sign(z), np.tanh(z))),
    (
        "both-branches-bug",
        lambda z, alpha: np.where(z > 999, 1, GIVEN["both-branches-bug"](z, alpha)),
    ),
    ("both-branches-bug", lambda z, alpha: np.where(z < -10, 0, elu_slope_by_mask(z, alpha))),
    (
        "stable-slope",
        lambda z: np.where(np.abs(z) > 3, np.exp(-np.abs(z)), sigmoid(z) * sigmoid(-z)),
    ),
    ("squared-step", np.vectorize(lambda z: 2 * z if z > 0 else 0)),
    ("squared-step", lambda z: np.round(2 * np.maximum(0, z))),
    ("relu-derivative", lambda z, at_zero: np.where(np.isclose(z, 0, atol=0.1), at_zero, z > 0)),
    ("greater-equal-bug", lambda da, a: da * (a > 0.1)),
    ("sigmoid-derivative", lambda z: np.where(np.abs(z) > 5, 0, sigmoid(z) * sigmoid(-z))),
    ("dead-units", lambda z: np.sum(np.sum(z <= 0, axis=1) == 3)),
]

NEARLY_OWN: list[tuple[Any, Any, str]] = [
    (lambda z: np.clip(z, 0, 6), lambda z: (z > 0) * 1.0, "At z = 7.1: expected 0, got 1."),
    (lambda z: 1 / z, lambda z: -1 / z**2, "g is not a finite number at z = 0."),
    (lambda z: 1e9 + np.tanh(z), lambda z: 0 * z, "At z = −0.31: expected "),
    (lambda z: np.float32(z) * 2, lambda z: 2 + 0 * z, "It returns float32"),
    (np.sin, lambda z: -np.cos(z), "The size is right everywhere, the sign is not."),
    (np.cos, np.sin, "The size is right everywhere, the sign is not."),
    (lambda z: np.tanh(8 * z), lambda z: np.cosh(8 * z) ** -2, "Everywhere this is 0.125 times"),
    (lambda z: np.tanh(2 * z), lambda z: np.cosh(2 * z) ** -2, "Everywhere this is 0.5 times"),
]


class Silent:
    """What a learner's own object may do."""

    def __array__(self, *_: object, **__: object) -> Any:
        raise RuntimeError("no array")

    def __float__(self) -> float:
        raise RuntimeError("no number")

    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


def sentence(name: str, mistake: str) -> str:
    exercise = EXERCISES[name]
    assert not isinstance(exercise, OwnActivation)
    if isinstance(exercise, Choice):
        return exercise.mistakes[mistake]
    return next((text for key, _, text in exercise.mistakes if key == mistake), "NumPy warns")


@pytest.mark.parametrize("notebook", SHEETS)
def test_there_are_enough_exercises(notebook: str) -> None:
    assert len(SHEETS[notebook]) >= (4 if notebook[:2] in {"01", "02", "03", "04"} else 3)
    assert sum(map(len, SHEETS.values())) == len(EXERCISES), "a name is used twice"


@pytest.mark.parametrize("name", EXERCISES)
def test_own_right_answer_is_right(name: str) -> None:
    exercise = EXERCISES[name]
    if not isinstance(exercise, OwnActivation):
        assert repr(check(name, exercise.right)) == f"Right. {exercise.shows}"


@pytest.mark.parametrize("name", names(Function))
def test_right_functions_are_right_however_written(name: str) -> None:
    assert len(RIGHT[name]) >= 3
    exercise = EXERCISES[name]
    assert isinstance(exercise, Function)
    for number, function in enumerate(RIGHT[name]):
        feedback = check(name, function)
        assert feedback.verdict == "Right.", f"{name}, spelling {number}: {feedback}"
        assert feedback.reason.startswith(exercise.shows)
        assert feedback.mistake is None


@pytest.mark.parametrize("number", range(len(RIGHT_OWN)))
def test_own_activations_are_right(number: int) -> None:
    feedback = check("own-activation", *RIGHT_OWN[number])
    assert feedback.verdict == "Right.", feedback
    assert "secants" in feedback.reason


@pytest.mark.parametrize(
    ("name", "mistake"), [(name, key) for name, wrong in WRONG.items() for key in wrong]
)
def test_known_mistake_is_named(name: str, mistake: str) -> None:
    feedback = check(name, WRONG[name][mistake])
    assert (feedback.verdict, feedback.mistake) == ("Not yet.", mistake), feedback
    assert sentence(name, mistake) in feedback.reason


@pytest.mark.parametrize("mistake", WRONG_OWN)
def test_known_mistake_with_an_own_activation_is_named(mistake: str) -> None:
    feedback = check("own-activation", *WRONG_OWN[mistake])
    assert (feedback.verdict, feedback.mistake) == ("Not yet.", mistake), feedback


@pytest.mark.parametrize(("name", "answer"), NEARLY)
def test_what_is_wrong_at_few_points_is_wrong(name: str, answer: Any) -> None:
    with np.errstate(all="ignore"):
        assert check(name, answer).verdict == "Not yet."


@pytest.mark.parametrize(("g", "derivative", "text"), NEARLY_OWN)
def test_own_activation_that_is_nearly_right_is_wrong(g: Any, derivative: Any, text: str) -> None:
    with np.errstate(all="ignore"):
        feedback = check("own-activation", g, derivative)
    assert feedback.verdict == "Not yet."
    assert text in feedback.reason, feedback


def test_every_known_mistake_is_tested() -> None:
    for name, exercise in EXERCISES.items():
        if isinstance(exercise, Choice):
            assert set(WRONG[name]) == set(exercise.mistakes), name
        elif isinstance(exercise, Number | Function):
            known = {key for key, _, _ in exercise.mistakes}
            assert set(WRONG[name]) - {"warning"} == known, name
            assert len(known) == len(exercise.mistakes), f"{name}: a mistake's name is used twice"
    texts = [sentence(name, mistake) for name, wrong in WRONG.items() for mistake in wrong]
    assert len(set(texts)) >= 30


@pytest.mark.parametrize("name", names(Number))
def test_answers_that_are_known_are_far_apart(name: str) -> None:
    exercise = EXERCISES[name]
    assert isinstance(exercise, Number)
    known = sorted([exercise.right, *(number for _, number, _ in exercise.mistakes)])
    for low, high in pairwise(known):
        assert high - low > 0.03 * max(abs(low), abs(high))  # each holds for 1% around it


@pytest.mark.parametrize("name", EXERCISES)
def test_sentences_read_well(name: str) -> None:
    exercise = EXERCISES[name]
    texts = [exercise.shows]
    if not isinstance(exercise, OwnActivation):
        texts += [sentence(name, mistake) for mistake in WRONG[name] if mistake != "warning"]
    for text in texts:
        assert text[-1] in ".?", text
        assert "  " not in text
        assert len(text) <= 160, text


@pytest.mark.parametrize("name", names(Number))
def test_numbers_as_typed(name: str) -> None:
    exercise = EXERCISES[name]
    assert isinstance(exercise, Number)
    right = exercise.right
    exact = Fraction(right)
    spellings = [
        right,
        np.float64(right),
        np.float32(right),
        np.array(right),
        [right],
        exact,
        Decimal(right),
        str(right),
        f" {right} ",
        f"{right:.3g}",
        f"{right:.5e}",
        f"{right}".replace("-", "−"),
        f"{exact.numerator}/{exact.denominator}",
        f"{exact.numerator} / {exact.denominator}",
    ]
    for spelling in spellings:
        assert check(name, spelling).verdict == "Right.", f"{name}: {spelling!r}"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "?",
        "0,25",
        "1/0",
        "1/2/3",
        "nan",
        math.nan,
        1j,
        [1, 2],
        [],
        np.sin,
        {},
        object(),
        np.ones(3),
        10**400,
        Silent(),
    ],
)
def test_what_is_no_number_is_said_so(answer: object) -> None:
    feedback = check("slope-from-a", answer)
    assert repr(feedback) == "Not yet. A number is asked for, such as 0.25, 1/4 or 4.5e-05."


@given(st.sampled_from(names(Number)), st.floats(0.0101, 1e6), st.sampled_from([-1, 1]))
def test_numbers_far_from_right_are_not_right(name: str, error: float, sign: int) -> None:
    exercise = EXERCISES[name]
    assert isinstance(exercise, Number)
    assert check(name, exercise.right * (1 + sign * error)).verdict == "Not yet."


@given(st.sampled_from(names(Number)), st.floats(-0.99, 0.99))
def test_numbers_near_right_are_right(name: str, error: float) -> None:
    exercise = EXERCISES[name]
    assert isinstance(exercise, Number)
    near = 1e-5 if name in {"central-secant", "chain-rule-value", "max-slope"} else 0.01
    assert check(name, exercise.right * (1 + near * error)).verdict == "Right."


@pytest.mark.parametrize(
    ("name", "answer", "verdict"),
    [
        ("near-the-kink", 0.38, "Right."),  # 0.375, rounded up and down to two digits
        ("near-the-kink", "0.37", "Right."),
        ("near-the-kink", 0.381, "Not yet."),  # three digits, and off in the second
        ("near-the-kink", 0.39, "Not yet."),
        ("near-the-kink", 0.36, "Not yet."),
        ("near-the-kink", 0.3705, "Not yet."),
        ("chain-rule-value", 190, "Not yet."),  # 192: nothing is to be rounded
        ("chain-rule-value", 193, "Not yet."),
        ("central-secant", 1.99, "Not yet."),
        ("steep-slope", 9.1e-5, "Right."),
        ("steep-slope", 9.0796e-5, "Right."),  # 2(1 − a), which is off in the fifth digit
        ("max-slope", 0.96, "Not yet."),
    ],
)
def test_two_digits_are_enough(name: str, answer: object, verdict: str) -> None:
    assert check(name, answer).verdict == verdict


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (1, "Not yet. 1 is too large."),
        (0.5, "Not yet. 0.5 is too small."),
        (-0.64, "Not yet. The size is right, the sign is not."),
        (-0.635, "Not yet. The size is right, the sign is not."),
        (-0.648, "Not yet. −0.648 is too small."),
        (1.28, "Not yet. 1.28 is too large."),
        (math.inf, "Not yet. inf is too large."),
    ],
)
def test_unknown_wrong_number_gives_a_direction(answer: float, text: str) -> None:
    assert repr(check("slope-from-a", answer)) == text


@pytest.mark.parametrize(
    "answer",
    [
        2,
        "2",
        " 2 ",
        "line 2",
        "Line 2.",
        "(2)",
        np.int64(2),
        "2:",
        2.0,
        "Option 2",
        ["2"],
        "**2**",
        "2: a is σ(z) already",
    ],
)
def test_choices_as_typed(answer: object) -> None:
    assert check("backward-bug", answer).verdict == "Right."


@pytest.mark.parametrize(
    "answer",
    [0, 5, "b", "12", "", [2, 3], np.sin, "2 or 3", pytest.param(10**5000, id="long"), Silent()],
)
def test_unknown_choice_names_the_choices(answer: object) -> None:
    assert repr(check("backward-bug", answer)) == "Not yet. Answer with one of 1, 2, 3, 4."


@given(st.sampled_from(names(Function)), st.data())
def test_one_wrong_entry_is_seen_and_rounding_is_not(name: str, data: st.DataObject) -> None:
    exercise = EXERCISES[name]
    assert isinstance(exercise, Function)
    wanted = [np.asarray(exercise.right(*case)) for case in exercise.cases]
    case = data.draw(st.integers(0, len(wanted) - 1), "case")
    entry = data.draw(st.integers(0, wanted[case].size - 1), "entry")
    factor = data.draw(st.sampled_from([1 - 1e-5, 1 + 1e-5, 2.0, -1.0, 1e-5, math.nan]), "factor")
    off = data.draw(st.sampled_from([1e-9, -1e-300, math.inf]), "in place of 0")

    def answers(results: list[Any]) -> Any:
        calls = iter(results)
        return lambda *arguments: next(calls, exercise.right(*arguments))

    rounded = [value * (1 + exercise.rtol / 2) for value in wanted]
    assert check(name, answers(rounded)).verdict == "Right."
    wrong = [value.astype(float) for value in wanted]
    flat = wrong[case].reshape(-1)
    flat[entry] = flat[entry] * factor if flat[entry] else off
    assert check(name, answers(wrong)).verdict == "Not yet."


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("placeholder", [None, ..., lambda *_: ...], ids=["None", "...", "return"])
def test_not_attempted(name: str, placeholder: Any) -> None:
    exercise = EXERCISES[name]
    answer = [placeholder] * (2 if isinstance(exercise, OwnActivation) else 1)
    feedback = check(name, *answer)
    if callable(placeholder) and isinstance(exercise, Number | Choice):
        assert feedback.verdict == "Not yet."
    else:
        expected = "Not attempted yet. Replace the placeholder and run the cell again."
        assert repr(feedback) == expected


# The right answers that are numbers or letters, found once more.
ANSWERS: dict[str, Any] = {
    "central-secant": central_difference(np.square, 1.0, 0.5),
    "chain-rule-value": central_difference(lambda z: z**6, 2.0),
    "steep-slope": central_difference(lambda z: sigmoid(2 * z), -5.0),  # as at 5, with all digits
    "backward-bug": 2,
    "confidently-wrong": "b",
    "slope-from-a": central_difference(np.tanh, np.arctanh(-0.6)),
    "float32": "c",
    "near-the-kink": central_difference(lambda z: max(0.0, z), -0.25, 1.0),
    "dead-unit": "d",
    "max-slope": central_difference(lambda z: max(2 * z, z), -3.0),
    "two-libraries": "c",
    "leaky-path": math.prod([0.01, 1, 1, 0.01, 1, 1, 1, 1, 0.01, 1]),
    "steeper-sigmoid": "b",
    "two-paths": central_difference(
        lambda z: 0.4 * 2 * np.tanh(z) - 0.2 * 3 * np.tanh(z), np.arctanh(0.5)
    ),
    "z-or-a-bug": 5,
    "zero-weights": "b",
}


def test_right_numbers_and_letters_are_right() -> None:
    assert list(ANSWERS) == names(Number | Choice)
    for name, answer in ANSWERS.items():
        assert check(name, answer).verdict == "Right.", name


# What the cells of the notebooks start with, written once more.
GIVEN: dict[str, Any] = {
    "difference-bug": lambda g, z, h: (g(z + h) - g(z - h)) * h / 2,
    "overflow-bug": lambda z: np.sinh(z) / np.cosh(z),
    "greater-equal-bug": lambda da, a: da,
    "both-branches-bug": lambda z, alpha: np.where(z > 700, np.nan, elu_slope_by_mask(z, alpha)),
}


def test_function_as_it_was_given_is_not_attempted() -> None:
    assert set(GIVEN) == {name for name in names(Function) if EXERCISES[name].given}  # type: ignore[union-attr]
    for name, given_one in GIVEN.items():
        feedback = check(name, given_one)
        assert repr(feedback) == (
            "Not attempted yet. The function still returns what it did when you got it. "
            "If you changed it, the change made no difference."
        )


def test_half_an_own_activation_is_not_attempted() -> None:
    assert check("own-activation", np.tanh, lambda z: ...).verdict == "Not attempted yet."
    assert check("own-activation", None, np.tanh).verdict == "Not attempted yet."


def test_wrong_number_of_answers_gets_a_sentence() -> None:
    one = check("own-activation", np.tanh)
    assert repr(one) == "Not yet. Beside its name this exercise takes 2, not 1."
    two = check("slope-from-a", 0.64, 0.64)
    assert repr(two) == "Not yet. Beside its name this exercise takes 1, not 2."
    assert repr(check("slope-from-a")) == "Not yet. Beside its name this exercise takes 1, not 0."


def endless(*_: Any) -> Any:
    while True:
        pass


def endless_and_stubborn(*_: Any) -> Any:
    while True:
        try:
            math.sqrt(2)
        except:  # noqa: E722
            math.sqrt(3)


def changes_its_argument(*arguments: Any) -> Any:
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument *= 2
    return arguments[-1]


def prints_its_result(*arguments: Any) -> None:
    print("slope:", arguments)


def recursion(*arguments: Any) -> Any:
    return recursion(*arguments)


class UnfitError(Exception):
    pass


class ImpoliteError(BaseException):
    def __str__(self) -> str:
        raise UnfitError


def raises(error: BaseException) -> Any:
    def function(*_: Any) -> Any:
        raise error

    return function


NONSENSE: dict[str, Any] = {
    "returns None. Does it have a return statement?": lambda *_: None,
    "returns None. Printing is not returning.": prints_its_result,
    "raises ZeroDivisionError: division by zero.": lambda *_: 1 / 0,
    "raises UnfitError.": raises(UnfitError()),
    "raises UnfitError: one.": raises(UnfitError("one.\ntwo")),
    f"raises UnfitError: {'1' * 200}.": raises(UnfitError("1" * 5000)),
    "raises ImpoliteError.": raises(ImpoliteError()),
    "raises GeneratorExit.": raises(GeneratorExit()),
    "numbers: Silent.": lambda *_: Silent(),
    "numbers: generator.": lambda *_: (number for number in range(3)),
    "None. Does it": lambda *arguments: np.full(np.shape(arguments[0]), None),
    "raises TypeError: too odd.": raises(TypeError("too odd")),
    "raises SystemExit": lambda *_: sys.exit(),
    "raises RecursionError": recursion,
    "something other than real numbers": lambda *_: "0.25",
    "returns something other than real": lambda *_: 10**400,
    "other than real numbers: complex.": lambda *_: 1j,
    "other than real numbers": lambda *_: [[1.0], [1.0, 2.0]],
    "returns something other": lambda *_: object(),
    "returns something other than": lambda *_: np.array(["2020-01-01"], "datetime64[D]"),
    "of the shape (2, 5)": lambda *_: np.ones((2, 5)),
    "of the shape (0,)": lambda *_: [],
    "got nan. Such a nan comes from": lambda *_: math.nan,
    "a single number, whatever": lambda *_: 0.123,
    "got inf": lambda *_: math.inf,
}


@pytest.mark.parametrize("name", [*names(Function), *names(OwnActivation)])
@pytest.mark.parametrize("text", NONSENSE)
def test_unfit_function_gets_a_sentence(
    name: str, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    own = name == "own-activation"
    feedback = check(name, *([np.tanh] if own else []), NONSENSE[text])
    assert feedback.verdict == "Not yet."
    assert len(feedback.reason) < 400
    if not (name == "dead-units" and "single number" in text):
        assert text in feedback.reason, feedback
    assert capfd.readouterr() == ("", "")


def test_first_of_own_activations_functions_is_looked_at_as_well() -> None:
    assert "raises UnfitError" in repr(check("own-activation", raises(UnfitError()), np.tanh))
    with np.errstate(all="ignore"):
        feedback = check("own-activation", np.log, lambda z: 1 / z)
    assert repr(feedback).startswith("Not yet. g is not a finite number at z = −8.2.")


def test_own_activations_of_true_and_false_are_compared_as_numbers() -> None:
    leaky, step = (lambda z: np.maximum(0.1 * z, z)), (lambda z: z > 0)
    assert repr(check("own-activation", leaky, step)).startswith(
        "Not yet. At z = −8.2: expected 0.1, got 0."
    )
    assert check("own-activation", step, lambda z: 0 * z).verdict == "Right."


def test_what_fails_only_in_our_probes_is_not_the_learners() -> None:
    def grows(z: Any) -> Any:
        return np.array([math.exp(x * x) for x in z])  # of z³ it overflows

    def sorts(z: Any) -> Any:
        z.sort()  # what g(z) = -z gives is in the other order
        return 0 * z

    assert repr(check("own-activation", lambda z: -z, sorts)).startswith(
        "Not yet. At z = −8.2: expected −1, got 0."
    )
    assert repr(check("own-activation", lambda z: z**3, grows)).startswith(
        "Not yet. At z = −8.2: expected 201.72, got 1.59207e+29."
    )


def test_a_caret_is_no_power() -> None:
    for feedback in (
        check("cube-step", lambda z, h: 3 * z ^ 2),
        check("without-cases", lambda alpha: (1 - alpha) ^ 1),
    ):
        assert feedback.mistake == "caret"
        assert feedback.reason.endswith("In Python a power is written **, not ^.")
    minus = check("relu-derivative", lambda z, at_zero: ((z > 0) - (z < 0) + 1) / 2)
    assert "bitwise_xor" in minus.reason  # which NumPy advises to take
    assert minus.mistake == "raises"


@pytest.mark.parametrize(
    "cancels",
    [
        lambda z: 1 - 2 / (1 + np.exp(2 * z)),
        lambda z: 2 * sigmoid(2 * z) - 1,
        lambda z: np.sign(z) * (1 - np.exp(-2 * np.abs(z))) / (1 + np.exp(-2 * np.abs(z))),
        lambda z: np.where(np.abs(z) > 20, np.sign(z), 1 - 2 / (1 + np.exp(2 * np.clip(z, -9, 9)))),
    ],
)
def test_a_tanh_that_loses_its_digits_near_0_is_told_so(cancels: Any) -> None:
    feedback = check("overflow-bug", cancels)
    assert feedback.mistake == "cancels"
    assert feedback.reason.startswith("Far out it is right. At z = 1.3e−12: expected 1.3e−12, got ")
    assert "expm1" in feedback.reason


def test_not_all_that_is_wrong_near_0_cancels() -> None:
    feedback = check("overflow-bug", lambda z: np.where(np.abs(z - 1e-12) < 9e-13, 0.5, np.tanh(z)))
    assert feedback.mistake is None
    assert feedback.reason == "At z = 1.3e−12: expected 1.3e−12, got 0.5."


def test_function_for_one_number_that_fails_is_located() -> None:
    def quotient(z: float) -> float:
        return math.sinh(z) / math.cosh(z)

    assert repr(check("overflow-bug", quotient)) == (
        "Not yet. At z = −1000 your function raises OverflowError: math range error."
    )
    assert "At z = −2, alpha = 1.5 your function raises KeyError: 3." in repr(
        check("both-branches-bug", lambda z, alpha: 0.0 if z < -2 else {1: 2}[3])
    )
    assert "Your function raises ValueError: no." in repr(
        check("overflow-bug", lambda z: raises(ValueError("no"))() if np.ndim(z) else z.sum(axis=9))
    )


@pytest.mark.parametrize("name", ["sigmoid-derivative", "layer-backward", "difference-bug"])
def test_function_that_changes_its_argument_gets_a_sentence(name: str) -> None:
    exercise = EXERCISES[name]
    assert isinstance(exercise, Function)
    before = [np.copy(part) for part in exercise.cases[0] if isinstance(part, np.ndarray)]
    feedback = check(name, lambda *a: (changes_its_argument(*a), exercise.right(*a))[1])
    assert feedback.mistake == "changes", feedback
    after = [part for part in exercise.cases[0] if isinstance(part, np.ndarray)]
    assert all(map(np.array_equal, before, after))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this platform cannot interrupt")
@pytest.mark.parametrize("function", [endless, endless_and_stubborn])
def test_function_that_does_not_return_is_interrupted(
    function: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exercises.TIME_LIMIT == 5
    monkeypatch.setattr(exercises, "TIME_LIMIT", 0.1)
    before = signal.getsignal(signal.SIGALRM)
    expected = "Not yet. No result within 0.1 s. Is there a loop that does not end?"
    assert repr(check("sigmoid-derivative", function)) == expected
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert check("sigmoid-derivative", RIGHT["sigmoid-derivative"][0]).verdict == "Right."


def test_outside_the_main_thread_there_is_no_limit_but_an_answer() -> None:
    answers: list[Feedback] = []
    thread = threading.Thread(target=lambda: answers.append(check("slope-from-a", 0.64)))
    thread.start()
    thread.join()
    assert answers[0].verdict == "Right."


def test_interrupting_the_kernel_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        check("sigmoid-derivative", raises(KeyboardInterrupt()))


@pytest.mark.parametrize(("kind", "few"), [("f2", 1), ("f4", 1), ("f8", 0), ("longdouble", 0)])
def test_few_digits_are_remarked(kind: str, few: bool) -> None:
    feedback = check("relu-derivative", lambda z, at_zero: np.heaviside(z, at_zero).astype(kind))
    assert feedback.verdict == "Right."
    assert feedback.reason.endswith("with seven digits at most.") == few


def test_prints_are_hidden_and_remarked(capfd: pytest.CaptureFixture[str]) -> None:
    feedback = check("sigmoid-derivative", lambda z: (print(z), sigmoid(z) * sigmoid(-z))[1])
    assert feedback.verdict == "Right."
    assert feedback.reason.endswith("What it prints is not shown here.")
    assert capfd.readouterr() == ("", "")


def test_integers_and_single_numbers_are_remarked() -> None:
    right = check("relu-derivative", one_relu_slope)
    assert right.verdict == "Right."
    assert right.reason.endswith(
        "It takes one number at a time; with np.where and np.exp it would take arrays."
    )
    floats = "It returns integers, or True and False: what is stored in them later is cut."
    whole = check("greater-equal-bug", lambda da, a: (7 * da).astype(int))
    assert repr(whole).endswith(f"expected 0, got 14. {floats}")
    assert floats not in check("dead-units", count_dead).reason
    single = check("sigmoid-derivative", lambda z: 3)
    assert repr(single) == (
        "Not yet. At z = −6: expected 0.00246651, got 3. "
        "It returns a single number, whatever it is given."
    )


@pytest.mark.parametrize(
    ("name", "answer", "text"),
    [
        ("sigmoid-derivative", lambda z: -sigmoid(z) * sigmoid(-z), "the sign is not"),
        ("sigmoid-derivative", lambda z: 2 * sigmoid(z) * sigmoid(-z), "2 times what is asked"),
        ("sigmoid-derivative", lambda z: sigmoid(z) * sigmoid(-z) / -2, "this is −0.5 times"),
        ("sigmoid-derivative", lambda z: sigmoid(z) * sigmoid(-z) + (z == 2), "At z = 2: expected"),
        (
            "stable-slope",
            lambda z: 0.5 / (1.00000001 + np.cosh(z)),
            "expected 0.25, got 0.24999999875",
        ),
        ("leaky-derivative", lambda z, alpha: leaky_relu(z, alpha) + 1, "At z = −3 (an integer), "),
        ("leaky-derivative", lambda z, alpha: leaky_relu(z, alpha) + 1, "alpha = 0.01: expected"),
        ("leaky-derivative", lambda z, alpha: np.where(z > 0, 1.0, alpha**2), "got 0.0001."),
        ("difference-bug", lambda g, z, h: g(z) + z, "At z = −6, h = 0.25: expected"),
        ("layer-backward", lambda da, a, w: da + 1, "At da = [0.5, -2.0, 1.0], a = [0.5, "),
        (
            "layer-backward",
            lambda da, a, w: da + 1,
            "0.75]], entry [0]: expected −3.09375, got 1.5.",
        ),
        ("dead-units", lambda z: 4, "At z = [[-1.0, -3.0, -0.5], [2.0, -1.0, 1.0], [-0.5, "),
        ("dead-units", lambda z: 2, "[-0.5, 1.0, 4.0, -2.0, -2.0]]: expected 1, got 2."),
        ("sigmoid-derivative", lambda: 0, "raises TypeError: "),
        ("layer-backward", lambda da, a, w: math.tanh(da), "raises TypeError: "),
        ("dead-units", lambda z: math.tanh(z), "raises TypeError: "),
        ("sigmoid-derivative", lambda z: z > 0, "It returns integers, or True and False"),
        (
            "sigmoid-derivative",
            lambda z: sigmoid(z) * sigmoid(-z) - 0.01,
            "expected 0.00246651, got −0.00753349.",
        ),
        (
            "sigmoid-derivative",
            lambda z: sigmoid(z) * sigmoid(-z) * (1 + 1e-9) + (z == 2),
            "At z = 2: expected",
        ),
        ("inner-step", lambda z, alpha: 0 * z, "got 0."),
        ("cube-step", lambda z, h: np.exp(1000 * z), "got 0."),
        ("sigmoid-derivative", 0.25, "A function is asked for."),
        ("relu-derivative", lambda z, at_zero: at_zero * z, "At z = 0.04, at_zero = 0: expected 1"),
    ],
)
def test_unknown_wrong_function_is_located(name: str, answer: Any, text: str) -> None:
    feedback = check(name, answer)
    assert feedback.verdict == "Not yet."
    assert text in feedback.reason, feedback


@pytest.mark.parametrize("place", [-4.3, -2.2, -1.7, -0.31, 0.43, 1.3, 2.6, 4.7])
@pytest.mark.parametrize("error", [1e-4, -1e-4, 0.5])
def test_own_derivative_that_is_wrong_in_one_place_is_located(place: float, error: float) -> None:
    def derivative(z: Any) -> Any:
        return np.cos(z) * (1 + error * (z == place))

    feedback = check("own-activation", np.sin, derivative)
    assert feedback.verdict == "Not yet."
    assert f"At z = {place:g}: expected ".replace("-", "−") in feedback.reason, feedback


def test_own_derivative_is_compared_where_the_function_is_tiny() -> None:
    def derivative(z: Any) -> Any:
        return -2 * z * np.exp(-(z**2)) * np.where(z == 4.7, 1.001, 1)

    feedback = check("own-activation", lambda z: np.exp(-(z**2)), derivative)
    assert "At z = 4.7: expected" in feedback.reason, feedback
    flat = check("own-activation", lambda z: 0 * z + 3, lambda z: 0 * z + 1)
    assert repr(flat) == "Not yet. At z = −8.2: expected 0, got 1."


def test_unknown_exercise_names_near_ones() -> None:
    with pytest.raises(ValueError, match="did you mean sigmoid-derivative or"):
        check("sigmoid-derivatve", None)
    with pytest.raises(ValueError, match="no exercise 'q'; did you mean central-secant or"):
        check("q", None)
    for forgotten in (np.tanh, 0.25, ["a"]):
        with pytest.raises(ValueError, match=r"no exercise .*; did you mean central-secant or"):
            check(forgotten)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no notebook '01'; there are 00-start-here, 01-sigmoid"):
        progress("01")


def test_progress_counts_what_is_solved_in_this_kernel() -> None:
    assert repr(progress("06-backpropagation")) == (
        "0 of 4 exercises solved in this kernel. "
        "Open: two-paths, layer-backward, z-or-a-bug, zero-weights."
    )
    check("two-paths", 0.2)
    check("zero-weights", "b")
    check("slope-from-a", 0.64)
    assert repr(progress("06-backpropagation")) == (
        "1 of 4 exercises solved in this kernel. "
        "Solved: zero-weights. Open: two-paths, layer-backward, z-or-a-bug."
    )
    for name in SHEETS["06-backpropagation"]:
        check(name, EXERCISES[name].right)  # type: ignore[union-attr]
    check("zero-weights", "a")
    assert repr(progress("06-backpropagation")) == (
        "4 of 4 exercises solved in this kernel. "
        "Solved: two-paths, layer-backward, z-or-a-bug, zero-weights."
    )


def test_feedback_is_announced_and_carries_no_color() -> None:
    feedback = check("overflow-bug", raises(ValueError("<b> & co")))
    with pytest.raises(FrozenInstanceError):
        feedback.verdict = "Right."  # type: ignore[misc]
    shown = feedback._repr_html_()
    assert shown.startswith('<p role="status"><strong>Not yet.</strong> Your function raises')
    assert "&lt;b&gt; &amp; co" in shown
    assert "style" not in shown
    assert html.unescape(shown.replace("<strong>", "").replace("</strong>", "")) == (
        f'<p role="status">{feedback!r}</p>'
    )
