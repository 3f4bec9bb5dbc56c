"""A small fully connected network for two classes, trained by gradient descent.

A batch is a matrix with a sample in each column, so that a layer reads as its equation,
``z = w @ a + b``. Inputs x are shaped (features, m) and labels y, 0 or 1, (m,). A layer has weights
w (units, units before it), biases b (units, 1), and z and a (units, m). The last layer is one unit,
whose z is a log-odds: the probability of class 1 is sigmoid(z).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.activations import ACTIVATIONS, Activation, sigmoid

Array = NDArray[np.float64]

# Variance of a layer's weights, by its numbers of inputs and units.
# Glorot, also called Xavier: X. Glorot and Y. Bengio, AISTATS 2010, equation 12.
# He, also called Kaiming: K. He et al., ICCV 2015, equation 10.
INITIALIZATIONS = {"glorot": lambda n, m: 2 / (n + m), "he": lambda n, m: 2 / n}

_SILENT = np.errstate(all="ignore")  # a training that diverges shows it in its loss


class Gradient(NamedTuple):
    """Slopes of the loss: an array a layer, each shaped as what it belongs to."""

    weights: list[Array]
    biases: list[Array]
    z: list[Array]


class Epoch(NamedTuple):
    """What the whole data set gives after `number` epochs.

    `gradient` is the root mean square of ∂L/∂w of each layer.
    """

    number: int
    loss: float
    accuracy: float
    gradient: tuple[float, ...]


@dataclass
class Network:
    """Weights and biases of each layer, and the activation function of all but the last layer."""

    weights: list[Array]
    biases: list[Array]
    activation: Activation
    alpha: float

    @_SILENT
    def forward(self, x: Array) -> tuple[list[Array], list[Array]]:
        """Return z of each layer, and the input of each layer: x, then a of the layer before."""
        z, a = [], [x]
        for w, b in zip(self.weights, self.biases, strict=True):
            z.append(w @ a[-1] + b)
            a.append(self.activation.g(z[-1], alpha=self.alpha))
        return z, a[:-1]

    @_SILENT
    def backward(self, z: list[Array], a: list[Array], y: Array) -> Gradient:
        """Return the gradient, given what `forward` returned and the labels."""
        gradient = Gradient([], [], [])
        sign = 1 - 2 * y
        dz = sign * sigmoid(sign * z[-1]) / y.size  # (sigmoid(z) - y) / m, but nothing cancels
        for layer in reversed(range(len(z))):
            if layer < len(z) - 1:
                da = self.weights[layer + 1].T @ dz
                dz = da * self.activation.derivative(z[layer], alpha=self.alpha)
            gradient.weights.insert(0, dz @ a[layer].T)
            gradient.biases.insert(0, dz.sum(axis=1, keepdims=True))
            gradient.z.insert(0, dz)
        return gradient

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Gradient:
        """Return the gradient of the loss, the mean cross-entropy over the columns of x."""
        x, y = _checked(self, x, y)
        return self.backward(*self.forward(x), y)


def random_network(
    units: Sequence[int],
    activation: str | Activation,
    rng: np.random.Generator,
    initialization: str = "glorot",
    bias: float = 0.0,
    alpha: float | None = None,
) -> Network:
    """Return a network with normally distributed weights.

    Parameters
    ----------
    units : sequence of int
        Features, units of each hidden layer, and 1 for the last: (2, 1) is a single layer.
    activation : str or Activation
        A key of ``ACTIVATIONS``, or an activation function of your own.
    rng : numpy.random.Generator
    initialization : str, default "glorot"
        A key of ``INITIALIZATIONS``.
    bias : float, default 0.0
        What every bias starts at.
    alpha : float, optional
        Shape parameter; by default the activation's own.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    if len(units) < 2 or units[-1] != 1 or not all(map(_natural, units)):
        raise ValueError(f"units must be at least two positive integers, the last 1; got {units}")
    known: Activation = (
        _entry(ACTIVATIONS, activation, "activation") if isinstance(activation, str) else activation
    )
    variance = _entry(INITIALIZATIONS, initialization, "initialization")
    if not math.isfinite(bias):
        raise ValueError(f"bias must be finite; got {bias}")
    alpha = known.alpha if alpha is None else alpha
    known.g(0.0, alpha=alpha)  # says what is wrong with alpha
    weights = [rng.normal(0, math.sqrt(variance(n, m)), (m, n)) for n, m in pairwise(units)]
    return Network(weights, [np.full((m, 1), float(bias)) for m in units[1:]], known, alpha)


