"""Feedback on what a learner wrote: ``check("sigmoid-derivative", my_function)``.

Whatever it is, the answer is a sentence and never an exception. Nothing is sent, nothing is stored:
which exercises are solved is known to this kernel alone. The exercises are in `exercise_sheets`.
"""

import copy
import inspect
import io
import re
import signal
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from difflib import get_close_matches
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from helpers.differences import central_difference
from helpers.exercises.sheets import SHEETS, Choice, Exercise, Function, Number, OwnActivation
from helpers.text import Feedback, as_text

TIME_LIMIT = 5.0  # seconds
SAME = 1e-6  # relative difference below which a result is that of a known mistake
OWN_POINTS = np.array([-8.2, -4.3, -2.2, -1.7, -0.31, 0.43, 1.3, 2.6, 4.7, 7.1])  # kinks: unlikely

SINGLE = "It returns a single number, whatever it is given."
NO_FLOATS = "It returns integers, or True and False: what is stored in them later is cut."
FEW_DIGITS = "It returns float32 or float16, with seven digits at most."
UNCHANGED = (
    "The function still returns what it did when you got it. If you changed it, the change made no "
    "difference."
)
NO_RETURN = "Does it have a return statement?"
PRINTS = "What it prints is not shown here."
ONE_BY_ONE = "It takes one number at a time; with np.where and np.exp it would take arrays."

Array = NDArray[Any]
Case = Mapping[str, Any]

_EXERCISES = {name: exercise for sheet in SHEETS.values() for name, exercise in sheet.items()}
_solved: set[str] = set()


def check(name: str, *answer: Any) -> Feedback:
    """Say of the answer to an exercise whether it is right and, if not, what the likely reason is.

    Parameters
    ----------
    name : str
        Name of the exercise.
    *answer
        A number (0.25, 1/4, "1/4"), a letter, a function, or what else the task asks for. None and
        ``...`` mean: not attempted yet. So does a function that returns ``...``.

    Returns
    -------
    Feedback
        Its text.

    Raises
    ------
    ValueError
        If there is no exercise of that name.

    Notes
    -----
    Functions get copies of the arguments, and their prints are not shown. One that does not return
    within 5 s is interrupted, where the platform can do that: on Linux and macOS, in the main
    thread, between two steps of Python.

    Examples
    --------
    >>> check("slope-from-a", 1.6)
    Not yet. This is 1 − a. The formula squares a.
    """
    if not isinstance(name, str) or name not in _EXERCISES:
        near = get_close_matches(str(name), _EXERCISES, cutoff=0.5) or _EXERCISES
        raise ValueError(f"no exercise {name!r}; did you mean {' or '.join(near)}?")
    try:
        with _time_limit(), np.errstate(all="ignore"):
            feedback = _judge(_EXERCISES[name], answer)
    except _Stop as stop:
        feedback = stop.feedback
    if feedback.verdict == "Right.":
        _solved.add(name)
    return feedback


def progress(notebook: str) -> Feedback:
    """Say which exercises of a notebook are solved in this kernel.

    Parameters
    ----------
    notebook : str
        Name of the notebook, as ``01-sigmoid``.

    Returns
    -------
    Feedback
        One line.

    Raises
    ------
    ValueError
        If there is no such notebook.
    """
    if notebook not in SHEETS:
        raise ValueError(f"no notebook {notebook!r}; there are {', '.join(SHEETS)}")
    names = list(SHEETS[notebook])
    solved = [name for name in names if name in _solved]
    still = [name for name in names if name not in _solved]
    parts = {"Solved: ": solved, "Open: ": still}
    reason = " ".join(f"{key}{', '.join(part)}." for key, part in parts.items() if part)
    return Feedback(f"{len(solved)} of {len(names)} exercises solved in this kernel.", reason)


class _Stop(BaseException):
    """The verdict is known. Not an Exception, so that no ``except Exception`` can swallow it."""

    def __init__(self, reason: str, mistake: str | None = None, verdict: str = "Not yet.") -> None:
        self.feedback = Feedback(verdict, reason, mistake)


def _not_attempted(reason: str) -> NoReturn:
    raise _Stop(reason, verdict="Not attempted yet.")


@contextmanager
def _time_limit() -> Iterator[None]:
    main_thread = threading.current_thread() is threading.main_thread()
    if not (main_thread and hasattr(signal, "setitimer")):
        yield
        return

    def stop(*_: object) -> NoReturn:
        raise _Stop(
            f"No result within {TIME_LIMIT:g} s. Is there a loop that does not end?", "endless"
        )

    handler = signal.signal(signal.SIGALRM, stop)
    # Again and again after the first time: a bare `except:` would swallow that one.
    timer = signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT, 0.02)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


