"""The small network: its gradient against HIPS autograd, its gradient check, its bad input."""

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import autograd  # type: ignore[import-untyped]
import autograd.numpy as anp  # type: ignore[import-untyped]
import numpy as np
import pytest

from helpers.activations import ACTIVATIONS, sigmoid
from helpers.network import (
    INITIALIZATIONS,
    Network,
    check_gradient,
    random_network,
    spiral,
    train,
)

every_activation = pytest.mark.parametrize("key", ACTIVATIONS)


# Written without any helper, and so that what autograd makes of it does not cancel.
def _sigmoid(t: Any) -> Any:
    return anp.exp(-anp.logaddexp(0.0, -t))


REFERENCE: dict[str, Callable[[Any, float], Any]] = {
    "sigmoid": lambda z, alpha: _sigmoid(alpha * z),
    "tanh": lambda z, alpha: _sigmoid(2 * alpha * z) - _sigmoid(-2 * alpha * z),
    "relu": lambda z, alpha: anp.where(z > 0, z, 0 * z),
    "leaky_relu": lambda z, alpha: anp.where(z > 0, z, alpha * z),
}


def _reference_loss(
    parameters: Any, g: Callable[[Any, float], Any], alpha: float, x: Any, y: Any
) -> Any:
    weights, biases = parameters
    a = x
    for number, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
        z = anp.dot(w, a) + b
        a = g(z, alpha) if number < len(weights) else z
    return -anp.mean(anp.where(y == 1, -anp.logaddexp(0.0, -a), -anp.logaddexp(0.0, a)))


def _agree(network: Network, key: str, x: Any, y: Any) -> None:
    """Compare each entry of the gradient with autograd's, to 1e-10 of the entry."""
    got = network.gradient(x, y)
    expected = autograd.grad(_reference_loss)(
        (network.weights, network.biases), REFERENCE[key], network.alpha, x, y
    )
    for kind, ours, theirs in zip(("weights", "biases"), got[:2], expected, strict=True):
        for layer, (one, other) in enumerate(zip(ours, theirs, strict=True), start=1):
            np.testing.assert_allclose(
                one, other, rtol=1e-10, atol=0, err_msg=f"{key}, {kind} of layer {layer}"
            )


def _data(rng: np.random.Generator, m: int, features: int = 3) -> tuple[Any, Any]:
    return rng.normal(size=(features, m)), rng.integers(0, 2, m)


@every_activation
@pytest.mark.parametrize("layers", range(1, 7))
@pytest.mark.parametrize("m", [1, 2, 7, 64])
def test_the_gradient_is_autograds(key: str, layers: int, m: int) -> None:
    rng = np.random.default_rng([layers, m])
    hidden = rng.integers(2, 9, layers - 1).tolist()
    network = random_network((3, *hidden, 1), key, rng, "he", bias=0.3)
    _agree(network, key, *_data(rng, m))


@pytest.mark.parametrize(("key", "alpha"), [("sigmoid", 3), ("tanh", 0.5), ("leaky_relu", -0.5)])
def test_the_gradient_is_autograds_at_another_alpha(key: str, alpha: float) -> None:
    rng = np.random.default_rng(1)
    network = random_network((3, 5, 4, 1), key, rng, alpha=alpha)
    _agree(network, key, *_data(rng, 16))


@pytest.mark.parametrize("key", ["sigmoid", "tanh"])
@pytest.mark.parametrize("scale", [10, 30])
def test_the_gradient_is_autograds_where_slopes_from_a_cancel(key: str, scale: int) -> None:
    rng = np.random.default_rng(2)
    network = random_network((3, 6, 6, 1), key, rng)
    network.weights[0] *= scale
    x, y = _data(rng, 8)
    z, a = network.forward(x)
    exact = network.activation.derivative(z[0])
    from_a = network.activation.derivative_from_a(a[1])
    assert np.max(np.abs(from_a / exact - 1)) > 1e-8, "the case is not hard"
    _agree(network, key, x, y)


def test_the_gradient_of_a_confident_network_does_not_cancel() -> None:
    network = Network([np.array([[40.0]])], [np.array([[0.0]])], ACTIVATIONS["relu"], 0.0)
    slope = network.gradient([[1.0]], [1]).biases[0].item()
    assert slope == pytest.approx(-np.exp(-40.0), rel=1e-14, abs=0)


