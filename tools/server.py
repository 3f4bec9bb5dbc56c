"""Start a JupyterLab as a learner or Binder does, and end it with all that it started."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*")


@dataclass
class Server:
    """A running JupyterLab: the process that started it, where it is, and what it printed."""

    process: subprocess.Popen[bytes]
    log: Path
    address: str = ""

    def printed(self) -> str:
        """Return all that was printed until now."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def fresh_environment(home: Path) -> dict[str, str]:
    """Return this environment without the user's own settings: all that is kept goes to `home`."""
    given_to_make = "MAKE.*|PYTHON|OPTIONS"
    settings = re.compile(f"(IPYTHON|JUPYTER|MPL|XDG_).*|PYTHONPATH|VIRTUAL_ENV|{given_to_make}")
    kept = {name: value for name, value in os.environ.items() if not settings.fullmatch(name)}
    homes = ("HOME", "USERPROFILE", "APPDATA")  # the others are where Windows looks
    return kept | dict.fromkeys(homes, str(home)) | {"PYTHONUNBUFFERED": "1"}


@contextmanager
def running(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], seconds: float = 120
) -> Iterator[Server]:
    """Run `command` until it prints the address of a JupyterLab; at the end, end it.

    Raises
    ------
    RuntimeError
        The command ended, or printed no address in time; the message has what it printed.
    """
    # Windows does not remove what an ending process still has open.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "log.txt"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own, to be ended as a whole
            )
        server = Server(process, log)
        try:
            deadline = time.monotonic() + seconds
            while not (found := ADDRESS.search(server.printed())):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"JupyterLab did not start:\n{server.printed()}")
                time.sleep(0.05)
            server.address = found[0]
            yield server
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group, first kindly: JupyterLab then ends its kernels."""
    if os.name == "nt":  # it knows no groups
        tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True)
        process.wait()
        return
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
