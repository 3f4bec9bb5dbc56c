"""Compare the pictures stored in a notebook with what the code draws now.

Another Matplotlib or FreeType draws letters a little differently: strokes are hinted otherwise,
words grow or shrink by a few pixels, axes make room for them. A curve that moved is something
else, and as thin as a letter's stroke, so no mean over pixels tells the two apart. Here each pixel
may lie a little way off, farther in what is black, white or gray, as letters and frames are, than
in what has a color, as curves do; and pixels found nowhere near must come in a cluster.

Another Matplotlib also makes a little more or less room for letters, so that axes grow and legends
move. Where the PNGs tell that two versions drew them, curves may lie a little farther off, and what
is small, as a legend's line, may have moved if its like is found near.

The bounds were set with pictures drawn at twice the screen's resolution. Where Matplotlib 3.11 drew
with other hinting of letters, at most 21 pixels in a window differ; 147 or more where a curve's α
is 1.1 instead of 1, a line lies 6 pixels off, or a marker is missing. Between 3.10 and 3.11 the
course's pictures differ visibly where the two choose other ticks or lay out the axes otherwise, by
8 pixels and more.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.int16]

SMALL = 120  # pixels that a legend's lines or a word extend
WANDER = 10  # pixels that they may move
WINDOW = 24
CLUSTER = 80  # pixels found nowhere near, in a window, from which on a difference is visible


@dataclass(frozen=True)
class Difference:
    """Where two pictures differ visibly, and a picture of it: stored, drawn now, differences."""

    text: str
    picture: Image.Image


def visible_difference(stored: bytes, now: bytes) -> Difference | None:
    """Return how two PNGs differ, or None if a reader would not see it."""
    opened = [Image.open(io.BytesIO(png)) for png in (stored, now)]
    images = [image.convert("RGB") for image in opened]
    if max(abs(a - b) for a, b in zip(images[0].size, images[1].size, strict=True)) > 4:
        sizes = " to ".join(f"{image.width} × {image.height}" for image in images)
        return Difference(f"the size went from {sizes} pixels", _side_by_side(*images))
    width, height = (min(pair) for pair in zip(images[0].size, images[1].size, strict=True))
    a, b = (np.asarray(image.crop((0, 0, width, height)), np.int16) for image in images)
    if np.array_equal(a, b):
        return None
    same_version = opened[0].info.get("Software") == opened[1].info.get("Software")
    far = _far(a, b, reach=2 if same_version else 4)
    if not same_version:
        for box in _clusters(far):
            if _moved(a, b, far, box):
                far[box] = False
    if _densest(far) <= CLUSTER:
        return None
    y, x = np.nonzero(far)
    text = (
        f"{far.mean():.2%} of the pixels differ visibly, "
        f"from ({x.min()}, {y.min()}) to ({x.max()}, {y.max()}) of {width} × {height}"
    )
    marked = Image.fromarray(np.where(far[..., None], (255, 0, 0), 128 + b // 2).astype(np.uint8))
    return Difference(text, _side_by_side(*images, marked))


def _clusters(far: NDArray[np.bool_]) -> Iterator[tuple[slice, slice]]:
    """Yield the boxes around marks that lie together."""
    size = WINDOW // 2
    blocks = {(y // size, x // size) for y, x in np.argwhere(far)}
    while blocks:
        queue = [blocks.pop()]
        found = set(queue)
        while queue:
            y, x = queue.pop()
            near = blocks & {(y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)}
            blocks -= near
            found |= near
            queue += near
        rows, columns = (
            slice(min(block) * size, (max(block) + 1) * size) for block in zip(*found, strict=True)
        )
        yield rows, columns


def _moved(a: Pixels, b: Pixels, far: NDArray[np.bool_], box: tuple[slice, slice]) -> bool:
    """Tell whether what differs in `box` is small, as a legend's line, and only moved a little."""
    if max(side.stop - side.start for side in box) > SMALL:
        return False
    padding = [(WANDER, WANDER), (WANDER, WANDER), (0, 0)]
    margin = tuple(slice(side.start, side.stop + 2 * WANDER) for side in box)
    wide = np.pad(b, padding, mode="edge")[margin]
    here, marks = a[box], far[box]
    rows, columns = marks.shape
    return any(
        _densest(_far(here, wide[y : y + rows, x : x + columns], reach=2) & marks) <= CLUSTER
        for y in range(0, 2 * WANDER + 1, 2)
        for x in range(0, 2 * WANDER + 1, 2)
    )


def _color(a: Pixels) -> Pixels:
    """Return what is left of a picture without its shades of gray."""
    return a[..., :2] - a[..., 1:]


def _far(a: Pixels, b: Pixels, reach: int) -> NDArray[np.bool_]:
    """Mark the pixels of each picture whose like the other does not have nearby."""
    return _beyond(a, b, reach=6, bound=60) | _beyond(_color(a), _color(b), reach, bound=40)


def _beyond(a: Pixels, b: Pixels, reach: int, bound: int) -> NDArray[np.bool_]:
    a, b = _smooth(a), _smooth(b)
    beyond = [
        np.maximum(one - _spread(other, reach, np.maximum), _spread(other, reach, np.minimum) - one)
        for one, other in ((a, b), (b, a))
    ]
    far: NDArray[np.bool_] = np.maximum(*beyond).max(axis=-1) > bound
    return far


def _smooth(a: Pixels) -> Pixels:
    return _spread(a, 1, np.add) // 9


def _spread(a: Pixels, reach: int, combine: Callable[[Pixels, Pixels], Pixels]) -> Pixels:
    """Combine each pixel with all up to `reach` rows and columns away."""
    for axis in (0, 1):
        edges = [(reach, reach) if axis == i else (0, 0) for i in range(3)]
        padded = np.pad(a, edges, mode="edge")
        shifted = (padded.take(range(i, i + a.shape[axis]), axis) for i in range(2 * reach + 1))
        a = reduce(combine, shifted)
    return a


def _densest(far: NDArray[np.bool_]) -> int:
    """Return the largest number of marks in a window."""
    sums = np.pad(far.cumsum(axis=0).cumsum(axis=1), ((WINDOW, 0), (WINDOW, 0)))
    windows = (sums[WINDOW:, WINDOW:] - sums[:-WINDOW, WINDOW:] - sums[WINDOW:, :-WINDOW]) + sums[
        :-WINDOW, :-WINDOW
    ]
    return int(windows.max())


def _side_by_side(*images: Image.Image) -> Image.Image:
    width, height = sum(image.width for image in images), max(image.height for image in images)
    picture = Image.new("RGB", (width, height), "white")
    left = 0
    for image in images:
        picture.paste(image, (left, 0))
        left += image.width
    return picture
