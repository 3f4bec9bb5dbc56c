"""The activation functions against exact values, their contract line by line, and the catalogue."""

import inspect
import math
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath  # type: ignore[import-untyped]
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sympy import Rational  # type: ignore[import-untyped]

from helpers import (
    ACTIVATIONS,
    leaky_relu,
    leaky_relu_derivative,
    leaky_relu_derivative_from_a,
    relu,
    relu_derivative,
    relu_derivative_from_a,
    sigmoid,
    sigmoid_derivative,
    sigmoid_derivative_from_a,
    tanh,
    tanh_derivative,
    tanh_derivative_from_a,
)
from tests.support.derivations import ALPHA, Z, read, value

STEEP = [
    sigmoid,
    sigmoid_derivative,
    sigmoid_derivative_from_a,
    tanh,
    tanh_derivative,
    tanh_derivative_from_a,
]
LEAKY = [leaky_relu, leaky_relu_derivative, leaky_relu_derivative_from_a]
PLAIN = [relu, relu_derivative, relu_derivative_from_a]
FUNCTIONS = [*STEEP, *LEAKY, *PLAIN]
FLOATS: list[Any] = [np.float16, np.float32, np.float64]


def _name(thing: Any) -> str | None:
    return getattr(thing, "__name__", None)


every_function = pytest.mark.parametrize("f", FUNCTIONS, ids=_name)
every_float = pytest.mark.parametrize("dtype", FLOATS, ids=_name)
every_activation = pytest.mark.parametrize("key", ACTIVATIONS)
ALPHAS = [None, 1.0, 0.3, np.float64(0.3)]


def _keywords(f: Any, alpha: float | None) -> dict[str, float]:
    return {} if alpha is None or f in PLAIN else {"alpha": alpha}


# Accuracy ---------------------------------------------------------------------------------------
BITS = 160  # hold alpha z exactly and leave more than 40 digits to the functions of it

Exact = Callable[[Any, Any], Any]


def _slope_of_sigmoid(t: Any) -> Any:
    e = mpmath.exp(-abs(t))
    return e / (1 + e) ** 2


# Each function with its exact value at (z, alpha), and with |t f'(t) / f(t)| or a little more, the
# factor by which a relative error of t = alpha z grows on its way to the result.
CASES = [
    (sigmoid, lambda z, alpha: 1 / (1 + mpmath.exp(-alpha * z)), lambda t: abs(t) * sigmoid(-t)),
    (sigmoid_derivative, lambda z, alpha: alpha * _slope_of_sigmoid(alpha * z), lambda t: abs(t)),
    (tanh, lambda z, alpha: mpmath.tanh(alpha * z), np.ones_like),
    (
        tanh_derivative,
        lambda z, alpha: 4 * alpha * _slope_of_sigmoid(2 * alpha * z),
        lambda t: 2 * abs(t),
    ),
    (leaky_relu, lambda z, alpha: z if z > 0 else alpha * z, np.ones_like),
    (leaky_relu_derivative, lambda z, alpha: mpmath.mpf(1) if z > 0 else alpha, np.zeros_like),
]
every_case = pytest.mark.parametrize(
    ("f", "exact", "growth"), CASES, ids=[f.__name__ for f, *_ in CASES]
)

# Three roundings of one unit at most each, float16; the libraries' exp and cosh in the others.
ALLOWED = {np.float16: 4.0, np.float32: 6.0, np.float64: 4.0}