def _both(derivative: Callable[[Any, Any], Any], key: str) -> Any:
    """Return the activation with another derivative, a function of z and a."""
    g = ACTIVATIONS[key].g
    return replace(ACTIVATIONS[key], derivative=lambda z, alpha: derivative(z, g(z, alpha=alpha)))


@every_activation
@pytest.mark.parametrize("layers", [1, 2, 3, 6])
@pytest.mark.parametrize("scale", [1, 3])
def test_the_check_passes_the_right_gradient(key: str, layers: int, scale: float) -> None:
    rng = np.random.default_rng([layers, int(scale)])
    network = random_network((3, *[6] * (layers - 1), 1), key, rng, "he", bias=0.1)
    for w in network.weights:
        w *= scale
    checks = check_gradient(network, *_data(rng, 32))
    assert [check.name for check in checks] == [
        f"layer {n} {kind}" for n in range(1, layers + 1) for kind in ("weights", "biases")
    ]
    assert all(check.passed and not check.failed for check in checks), checks
    for check, array in zip(checks[::2], network.weights, strict=True):
        assert check.passed + check.undecided == array.size
        assert check.passed > array.size / 3


WRONG = {
    "1 - a": _both(lambda z, a: 1 - a, "sigmoid"),
    "a (1 + a)": _both(lambda z, a: a * (1 + a), "sigmoid"),
    "a (1 - a) of tanh": _both(lambda z, a: 1 - a, "tanh"),
    "a factor 2 forgotten": _both(lambda z, a: (1 - a**2) / 2, "tanh"),
    "a factor 1.001": _both(lambda z, a: (1 - a**2) * 1.001, "tanh"),
    "a >= 0": _both(lambda z, a: (a >= 0).astype(float), "relu"),
    "no leak": _both(lambda z, a: (a > 0).astype(float), "leaky_relu"),
    "nan": _both(lambda z, a: a * np.nan, "sigmoid"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_fails_a_wrong_derivative(wrong: Any) -> None:
    rng = np.random.default_rng(3)
    network = random_network((2, 6, 6, 1), wrong, rng)
    checks = check_gradient(network, *_data(rng, 32, features=2))
    failed = {check.name for check in checks if check.failed}
    assert failed == {f"layer {n} {kind}" for n in (1, 2) for kind in ("weights", "biases")}, checks
    for check in checks[:4]:
        where = f"at {list(check.where)} got {check.got:.3g}, expected {check.expected:.3g}"
        assert str(check).endswith(f", {check.failed} FAIL: {where}")


def _transposed(right: Network, z: Any, a: Any, y: Any) -> Any:
    first, second, third = right.weights
    return replace(right, weights=[first, second.T, third]).backward(z, a, y)


def _forgotten_mean(right: Network, z: Any, a: Any, y: Any) -> Any:
    gradient = right.backward(z, a, y)
    return gradient._replace(biases=[b * y.size for b in gradient.biases])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_transposed, ["layer 1 weights", "layer 1 biases"]),
        (_forgotten_mean, ["layer 1 biases", "layer 2 biases", "layer 3 biases"]),
    ],
)
def test_the_check_fails_a_wrong_backward_pass_and_says_where(
    change: Any, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(4)
    network = random_network((4, 4, 4, 1), "tanh", rng)
    right = replace(network)
    x, y = _data(rng, 8, features=4)
    assert not any(check.failed for check in check_gradient(network, x, y))
    monkeypatch.setattr(Network, "gradient", lambda self, x, y: change(right, *self.forward(x), y))
    assert [check.name for check in check_gradient(network, x, y) if check.failed] == expected


def test_the_check_names_the_entry_that_is_farthest_off(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    network = random_network((3, 4, 1), "tanh", rng)
    x, y = _data(rng, 8)
    gradient = network.gradient(x, y)
    right = gradient.weights[0][2, 1].item()
    gradient.weights[0][2, 1] *= 1.5
    gradient.weights[0][3, 0] *= 1.1
    monkeypatch.setattr(Network, "gradient", lambda *_: gradient)
    first, *others = check_gradient(network, x, y)
    assert (first.where, first.failed, first.got) == ((2, 1), 2, right * 1.5)
    assert first.expected == pytest.approx(right, rel=1e-6)
    for check in others:
        assert (check.failed, check.where) == (0, (0, 0)), "where none failed, it is the first"


def _one_unit(key: str, w: float, b: float, **changes: Any) -> Network:
    activation = replace(ACTIVATIONS[key], **changes)
    weights = [np.array([[w]]), np.array([[1.0]])]
    return Network(weights, [np.array([[b]]), np.array([[0.1]])], activation, activation.alpha)


@pytest.mark.parametrize("x", [0.0, 1e-7, -1e-7, 1e-6, -1e-6])
def test_a_step_across_the_kink_is_neither_failed_nor_passed(x: float) -> None:
    for key in ("relu", "leaky_relu"):
        bias = check_gradient(_one_unit(key, 1.0, 0.0), [[x]], [1])[1]
        assert (bias.passed, bias.failed, bias.undecided) == (0, 0, 1), f"{key}: {bias}"


def test_the_mean_of_the_two_slopes_does_not_pass_at_the_kink() -> None:
    half = {"derivative": lambda z, alpha: np.where(z == 0, 0.5, np.where(z > 0, 1.0, 0.0))}
    network = _one_unit("relu", 1.0, -1.0, **half)
    assert network.gradient([[1.0]], [1]).biases[0].item() != 0
    for check in check_gradient(network, [[1.0]], [1])[:2]:
        assert (check.passed, check.failed, check.undecided) == (0, 0, 1), check


OWN_RELU = replace(ACTIVATIONS["relu"], kink=None)
HARD_TANH = replace(
    OWN_RELU,
    g=lambda z, alpha: np.clip(z, -1, 1),
    derivative=lambda z, alpha: (np.abs(z) < 1).astype(float),
)


@pytest.mark.parametrize("own", [OWN_RELU, HARD_TANH], ids=["relu", "tanh"])
def test_a_kink_need_not_be_known(own: Any) -> None:
    """Biases of 0 put many z at ReLU's kink exactly, and z of 1 - 3e-6 lie inside hard tanh's."""
    decided = entries = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        network = random_network((2, 6, 6, 1), own, rng, "he")
        x, y = _data(rng, 8, features=2)
        x[:, 0] = 0  # z is 0 in all layers
        x[:, 1] *= (1 - 3e-6) / np.abs(network.weights[0] @ x[:, 1]).max()
        for check in check_gradient(network, x, y):
            assert not check.failed, f"seed {seed}: {check}"
            decided += check.passed
            entries += check.passed + check.undecided
    assert decided > entries / 2


def test_a_point_at_the_kink_does_not_hide_a_wrong_slope_elsewhere() -> None:
    wrong = _both(lambda z, a: (a >= 0).astype(float), "relu")
    rng = np.random.default_rng(5)
    x, y = _data(rng, 16, features=2)
    network = random_network((2, 6, 1), wrong, rng)
    network.biases[0][0] = -(network.weights[0] @ x)[0, 0]  # unit 0, sample 0: z is 0
    weights, biases = check_gradient(network, x, y)[:2]
    assert weights.failed
    assert biases.failed
    assert biases.undecided


@pytest.mark.parametrize("key", ["sigmoid", "tanh"])
def test_a_loss_that_bends_within_the_step_fails_no_right_slope(key: str) -> None:
    network = replace(_one_unit(key, 1e-5, 2e-5), alpha=2e4)
    for check in check_gradient(network, [[1.0]], [1])[:2]:
        assert (check.passed, check.failed, check.undecided) == (0, 0, 1), check


def test_a_slope_that_rounding_hides_is_undecided() -> None:
    network = random_network((2, *[4] * 12, 1), "sigmoid", np.random.default_rng(6))
    x, y = _data(np.random.default_rng(7), 8, features=2)
    first = check_gradient(network, x, y)[0]
    assert (first.passed, first.failed, first.undecided) == (0, 0, 8), first


def test_the_check_leaves_the_network_as_it_was() -> None:
    rng = np.random.default_rng(8)
    network = random_network((3, 4, 1), "relu", rng)
    before = [w.copy() for w in network.weights]
    check_gradient(network, *_data(rng, 4))
    for w, kept in zip(network.weights, before, strict=True):
        np.testing.assert_array_equal(w, kept)


@pytest.mark.parametrize("calls", range(1, 15))
def test_a_check_that_is_interrupted_leaves_the_network_as_it_was(calls: int) -> None:
    left = calls

    def g(z: Any, alpha: float) -> Any:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt
        return np.tanh(z)

    rng = np.random.default_rng(8)
    network = random_network((3, 4, 1), "tanh", rng)
    network.activation = replace(network.activation, g=g)
    before = [w.copy() for w in network.weights]
    with pytest.raises(KeyboardInterrupt):
        check_gradient(network, *_data(rng, 4))
    for w, kept in zip(network.weights, before, strict=True):
        np.testing.assert_array_equal(w, kept)


def _trained(batch: int | None) -> tuple[Network, Any]:
    rng = np.random.default_rng(9)
    x, y = spiral(60, rng)
    network = random_network((2, 8, 1), "tanh", rng)
    return network, list(train(network, x, y, epochs=5, rate=0.5, batch=batch, rng=rng))


@pytest.mark.parametrize("batch", [None, 7, 60])
def test_training_is_the_same_each_time(batch: int | None) -> None:
    (one, first), (other, second) = _trained(batch), _trained(batch)
    assert first == second
    assert len(first) == 6
    for w, v in zip(one.weights, other.weights, strict=True):
        np.testing.assert_array_equal(w, v)


def test_an_epoch_tells_what_the_network_gives_at_that_time() -> None:
    rng = np.random.default_rng(10)
    x, y = spiral(50, rng)
    network = random_network((2, 8, 1), "tanh", rng)
    for epoch in train(network, x, y, epochs=3, rate=0.3):
        p = sigmoid(network.forward(x)[0][-1][0])
        assert epoch.loss == pytest.approx(-np.mean(np.log(np.where(y == 1, p, 1 - p))), rel=1e-12)
        assert epoch.accuracy == np.mean((p > 0.5) == y)
        slopes = network.gradient(x, y).weights
        expected = tuple(float(np.sqrt(np.mean(w**2))) for w in slopes)
        assert epoch.gradient == pytest.approx(expected, rel=1e-12)
    assert epoch.number == 3


def test_a_step_is_minus_rate_times_the_gradient() -> None:
    rng = np.random.default_rng(11)
    x, y = spiral(50, rng)
    network = random_network((2, 8, 1), "tanh", rng)
    before = [w.copy() for w in network.weights]
    slopes = network.gradient(x, y).weights
    list(train(network, x, y, epochs=1, rate=0.25))
    for w, kept, slope in zip(network.weights, before, slopes, strict=True):
        np.testing.assert_allclose(w, kept - 0.25 * slope, rtol=1e-14)


def test_an_epoch_in_batches_takes_each_sample_once() -> None:
    seen = []

    class Watched(Network):
        def gradient(self, x: Any, y: Any) -> Any:
            seen.append(np.array(x))
            return super().gradient(x, y)

    rng = np.random.default_rng(12)
    x, y = spiral(10, rng)
    plain = random_network((2, 1), "tanh", rng)
    network = Watched(plain.weights, plain.biases, plain.activation, plain.alpha)
    list(train(network, x, y, epochs=2, rate=0.1, batch=4, rng=rng))
    assert [part.shape[1] for part in seen] == [4, 4, 2] * 2
    for epoch in (seen[:3], seen[3:]):
        together = np.hstack(epoch)
        np.testing.assert_array_equal(np.sort(together, axis=None), np.sort(x, axis=None))
        assert not np.array_equal(together, x), "not shuffled"


@every_activation
def test_training_separates_two_clouds_and_is_silent(key: str, capsys: Any) -> None:
    rng = np.random.default_rng(13)
    y = rng.integers(0, 2, 80)
    x = rng.normal(0, 0.3, (2, 80)) + 2 * y - 1
    network = random_network((2, 4, 1), key, rng)
    with warnings.catch_warnings(action="error"):
        epochs = list(train(network, x, y, epochs=200, rate=0.5))
    assert epochs[-1].accuracy == 1
    assert epochs[-1].loss < 0.2 < epochs[0].loss
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("name", "n", "m"), [("glorot", 300, 100), ("he", 300, 100)])
def test_the_initial_weights_have_the_variance_of_their_name(name: str, n: int, m: int) -> None:
    network = random_network((n, m, 1), "tanh", np.random.default_rng(14), name, bias=0.5)
    expected = {"glorot": 2 / (n + m), "he": 2 / n}[name]
    assert np.var(network.weights[0]) == pytest.approx(expected, rel=0.03)
    assert np.mean(network.weights[0]) == pytest.approx(0, abs=4 * np.sqrt(expected / (n * m)))
    assert [b.tolist() for b in network.biases] == [[[0.5]] * m, [[0.5]]]
    assert name in INITIALIZATIONS


def test_the_spiral_has_two_arms_that_no_line_separates() -> None:
    x, y = spiral(401, np.random.default_rng(15), noise=0)
    assert x.shape == (2, 401)
    assert (y == 0).sum() == 201
    radius, angle = np.hypot(*x), np.arctan2(x[1], x[0])
    np.testing.assert_allclose(np.cos(angle - np.pi * (radius + y)), 1)
    network = random_network((2, 1), "tanh", np.random.default_rng(16))
    *_, last = train(network, x, y, epochs=300, rate=1.0)
    assert last.accuracy < 0.8


RNG = np.random.default_rng(17)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": (2,)}, "at least two positive integers"),
        ({"units": ()}, "at least two positive integers"),
        ({"units": (2, 0, 1)}, "at least two positive integers"),
        ({"units": (2, 2.5, 1)}, "at least two positive integers"),
        ({"units": (2, 3)}, "the last 1"),
        ({"activation": "swish"}, "one of sigmoid, tanh, relu, leaky_relu; got 'swish'"),
        ({"initialization": "zeros"}, "one of glorot, he; got 'zeros'"),
        ({"bias": np.nan}, "bias must be finite; got nan"),
        ({"alpha": np.inf}, "alpha"),
        ({"activation": "sigmoid", "alpha": -1.0}, "alpha is a steepness"),
    ],
)
def test_what_makes_no_network_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        random_network(**{"units": (2, 3, 1), "activation": "relu", "rng": RNG, **arguments})