def train(
    network: Network,
    x: ArrayLike,
    y: ArrayLike,
    epochs: int,
    rate: float,
    batch: int | None = None,
    rng: np.random.Generator | None = None,
) -> Iterator[Epoch]:
    """Train `network` in place; yield what was reached before the first and after each epoch.

    Each step subtracts `rate` times the gradient: over all samples, or over `batch` of them,
    shuffled anew by `rng` in each epoch.

    Raises
    ------
    ValueError
        At the first epoch if an argument does not fit, later if the loss is no longer finite.
    """
    x, y = _checked(network, x, y)
    if not _natural(epochs) or not (batch is None or _natural(batch)):
        raise ValueError(f"epochs and batch must be positive integers; got {epochs} and {batch}")
    if not 0 < rate < math.inf:
        raise ValueError(f"rate must be positive and finite; got {rate}")
    if batch is not None and rng is None:
        raise ValueError("batches need an rng to shuffle the samples; got None")
    for number in range(epochs + 1):
        epoch, gradient = _measured(network, x, y, number)
        if not math.isfinite(epoch.loss):
            raise ValueError(f"rate {rate} is too large: epoch {number} has loss {epoch.loss}")
        yield epoch
        if number == epochs:
            return
        if batch is None or rng is None:
            _step(network, gradient, rate)
        else:
            order = rng.permutation(y.size)
            for part in np.split(order, range(batch, y.size, batch)):
                _step(network, network.gradient(x[:, part], y[part]), rate)


@_SILENT
def _measured(network: Network, x: Array, y: Array, number: int) -> tuple[Epoch, Gradient]:
    z, a = network.forward(x)
    gradient = network.backward(z, a, y)
    sizes = tuple(float(np.sqrt(np.mean(slopes**2))) for slopes in gradient.weights)
    return Epoch(number, _loss(z[-1], y), float(np.mean((z[-1] > 0) == y)), sizes), gradient


@_SILENT
def _step(network: Network, gradient: Gradient, rate: float) -> None:
    for (_, parameters), (_, slopes) in zip(_arrays(network), _arrays(gradient), strict=True):
        parameters -= rate * slopes


class GradientCheck(NamedTuple):
    """How the slopes of one array of parameters compare with central differences.

    `passed`, `failed` and `undecided` count its entries. `where` is the failed one with the largest
    relative error, or the first if none failed; `got` is its slope, and `expected` its central
    difference.
    """

    name: str
    passed: int
    failed: int
    undecided: int
    where: tuple[int, ...]
    got: float
    expected: float

    def __str__(self) -> str:
        total = self.passed + self.failed + self.undecided
        text = f"{self.name:<16} {self.passed} of {total} pass"
        text += f", {self.undecided} undecided" if self.undecided else ""
        if self.failed:
            text += f", {self.failed} FAIL: at {list(self.where)} "
            text += f"got {self.got:.3g}, expected {self.expected:.3g}"
        return text


