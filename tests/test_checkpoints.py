"""The table of check points: what it shows, and that its verdict can fail."""

import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from functools import partial
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from helpers.activations import ACTIVATIONS, Activation
from helpers.checkpoints import CheckPoint, CheckTable, check_points
from helpers.text import as_text

SIGMOID, TANH, RELU, LEAKY_RELU = ACTIVATIONS.values()
every_activation = pytest.mark.parametrize(
    "activation", ACTIVATIONS.values(), ids=lambda activation: activation.name
)


def _verdicts(table: CheckTable) -> list[str]:
    return [point.verdict for point in table]


# What is right passes ---------------------------------------------------------------------------
@every_activation
def test_the_three_check_points_pass(activation: Activation) -> None:
    table = check_points(activation)
    assert [point.z for point in table] == [-10, 0, 10]
    assert [verdict[:4] for verdict in _verdicts(table)] == ["pass"] * 3, table
    assert table.passed


@every_activation
def test_a_row_holds_what_the_helpers_give(activation: Activation) -> None:
    for alpha in (activation.alpha, 0.75):
        for point in check_points(activation, (-3, 0.5, 2), alpha):
            assert point.a == activation.g(point.z, alpha=alpha)
            assert point.derivative == activation.derivative(point.z, alpha=alpha)
            assert point.from_a == activation.derivative_from_a(point.a, alpha=alpha)
            assert point.left == point.right == pytest.approx(point.derivative, rel=1e-5)


@every_activation
def test_no_false_alarm_at_any_alpha_of_the_sliders(activation: Activation) -> None:
    for alpha in activation.alphas:
        table = check_points(activation, np.linspace(-10, 10, 41).tolist(), alpha)
        assert table.passed, f"alpha = {alpha}\n{table}"


@every_activation
@pytest.mark.parametrize("alpha", [1e-3, 20.0, 500.0])
def test_no_false_alarm_at_an_extreme_alpha(activation: Activation, alpha: float) -> None:
    table = check_points(activation, np.linspace(-3, 3, 25).tolist(), alpha)
    assert table.passed, table


@every_activation
def test_no_false_alarm_near_zero(activation: Activation) -> None:
    sizes = (1e-310, 1e-12, 1e-5, 1e-4, 5e-4, 9e-4, 1e-3, 2e-3)
    near = [sign * z for z in sizes for sign in (-1, 1)]
    table = check_points(activation, near)
    assert _verdicts(table) == ["pass"] * len(near), table


def test_the_default_alpha_is_the_activations_own() -> None:
    assert check_points(LEAKY_RELU) == check_points(LEAKY_RELU, alpha=0.01)
    assert check_points(LEAKY_RELU) != check_points(LEAKY_RELU, alpha=0.02)
    assert check_points(replace(TANH, alpha=2.0)) == check_points(TANH, alpha=2.0)


# What is wrong fails ----------------------------------------------------------------------------
def _scaled(activation: Activation, factor: float) -> Activation:
    def wrong(z: Any, **alpha: float) -> Any:
        return factor * activation.derivative(z, **alpha)

    return replace(activation, derivative=wrong)


@every_activation
@pytest.mark.parametrize("factor", [-1.0, 0.5, 2.0, 1 - 3e-4, 1 + 3e-4, math.nan])
def test_a_wrong_factor_fails_wherever_the_slope_is_not_0(
    activation: Activation, factor: float
) -> None:
    table = check_points(_scaled(activation, factor), (-10, -1, 1, 10))
    slopes = activation.derivative([-10, -1, 1, 10])
    for point, slope in zip(table, slopes, strict=True):
        wrong = slope != 0 or math.isnan(factor)
        assert point.verdict.startswith("FAIL: g′(z) is") == wrong, table
    assert not table.passed


@every_activation
def test_a_tiny_error_is_left_to_the_tests_of_accuracy(activation: Activation) -> None:
    assert check_points(_scaled(activation, 1 + 1e-5)).passed