def _points(dtype: Any, count: int) -> Any:
    """Return points of every size the type has, most of them where the functions bend."""
    info = np.finfo(dtype)
    rng = np.random.default_rng(0)
    signs = rng.choice([-1.0, 1.0], count // 4)
    # Around these the results saturate, or exp or cosh overflows, in one of the three types.
    known = [0.5, 1.0, 9.7, 10.0, 11.1, 16.6, 17.3, 19.1, 36.7, 37.0, 44.4, 87.3, 88.7, 89.4, 103.9]
    known += [354.2, 355.2, 372.5, 708.0, 708.4, 709.7, 709.8, 710.4, 710.5, 745.0, 745.2]
    ends = [info.max, np.nextafter(info.max, info.tiny), info.tiny, info.smallest_subnormal, 0.0]
    parts = [
        np.outer([-1.0, 1.0], [*known, *ends]).ravel(),
        np.linspace(-20.0, 20.0, count // 4),
        rng.uniform(-750.0, 750.0, count // 4),
        signs * 10 ** rng.uniform(-8, 1, count // 4),
        signs * np.exp2(rng.uniform(info.minexp - info.nmant, info.maxexp - 0.01, count // 4)),
    ]
    return np.concatenate(parts)[:count].astype(dtype)


def _compare(f: Any, exact: Exact, z: Any, alpha: float, allowed: Any, lost: float = 0.0) -> None:
    """Compare f with the exact values, every point within its own number of ulp.

    Where the exact value is below the smallest normal number, or below `lost`, the result may be
    anything from 0 to there.
    """
    info = np.finfo(z.dtype)
    tiny, largest = max(float(info.tiny), lost), float(info.max)
    results = f(z, alpha=alpha)
    assert results.dtype == z.dtype
    worst, report, compared = 0.0, "", 0
    with mpmath.workprec(BITS):
        for z_i, got, limit in zip(z.tolist(), results.tolist(), allowed.tolist(), strict=True):
            expected = exact(mpmath.mpf(z_i), mpmath.mpf(alpha))
            where = f"{f.__name__}({z_i!r}, alpha={alpha!r}) in {z.dtype}: got {got!r}"
            assert not math.isnan(got), where
            if abs(expected) > largest:
                assert abs(got) >= largest, f"{where}, expected an overflow"
                continue
            if abs(expected) < tiny:
                size = got if expected >= 0 else -got
                assert 0 <= size <= tiny, f"{where}, expected {mpmath.nstr(expected, 20)}"
                continue
            compared += 1
            ulp = mpmath.ldexp(1, mpmath.frexp(expected)[1] - info.nmant - 1)
            error = float(abs(got - expected) / ulp)
            if error > worst * limit:
                worst = error / limit
                report = f"{where}, expected {mpmath.nstr(expected, 20)}: {error:.3f} ulp"
                report += f" apart, {limit:.3f} allowed"
    assert worst <= 1, report
    assert compared >= len(z) / 10, "too few results are normal numbers to say anything"


@every_float
@every_case
def test_plain_functions_are_within_a_few_ulp_of_the_exact_value(
    f: Any, exact: Exact, growth: Any, dtype: Any
) -> None:
    z = _points(dtype, 10_000)
    _compare(f, exact, z, 1.0, np.full(z.shape, ALLOWED[dtype]))


@every_float
@every_case
def test_another_alpha_costs_the_rounding_of_alpha_z(
    f: Any, exact: Exact, growth: Any, dtype: Any
) -> None:
    for alpha in (1e-3, 0.1, 0.3, 0.7, 2.0, 3.3, 4.0, 500.0):
        with np.errstate(over="ignore"):
            z = (_points(dtype, 1_000) / alpha).astype(dtype)
        z = z[np.isfinite(z)]
        if dtype is np.float64:
            # alpha z is wrong by 2**-53 of it at most, and 2**-53 of a result is at most one ulp.
            allowed = ALLOWED[dtype] + growth(alpha * z.clip(-1e300, 1e300))
        else:  # worked out in float64 and rounded once
            allowed = np.full(z.shape, 0.501)
        overflow = {sigmoid_derivative: 2.8e-309, tanh_derivative: 1.2e-308}.get(f, 0)
        _compare(f, exact, z, alpha, allowed, alpha * overflow)


# Contract ---------------------------------------------------------------------------------------
NUMBERS: list[Any] = [
    2,
    -3.5,
    True,
    np.float64(0.25),
    np.int8(-1),
    np.bool_(False),
    np.array(1.5),
    0.0,
]


@every_function
def test_a_number_gives_a_numpy_scalar(f: Any) -> None:
    for number in NUMBERS:
        result = f(number)
        assert type(result) is np.float64, f"for {number!r}"
        assert_allclose(result, f([float(number)])[0], rtol=1e-15, err_msg=f"for {number!r}")


@every_function
def test_a_narrow_number_stays_narrow(f: Any) -> None:
    for dtype in FLOATS:
        for number in (dtype(0.5), np.array(0.5, dtype)):
            for alpha in ALPHAS:
                assert type(f(number, **_keywords(f, alpha))) is dtype, f"at alpha = {alpha}"


@every_function
def test_shape_and_type_are_kept(f: Any) -> None:
    for shape in [(0,), (0, 3), (2, 0, 2), (1,), (7,), (2, 3, 4), (1, 1, 1)]:
        for dtype in FLOATS:
            for alpha in ALPHAS:
                z = np.linspace(-3, 3, math.prod(shape)).reshape(shape).astype(dtype)
                result = f(z, **_keywords(f, alpha))
                assert type(result) is np.ndarray
                assert (result.shape, result.dtype) == (shape, dtype), f"at alpha = {alpha}"


@every_function
def test_lists_and_tuples_are_arrays_of_float64(f: Any) -> None:
    expected = f(np.array([[-2.0, 0.0], [1.0, 3.0]]))
    for given in ([[-2, 0], [1, 3]], ((-2, 0.0), (1, 3)), [np.array([-2, 0]), [1, 3]]):
        assert_array_equal(f(given), expected, strict=True)
    assert_array_equal(f([]), np.array([], np.float64), strict=True)
    assert_array_equal(f([True, False]), f([1.0, 0.0]), strict=True)


@every_function
def test_integers_and_bools_become_float64(f: Any) -> None:
    for kind in ("?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
        z = np.array([1, 0, 1] if kind == "?" else [127, 0, 1], kind)
        z = -z if kind[0] == "i" else z
        assert_array_equal(f(z), f(z.astype(np.float64)), strict=True, err_msg=f"for {kind}")


def test_an_integer_array_does_not_truncate_the_leak() -> None:
    z = np.array([-2, -1, 0, 1, 2])
    assert leaky_relu(z).tolist() == [-0.02, -0.01, 0.0, 1.0, 2.0]
    assert leaky_relu_derivative(z).tolist() == [0.01, 0.01, 0.01, 1.0, 1.0]
    assert leaky_relu_derivative_from_a(z).tolist() == [0.01, 0.01, 0.01, 1.0, 1.0]


def _unaligned(z: Any) -> Any:
    return np.frombuffer(b"x" + z.tobytes(), z.dtype, offset=1).reshape(z.shape)


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "every second": lambda z: np.repeat(z, 2, axis=1)[:, ::2],
    "reversed": lambda z: z[::-1, ::-1].copy()[::-1, ::-1],
    "Fortran": np.asfortranarray,
    "transposed": lambda z: z.T.copy().T,
    "byte-swapped": lambda z: z.astype(z.dtype.newbyteorder()),
    "unaligned": _unaligned,
    "read-only": lambda z: np.broadcast_to(z, z.shape),
}


@every_function
def test_the_layout_in_memory_does_not_matter(f: Any) -> None:
    for dtype in FLOATS:
        z = np.linspace(-8, 8, 12).astype(dtype).reshape(3, 4)
        tolerance = 8 * float(np.finfo(dtype).eps)
        for layout, laid_out in LAYOUTS.items():
            same = laid_out(z)
            assert_array_equal(same, z)
            result, expected = f(same), f(z).astype(same.dtype)
            assert_allclose(result, expected, rtol=tolerance, strict=True, err_msg=layout)


@every_function
def test_the_input_is_neither_changed_nor_handed_back(f: Any) -> None:
    for dtype in FLOATS:
        for alpha in ALPHAS:
            for z in (np.array([-0.5, 1.0, 700.0], dtype), np.array(2.5, dtype), np.ones(3, dtype)):
                before = z.tobytes()
                result = f(z, **_keywords(f, alpha))
                assert z.tobytes() == before, f"{z} at alpha = {alpha}"
                assert not np.shares_memory(result, z), f"{z} at alpha = {alpha}"


AT_THE_ENDS = [  # at -inf, inf
    (sigmoid, (0, 1)),
    (sigmoid_derivative, (0, 0)),
    (tanh, (-1, 1)),
    (tanh_derivative, (0, 0)),
    (relu, (0, math.inf)),
    (relu_derivative, (0, 1)),
    (relu_derivative_from_a, (0, 1)),
    (leaky_relu, (-math.inf, math.inf)),
    (leaky_relu_derivative, (0.01, 1)),
    (leaky_relu_derivative_from_a, (0.01, 1)),
]


@pytest.mark.parametrize(("f", "limits"), AT_THE_ENDS, ids=[f.__name__ for f, _ in AT_THE_ENDS])
def test_infinities_give_the_limits(f: Any, limits: tuple[float, float]) -> None:
    for dtype in FLOATS:
        ends = np.array([-math.inf, math.inf], dtype)
        assert_array_equal(f(ends), np.array(limits, dtype), strict=True)
        assert [f(end) for end in ends] == f(ends).tolist()


def test_infinities_at_another_alpha() -> None:
    ends = np.array([-math.inf, math.inf])
    assert sigmoid(ends, 3.0).tolist() == [0, 1]
    assert sigmoid_derivative(ends, 3.0).tolist() == [0, 0]
    assert tanh(ends, 0.5).tolist() == [-1, 1]
    assert tanh_derivative(ends, 0.5).tolist() == [0, 0]
    assert leaky_relu(ends, 0.0).tolist() == [0, math.inf]
    assert leaky_relu(ends, -0.5).tolist() == [math.inf, math.inf]
    assert leaky_relu_derivative(ends, -0.5).tolist() == [-0.5, 1]


@every_function
def test_nan_stays_nan_and_stays_alone(f: Any) -> None:
    for dtype in FLOATS:
        for alpha in [*ALPHAS, *([0.0] if f in LEAKY else [])]:
            keywords = _keywords(f, alpha)
            result = f(np.array([math.nan, 0.5, -math.nan], dtype), **keywords)
            assert np.isnan(result).tolist() == [True, False, True], f"at alpha = {alpha}"
            assert np.isnan(f(dtype(math.nan), **keywords)), f"at alpha = {alpha}"


EVERYWHERE = [-math.inf, -1e308, -746, -710, -89, -12, -1, -1e-310, -0.0, 0.0, 5e-324, 1e-8, 0.5]
EVERYWHERE += [1, 11.5, 38, 88.5, 104, 355, 709.79, 710.5, 1e5, 1e200, math.inf, math.nan]


@every_function
@pytest.mark.parametrize("flags", ["warn", "raise"])
def test_no_input_causes_a_warning(f: Any, flags: Any) -> None:
    for dtype in FLOATS:
        with np.errstate(over="ignore"):
            z = np.array(EVERYWHERE).astype(dtype)
        with np.errstate(all=flags):  # pytest turns warnings into errors
            for alpha in [None, 1e-320, 0.01, 1.0, 1e5, 1e308]:
                f(z, **_keywords(f, alpha))
                for number in z:
                    f(number, **_keywords(f, alpha))


@every_function
def test_the_callers_error_state_is_left_alone(f: Any) -> None:
    with np.errstate(over="raise", under="warn", divide="call", invalid="print"):
        before = np.geterr()
        f(EVERYWHERE)
        assert np.geterr() == before
        with pytest.raises(TypeError):
            f(None)
        assert np.geterr() == before


NOT_REAL = [
    (1j, "complex"),
    ([1.0, 1j], "list of complex128"),
    (np.zeros(2, np.complex64), "ndarray of complex64"),
    ("1.5", "str"),
    (["1.5", "2"], "list of <U3"),
    ([1.0, "2"], "list of <U32"),
    (b"1", "bytes"),
    (None, "NoneType"),
    ([1.0, None], "list of object"),
    ([2**70, 1j], "list of object"),
    (object(), "object"),
    ({"z": 1.0}, "dict"),
    (np.datetime64("2020-01-01"), "datetime64"),
    (np.array([1, 2], "m8[s]"), "ndarray of timedelta64[s]"),
    (np.zeros(2, [("x", float)]), "ndarray of [('x', '<f8')]"),
]


@every_function
def test_anything_but_real_numbers_is_a_type_error(f: Any) -> None:
    name = "a" if f.__name__.endswith("from_a") else "z"
    for given, got in NOT_REAL:
        message = f"{name} must be real: a number, or a list or array of numbers; got {got}"
        with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
            f(given)


@every_function
def test_a_ragged_list_is_a_value_error(f: Any) -> None:
    with pytest.raises(
        ValueError, match=r"^[az] must have rows of equal length; got \[\[1\], \[1, 2\]\]$"
    ):
        f([[1], [1, 2]])


@every_function
def test_a_mask_is_refused_since_it_would_be_lost(f: Any) -> None:
    masked: Any = np.ma.array([1.0, 2.0], mask=[False, True])
    with pytest.raises(TypeError, match=r"^[az] must have no mask, which would be lost; fill it,"):
        f(masked)
    assert_array_equal(f(masked.data), f([1.0, 2.0]), strict=True)


# Of z, a, alpha and at_zero alike: a number is what Python or NumPy calls one.
REAL: list[Any] = [
    Fraction(1, 2),
    Decimal("0.5"),
    np.float16(0.5),
    np.longdouble(0.5),
    np.array(0.5),
    2**70,
]
REAL += [np.True_, True, np.int8(1), np.array(1), np.array(Fraction(1, 2), object)]


@every_function
def test_every_kind_of_real_number_is_its_float(f: Any) -> None:
    for number in REAL:
        result = f(number)
        tolerance = 2 * max(float(np.finfo(result.dtype).eps), 1e-16)
        assert_allclose(result, f(float(number)), rtol=tolerance, err_msg=repr(number))
    mixed: list[Any] = [2**70, Fraction(1, 2), Decimal("0.5"), np.True_]
    assert_array_equal(f(mixed), f([*map(float, mixed)]), strict=True)


@every_function
def test_a_number_beyond_float64_is_a_value_error(f: Any) -> None:
    for number in (10**400, -(10**400), [1.0, 10**400]):
        with pytest.raises(ValueError, match=r"^[az] must lie between -1\.8e308 and 1\.8e308,"):
            f(number)


NOT_FINITE: list[tuple[Any, type[Exception], str]] = [
    *(
        (number, ValueError, "must be finite; got nan")
        for number in (math.nan, np.longdouble("nan"))
    ),
    *((number, ValueError, "must be finite; got inf") for number in (math.inf, np.float32("inf"))),
    (Decimal("-Infinity"), ValueError, "must be finite; got -inf"),
    (10**400, ValueError, "must lie between -1.8e308 and 1.8e308"),
    ([1.0], TypeError, "must be a single number; got list"),
    (np.ones(1), TypeError, "must be a single number; got ndarray"),
    (np.ma.array(1.0), TypeError, "must have no mask"),
    *(
        (other, TypeError, "must be real: a number, or an array of no dimension; got")
        for other in ("1", None, 1j, np.datetime64("2020"))
    ),
]
WITH_NUMBERS: list[tuple[Any, str]] = [(f, "alpha") for f in (*STEEP, *LEAKY)]
WITH_NUMBERS += [(f, "at_zero") for f in (relu_derivative, leaky_relu_derivative)]
every_number = pytest.mark.parametrize(
    ("f", "name"), WITH_NUMBERS, ids=[f"{f.__name__}-{name}" for f, name in WITH_NUMBERS]
)


@every_number
def test_alpha_and_at_zero_are_finite_real_numbers(f: Any, name: str) -> None:
    for number, error, message in NOT_FINITE:
        if number is None and (f, name) == (leaky_relu_derivative, "at_zero"):
            continue  # its default: alpha
        with pytest.raises(error, match=f"^{name} {re.escape(message)}"):
            f([1.0, -1.0], **{name: number})


@pytest.mark.parametrize("f", STEEP, ids=_name)
def test_a_steepness_is_positive(f: Any) -> None:
    for alpha in (0, 0.0, -0.0, -1, -1e-300, np.float32(-2)):
        with pytest.raises(ValueError, match=rf"^alpha .*positive.*; got {float(alpha)}$"):
            f(1.0, alpha=alpha)


@every_number
def test_alpha_and_at_zero_may_be_any_kind_of_real_number(f: Any, name: str) -> None:
    z = [-1.0, 0.0, 0.5]
    for number in REAL:
        assert_array_equal(f(z, **{name: number}), f(z, **{name: float(number)}), strict=True)


def test_the_slope_in_a_needs_a_leak_that_is_not_negative() -> None:
    with pytest.raises(ValueError, match=r"^alpha must not be negative.*; got -0\.5$"):
        leaky_relu_derivative_from_a(1.0, -0.5)
    assert leaky_relu_derivative_from_a([-1.0, 1.0], 0.0).tolist() == [0.0, 1.0]


# Conventions and values -------------------------------------------------------------------------
def test_at_zero_relu_has_slope_0_and_leaky_relu_has_alpha() -> None:
    for zero in (0, 0.0, -0.0, np.float32(0), False):
        assert relu_derivative(zero) == 0
        assert relu_derivative_from_a(zero) == 0
        assert leaky_relu_derivative(zero) == 0.01
        assert leaky_relu_derivative_from_a(zero) == 0.01
        assert leaky_relu_derivative(zero, alpha=0.25) == 0.25
        assert leaky_relu_derivative(zero, alpha=-0.25) == -0.25
        assert leaky_relu_derivative_from_a(zero, alpha=0.25) == 0.25


@pytest.mark.parametrize("at_zero", [0, 0.5, 1, -3.0])
def test_the_caller_may_choose_the_slope_at_zero(at_zero: float) -> None:
    z = [-5e-324, -0.0, 0.0, 5e-324]
    assert relu_derivative(z, at_zero=at_zero).tolist() == [0, at_zero, at_zero, 1]
    assert leaky_relu_derivative(z, at_zero=at_zero).tolist() == [0.01, at_zero, at_zero, 1]
    assert leaky_relu_derivative(z, 0.2, at_zero).tolist() == [0.2, at_zero, at_zero, 1]


@pytest.mark.parametrize("alpha", [-0.5, 0.0, 0.01, 1.0, 2.5])
def test_leaky_relu_is_piecewise_for_every_alpha(alpha: float) -> None:
    assert leaky_relu([-4.0, -0.0, 0.0, 4.0], alpha).tolist() == [-4 * alpha, 0, 0, 4]
    assert leaky_relu_derivative([-4.0, 4.0], alpha).tolist() == [alpha, 1]


def test_the_defaults_of_alpha() -> None:
    for f in STEEP:
        assert inspect.signature(f).parameters["alpha"].default == 1.0, f.__name__
    for f in LEAKY:
        assert inspect.signature(f).parameters["alpha"].default == 0.01, f.__name__


def test_the_values_the_course_names() -> None:
    assert f"{sigmoid(10):.7f}" == "0.9999546"
    assert f"{sigmoid_derivative(10):.9e}" == f"{sigmoid_derivative(-10):.9e}" == "4.539580774e-05"
    assert sigmoid_derivative(0) == 0.25
    assert f"{tanh_derivative(10):.7e}" == f"{tanh_derivative(-10):.7e}" == "8.2446145e-09"
    assert tanh_derivative(0) == 1
    assert relu_derivative([-10, 10]).tolist() == [0, 1]
    assert leaky_relu_derivative([-10, 10]).tolist() == [0.01, 1]


# Where the textbook's forms lose digits ---------------------------------------------------------
def _from_a_and_from_z(key: str, z: Any) -> tuple[Any, Any]:
    activation = ACTIVATIONS[key]
    return activation.derivative_from_a(activation.g(z)), activation.derivative(z)


def test_a_times_1_minus_a_is_exactly_0_from_about_37_on() -> None:
    from_a, from_z = _from_a_and_from_z("sigmoid", np.linspace(37, 700, 1_000))
    assert not from_a.any()
    assert (from_z > 0).all()
    assert (_from_a_and_from_z("sigmoid", np.linspace(30, 36, 1_000))[0] > 0).all()


def test_a_times_1_minus_a_loses_nothing_on_the_negative_side() -> None:
    from_a, from_z = _from_a_and_from_z("sigmoid", np.linspace(-700, -1, 1_000))
    assert_allclose(from_a, from_z, rtol=2e-15)


def test_1_minus_a_squared_is_exactly_0_from_about_19_on() -> None:
    for sign in (-1, 1):
        from_a, from_z = _from_a_and_from_z("tanh", sign * np.linspace(19.1, 350, 1_000))
        assert not from_a.any()
        assert (from_z > 0).all()
        assert (_from_a_and_from_z("tanh", sign * np.linspace(15, 18, 1_000))[0] > 0).all()


def test_at_10_half_of_the_digits_of_1_minus_a_squared_are_gone() -> None:
    for z in (-10.0, 10.0):
        from_a, from_z = _from_a_and_from_z("tanh", z)
        assert 1e-10 < abs(from_a / from_z - 1) < 1e-7
        from_a, from_z = _from_a_and_from_z("tanh", np.float32(z))
        assert from_a == 0
        assert_allclose(from_z, 8.2446145e-09, rtol=1e-6)


# Catalogue --------------------------------------------------------------------------------------
def test_the_catalogue_has_the_four_functions_in_order() -> None:
    assert list(ACTIVATIONS) == ["sigmoid", "tanh", "relu", "leaky_relu"]
    assert [each.name for each in ACTIVATIONS.values()] == ["sigmoid", "tanh", "ReLU", "leaky ReLU"]
    assert [each.alpha for each in ACTIVATIONS.values()] == [1.0, 1.0, 0.0, 0.01]
    assert [each.kink for each in ACTIVATIONS.values()] == [None, None, 0.0, 0.0]


def test_nothing_in_the_catalogue_can_be_changed() -> None:
    with pytest.raises(TypeError):
        ACTIVATIONS["relu"] = ACTIVATIONS["tanh"]  # type: ignore[index]
    with pytest.raises(TypeError):
        del ACTIVATIONS["relu"]  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        ACTIVATIONS["relu"].alpha = 1.0  # type: ignore[misc]


@every_activation
def test_alpha_may_be_left_out(key: str) -> None:
    activation, z = ACTIVATIONS[key], np.linspace(-2, 2, 5)
    for f in (activation.g, activation.derivative, activation.derivative_from_a):
        assert_array_equal(f(z), f(z, alpha=activation.alpha))
        assert not np.array_equal(f(z), f(z, alpha=0.75))


@every_activation
def test_alphas_increase_and_hold_the_default(key: str) -> None:
    activation = ACTIVATIONS[key]
    assert len(activation.alphas) >= 20
    assert (np.diff(activation.alphas) > 0).all()
    assert activation.alpha in activation.alphas
    assert all(len(repr(alpha)) <= 5 for alpha in activation.alphas), "as one would type them"
    for alpha in activation.alphas:
        activation.g(1.0, alpha=alpha)


@pytest.mark.parametrize(
    ("key", "low", "high", "number"),
    [
        ("sigmoid", 0.1, 4.0, 40),
        ("tanh", 0.1, 4.0, 40),
        ("relu", 0.0, 1.0, 21),
        ("leaky_relu", -0.5, 1.5, 42),
    ],
)
def test_alphas_go_as_far_as_is_worth_showing(
    key: str, low: float, high: float, number: int
) -> None:
    alphas = ACTIVATIONS[key].alphas
    assert (alphas[0], alphas[-1], len(alphas)) == (low, high, number)


@every_activation
def test_the_maximum_slope_is_the_largest_there_is(key: str) -> None:
    activation = ACTIVATIONS[key]
    z = np.linspace(-10, 10, 4_001)
    for alpha in activation.alphas:
        largest = activation.derivative(z, alpha=alpha).max()
        assert largest == activation.maximum_slope(alpha), f"alpha = {alpha}"


@every_activation
def test_the_range_is_what_g_approaches(key: str) -> None:
    activation = ACTIVATIONS[key]
    low, high = activation.range
    assert activation.g([-math.inf, math.inf]).tolist() == [low, high]
    a = activation.g(np.linspace(-10, 10, 101))
    assert ((low <= a) & (a < high)).all()


@every_activation
def test_the_slopes_on_both_sides_differ_at_a_kink_alone(key: str) -> None:
    activation = ACTIVATIONS[key]
    for z in (-1.0, 0.0, 1.0):
        below, at, above = activation.g(np.array([z - 1e-6, z, z + 1e-6]))
        differ = not math.isclose(at - below, above - at, rel_tol=1e-4)
        assert differ == (z == activation.kink), f"z = {z}"


def test_the_formulas_of_the_slope_claim_nothing_at_a_kink() -> None:
    for activation in ACTIVATIONS.values():
        g, slope = read(activation.formula), read(activation.derivative_formula)
        at_zero = value(slope, g, ((Z, Rational(0)), (ALPHA, Rational(1, 2))))
        assert (at_zero is None) == (activation.kink == 0), activation.name


# Documentation ----------------------------------------------------------------------------------
@every_function
def test_the_docstring_names_parameters_with_types_and_shows_an_example(f: Any) -> None:
    sections = re.split(r"\n(\w+)\n-+\n", inspect.getdoc(f) or "")
    documented = dict(zip(sections[1::2], sections[2::2], strict=True))
    assert {"Parameters", "Returns", "Examples"} <= documented.keys()
    assert re.search(rf"^>>> .*\b{f.__name__}\(", documented["Examples"], re.MULTILINE)
    written = re.findall(r"^(\w+) : (.+)$", documented["Parameters"], re.MULTILINE)
    for (name, kind), parameter in zip(
        written, inspect.signature(f).parameters.values(), strict=True
    ):
        default = parameter.default
        assert name == parameter.name
        if default is inspect.Parameter.empty:
            assert kind == "array_like"
        else:
            assert kind == ("float, optional" if default is None else f"float, default {default}")