def check_gradient(network: Network, x: ArrayLike, y: ArrayLike) -> list[GradientCheck]:
    """Compare the gradient of `network` with central differences of its loss, array by array.

    A slope passes if it agrees to a relative 1e-4; there is no absolute tolerance. It is undecided
    if the difference itself is not that exact: because the loss is rounded, or because a kink lies
    within the step. A kink need not be known: left and right of it the differences disagree.
    """
    x, y = _checked(network, x, y)
    checks = []
    for (name, parameters), (_, got) in zip(
        _arrays(network), _arrays(network.gradient(x, y)), strict=True
    ):
        expected, doubt = np.empty_like(got), np.empty_like(got)
        for index in np.ndindex(got.shape):
            expected[index], doubt[index] = _difference(network, parameters, index, x, y)
        size, off = np.maximum(np.abs(got), np.abs(expected)), np.abs(got - expected)
        failed = ~(off <= 1e-4 * size + doubt)  # a slope of nan fails
        passed = ~failed & (doubt < 1e-4 * size)
        farthest = np.argmax(np.where(failed, off / np.maximum(size, 1e-300), 0))
        where = tuple(map(int, np.unravel_index(farthest, got.shape)))
        right, wrong = int(passed.sum()), int(failed.sum())
        values = float(got[where]), float(expected[where])
        checks.append(GradientCheck(name, right, wrong, got.size - right - wrong, where, *values))
    return checks


def _difference(
    network: Network, parameters: Array, index: tuple[int, ...], x: Array, y: Array
) -> tuple[float, float]:
    """Return the central difference of the loss by one parameter, and how far off it may be."""
    kept = float(parameters[index])

    def loss(value: float) -> float:
        parameters[index] = value
        return _loss(network.forward(x)[0][-1], y)

    step = 6e-6 * max(1.0, abs(kept))
    try:
        here = loss(kept)
        left, right = (
            [(loss(kept + side * h) - here) / (side * h) for h in (step, 2 * step)]
            for side in (-1, 1)
        )
    finally:  # also when interrupted
        parameters[index] = kept
    near, far = ((before + after) / 2 for before, after in zip(left, right, strict=True))
    # Where the loss is smooth, right - left doubles with the step. At a kink it does not.
    kink = 2 * (right[0] - left[0]) - (right[1] - left[1])
    rounding = 2 * np.finfo(float).eps * (1 + here) / step
    return near, abs(far - near) + abs(kink) + rounding


def spiral(
    n: int, rng: np.random.Generator, turns: float = 1.0, noise: float = 0.1
) -> tuple[Array, Array]:
    """Return n points on two arms of a spiral, (2, n), and for each its arm, 0 or 1, (n,).

    Each arm winds `turns` times around the origin, from radius 0 to 2; the normal noise on the
    coordinates has the standard deviation `noise`.
    """
    if not _natural(n):
        raise ValueError(f"n must be a positive integer; got {n}")
    y: Array = (np.arange(n) % 2).astype(float)
    radius = 2 * np.sqrt(rng.uniform(size=n))
    angle = np.pi * (turns * radius + y)
    arms = radius * np.array([np.cos(angle), np.sin(angle)])
    x: Array = arms + rng.normal(0, noise, (2, n))
    return x, y


def _arrays(owner: Network | Gradient) -> Iterator[tuple[str, Array]]:
    for number, (w, b) in enumerate(zip(owner.weights, owner.biases, strict=True), start=1):
        yield f"layer {number} weights", w
        yield f"layer {number} biases", b


def _loss(z: Array, y: Array) -> float:
    return float(np.mean(np.logaddexp(0, (1 - 2 * y) * z)))


def _checked(network: Network, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    features = network.weights[0].shape[1]
    if x.ndim != 2 or x.shape[0] != features or not x.size:
        raise ValueError(f"x must be shaped ({features}, m), m at least 1; got {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError(f"x must be finite; got {x[~np.isfinite(x)][0]}")
    if y.shape != x.shape[1:]:
        raise ValueError(f"y must be shaped {x.shape[1:]}, a label for each column; got {y.shape}")
    if not np.isin(y, (0, 1)).all():
        raise ValueError(f"labels must be 0 or 1; got {y[~np.isin(y, (0, 1))][0]}")
    return x, y


def _natural(n: Any) -> bool:
    return isinstance(n, int | np.integer) and bool(n > 0)


def _entry(catalogue: Mapping[str, Any], key: str, what: str) -> Any:
    if key not in catalogue:
        raise ValueError(f"{what} must be one of {', '.join(catalogue)}; got {key!r}")
    return catalogue[key]
