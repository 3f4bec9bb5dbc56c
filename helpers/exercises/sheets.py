"""The exercises: for each a right answer, what it shows, and the mistakes that are recognized.

A mistake is known by what comes out, not by how it is written. It is its name, then an answer or a
function that makes it, then what is said to whoever gets the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.activations import leaky_relu, relu, sigmoid, sigmoid_derivative, tanh

Mistakes = tuple[tuple[str, Any, str], ...]


@dataclass(frozen=True)
class Number:
    """An exercise whose answer is a number: to two significant digits, or exact where whole."""

    right: float
    shows: str
    mistakes: Mistakes


@dataclass(frozen=True)
class Choice:
    """An exercise whose answer is a letter, or the number of a line."""

    right: str
    shows: str
    mistakes: Mapping[str, str]


@dataclass(frozen=True)
class Function:
    """An exercise whose answer is a function.

    Attributes
    ----------
    right : callable
        A right answer; its parameters name the arguments in the feedback.
    shows : str
        What a right answer shows.
    mistakes : tuple
        As this module's introduction says.
    cases : tuple of tuple
        Arguments to compare at.
    near_zero : tuple of tuple
        More arguments to compare at, where a form that cancels loses its digits.
    given : callable, optional
        The function with a bug that the learner starts from.
    rtol : float
        Relative tolerance; there is no absolute one.
    silent : bool
        Whether a warning makes an answer wrong.
    """

    right: Callable[..., Any]
    shows: str
    mistakes: Mistakes
    cases: tuple[tuple[Any, ...], ...]
    near_zero: tuple[tuple[Any, ...], ...] = ()
    given: Callable[..., Any] | None = None
    rtol: float = 1e-6
    silent: bool = False


@dataclass(frozen=True)
class OwnActivation:
    """An exercise whose answer is a function of the learner's own, and its derivative."""

    shows: str


Exercise = Number | Choice | Function | OwnActivation

Z = np.array([-6.0, -1.5, -0.5, 0.0, 0.04, 2.0, 3.0])
INTEGERS = np.array([-3, -1, 0, 2])
A = np.array([-0.9, -0.5, -0.25, 0.125, 0.5, 0.75])
FAR = np.array([0.0, 2, 4, 10, 20, 30, 50, 400, 700, -2, -4, -10, -20, -30, -50, -400, -700])
HUGE = np.array([-1000.0, -800, -100, -5, -2, -0.5, 0, 0.5, 2, 5, 100, 800, 1000])
ELU = np.array([-1000.0, -12, -5, -2, -0.5, 0.5, 2, 5, 100, 800, 1000])  # at 0 it has a kink
EXAMPLES = np.array([[-1, -3, -0.5], [2, -1, 1], [-0.5, -2, 4], [0, -1, -2], [1, -3, -2]])
WEIGHTS = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-2.0, 1.0, 0.75]])
GRADIENT = np.array([0.5, -2.0, 1.0])
ACTIVATED = np.array([0.5, -0.25, 0.875])


def _truncated(z: Any, *slopes: tuple[Any, Any]) -> Any:
    """Fill an array of z's own type, such as ``np.zeros_like(z)``, with slopes."""
    array = np.zeros_like(z)
    for where, slope in slopes:
        array[where] = slope
    return array


def _elu_slope(z: Any, alpha: float) -> Any:
    return (z > 0) * 1.0 + (z <= 0) * alpha * np.exp(z)


def _quotient_tanh(z: Any) -> Any:
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