@pytest.mark.parametrize("activation", [SIGMOID, TANH], ids=lambda activation: activation.name)
def test_0_does_not_pass_for_a_small_slope(activation: Activation) -> None:
    assert np.allclose(0, TANH.derivative(10))  # the trap: its absolute tolerance is 1e-8
    table = check_points(_scaled(activation, 0.0))
    assert all(verdict.startswith("FAIL: g′(z) is 0, expected") for verdict in _verdicts(table))
    assert all(verdict.endswith("relative error 1") for verdict in _verdicts(table))


def test_the_row_that_failed_says_by_how_much() -> None:
    def wrong(z: Any, alpha: float) -> Any:
        return TANH.derivative(z, alpha=alpha) * (1.5 if z == 10 else 1)

    table = check_points(replace(TANH, derivative=wrong))
    assert _verdicts(table) == [
        "pass",
        "pass",
        "FAIL: g′(z) is 1.23669e−08, expected 8.245e−09, relative error 0.5",
    ]
    assert "FAIL: g′(z) is 1.23669e−08" in repr(table).splitlines()[3]


def test_a_slope_where_there_is_none_fails() -> None:
    table = check_points(replace(RELU, derivative=lambda z, alpha: 1.0), (-10, 10))
    assert _verdicts(table) == ["FAIL: g′(z) is 1, expected 0", "pass"]


def test_a_wrong_slope_from_a_fails_alone() -> None:
    table = check_points(
        replace(SIGMOID, derivative_from_a=lambda a, alpha: a * (1 + a)), (-2, 0, 2)
    )
    assert [verdict[:22] for verdict in _verdicts(table)] == [
        "FAIL: g′ from a is 0.1",
        "FAIL: g′ from a is 0.7",
        "FAIL: g′ from a is 1.6",
    ]


def test_the_slope_of_relu_from_a_with_at_least_0_fails() -> None:
    always = replace(RELU, derivative_from_a=lambda a, alpha: np.where(a >= 0, 1.0, 0.0))
    assert _verdicts(check_points(always))[0] == "FAIL: g′ from a is 1, expected 0"


def test_a_wrong_g_fails() -> None:
    wrong = replace(SIGMOID, g=lambda z, alpha: 2 * SIGMOID.g(z, alpha=alpha))
    table = check_points(replace(wrong, derivative_from_a=SIGMOID.derivative))
    assert all(verdict.startswith("FAIL") for verdict in _verdicts(table))


# The kink ---------------------------------------------------------------------------------------
def _at_zero(activation: Activation, slope: float, alpha: float) -> CheckPoint:
    chosen = replace(activation, derivative=partial(activation.derivative, at_zero=slope))
    (point,) = check_points(chosen, [0], alpha)
    return point


@pytest.mark.parametrize("activation", [RELU, LEAKY_RELU], ids=lambda activation: activation.name)
@pytest.mark.parametrize("alpha", [-0.5, 0.0, 0.01, 1.5])
def test_at_the_kink_every_slope_between_the_sides_passes_and_nothing_else(
    activation: Activation, alpha: float
) -> None:
    low, high = sorted((alpha, 1.0))
    kind = "supergradient" if alpha > 1 else "subgradient"
    for slope in (low, (low + high) / 2, high):
        point = _at_zero(activation, slope, alpha)
        assert point.verdict.startswith(f"pass: a {kind}, between"), point
        assert (point.left, point.right) == pytest.approx((alpha, 1.0), rel=1e-9)
    outside = [(low - 0.1, low), (low - 1e-3, low), (high + 1e-3, high), (high + 0.1, high)]
    for slope, nearest in outside:
        expected = f"FAIL: g′(z) is {as_text(slope)}, expected {as_text(nearest)}"
        assert _at_zero(activation, slope, alpha).verdict.startswith(expected)


def test_without_a_kink_there_is_no_choice_at_0() -> None:
    assert _at_zero(LEAKY_RELU, 1.0, 1.0).verdict == "pass"
    assert _at_zero(LEAKY_RELU, 0.5, 1.0).verdict.startswith("FAIL")
    unaware = replace(RELU, kink=None)  # then the mean of the slopes is expected
    assert check_points(unaware, [0])[0].verdict.startswith("FAIL: g′(z) is 0, expected 0.5")


