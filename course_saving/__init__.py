"""What the course adds to Jupyter Server: a saved notebook keeps its live plots, and only those.

JupyterLab saves the models of this kernel's widgets, all of them and no others. So plots of an
earlier kernel would be gone, and each run of a cell would leave a model behind that nothing shows.
Nothing of ours is imported here: the server does without NumPy.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jupyter_server.utils import ApiPath, to_os_path

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"

Models = dict[str, dict[str, Any]]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course_saving"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Add to the hooks that run before a save; one that the user has set stays."""
    app.contents_manager.register_pre_save_hook(keep_plots)


def keep_plots(model: dict[str, Any], path: str, contents_manager: Any, **_: Any) -> None:
    """Store with a notebook the models that its outputs show, those of the file on disk, too.

    Where an output shows a model that is in neither, its picture is left to stand for it. An
    exception, which the server logs, leaves the notebook as it was: what changes, changes last.

    Parameters
    ----------
    model
        What is saved, as Jupyter's contents service describes it; changed in place.
    path
        Where, seen from the server's root.
    contents_manager
        The server's; files on disk are read where its ``root_dir`` is.
    """
    notebook = model.get("content")
    if model.get("type") != "notebook" or not notebook or notebook.get("nbformat") != 4:
        return
    widgets = notebook["metadata"].get("widgets", {})
    if STATE not in widgets:  # the models are the kernel's alone, and it may live
        return
    outputs = [output for output in _outputs(notebook) if VIEW in output.get("data", {})]
    roots = {output["data"][VIEW]["model_id"] for output in outputs}
    models: Models = widgets[STATE]["state"]
    if missing := _reached(roots, models) - models.keys():
        file = Path(to_os_path(ApiPath(path), contents_manager.root_dir))
        models = _on_disk(file, missing) | models
    kept = _reached(roots, models)
    kept |= {name for name, one in models.items() if (ends := {*_named(one)}) and ends <= kept}
    state = {name: one for name, one in models.items() if name in kept}
    dead = [
        output["data"]
        for output in outputs
        if output["data"][VIEW]["model_id"] not in models
        and output["data"].keys() - {VIEW, "text/plain"}
    ]

    for data in dead:
        del data[VIEW]
    widgets[STATE]["state"] = state
    if not state:
        del widgets[STATE]
    if not widgets:  # nbconvert stops at an empty one
        del notebook["metadata"]["widgets"]


def _outputs(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in notebook["cells"]:
        yield from cell.get("outputs", [])


def _on_disk(file: Path, wanted: set[str]) -> Models:
    """Return the models stored in a notebook; if it is new, as by Save As, those beside it."""
    models: Models = {}
    for place in [file] if file.exists() else file.parent.glob("*.ipynb"):
        text = place.read_text(encoding="utf-8")
        if any(name in text for name in wanted):
            widgets = json.loads(text)["metadata"].get("widgets", {})
            models |= widgets.get(STATE, {}).get("state", {})
    return models


def _reached(roots: Iterable[str], models: Models) -> set[str]:
    """Return the names of the models that `roots` lead to, and of those that are missing."""
    reached: set[str] = set()
    ahead = [*roots]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead.extend(_named(models.get(name, {})))
    return reached


def _named(model: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the models that a model refers to, or has captured in an output."""
    ahead = [model.get("state", {})]
    while ahead:
        value = ahead.pop()
        if isinstance(value, dict):
            if isinstance(value.get(VIEW), dict):
                yield value[VIEW]["model_id"]
            ahead.extend(value.values())
        elif isinstance(value, list):
            ahead.extend(value)
        elif isinstance(value, str) and value.startswith("IPY_MODEL_"):
            yield value.removeprefix("IPY_MODEL_")
