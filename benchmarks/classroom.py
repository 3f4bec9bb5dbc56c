"""A class on one machine: ``python -m benchmarks.classroom``.

Starts a JupyterHub with its proxy. 20 learners log in at once, start their servers and run notebook
01, cell by cell, each in a kernel of their own. What they get must be what the notebook has stored.

Then one of them opens Chromium and drags: 1,000 key presses on the slider of this course, and 1,000
on `interact`'s, 20 a second with a rest of a second after each 20. The processor's time that server
and kernel take in the meantime is what the moves cost; an equal time without moves is subtracted.

Linux only. Needs `benchmarks/requirements.txt`, Chromium, and npm for the proxy.
"""

# mypy: allow-untyped-calls, disable-error-code="import-untyped, import-not-found, unused-ignore"
# (the benchmarks' needs need not be installed where types are checked)

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import mean
from typing import Any

import httpx
import nbformat
import psutil
from jupyter_server.services.kernels.connection.base import deserialize_binary_message
from playwright.async_api import async_playwright
from tornado.escape import json_decode, json_encode
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from benchmarks.slider_latency import RUN_ALL, write_notebook
from benchmarks.throughput import processor
from tools.server import free_port, fresh_environment

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "01-sigmoid.ipynb"
PROXY = "configurable-http-proxy@5.3.0"
LEARNERS = 20
MOVES, BURST = 1000, 20
SECONDS_A_MOVE, REST = 0.05, 1.0
TARGET = 50

CONFIGURATION = """
import os
c = get_config()
c.JupyterHub.bind_url = os.environ["CLASS_URL"]
c.JupyterHub.hub_port = int(os.environ["CLASS_HUB_PORT"])
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["CLASS_PASSWORD"]
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.path.join(os.getcwd(), "{username}")
c.Spawner.args = ["--LabApp.expose_app_in_browser=True"] + ["--allow-root"] * (os.getuid() == 0)
c.Spawner.environment = {"PYTHONPATH": os.environ["CLASS_ROOT"]}
c.Spawner.start_timeout = c.Spawner.http_timeout = 600
c.ConfigurableHTTPProxy.command = [os.environ["CLASS_PROXY"]]
c.ConfigurableHTTPProxy.api_url = os.environ["CLASS_PROXY_URL"]
"""


@dataclass
class Hub:
    """A running JupyterHub: its address, the password of all, and the folder of their homes."""

    url: str
    password: str
    folder: Path

    def servers(self, name: str = "") -> list[Any]:
        """Return the processes of a learner, server and kernels; of all, without a name."""
        found = []
        for process in psutil.Process().children(recursive=True):
            home = Path(process.cwd())
            if self.folder in home.parents and name in ("", home.relative_to(self.folder).parts[0]):
                found.append(process)
        return found

    def seconds(self, name: str) -> float:
        """Return the processor's time that a learner's processes have had."""
        times = [process.cpu_times() for process in self.servers(name)]
        return float(sum(used.user + used.system for used in times))