X, Y = np.ones((2, 3)), np.array([0, 1, 1])


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (X.T, Y, r"x must be shaped \(2, m\), m at least 1; got \(3, 2\)"),
        (X[0], Y, r"x must be shaped"),
        (X[:, :0], Y[:0], r"x must be shaped"),
        (X * np.nan, Y, "x must be finite; got nan"),
        (X * np.inf, Y, "x must be finite; got inf"),
        (X, Y[:2], r"y must be shaped \(3,\), a label for each column; got \(2,\)"),
        (X, Y[None], r"y must be shaped \(3,\)"),
        (X, 2 * Y - 1, r"labels must be 0 or 1; got -1"),
        (X, Y * np.nan, r"labels must be 0 or 1; got nan"),
    ],
)
def test_data_that_does_not_fit_is_refused(x: Any, y: Any, message: str) -> None:
    network = random_network((2, 3, 1), "relu", RNG)
    for call in (network.gradient, lambda x, y: check_gradient(network, x, y)):
        with pytest.raises(ValueError, match=message):
            call(x, y)
    with pytest.raises(ValueError, match=message):
        next(train(network, x, y, epochs=1, rate=1.0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": 0}, "epochs and batch must be positive integers; got 0 and None"),
        ({"batch": 0}, "epochs and batch must be positive integers; got 1 and 0"),
        ({"batch": 2}, "need an rng"),
        ({"rate": 0.0}, "rate must be positive and finite; got 0.0"),
        ({"rate": np.nan}, "rate must be positive and finite; got nan"),
    ],
)
def test_training_refuses_what_makes_no_steps(arguments: dict[str, Any], message: str) -> None:
    network = random_network((2, 3, 1), "relu", RNG)
    with pytest.raises(ValueError, match=message):
        next(train(network, X, Y, **{"epochs": 1, "rate": 1.0} | arguments))


@every_activation
@pytest.mark.parametrize("rate", [10.0, 1e10, 1e100, 1e300])
@pytest.mark.parametrize("batch", [None, 10])
def test_training_is_silent_at_any_rate_and_stops_at_a_loss_that_is_not_finite(
    key: str, rate: float, batch: int | None
) -> None:
    rng = np.random.default_rng(18)
    x, y = spiral(50, rng)
    network = random_network((2, *[8] * 8, 1), key, rng)
    losses, said = [], ""
    with warnings.catch_warnings(action="error"):
        try:
            for epoch in train(network, x, y, epochs=20, rate=rate, batch=batch, rng=rng):
                losses.append(epoch.loss)
        except ValueError as error:
            said = str(error)
    assert np.isfinite(losses).all()
    if len(losses) < 21:
        assert re.fullmatch(r"rate .* is too large: epoch \d+ has loss (inf|nan)", said), said
    else:
        assert key in {"sigmoid", "tanh"} or rate < 1e100, "a loss this large was not reported"


def test_a_spiral_of_no_points_is_refused() -> None:
    with pytest.raises(ValueError, match="n must be a positive integer; got 0"):
        spiral(0, RNG)