def _judge(exercise: Exercise, answer: Sequence[Any]) -> Feedback:
    if any(part is None or part is ... for part in answer):
        _not_attempted("Replace the placeholder and run the cell again.")
    wanted = 2 if isinstance(exercise, OwnActivation) else 1
    if len(answer) != wanted:
        raise _Stop(f"Beside its name this exercise takes {wanted}, not {len(answer)}.")
    if isinstance(exercise, Number):
        return _judge_number(exercise, *answer)
    if isinstance(exercise, Choice):
        return _judge_choice(exercise, *answer)
    if not all(map(callable, answer)):
        raise _Stop("A function is asked for. Give its name alone, without parentheses.")
    if isinstance(exercise, Function):
        return _judge_function(exercise, *answer)
    return _judge_own(exercise.shows, *answer)


def _judge_number(exercise: Number, answer: Any) -> Feedback:
    try:
        got = _number(answer)
    except Exception:  # whatever an object's own __float__ raises
        raise _Stop("A number is asked for, such as 0.25, 1/4 or 4.5e-05.") from None
    whole = float(exercise.right).is_integer()  # then nobody has to round
    for mistake, number, reason in (("", exercise.right, exercise.shows), *exercise.mistakes):
        tolerance = 0.01 if mistake or not whole else 1e-5
        if abs(got - number) <= tolerance * abs(number):
            if mistake:
                raise _Stop(reason, mistake)
            return Feedback("Right.", reason)
    if abs(got - exercise.right) <= _rounding(got) and not whole:
        return Feedback("Right.", exercise.shows)
    if abs(got + exercise.right) <= 0.01 * abs(exercise.right):
        raise _Stop("The size is right, the sign is not.", "sign")
    raise _Stop(f"{as_text(got)} is too {'large' if got > exercise.right else 'small'}.")


def _rounding(number: float) -> float:
    """Return half a unit in the second digit of a number that has no more digits, else 0."""
    text = f"{number:.1e}"
    if not np.isfinite(number) or float(text) != number:
        return 0.0
    return 0.5001 * 10.0 ** (int(text.partition("e")[2]) - 1)


def _number(answer: Any) -> float:
    if isinstance(answer, str):
        above, slash, below = answer.replace("−", "-").partition("/")
        number = float(above) / (float(below) if slash else 1.0)
    else:
        number = float(np.ravel(answer).item())
    if np.isnan(number):
        raise ValueError
    return number


def _judge_choice(exercise: Choice, answer: Any) -> Feedback:
    labels = sorted([exercise.right, *exercise.mistakes])
    try:
        named = set(re.findall(r"\w+", str(answer).lower())).intersection(labels)
    except Exception:  # whatever an object's own __str__ raises
        named = set()
    if len(named) != 1:
        raise _Stop(f"Answer with one of {', '.join(labels)}.")
    label = named.pop()
    if label == exercise.right:
        return Feedback("Right.", exercise.shows)
    raise _Stop(exercise.mistakes[label], label)


def _judge_function(exercise: Function, function: Callable[..., Any]) -> Feedback:
    names = inspect.signature(exercise.right).parameters
    cases = [dict(zip(names, case, strict=True)) for case in exercise.cases]
    trial, wanted = _Trial(function), _results(exercise.right, cases)
    got = list(map(trial, cases, wanted))
    if exercise.given and _same(got, _results(exercise.given, cases)):
        _not_attempted(UNCHANGED)
    if not _same(got, wanted, exercise.rtol):
        for mistake, wrong, reason in exercise.mistakes:
            if _same(got, _results(wrong, cases)):
                raise _Stop(reason, mistake)
        raise _unknown(got, wanted, cases, exercise.rtol, trial)
    _check_near_zero(exercise, trial, names)
    if exercise.silent and trial.warning:
        raise _Stop(f"The values are right, but NumPy warns: {trial.warning}.", "warning")
    return Feedback("Right.", " ".join([exercise.shows, *trial.remarks]))


def _check_near_zero(exercise: Function, trial: "_Trial", names: Iterable[str]) -> None:
    cases = [dict(zip(names, case, strict=True)) for case in exercise.near_zero]
    wanted = _results(exercise.right, cases)
    got = list(map(trial, cases, wanted))
    wrong = [
        ~np.isclose(*pair, rtol=exercise.rtol, atol=0) for pair in zip(got, wanted, strict=True)
    ]
    if not any(map(np.any, wrong)):
        return
    where = _at(got, wanted, wrong, cases, trial)
    if all(np.allclose(*pair, rtol=0, atol=1e-15) for pair in zip(got, wanted, strict=True)):
        raise _Stop(
            f"Far out it is right. {where.feedback.reason} Two numbers that are nearly equal are "
            "subtracted there, and the digits are lost: np.expm1(x) gives eˣ − 1 with all of them.",
            "cancels",
        )
    raise where


