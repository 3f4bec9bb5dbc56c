"""The pictures of notebook 06: what they draw, what they tell, and what the progress bar leaves."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from helpers.activations import ACTIVATIONS
from helpers.network import Epoch, random_network, spiral, train
from helpers.pictures import training as network_figures
from helpers.pictures.training import (
    decision_boundaries,
    epochs_needed,
    gradient_by_layer,
    loss_curves,
    with_progress_bar,
)


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    shown: list[Any] = []
    monkeypatch.setattr(network_figures, "display", shown.append)
    yield shown
    for bar in shown:
        bar.close()


def test_the_progress_bar_counts_what_is_done(bars: list[Any]) -> None:
    seen = []
    for item in with_progress_bar((letter for letter in "abc"), "networks trained"):
        (bar,) = bars
        seen.append((item, bar.value, bar.max, bar.description))
    assert seen == [
        ("a", 0, 3, "0 of 3 networks trained"),
        ("b", 1, 3, "1 of 3 networks trained"),
        ("c", 2, 3, "2 of 3 networks trained"),
    ]
    assert (bar.value, bar.description) == (3, "3 of 3 networks trained")


def test_the_progress_bar_leaves_a_sentence_that_is_the_same_before_and_after(
    bars: list[Any],
) -> None:
    def beside_the_widget() -> dict[str, str]:
        data = bars[0]._repr_mimebundle_()
        assert data.pop("application/vnd.jupyter.widget-view+json")["model_id"]
        return dict(data)

    for _ in with_progress_bar(range(2), "networks <b>"):
        before = beside_the_widget()
    assert before == beside_the_widget()
    assert before == {"text/plain": "2 networks <b>.", "text/html": "<p>2 networks &lt;b&gt;.</p>"}


def test_loss_curves_draw_the_median_and_the_range() -> None:
    losses = np.array([[0.9, 0.5, 0.2], [0.8, 0.6, 0.1], [0.7, 0.1, 0.3]]).repeat(2, axis=1)
    picture = loss_curves({"some seeds": {"relu": losses, "wrong": 2 * losses}})
    (ax,) = picture.figure.axes
    lines = {str(line.get_label()): line for line in ax.lines}
    np.testing.assert_array_equal(lines["ReLU"].get_ydata(), [0.8, 0.8, 0.5, 0.5, 0.2, 0.2])
    np.testing.assert_array_equal(lines["wrong"].get_ydata(), [1.6, 1.6, 1.0, 1.0, 0.4, 0.4])
    box = ax.collections[0].get_paths()[0].get_extents()
    np.testing.assert_allclose([box.x0, box.x1, box.y0, box.y1], [0, 5, 0.1, 0.9])
    (legend,) = picture.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["ReLU", "wrong"]
    assert "some seeds: ReLU from 0.8 to 0.2, wrong from 2 to 0.4." in picture.alt


@pytest.mark.parametrize("epochs", [1, 2, 4, 5, 20])
def test_loss_curves_of_any_length_can_be_shown(epochs: int) -> None:
    picture = loss_curves({"one seed": {"relu": np.full((1, epochs), 0.5)}})
    data, _ = picture._repr_mimebundle_()
    assert data["image/png"]
    (line,) = (line for line in picture.figure.axes[0].lines if line.get_label() == "ReLU")
    assert line.get_markevery() == max(1, epochs // 5)


RUN = [Epoch(n, 0.5, 0.5, (1.0, 1.0)) for n in range(2)]


@pytest.mark.parametrize(
    ("draw", "data"),
    [
        (lambda lines: loss_curves({"panel": lines}), np.ones((2, 3))),
        (lambda lines: epochs_needed({"panel": lines}, most=100), [1, None]),
        (lambda lines: gradient_by_layer(lines, stills=(0, 1)), RUN),
    ],
    ids=["loss_curves", "epochs_needed", "gradient_by_layer"],
)
def test_a_fifth_line_is_refused(draw: Any, data: Any) -> None:
    lines = {**dict.fromkeys(ACTIVATIONS, data), "wrong": data}
    message = "^a panel has at most 4 lines; got sigmoid, tanh, relu, leaky_relu, wrong$"
    with pytest.raises(ValueError, match=message):
        draw(lines)
    del lines["tanh"]
    assert "wrong" in repr(draw(lines))


def test_a_boundary_lies_where_the_network_is_undecided() -> None:
    x, y = spiral(40, np.random.default_rng(0))
    network = random_network((2, 1), "tanh", np.random.default_rng(1))
    network.weights[0][:] = [[1.0, 0.0]]
    network.biases[0][:] = -0.5  # class 1 is where the first coordinate is above 0.5
    picture = decision_boundaries({"tanh": network}, x, y)
    (ax,) = picture.figure.axes
    edge = np.vstack([np.asarray(path.vertices) for path in ax.collections[1].get_paths()])
    np.testing.assert_allclose(edge[:, 0], 0.5, atol=1e-3)
    assert len(edge) > 1
    right = np.sum((x[0] > 0.5) == y)
    assert picture.alt.endswith(f"Of 40 on the right side: tanh {right}.")
    assert ax.get_xlabel() == f"{right} of 40 right"
    drawn = [np.asarray(points.get_offsets()) for points in ax.collections[2:]]
    np.testing.assert_array_equal(drawn[0], x[:, y == 0].T)
    np.testing.assert_array_equal(drawn[1], x[:, y == 1].T)


def test_seeds_that_did_not_get_there_stand_above_the_line() -> None:
    picture = epochs_needed({"2 layers": {"tanh": [30, 10, 20], "relu": [None, None]}}, most=100)
    (ax,) = picture.figure.axes
    reached, missed, limit = (np.asarray(line.get_ydata(), dtype=float) for line in ax.lines)
    np.testing.assert_array_equal(reached, [30, 10, 20])
    assert missed.min() > limit.max() == 100
    assert ax.get_ylim()[1] > missed.max()
    assert picture.alt.endswith("2 layers, tanh: 10 to 30; 2 layers, ReLU: none.")


def test_the_slider_moves_each_line_to_the_gradients_of_its_epoch() -> None:
    rng = np.random.default_rng(2)
    x, y = spiral(20, rng)
    runs = {
        key: list(train(random_network((2, 3, 3, 1), key, rng), x, y, 4, 0.1))
        for key in ACTIVATIONS
    }
    plot = gradient_by_layer(runs, stills=(0, 4))
    assert plot.values == {"epoch": 0.0}
    plot.move(epoch=4)
    with pytest.raises(ValueError, match="5 is not one of the 5 values"):
        plot.move(epoch=5)
    for key, ax in ((key, ax) for key in ACTIVATIONS for ax in plot._still.axes):
        n = int(ax.get_title().removeprefix("epoch "))
        lines = {line.get_label(): line for line in ax.lines}
        line = lines[ACTIVATIONS[key].name]
        np.testing.assert_array_equal(line.get_ydata(), runs[key][n].gradient)
        np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3])


def test_moves_and_readout_hold_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def keep(_: Any, controls: Any, moves: Any, *, readout: Any, **others: Any) -> None:
        given.update(controls=controls, moves=moves, readout=readout, **others)

    monkeypatch.setattr(network_figures, "LivePlot", keep)
    run = [Epoch(n, 0.5 / (n + 1), 0.75, (10.0**-n, 1.0)) for n in range(3)]
    other = [Epoch(n, 0.1, 1.0, (7.0, 8.0)) for n in range(2)]
    gradient_by_layer({"relu": run, "other": other}, stills=(0, 1))
    assert list(given["controls"][0].values) == [0, 1]
    np.testing.assert_array_equal(given["moves"]["line-0"][1], [[1, 0.1], [2, 1.0]])
    np.testing.assert_array_equal(given["moves"]["line-1"][1], [[1, 7.0], [2, 8.0]])
    assert given["readout"]["ReLU"] == ["loss 0.5, 75% right", "loss 0.25, 75% right"]
    assert given["readout"].keys() == {"ReLU", "other"}
    assert "epoch 1, ReLU: 0.1 and 1;" in given["label"]