def test_below_a_leak_of_0_the_slope_does_not_follow_from_a() -> None:
    table = check_points(LEAKY_RELU, alpha=-0.5)
    assert [point.from_a for point in table] == [None, None, None]
    assert [point.cells()[3] for point in table] == ["–", "–", "–"]
    assert table.passed


def test_the_ends_of_the_interval_are_told_with_four_digits() -> None:
    for alpha, told in (
        (0.123456, "subgradient, between 0.1235 and 1"),
        (1.234567, "supergradient, between 1 and 1.235"),
    ):
        assert check_points(LEAKY_RELU, [0], alpha)[0].verdict == f"pass: a {told}"


def test_the_sides_of_a_kink_are_measured_close_to_it() -> None:
    def curved(
        z: float, alpha: float
    ) -> float:  # the central difference is exact, but for rounding
        return max(0.25 * z, z) + z**2

    bent = replace(LEAKY_RELU, g=curved)
    (point,) = check_points(bent, [0], 0.25)
    assert (point.left, point.right) == pytest.approx((0.25 - 2e-3, 1 + 2e-3), rel=1e-9)


def test_the_number_beside_a_kink_is_not_the_kink() -> None:
    moved = replace(
        RELU,
        g=lambda z, alpha: np.maximum(z - 1, 0),
        derivative=lambda z, alpha: float(z > 1),
        derivative_from_a=lambda a, alpha: float(a > 0),
        kink=1.0,
    )
    for activation, kink in ((RELU, 0.0), (moved, 1.0)):
        table = check_points(activation, np.nextafter(kink, [-9, 9]).tolist())
        assert [(point.left, point.right) for point in table] == [(0, 0), (1, 1)]


# Saturation -------------------------------------------------------------------------------------
@pytest.mark.parametrize("activation", [SIGMOID, TANH], ids=lambda activation: activation.name)
def test_where_g_has_saturated_nothing_is_claimed(activation: Activation) -> None:
    (point,) = table = check_points(activation, [40])
    assert point.verdict.startswith("undecided: rounding of g hides slopes below")
    assert not table.passed
    assert check_points(activation, [0, 40]).passed
    step = 1e-3
    limit = 2.0**-52 / (2 * step) / 1e-4  # the spacing of floats at 1, over the secant's width
    assert point.verdict.endswith(f" {as_text(limit, 2)}")
    for slope in (limit * 1.1, 0.25, 1.0):  # too large for rounding to hide
        wrong = replace(activation, derivative=lambda z, alpha, slope=slope: slope)
        assert check_points(wrong, [40])[0].verdict.startswith("FAIL: g′(z) is"), slope
    wrong = replace(activation, derivative=lambda z, alpha: limit * 0.9)
    assert check_points(wrong, [40])[0].verdict == point.verdict


@pytest.mark.parametrize("name", ["derivative", "derivative_from_a"])
def test_a_slope_of_nan_is_never_undecided(name: str) -> None:
    wrong: Any = {name: lambda *_, **__: math.nan}
    assert check_points(replace(SIGMOID, **wrong), [40])[0].verdict.startswith("FAIL")


@every_activation
@pytest.mark.parametrize("z", [1e5, 1e8, 1e13, 1e14, 2.0**53, 1e300, np.finfo(float).max])
def test_no_false_alarm_far_out(activation: Activation, z: float) -> None:
    verdicts = _verdicts(check_points(activation, [-z, z]))
    for verdict in verdicts:
        assert verdict == "pass" or verdict.startswith("undecided: rounding of g hides"), verdicts
    if activation.kink is not None:
        assert (verdicts[1] == "pass") == (z < 1e13), verdicts


