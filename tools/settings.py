"""Write JupyterLab's settings for the course: ``python tools/settings.py``.

They go beside the Python that runs this, as defaults: what a user chooses counts more.
"""

import json
import sys
from pathlib import Path

FILES: dict[str, dict[str, dict[str, object]]] = {
    # It would ask whether to fetch news.
    "etc/jupyter/labconfig/page_config.json": {
        "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}
    },
    # A saved notebook holds its live plots, and so shows them when it is opened again.
    "share/jupyter/lab/settings/overrides.json": {
        "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}
    },
    # And only those, of earlier kernels, too.
    "etc/jupyter/jupyter_server_config.d/course_saving.json": {
        "ServerApp": {"jpserver_extensions": {"course_saving": True}}
    },
}


def write(prefix: Path) -> None:
    """Write the settings below `prefix`, and keep what else is set there."""
    for name, sections in FILES.items():
        path = prefix / name
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        for section, values in sections.items():
            kept[section] = {**kept.get(section, {}), **values}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.prefix))
