"""The notebooks show the same on other processors: ``make processor-test``.

OpenBLAS and NumPy choose code for the processor they run on, and the last digits differ with it.
Both have switches to choose other code, so that one machine shows what others compute. A switch
without effect here is skipped and named. And what training gives must not hang on the last digits
of the weights it starts from: they are moved by 1e-12 of themselves.
"""

import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.notebooks.test_notebooks import write
from tests.support.pictures import visible_difference
from tools.notebooks import FOLDER, Notebook, canonical, execute, read

pytestmark = pytest.mark.processors

AVX512 = ("X86_V4", "AVX512")  # how the names begin: NumPy 2.4's, and those of older ones
SETTINGS = {
    **{f"OpenBLAS for {name}": name for name in ("Haswell", "SkylakeX", "Sandybridge", "Prescott")},
    "NumPy without AVX-512": AVX512,
    "NumPy without AVX2": (*AVX512, "X86_V3", "AVX2", "FMA3"),
}
MOVED = """
import helpers.network
import numpy as np

def moved(*arguments, original=helpers.network.random_network, **named):
    network = original(*arguments, **named)
    rng = np.random.default_rng([{draw}, 12])
    for w in network.weights:
        w *= 1 + 1e-12 * rng.normal(size=w.shape)
    return network

helpers.random_network = helpers.network.random_network = moved
"""
DRAWS = range(3)
TRAINED = ("05-comparison", "06-backpropagation")
PROBE = """
import json, numpy, threadpoolctl
libraries = threadpoolctl.threadpool_info()
simd = numpy.show_config(mode="dicts")["SIMD Extensions"]
print(json.dumps({
    "kernels": [one["architecture"] for one in libraries if one["internal_api"] == "openblas"],
    "simd": simd.get("found", []),
}))
"""


def chosen(environment: dict[str, str]) -> dict[str, list[str]]:
    """Return OpenBLAS's kernels and NumPy's SIMD extensions in a process with `environment`."""
    run = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(run.stdout)
    return found


@cache
def switches(setting: str) -> tuple[dict[str, str], str]:
    """Return the environment of `setting`, and why it has no effect here, if it has none."""
    wanted = SETTINGS[setting]
    if isinstance(wanted, str):
        environment = {"OPENBLAS_CORETYPE": wanted}
        kernels = chosen(environment)["kernels"]
        names = {wanted, "Katmai"} if wanted == "Prescott" else {wanted}  # its name in new builds
        got = ", ".join(kernels) or "no OpenBLAS"
        return environment, "" if kernels and names.issuperset(kernels) else f"{setting}: got {got}"
    present = [name for name in chosen({})["simd"] if name.startswith(wanted)]
    environment = {"NPY_DISABLE_CPU_FEATURES": " ".join(present)}
    left = sorted(set(present) & set(chosen(environment)["simd"]))
    if not present or left:
        return environment, f"{setting}: {left or 'there is none'}, cannot be switched off"
    return environment, ""


def shown(output: dict[str, Any]) -> dict[str, str]:
    """Return all that one output shows, as text by what it is."""
    data = {"text": output.get("text", ""), **output.get("data", {})}
    alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
    return {"alt text": alt, **{kind: "".join(text) for kind, text in data.items()}}


def differences(stored: Notebook, now: Notebook) -> Iterator[str]:
    """Yield each line, and each picture, in which two executions of a notebook differ."""
    for number, (old, new) in enumerate(zip(stored["cells"], now["cells"], strict=True), start=1):
        place = f"cell {number} (id {old['id']})"
        outputs = (cell.get("outputs", []) for cell in (old, new))
        for pair in zip_longest(*outputs, fillvalue={}):
            before, after = map(shown, pair)
            for kind in dict.fromkeys((*before, *after)):
                one, other = before.get(kind, ""), after.get(kind, "")
                if kind == "image/png" and one and other:
                    seen = visible_difference(base64.b64decode(one), base64.b64decode(other))
                    if seen:
                        yield f"{place}, picture: {seen.text}"
                    continue
                for line, now_line in zip_longest(one.splitlines(), other.splitlines()):
                    if line != now_line:
                        yield f"{place}, {kind}:\n    stored {line}\n    got    {now_line}"


def compare(stem: str, setting: str, folder: Path) -> None:
    path = FOLDER / f"{stem}.ipynb"
    now = read(write(folder / path.name, canonical(asyncio.run(execute(path)))))
    found = [*differences(read(path), now)]
    assert not found, "\n".join([f"{stem} with {setting}:", *found])


@pytest.mark.parametrize("stem", [path.stem for path in sorted(FOLDER.glob("*.ipynb"))])
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_notebook_shows_what_is_stored(
    setting: str, stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment, lacking = switches(setting)
    if lacking:
        pytest.skip(lacking)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)  # the kernel's process gets it
    compare(stem, f"{setting}, {environment}", tmp_path)


@pytest.mark.parametrize("stem", TRAINED)
@pytest.mark.parametrize("draw", DRAWS)
def test_nothing_hangs_on_the_last_digits_of_the_first_weights(
    draw: int, stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup = tmp_path / "profile_default" / "startup"  # what IPython runs before the first cell
    startup.mkdir(parents=True)
    (startup / "moved.py").write_text(MOVED.format(draw=draw))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    compare(stem, f"weights moved, draw {draw}", tmp_path)


def test_differences_are_found_and_named() -> None:
    def notebook(*outputs: dict[str, Any]) -> Notebook:
        return {"cells": [{"id": "a"}, {"id": "b", "outputs": [*outputs]}]}

    five, three = ({"text": f"right:\n{n} of 5\n"} for n in (5, 3))
    assert not [*differences(notebook(five), notebook(five))]
    (found,) = differences(notebook(five), notebook(three))
    assert found == "cell 2 (id b), text:\n    stored 5 of 5\n    got    3 of 5"
    assert [*differences(notebook(five), notebook())]
    assert [*differences(notebook(), notebook({"metadata": {"image/png": {"alt": "A"}}}))]