def _judge_own(shows: str, g: Callable[[Any], Any], derivative: Callable[[Any], Any]) -> Feedback:
    z, value, slope = OWN_POINTS, _Trial(g), _Trial(derivative)

    def secants(trial: _Trial, h: float | None = None) -> Any:
        return central_difference(lambda z: trial({"z": z}, z), z, h)

    with_zero = np.append(z, 0.0)
    a, got, wanted = value({"z": with_zero}, with_zero), slope({"z": z}, z), secants(value)
    for place in with_zero[~np.isfinite(a)]:
        raise _Stop(f"g is not a finite number at z = {as_text(place)}. It must be, for every z.")
    if FEW_DIGITS in value.remarks:
        raise _Stop(f"Nothing can be said of g. {FEW_DIGITS} A secant needs all of float64.")
    a = a[:-1]
    # What a secant is off by: rounding, which where g is flat is all of the slope, and its own run.
    error: Array = 1e-5 * np.abs(wanted) + 3e-10 * np.abs(a) + np.abs(wanted - secants(value, 1e-4))

    def wrong(slopes: Array) -> Array:
        return ~np.asarray(np.abs(slopes - wanted) <= error)

    if not wrong(got).any():
        return Feedback("Right.", " ".join([shows, *slope.remarks]))
    if _same([got], [a]):
        raise _Stop("Both functions give the same. The second is to be the slope.", "value")

    def probe(call: Callable[[], Any]) -> Any:
        """Return what a call gives that the learner has not asked for; nan where it fails."""
        try:
            return call()
        except _Stop as stop:
            if stop.feedback.mistake == "endless":
                raise
            return np.full_like(z, np.nan)

    if not wrong(probe(lambda: slope({"z": a}, z))).any():
        raise _Stop("Your derivative wants a = g(z), and it is called with z.", "z-for-a")
    factor = _factor(got, wanted)
    if factor and not wrong(got / factor).any():
        raise _times(factor)
    if np.allclose(probe(lambda: secants(slope)), a, rtol=1e-5, atol=1e-9):
        raise _Stop("The two are exchanged: first comes g, then its derivative.", "exchanged")
    raise _at([got], [wanted], [wrong(got)], [{"z": z}], slope)


def _results(function: Callable[..., Any], cases: Sequence[Case]) -> list[Array]:
    return [np.asarray(function(*case.values())) for case in cases]


def _same(got: Sequence[Array], others: Sequence[Array], rtol: float = SAME) -> bool:
    pairs = zip(got, others, strict=True)
    return all(np.allclose(*pair, rtol=rtol, atol=0, equal_nan=True) for pair in pairs)


def _unknown(
    got: Sequence[Array],
    wanted: Sequence[Array],
    cases: Sequence[Case],
    rtol: float,
    trial: "_Trial",
) -> _Stop:
    """Say where a result is wrong that is no known mistake of its exercise."""
    flat, right = (np.concatenate([each.ravel() for each in arrays]) for arrays in (got, wanted))
    factor = _factor(flat, right)
    if factor and _same([flat], [factor * right], rtol):
        return _times(factor)
    wrong = [~np.isclose(*pair, rtol=rtol, atol=0) for pair in zip(got, wanted, strict=True)]
    return _at(got, wanted, wrong, cases, trial)


def _factor(got: Array, wanted: Array) -> float:
    """Return by what the one is a multiple of the other, if it is; 0 where that makes no sense."""
    factor = float(np.divide(got @ wanted, wanted @ wanted))
    return factor if np.isfinite(factor) else 0.0


def _times(factor: float) -> _Stop:
    if np.isclose(factor, -1, rtol=1e-4):
        return _Stop("The size is right everywhere, the sign is not.", "sign")
    return _Stop(f"Everywhere this is {as_text(factor)} times what is asked for.", "factor")


def _at(
    got: Sequence[Array],
    wanted: Sequence[Array],
    wrong: Sequence[Array],
    cases: Sequence[Case],
    trial: "_Trial",
) -> _Stop:
    """Say what is wrong at the first place of all that are."""
    first = [bool(each.any()) for each in wrong].index(True)
    at = tuple(map(int, np.argwhere(wrong[first])[0]))
    result, want = got[first][at], wanted[first][at]
    digits = 6 if as_text(result) != as_text(want) else 12
    expected = f"expected {as_text(want, digits)}, got {as_text(result, digits)}."
    remarks = ["Such a nan comes from ∞/∞, ∞ − ∞, 0/0 or 0 · ∞."] if np.isnan(result) else []
    return _Stop(" ".join([f"At {_place(cases[first], at)}: {expected}", *remarks, *trial.remarks]))