# fmt: off
# What makes a mistake, and under it what is said: a table, which a formatter would stretch.
SHEETS: Mapping[str, Mapping[str, Exercise]] = {
    "00-start-here": {
        "central-secant": Number(
            2,
            "It is the tangent's slope at 1, though h is not small: on a parabola the errors of "
            "the two sides cancel. That is why the helpers take the central difference.", (
            ("one-sided", 2.5,
             "2.5 is the secant from 1 to 1.5. This one starts at 0.5."),
            ("run-of-h", 4,
             "The rise is right, the run is not: from 0.5 to 1.5 it is 2h, not h."),
            ("tangent-at-end", 3,
             "3 is the slope of the tangent at 1.5, one end of the secant."))),
        "cube-step": Function(
            lambda z, h: 3 * z**2 + 3 * z * h + h**2,
            "Let h go to 0, and 3z² is left. First divide, then take the limit: h = 0 gives 0/0.", (
            ("limit-too-early", lambda z, h: 3 * z**2,
             "This is the limit already. With h still in it, two more terms stand beside 3z²."),
            ("power-of-a-sum", lambda z, h: h**2,
             "This takes (z + h)³ for z³ + h³. Multiplied out, it has two more terms."),
            ("not-divided", lambda z, h: 3 * z**2 * h + 3 * z * h**2 + h**3,
             "This is the rise. Divide it by h."),
            ("coefficients", lambda z, h: z**2 + z * h + h**2,
             "The powers are right, the coefficients are not: (z + h)³ has 1, 3, 3, 1.")),
            cases=((Z, 0.5), (Z, -0.125))),
        "chain-rule-value": Number(
            192,
            "2a · 3z² = 16 · 12. Each factor has a place of its own: 2a at a = 8, 3z² at z = 2.", (
            ("upstream-only", 16,
             "16 is ∂L/∂a. On its way to z it is multiplied by the slope g′(2)."),
            ("slope-only", 12,
             "12 is the slope g′(2). It multiplies the gradient that arrives, ∂L/∂a."),
            ("z-for-a", 48,
             "This is 2z · 3z²: ∂L/∂a = 2a wants a = 8 where you put z = 2."),
            ("sum", 28,
             "The chain rule multiplies the two slopes. This is their sum."))),
        "difference-bug": Function(
            lambda g, z, h: (g(z + h) - g(z - h)) / (2 * h),
            "/ 2 * h divides by 2 and then multiplies by h. Parentheses make it one divisor.", (
            ("run-of-h", lambda g, z, h: (g(z + h) - g(z - h)) / h,
             "Twice the slope: from z − h to z + h the run is 2h."),
            ("half-the-rise", lambda g, z, h: (g(z + h) - g(z - h)) / 2,
             "This is half the rise. The run is 2h."),
            ("one-sided", lambda g, z, h: (g(z + h) - g(z)) / h,
             "This secant is one-sided. Its error shrinks like h, the central one's like h².")),
            cases=((np.tanh, Z, 0.25), (np.exp, Z, 0.5)),
            given=lambda g, z, h: (g(z + h) - g(z - h)) / 2 * h),
    },
    "01-sigmoid": {
        "steep-slope": Number(
            9.079162e-05,
            "It is α σ′(αz) = 2 σ′(10): small, and not 0. α counts twice, in front and inside.", (
            ("alpha-in-front", 4.539581e-05,
             "This is σ′(10). The inside is right; the chain rule puts α = 2 in front."),
            ("alpha-inside", 0.0132961,
             "This is 2 σ′(5). The factor in front is right; inside, too, z is multiplied by α."),
            ("alpha-lost", 0.0066480567,
             "This is σ′(5), with α = 1. α = 2 is missing in both places, in front and inside."),
            ("value", 0.9999546,
             "This is the value a = σ(10), not the slope."),
            ("z-for-a", -40,
             "This is αz(1 − z): the formula wants a where you wrote z."),
            ("zero", 0,
             "0 is off by 100%. The slope is small, but not 0: find its first digits."))),
        "inner-step": Function(
            lambda z, alpha: -alpha * np.exp(-alpha * z),
            "The constant 1 gives 0, and the inner slope −α comes in front of the exponential.", (
            ("alpha-lost", lambda z, alpha: -np.exp(-alpha * z),
             "The sign is right. But the inner function is −αz, and its slope is −α, not −1."),
            ("sign-lost", lambda z, alpha: alpha * np.exp(-alpha * z),
             "The inner function is −αz: its slope is −α, with a minus."),
            ("power-rule", lambda z, alpha: -alpha * z * np.exp(-alpha * z - 1),
             "This is the rule for powers zⁿ. Here the variable stands in the exponent."),
            ("slope-in-alpha", lambda z, alpha: -z * np.exp(-alpha * z),
             "This is the slope in α, with z fixed. The task asks for the other one.")),
            cases=((Z, 1.0), (Z, 2.0), (Z, 0.5))),
        "sigmoid-derivative": Function(
            lambda z: sigmoid_derivative(z),
            "It agrees with the helper at seven points. Each slope lies between 0 and 1/4.", (
            ("z-for-a", lambda z: sigmoid(z) * (1 - z),
             "This is a(1 − z): the formula wants a where you wrote z."),
            ("z-for-both", lambda z: z * (1 - z),
             "This is z(1 − z): the formula wants a = σ(z) in both places."),
            ("value", lambda z: sigmoid(z),
             "This is a = σ(z), the value. The slope is a(1 − a)."),
            ("one-factor", lambda z: 1 - sigmoid(z),
             "This is 1 − a. The factor a is missing (in z: the square in the denominator)."),
            ("tanh", lambda z: 1 - sigmoid(z) ** 2,
             "This is 1 − a², tanh's formula. The sigmoid has a(1 − a)."),
            ("twice", lambda z: sigmoid_derivative(sigmoid(z)),
             "Here σ is applied twice: this is the slope at a, not at z.")),
            cases=((Z,),)),
        "stable-slope": Function(
            lambda z: sigmoid_derivative(z),
            "Right to nine digits, out to |z| = 700: nothing cancels, and nothing overflows.", (
            ("cancellation", lambda z: sigmoid(z) * (1 - sigmoid(z)),
             "This is a(1 − a). From z = 37 on, a is stored as 1, and 1 − a is 0: avoid it."),
            ("patched", lambda z: np.where(z > 36, np.exp(-z), sigmoid(z) * (1 - sigmoid(z))),
             "Right far out. But a(1 − a) loses its digits long before a is 1: at z = 30 three are "
             "left."),
            ("overflow-left", lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
             "This is e⁻ᶻ/(1 + e⁻ᶻ)²: far on the left the square leaves the range, and the slope "
             "is 0. The slope is the same at z and −z."),
            ("overflow-right", lambda z: np.exp(z) / (1 + np.exp(z)) ** 2,
             "This is eᶻ/(1 + eᶻ)²: far on the right the square leaves the range, and the slope "
             "is 0. The slope is the same at z and −z."),
            ("clipped", lambda z: sigmoid_derivative(np.clip(z, -500, 500)),
             "Clipping z at 500 avoids the overflow, but beyond it the slope no longer falls.")),
            cases=((FAR,),),
            rtol=1e-9),
        "backward-bug": Choice(
            "2",
            "a is σ(z) already. Line 2 applies σ again: that gives the slope at a, not z.", {
            "1": "Taking a is no mistake: the slope needs no more.",
            "3": "s(1 − s) is the right formula, if s is the unit's activation. Is it?",
            "4": "The chain rule multiplies: ∂L/∂z = ∂L/∂a · g′(z). Line 4 does that."}),
        "confidently-wrong": Choice(
            "b",
            "∂L/∂z = a · a(1 − a) ≈ 4.5e−05: a large error, and a slope that stops it.", {
            "a": "∂L/∂a is large. But what moves the weights is ∂L/∂z = ∂L/∂a · g′(z).",
            "c": "The slope at z = 10 is 4.5e−05. Only from z = 37 on does a(1 − a) round to 0.",
            "d": "A steeper sigmoid saturates sooner: at z = 10 its slope is smaller still."}),
    },
    "02-tanh": {
        "slope-from-a": Number(
            0.64,
            "1 − a² = 1 − 0.36. You needed neither z nor an exponential.", (
            ("square-lost", 1.6, "This is 1 − a. The formula squares a."),
            ("plus", 1.36, "This is 1 + a². No slope of tanh is greater than 1."),
            ("sigmoid", -0.96, "This is a(1 − a), the sigmoid's formula. And tanh never falls."),
            ("a-for-z", 0.7115778,
             "This is the slope at z = −0.6. Here −0.6 is a: tanh has been applied already."))),
        "second-derivative": Function(
            lambda a: -2 * a * (1 - a**2),
            "The chain rule once more. At a = 0 it is 0: there the slope has its maximum.", (
            ("chain-lost", lambda a: -2 * a,
             "This is the slope in a. The slope in z has one more factor, da/dz = 1 − a²."),
            ("sign-lost", lambda a: 2 * a * (1 - a**2),
             "A sign is lost: a² is subtracted."),
            ("one-kept", lambda a: 1 - 2 * a * (1 - a**2),
             "The slope of the constant 1 is 0, not 1."),
            ("sigmoid", lambda a: -2 * a * a * (1 - a),
             "Here da/dz is a(1 − a), the sigmoid's. For tanh it is 1 − a².")),
            cases=((A,),)),
        "tanh-derivative": Function(
            lambda a, alpha: alpha * (1 - a**2),
            "α stands in front and nowhere else: a = tanh(αz) contains it already.", (
            ("alpha-lost", lambda a, alpha: 1 - a**2,
             "This is 1 − a². The chain rule puts α in front."),
            ("twice", lambda a, alpha: alpha * (1 - np.tanh(a) ** 2),
             "Here tanh is applied to a, which is tanh(αz) already."),
            ("twice-with-alpha", lambda a, alpha: alpha * (1 - np.tanh(alpha * a) ** 2),
             "Here tanh is applied to αa. But a is tanh(αz) already."),
            ("alpha-squared", lambda a, alpha: alpha**2 * (1 - a**2),
             "α stands in front once. a contains the inner one already."),
            ("alpha-inside", lambda a, alpha: alpha * (1 - (alpha * a) ** 2),
             "The α inside is too much: a is tanh(αz) and contains it already."),
            ("square-lost", lambda a, alpha: alpha * (1 - a),
             "This is α(1 − a). The formula squares a."),
            ("bracket-lost", lambda a, alpha: 1 - alpha * a**2,
             "α multiplies all of 1 − a², not a² alone.")),
            cases=((A, 1.0), (A, 2.0), (A, 0.5))),
        "overflow-bug": Function(
            lambda z: tanh(z),
            "It is ±1 far out, with no nan: no large number is divided by another.", (
            ("nan-to-zero", lambda z: np.nan_to_num(_quotient_tanh(z)),
             "The nan is gone, but 0 took its place, and tanh(1000) is 1. Avoid ∞/∞ itself."),
            ("right-half", lambda z: (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z)),
             "Half is done: right for large z. Far on the left e⁻²ᶻ overflows, and ∞/∞ is nan."),
            ("left-half", lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1),
             "Half is done: right far on the left. For large z, e²ᶻ overflows, and ∞/∞ is nan."),
            ("sign-lost", lambda z: np.tanh(np.abs(z)),
             "This is tanh(|z|). Give it back the sign of z.")),
            cases=((HUGE,),),
            near_zero=((np.array([1.3e-12, -2.9e-13, 1e-16]),),),
            given=_quotient_tanh),
        "float32": Choice(
            "c",
            "4e⁻²ᶻ/(1 + e⁻²ᶻ)² subtracts nothing. In float32, too, it gives 8.2446e−09.", {
            "a": "The slope at z = 10 is 8.2446e−09, and float32 stores numbers down to 1e−38.",
            "b": "Here a is 1 already, so 1 − a is 0. Factoring comes too late.",
            "d": "a was rounded to 1 before. The digits added to it are all zeros."}),
    },
    "03-relu": {
        "near-the-kink": Number(
            0.375,
            "(0.75 − 0)/2: a secant across the kink mixes the two slopes. It is neither 0 nor 1.", (
            ("true-slope", 0,
             "0 is the slope at −0.25. The secant's right end, 0.75, lies beyond the kink."),
            ("at-the-kink", 0.5,
             "One half comes out at z = 0 itself. At −0.25 less of the run is on the right."),
            ("run-of-h", 0.75,
             "The rise is right. The run from −1.25 to 0.75 is 2h, not h."),
            ("identity", 1,
             "This takes g(−1.25) for −1.25. Below 0, ReLU is 0."))),
        "squared-step": Function(
            lambda z: 2 * np.maximum(0.0, z),
            "From both sides the slope at 0 is 0: squaring took the kink away.", (
            ("no-branch", lambda z: 2 * z,
             "2z is right for z > 0. Below 0 the function is 0, and so is its slope."),
            ("slope-of-relu", lambda z: 2.0 * (z > 0),
             "This is 2 ReLU′(z). The chain rule gives 2 ReLU(z) · ReLU′(z)."),
            ("factor-lost", lambda z: np.maximum(0.0, z),
             "The slope of u² is 2u: the factor 2 is missing.")),
            cases=((Z,),)),
        "relu-derivative": Function(
            lambda z, at_zero: np.heaviside(z, at_zero),
            "Below, above and at the kink, for floats and for integers.", (
            ("at-zero-ignored", lambda z, at_zero: (z > 0) * 1.0,
             "At z = 0 this gives 0, whatever at_zero is. Everything else is right."),
            ("greater-equal", lambda z, at_zero: (z >= 0) * 1.0,
             "At z = 0 this >= gives 1, whatever at_zero is. Everything else is right."),
            ("at-zero-below", lambda z, at_zero: np.where(z > 0, 1.0, at_zero),
             "This gives at_zero below 0, too. It is meant for z = 0 alone."),
            ("integers", lambda z, at_zero: _truncated(z, (z > 0, 1), (z == 0, at_zero)),
             "Right for floats. But an array of integers cuts 0.5 to 0: zeros_like(z) is one when "
             "z is, and np.vectorize makes one when the first slope is."),
            ("division", lambda z, at_zero: relu(z) / z,
             "ReLU(z)/z is the slope everywhere but at z = 0, where 0/0 is nan."),
            ("sign", lambda z, at_zero: np.where(z == 0, at_zero, np.sign(z)),
             "Below 0 this gives −1, the slope of |z|. ReLU is flat there.")),
            cases=((Z, 0.0), (Z, 1.0), (INTEGERS, 0.5))),
        "greater-equal-bug": Function(
            lambda da, a: da * (a > 0),
            "a > 0 tells where the unit is on. a >= 0 is true of every output of ReLU.", (
            ("upstream-lost", lambda da, a: 1.0 * (a > 0),
             "This is the slope alone. ∂L/∂z is the slope times ∂L/∂a."),
            ("value", lambda da, a: da * a,
             "This multiplies by a. The chain rule multiplies by the slope, 1 or 0."),
            ("turned", lambda da, a: da * (a <= 0),
             "The other way around: the gradient passes where the unit is off."),
            ("gradient-clipped", lambda da, a: np.maximum(da, 0),
             "This is ReLU of the gradient. The mask comes from a; gradients may be negative.")),
            cases=((np.array([2.0, -1.0, 0.5, -3.0, 4.0]), np.array([0.0, 0.5, 3.0, 0.0, 0.02])),),
            given=lambda da, a: da * (a >= 0)),
        "dead-unit": Choice(
            "d",
            "With a leak the slope below 0 is not 0, and the gradient reaches the weights again.", {
            "a": "Each step moves the weights by the gradient, and that is exactly 0 each time.",
            "b": "The learning rate multiplies the gradient, and that is exactly 0.",
            "c": "That choice counts at z = 0 only. Here z is below 0 for every example."}),
    },
    "04-leaky-relu": {
        "max-slope": Number(
            1,
            "Below 0, z is larger than 2z, so the maximum is z. Leaky ReLU has slope 2 there.", (
            ("leaky", 2,
             "2 is the slope of leaky ReLU there. But which is larger, 2z = −6 or z = −3?"),
            ("value", -3,
             "−3 is the value of the maximum. What is its slope?"),
            ("relu", 0,
             "The maximum is not flat there: neither z nor 2z is."))),
        "without-cases": Function(
            lambda alpha: (1 - alpha) / 2,
            "The slope is (1 + α)/2 ± (1 − α)/2. A central difference at 0 sees the first term.", (
            ("sign-lost", lambda alpha: (alpha - 1) / 2,
             "With this the slope is α above 0 and 1 below: the two are exchanged."),
            ("half-lost", lambda alpha: 1 - alpha,
             "1 − α is the whole jump of the slope. The slope of |z| jumps by 2, from −1 to 1."),
            ("mean", lambda alpha: (1 + alpha) / 2,
             "This is the first coefficient, the mean slope. Try z = 1: the sum must be 1.")),
            cases=((np.array([-0.5, 0.0, 0.01, 0.25, 1.0, 2.0]),),)),
        "leaky-derivative": Function(
            lambda z, alpha: np.where(z > 0, 1.0, alpha),
            "For floats, for integers and for α > 1, with the helpers' α at the kink.", (
            ("integers", lambda z, alpha: _truncated(z, (z > 0, 1), (z <= 0, alpha)),
             "Right for floats. But an array made like z, with zeros_like or ones_like, "
             "holds integers when z does: 0.01 is cut to 0."),
            ("integers-and-one", lambda z, alpha: _truncated(z, (z >= 0, 1), (z < 0, alpha)),
             "ones_like(z) of integers holds integers: 0.01 is cut to 0. Also, z = 0 gets 1, and "
             "the task asks for α."),
            ("one-at-zero", lambda z, alpha: np.where(z < 0, alpha, 1.0),
             "At z = 0 this gives 1. That is a subgradient, too, but the task asks for α."),
            ("max-form", lambda z, alpha: np.where(z > 0, max(1.0, alpha), min(1.0, alpha)),
             "This is the slope of max(αz, z). For α = 2 its branches are exchanged."),
            ("max-of-slopes", lambda z, alpha: np.maximum(alpha, z > 0),
             "The larger of the slopes is right for α ≤ 1. For α = 2 it gives 2 on both sides."),
            ("value", lambda z, alpha: leaky_relu(z, alpha),
             "This is g(z), the value. The slope is 1 or α, without z."),
            ("relu", lambda z, alpha: (z > 0) * 1.0,
             "This is ReLU's slope. Below 0 the leak α is missing.")),
            cases=((INTEGERS, 0.01), (Z, 0.01), (Z, 2.0))),
        "both-branches-bug": Function(
            lambda z, alpha: np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0))),
            "Each branch is computed for every z, so each must be harmless for every z.", (
            ("nan-to-zero", lambda z, alpha: np.nan_to_num(_elu_slope(z, alpha)),
             "The nan is gone, but 0 took its place, and the slope at z = 1000 is 1."),
            ("clipped", lambda z, alpha: np.where(z > 0, 1, alpha * np.exp(np.clip(z, -700, 0))),
             "Below −700 the slope no longer falls. Only z above 0 overflows: np.minimum(z, 0)."),
            ("minus-one", lambda z, alpha: np.where(z > 0, 1, alpha * np.expm1(np.minimum(z, 0))),
             "The slope of α(eᶻ − 1) has no −1: a constant has the slope 0."),
            ("value", lambda z, alpha: np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))),
             "This is the function itself. Its slope is 1 above 0 and αeᶻ below."),
            ("alpha-lost", lambda z, alpha: np.exp(np.minimum(z, 0)),
             "Nothing overflows anymore, but α is lost from the branch below 0."),
            ("alpha-everywhere", lambda z, alpha: alpha * np.exp(np.minimum(z, 0)),
             "Nothing overflows anymore, but above 0 the slope is 1, not α.")),
            cases=((ELU, 1.5), (ELU, 0.5)),
            given=_elu_slope, silent=True),
        "two-libraries": Choice(
            "c",
            "Both are subgradients. At a kink check_points, too, allows the whole interval.", {
            "a": "No value at 0 is the right one: every slope from α to 1 is a subgradient.",
            "b": "It would have to allow 0.99, and at z = −1 it would then pass 1 for 0.01.",
            "d": "A central difference gives (1 + α)/2 at 0, which agrees with neither."}),
    },
    "05-comparison": {
        "leaky-path": Number(
            1e-6,
            "0.01³, a millionth. Ten sigmoid layers leave that little at best.", (
            ("sum", 0.03, "This is 3α. Layer by layer the slopes are multiplied, not added."),
            ("mean", 0.703, "This is the mean slope. Along a path the slopes are multiplied."),
            ("all-negative", 1e-20, "This is α¹⁰. But seven of the ten units have slope 1."),
            ("one-negative", 0.01, "This is one negative unit. The path has three."),
            ("zero", 0, "0 is what ReLU would leave. A leak leaves something."))),
        "steeper-sigmoid": Choice(
            "b",
            "The slope is 4σ′(4z): 1 at z = 0, but at z = 2 it is 0.0013, where σ has 0.105.", {
            "a": "At z = 0 the slope is 1, and nothing shrinks. What happens further out?",
            "c": "α does not cancel: the slope is αa(1 − a), so the largest slope is 1.",
            "d": "α stands in front, but inside as well: αz goes further out, where σ′ is tiny."}),
        "dead-units": Function(
            lambda z: np.sum(np.all(z <= 0, axis=1)),
            "A unit is dead only if its slope is 0 for every example, and at z = 0 it is.", (
            ("entries", lambda z: np.sum(z <= 0),
             "This counts entries. A unit is a row, and counts once, if all its slopes are 0."),
            ("axis", lambda z: np.sum(np.all(z <= 0, axis=0)),
             "This counts the examples, the columns, that turn no unit on. Take axis=1."),
            ("any", lambda z: np.sum(np.any(z <= 0, axis=1)),
             "A unit that is off for some examples is not dead. It must be off for all."),
            ("sum", lambda z: np.sum(z.sum(axis=1) <= 0),
             "A sum or a mean can be below 0 though one example turns the unit on."),
            ("strict", lambda z: np.sum(np.all(z < 0, axis=1)),
             "At z = 0 the helpers' slope is 0, too: take <= for <."),
            ("share", lambda z: np.mean(np.all(z <= 0, axis=1)),
             "This is the share of the dead units. Their number is asked for.")),
            cases=((EXAMPLES,), (EXAMPLES.T,))),
        "own-activation": OwnActivation(
            "Your derivative agrees with the slopes of secants of your function, at ten points."),
    },
    "06-backpropagation": {
        "two-paths": Number(
            0.15,
            "0.75 · (2 · 0.4 − 3 · 0.2): paths add, and wᵀ does that for a whole layer.", (
            ("slope-lost", 0.2, "This is ∂L/∂a. The unit's slope, 1 − a², is missing."),
            ("slope-alone", 0.75, "This is the slope alone. It multiplies what comes back."),
            ("one-path", 0.6, "This is the first path alone. What goes back on both is added."),
            ("sign-lost", 1.05, "The second weight is −3: its path takes away."),
            ("weights-lost", 0.45, "On its way back each gradient is multiplied by its weight."),
            ("sigmoid", 0.05, "a(1 − a) is the sigmoid's slope. This unit is tanh."))),
        "layer-backward": Function(
            lambda da, a, w: w.T @ (da * (1 - a**2)),
            "First through the unit, times the slope; then through the weights, transposed.", (
            ("slope-lost", lambda da, a, w: w.T @ da,
             "The slope of tanh is missing: ∂L/∂z = ∂L/∂a · (1 − a²)."),
            ("not-transposed", lambda da, a, w: w @ (da * (1 - a**2)),
             "Forward it is w @ x. On the way back w is transposed."),
            ("order", lambda da, a, w: (w.T @ da) * (1 - a**2),
             "On the way back the units come first, then the weights. Here it is the other way."),
            ("square-lost", lambda da, a, w: w.T @ (da * (1 - a)),
             "tanh's slope is 1 − a², with a square."),
            ("twice", lambda da, a, w: w.T @ (da * (1 - np.tanh(a) ** 2)),
             "Here tanh is applied to a, which is its output already.")),
            cases=((GRADIENT, ACTIVATED, WEIGHTS), (ACTIVATED, -GRADIENT / 4, WEIGHTS.T))),
        "z-or-a-bug": Choice(
            "5",
            "tanh_derivative wants z and gets a₁. Give it z₁, or call tanh_derivative_from_a.", {
            "1": "This is the forward step of the first layer, as it should be.",
            "2": "The second layer takes in a₁, as it should.",
            "3": "sigmoid_derivative_from_a gets a₂, an activation, as its name says.",
            "4": "The gradient goes back through the transposed weights, as it should."}),
        "zero-weights": Choice(
            "b",
            "The gradient of w₂ has the factor a₁ = tanh(0) = 0, that of w₁ the factor w₂ = 0.", {
            "a": "At z = 0 tanh is at its steepest: the slope is 1.",
            "c": "The rate multiplies a gradient, and each weight's gradient is exactly 0 here.",
            "d": "tanh is smooth everywhere. At 0 its derivative is 1."}),
    },
}
# fmt: on
