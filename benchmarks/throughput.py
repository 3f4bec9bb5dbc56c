"""How quick, how exact and how frugal the helpers are, beside SciPy and the textbook's formulas.

Run it on a machine that has nothing else to do: ``python -m benchmarks.throughput``. It
reports; it never fails.

One thread does everything. The functions of a group take turns, so that what slows the machine down
for a while slows all of them; a time is the least of many turns, a ratio the median of the turns'
ratios to the group's second line. The error is the largest of 1,000 results that should be normal
numbers, in units of the last place of the exact value; 9e+15 means that no digit is right. Memory
is the peak during a call, the result included, in arrays of the input's size.
"""

import platform
import timeit
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

import mpmath  # type: ignore[import-untyped]
import numpy as np
from scipy.special import expit  # type: ignore[import-untyped]

from helpers import sigmoid, sigmoid_derivative, tanh, tanh_derivative

torch: Any = import_module("torch") if find_spec("torch") else None

Function = Callable[[Any], Any]

TURNS = {1_000_000: 41, 1_000: 101}  # by number of elements
SECONDS_A_TURN = 0.01
MEMORY_TARGET = 3
HEADER = ("", "time", "ratio", "target", "", "error", "memory", "target", "")


@np.errstate(all="ignore")
def _textbook_sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


@np.errstate(all="ignore")
def _textbook_sigmoid_derivative(z: Any) -> Any:
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a)


def _textbook_tanh_derivative(z: Any) -> Any:
    a = np.tanh(z)
    return 1 - a**2


def _exact_sigmoid(z: Any) -> Any:
    return 1 / (1 + mpmath.exp(-z))


def _exact_sigmoid_derivative(z: Any) -> Any:
    e = mpmath.exp(-abs(z))
    return e / (1 + e) ** 2


def _exact_tanh_derivative(z: Any) -> Any:
    return 4 * _exact_sigmoid_derivative(2 * z)


@dataclass(frozen=True)
class Entry:
    """A function in a table, and what makes its input from an array."""

    name: str
    f: Function
    prepare: Function = np.asarray


@dataclass(frozen=True)
class Group:
    """A helper first, the peer that it is measured by second, others that do the same work."""

    entries: tuple[Entry, ...]
    exact: Function
    targets: dict[int, float] = field(default_factory=dict)


def _pytorch(name: str) -> tuple[Entry, ...]:
    return (Entry(f"torch.{name}", getattr(torch, name), torch.from_numpy),) if torch else ()


def _pytorch_backward(name: str) -> tuple[Entry, ...]:
    def slope(z: Any) -> Any:
        return torch.autograd.grad(getattr(torch, name)(z), z, torch.ones_like(z))[0]

    def tracked(z: Any) -> Any:
        return torch.from_numpy(z).requires_grad_()

    return (Entry(f"torch.{name}, backward", slope, tracked),) if torch else ()


GROUPS = (
    Group(
        (
            Entry("sigmoid", sigmoid),
            Entry("scipy.special.expit", expit),
            Entry("1 / (1 + exp(-z))", _textbook_sigmoid),
            *_pytorch("sigmoid"),
        ),
        _exact_sigmoid,
        {1_000_000: 0.6, 1_000: 1.5},
    ),
    Group(
        (
            Entry("sigmoid_derivative", sigmoid_derivative),
            Entry("a (1 - a)", _textbook_sigmoid_derivative),
            *_pytorch_backward("sigmoid"),
        ),
        _exact_sigmoid_derivative,
        {1_000_000: 1.1, 1_000: 1.5},
    ),
    Group(
        (Entry("tanh", tanh), Entry("numpy.tanh", np.tanh), *_pytorch("tanh")),
        mpmath.tanh,
    ),
    Group(
        (
            Entry("tanh_derivative", tanh_derivative),
            Entry("1 - a**2", _textbook_tanh_derivative),
            *_pytorch_backward("tanh"),
        ),
        _exact_tanh_derivative,
        {1_000_000: 1.1, 1_000: 1.5},
    ),
)


def _error(entry: Entry, exact: Function) -> str:
    """Return the largest error in ulp over z from -745 to 745, most of them small."""
    rng = np.random.default_rng(0)
    small = rng.choice([-1, 1], 200) * 10 ** rng.uniform(-8, 0, 200)
    z = np.concatenate([rng.uniform(-745, 745, 300), rng.uniform(-20, 20, 500), small])
    results = np.asarray(entry.f(entry.prepare(z)))
    worst = 0.0
    with mpmath.workprec(160):
        for z_i, got in zip(z.tolist(), results.tolist(), strict=True):
            expected = exact(mpmath.mpf(z_i))
            if abs(expected) >= float(np.finfo(np.float64).tiny):
                ulp = mpmath.ldexp(1, mpmath.frexp(expected)[1] - 53)
                worst = max(worst, float(abs(got - expected) / ulp))
    return f"{worst:.1f} ulp" if worst < 1e4 else f"{worst:.0e} ulp"


def _seconds(entries: tuple[Entry, ...], z: Any) -> Any:
    """Return the seconds of one call, a row for each entry and a column for each turn."""
    calls = [timeit.Timer(partial(entry.f, entry.prepare(z))) for entry in entries]
    numbers = [max(1, round(SECONDS_A_TURN / min(call.repeat(5, 1)))) for call in calls]
    turns = [
        [call.timeit(number) / number for call, number in zip(calls, numbers, strict=True)]
        for _ in range(TURNS[z.size])
    ]
    return np.array(turns).T


def _peak_memory(entry: Entry, z: Any) -> float:
    entry.f(z)  # whatever is allocated once is there now
    tracemalloc.start()
    entry.f(z)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / float(z.nbytes)


def _against(value: float, target: float) -> list[str]:
    return [f"≤ {target}", "met" if value <= target else "MISSED"]


def _rows(group: Group, size: int) -> list[list[str]]:
    z = np.random.default_rng(1).normal(0, 4, size)
    seconds = _seconds(group.entries, z)
    rows = []
    for entry, own in zip(group.entries, seconds, strict=True):
        ratio = float(np.median(own / seconds[1]))
        row = [entry.name, f"{own.min() * 1e6:.1f} µs", f"{ratio:.2f}", "", ""]
        row += [_error(entry, group.exact), "", "", ""]
        if entry.prepare is np.asarray:  # PyTorch's memory is not Python's
            memory = _peak_memory(entry, z)
            row[6] = f"{memory:.1f}"
        if entry is group.entries[0]:
            row[7:] = _against(memory, MEMORY_TARGET)
            if size in group.targets:
                row[3:5] = _against(ratio, group.targets[size])
        rows.append(row)
    return rows


def processor() -> str:
    """Return what this machine calls its processor."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def main() -> None:
    """Print the machine and a table for each size."""
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    if torch:
        torch.set_num_threads(1)
        versions += f", PyTorch {torch.__version__}"
    print(f"{processor()}, {platform.system()}; {versions}; one thread, float64")
    for size in TURNS:
        tables = [[list(HEADER)], *(_rows(group, size) for group in GROUPS)]
        widths = [max(map(len, column)) for column in zip(*chain(*tables), strict=True)]
        print(f"\n{size:,} elements")
        for table in tables:
            for row in table:
                numbers = [c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)]
                print("  ".join([row[0].ljust(widths[0]), *numbers]).rstrip())
            print()


if __name__ == "__main__":
    main()