@every_activation
@pytest.mark.parametrize("z", [1e5, 1e8])
def test_a_wrong_slope_far_out_fails(activation: Activation, z: float) -> None:
    wrong = replace(activation, derivative=lambda z, alpha: activation.derivative(z) + 0.5)
    table = check_points(wrong, [-z, z])
    assert all(verdict.startswith("FAIL: g′(z) is") for verdict in _verdicts(table)), table


def test_a_failure_outweighs_what_is_undecided() -> None:
    wrong = replace(SIGMOID, derivative_from_a=lambda a, alpha: 0.25)
    assert check_points(wrong, [40])[0].verdict.startswith("FAIL: g′ from a is 0.25")
    wrong = replace(SIGMOID, derivative=lambda z, alpha: 0.25)
    assert check_points(wrong, [40])[0].verdict.startswith("FAIL: g′(z) is 0.25")


# How it looks -----------------------------------------------------------------------------------
def test_the_table_in_plain_text() -> None:
    assert repr(check_points(TANH)).splitlines() == [
        "z    a = g(z)       g′(z) from z  g′ from a    numerical  verdict",
        "−10  −0.9999999959  8.24461e−09   8.24461e−09  8.245e−09  pass",
        "0    0              1             1            1          pass",
        "10   0.9999999959   8.24461e−09   8.24461e−09  8.245e−09  pass",
    ]


@every_activation
def test_the_rendered_table_says_the_same(activation: Activation) -> None:
    wrong = _scaled(activation, 3.0)
    for table in (check_points(activation), check_points(wrong), check_points(activation, [])):
        rendered = ElementTree.fromstring(table._repr_html_())
        assert rendered.tag == "table"
        assert tuple(cell.text for cell in rendered.iter("th")) == table.header
        rows = [[cell.text for cell in row.iter("td")] for row in rendered.iter("tr")][1:]
        assert rows == [point.cells() for point in table]


def test_text_in_the_rendered_table_is_escaped() -> None:
    point = replace(check_points(TANH)[0], verdict="FAIL: 1 < 2 & <b>")
    rendered = ElementTree.fromstring(CheckTable([point])._repr_html_())
    assert [cell.text for cell in rendered.iter("td")][-1] == point.verdict


def test_numbers_as_text() -> None:
    as_texts: list[tuple[Callable[[], str], str]] = [
        (lambda: as_text(0.0), "0"),
        (lambda: as_text(-0.0), "0"),
        (lambda: as_text(-1.5e-7), "−1.5e−07"),
        (lambda: as_text(1 / 3), "0.333333"),
        (lambda: as_text(1 / 3, 2), "0.33"),
        (lambda: as_text(math.nan), "nan"),
        (lambda: as_text(-math.inf), "−inf"),
        (lambda: as_text(None), "–"),
    ]
    for text, expected in as_texts:
        assert text() == expected


# Contract ---------------------------------------------------------------------------------------
def test_a_table_is_a_tuple_that_cannot_be_changed() -> None:
    table = check_points(SIGMOID, (1, 2))
    assert isinstance(table, tuple)
    assert len(table) == 2
    with pytest.raises(FrozenInstanceError):
        table[0].verdict = "pass"  # type: ignore[misc]


def test_any_flat_sequence_of_numbers_will_do() -> None:
    for z in ([-1, 2], (-1.0, 2.0), np.array([-1, 2]), np.array([-1, 2], np.float32)):
        assert check_points(RELU, z) == check_points(RELU, [-1, 2])  # type: ignore[arg-type]
    assert check_points(RELU, []) == ()
    assert not check_points(RELU, []).passed  # nothing was decided


@pytest.mark.parametrize("z", [3, [[1]], [math.nan], [0, math.inf]], ids=repr)
def test_points_that_are_not_flat_and_finite_are_refused(z: Any) -> None:
    with pytest.raises(ValueError, match=r"^z must be a flat sequence of finite numbers; got "):
        check_points(TANH, z)


def test_what_is_not_a_number_is_refused() -> None:
    for z in ("12", [None], [1j]):
        with pytest.raises(TypeError, match=r"^z must be real"):
            check_points(TANH, z)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^alpha .*; got nan$"):
        check_points(TANH, alpha=math.nan)