@contextmanager
def hub(folder: Path) -> Iterator[Hub]:
    """Run a JupyterHub with homes in `folder`."""
    subprocess.run(
        ["npm", "install", "--silent", "--prefix", str(folder / "npm"), PROXY], check=True
    )
    homes = folder / "homes"
    homes.mkdir()
    (folder / "config.py").write_text(CONFIGURATION, encoding="utf-8")
    running = Hub(f"http://127.0.0.1:{free_port()}", secrets.token_hex(), homes)
    environment = fresh_environment(folder) | {
        "CLASS_URL": running.url,
        "CLASS_HUB_PORT": str(free_port()),
        "CLASS_PASSWORD": running.password,
        "CLASS_PROXY": str(folder / "npm" / "node_modules" / ".bin" / "configurable-http-proxy"),
        "CLASS_PROXY_URL": f"http://127.0.0.1:{free_port()}",
        "CLASS_ROOT": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    with (folder / "log.txt").open("wb") as log:
        command = [sys.executable, "-m", "jupyterhub", "--config", str(folder / "config.py")]
        process = subprocess.Popen(command, cwd=homes, env=environment, stdout=log, stderr=log)
        try:
            yield running
        except BaseException:
            print((folder / "log.txt").read_text("utf-8"), file=sys.stderr)
            raise
        finally:
            process.terminate()  # it ends the proxy and the servers
            process.wait()


@dataclass
class Learner:
    """A person with a password, a server of their own and a notebook to run."""

    name: str
    at: Hub
    client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.AsyncClient(base_url=self.at.url, timeout=600, follow_redirects=True)
        shutil.copytree(NOTEBOOK.parent, self.at.folder / self.name / "notebooks")

    async def log_in(self) -> None:
        """Log in by the form, start a server and wait for it."""
        page = "/hub/login"
        await self.client.get(page)
        form = {"username": self.name, "password": self.at.password}
        form["_xsrf"] = self.client.cookies["_xsrf"]
        (await self.client.post(page, data=form)).raise_for_status()
        token = await self.client.post(
            f"/hub/api/users/{self.name}/tokens",
            headers={"X-XSRFToken": self.client.cookies.get("_xsrf", path="/hub/") or ""},
            json={},
        )
        token.raise_for_status()
        self.client.headers["Authorization"] = f"token {token.json()['token']}"
        self.client.cookies.clear()
        user = f"/hub/api/users/{self.name}"
        await self.client.post(f"{user}/server")
        while not (state := (await self.client.get(user)).json())["server"]:
            if not state["pending"]:
                raise RuntimeError(f"the server of {self.name} did not start")
            await asyncio.sleep(0.5)

    async def run(self) -> None:
        """Run the notebook's cells in a kernel; `RuntimeError` for another output than stored."""
        path = f"/user/{self.name}/api/kernels"
        where = {"name": "python3", "path": f"notebooks/{NOTEBOOK.name}"}
        kernel = (await self.client.post(path, json=where)).raise_for_status().json()["id"]
        url = f"{self.at.url.replace('http', 'ws', 1)}{path}/{kernel}/channels"
        request = HTTPRequest(url, headers={"Authorization": self.client.headers["Authorization"]})
        socket = await websocket_connect(request, max_message_size=1 << 30)
        for number, cell in enumerate(nbformat.read(NOTEBOOK, as_version=4).cells):
            if cell.cell_type == "code":
                got = await self._execute(socket, cell.source)
                stored = Counter(map(_text, cell.outputs))
                if got != stored:
                    raise RuntimeError(f"{self.name}, cell {number}: {got} instead of {stored}")
        socket.close()

    async def _execute(self, socket: Any, code: str) -> Counter[str]:
        """Return what a cell shows, as text."""
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
        header |= {"username": self.name, "session": self.name}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        await socket.write_message(json_encode({**message, "channel": "shell", "buffers": []}))
        shown: Counter[str] = Counter()
        printed = ""
        while True:
            raw = await socket.read_message()
            if raw is None:
                raise RuntimeError(f"{self.name}: the connection was lost")
            reply = json_decode(raw) if isinstance(raw, str) else deserialize_binary_message(raw)
            if reply["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            kind, content = reply["msg_type"], reply["content"]
            if kind == "stream":
                printed += content["text"]
            elif kind in ("execute_result", "display_data", "error"):
                shown[_text({"output_type": kind, **content})] += 1
            elif kind == "status" and content["execution_state"] == "idle":
                return shown + Counter([printed] if printed else [])


def _text(output: Any) -> str:
    """Return what an output says without pictures."""
    return str(output.get("text") or output.get("evalue") or output["data"]["text/plain"])


async def drag(at: Hub, name: str, cell: int, page: Any) -> tuple[float, float]:
    """Return the seconds of processor that `MOVES` key presses cost, and an idle time's."""
    slider = page.locator(".jp-Notebook .jp-CodeCell").nth(cell).get_by_role("slider").first
    await slider.focus()
    await asyncio.sleep(5)
    length = MOVES * SECONDS_A_MOVE + MOVES / BURST * REST
    before = at.seconds(name)
    await asyncio.sleep(length)
    idle = at.seconds(name) - before
    before = at.seconds(name)
    for burst in range(MOVES // BURST):
        for _ in range(BURST):
            due = time.monotonic() + SECONDS_A_MOVE
            await page.keyboard.press("ArrowLeft" if burst % 8 < 4 else "ArrowRight")
            await asyncio.sleep(max(0, due - time.monotonic()))
        await asyncio.sleep(REST)
    return at.seconds(name) - before, idle


async def moves(learner: Learner) -> dict[str, tuple[float, float]]:
    """Drag this course's slider and `interact`'s in a browser; return what each cost."""
    at, name = learner.at, learner.name
    write_notebook(at.folder / name / "drag.ipynb", ("liveplot", "redraw"))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox"] if os.getuid() == 0 else [],
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(120_000)
        await page.goto(f"{at.url}/hub/login?next=/hub/user/{name}/lab/tree/drag.ipynb")
        await page.get_by_label("Username").fill(name)
        await page.get_by_label("Password").fill(at.password)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{at.url}/user/{name}/lab/tree/drag.ipynb*")
        await page.evaluate(RUN_ALL)
        costs = {kind: await drag(at, name, i, page) for i, kind in enumerate(("live", "redraw"))}
        await browser.close()
    return costs


async def lesson(at: Hub) -> None:
    """Print the table."""
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            with suppress(httpx.HTTPError):  # first the proxy is not there, then the hub behind it
                (await client.get(f"{at.url}/hub/health")).raise_for_status()
                break
            await asyncio.sleep(0.1)
    class_ = [Learner(f"learner{number}", at) for number in range(1, LEARNERS + 1)]

    async def attend(learner: Learner) -> None:
        await learner.log_in()
        await learner.run()

    start = time.monotonic()
    results = await asyncio.gather(*map(attend, class_), return_exceptions=True)
    seconds = time.monotonic() - start
    finished = sum(result is None for result in results)
    for result in results:
        if result is not None:
            print(repr(result), file=sys.stderr)
    memory = [
        sum(process.memory_full_info().pss for process in at.servers(learner.name)) / 1e6
        for learner in class_
    ]
    print(f"{processor()}, {os.cpu_count()} cores; JupyterHub {version('jupyterhub')}, {PROXY}\n")
    print("| what | measured |\n|---|---|")
    print(
        f"| learners who ran notebook 01, with every output as stored | {finished} of {LEARNERS} |"
    )
    print(f"| from the first login until the last was done | {seconds:.0f} s |")
    print(f"| memory per learner, server and kernel | {mean(memory):.0f} MB |", flush=True)
    costs = await moves(class_[0])
    net = {kind: used - idle for kind, (used, idle) in costs.items()}
    for kind, what in {"live": "this course's slider", "redraw": "`interact`"}.items():
        print(f"| {MOVES:,} moves of {what}, processor's time | {net[kind]:.2f} s |")
    print(f"| the same time without moves | {mean(idle for _, idle in costs.values()):.2f} s |\n")
    ratio = net["redraw"] / max(net["live"], 0.01)  # the clock's step
    print(f"all finish, nothing lost: {'met' if finished == LEARNERS else 'MISSED'}")
    print(f"moves cost {ratio:.0f} times less, target {TARGET}:", end=" ")
    print("met" if ratio >= TARGET else "MISSED")


def main() -> None:
    """Hold the class."""
    with tempfile.TemporaryDirectory() as folder, hub(Path(folder)) as running:
        asyncio.run(lesson(running))


if __name__ == "__main__":
    main()