def _place(case: Case, at: tuple[int, ...]) -> str:
    numbers = {name: value for name, value in case.items() if not callable(value)}
    if any(np.ndim(value) not in {0, len(at)} for value in numbers.values()):
        given = ", ".join(f"{name} = {np.asarray(v).tolist()}" for name, v in numbers.items())
        return given + (f", entry {list(at)}" if at else "")
    named = []
    for name, value in numbers.items():
        entry = value[at] if np.ndim(value) else value
        kind = "" if isinstance(entry, float) else " (an integer)"
        named.append(f"{name} = {as_text(entry)}{kind}")
    return ", ".join(named)


class _Trial:
    """A learner's function: calls it, and keeps what is to be remarked on it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.warning = ""
        self.remarks: dict[str, None] = {}  # in order, each once

    def __call__(self, case: Case, like: Array) -> Array:
        """Return what the function makes of a case: an array of the shape of `like`."""
        given = copy.deepcopy(tuple(case.values()))
        try:
            result = self._call(given)
        except (TypeError, ValueError) as error:
            result = self._one_by_one(case, like.shape, error)
        except (KeyboardInterrupt, _Stop):
            raise
        except BaseException as error:
            raise _raised(error) from None
        array = _as_array(result)
        parts = array.ravel().tolist() if array.dtype.kind == "O" else []
        if any(part is ... for part in parts):
            _not_attempted("Replace the placeholder and run the cell again.")
        if any(part is None for part in parts):
            hint = "Printing is not returning." if PRINTS in self.remarks else NO_RETURN
            raise _Stop(f"Your function returns None. {hint}", "none")
        if not all(map(np.array_equal, given, case.values())):
            raise _Stop("Your function changes what it is given. Let it work on a copy.", "changes")
        array = _as_array(array, float) if parts else array
        if array.dtype.kind not in "biuf":
            kind = type(result).__name__
            raise _Stop(f"Your function returns something other than real numbers: {kind}.", "type")
        if array.shape not in {like.shape, ()}:
            shapes = f"{array.shape} where {like.shape} is asked for"
            raise _Stop(f"Your function returns an array of the shape {shapes}.", "shape")
        if array.shape != like.shape:
            self.remarks[SINGLE] = None
        elif array.dtype.kind != "f" and like.dtype.kind == "f":
            self.remarks[NO_FLOATS] = None
        elif array.dtype in (np.float16, np.float32):
            self.remarks[FEW_DIGITS] = None
        return np.broadcast_to(array.astype(float), like.shape)

    def _call(self, arguments: Sequence[Any]) -> Any:
        with (
            redirect_stdout(io.StringIO()) as printed,
            redirect_stderr(printed),
            warnings.catch_warnings(record=True) as caught,
            np.errstate(divide="warn", over="warn", invalid="warn"),
        ):
            warnings.simplefilter("always")
            try:
                return self.function(*arguments)
            finally:
                if printed.getvalue():
                    self.remarks[PRINTS] = None
                if caught:
                    self.warning = str(caught[0].message)

    def _one_by_one(self, case: Case, shape: tuple[int, ...], error: Exception) -> list[Any]:
        """Call a function that may be written for one number: ``if z > 0``, ``math.exp(z)``."""
        arrays = [value for value in case.values() if isinstance(value, np.ndarray)]
        if any(array.shape != shape for array in arrays):
            raise _raised(error) from None
        results = []
        for i in range(*shape):
            try:
                one = [v[i] if isinstance(v, np.ndarray) else v for v in case.values()]
                results.append(self._call(one))
            except (KeyboardInterrupt, _Stop):
                raise
            except BaseException as of_one:
                if not re.search("truth value of an array|0-dim|length-1 arrays", str(error)):
                    raise _raised(error) from None
                raise _raised(of_one, f"At {_place(case, (i,))} your") from None
        self.remarks[ONE_BY_ONE] = None
        return results


def _as_array(result: Any, dtype: Any = None) -> Array:
    """Return an array, of text if it cannot be one of numbers."""
    try:
        return np.asarray(result, dtype)
    except Exception:  # whatever an object's own __array__ raises
        return np.asarray("")


def _raised(error: BaseException, whose: str = "Your") -> _Stop:
    try:
        message = next(iter(str(error).splitlines()), "").rstrip(".")
    except Exception:  # what the error's own __str__ raises
        message = ""
    said = f": {message[:200]}" if message else ""
    text = f"{whose} function raises {type(error).__name__}{said}."
    if "bitwise_xor' not supported" in message or "for ^" in message:
        return _Stop(f"{text} In Python a power is written **, not ^.", "caret")
    return _Stop(text, "raises")
