"""Run the app as a user does, for tests that look at it through HTTP or a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
START_SECONDS: Final = 60
STOP_SECONDS: Final = 10


@dataclass(frozen=True)
class Server:
    """A running app: where it answers, what it has printed, and the number of its process."""

    url: str
    log_file: Path
    process: int = 0

    def log(self) -> str:
        """Return what the server has printed so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_server(
    folder: Path, script: str = "app.py", module: str = "streamlit", root: Path = ROOT, **environment: str
) -> Iterator[Server]:
    """Run the app on a free port with `folder` as its user's home, and end it by its own process.

    Parameters
    ----------
    script : another app than ours, under the same options.
    module : what runs it; one that starts Streamlit after preparing something.
    root : where the app's source is, if not here.
    environment : variables that the server gets besides.

    Raises
    ------
    RuntimeError
        If it does not answer within a minute; the message carries what it printed.
    """
    port = _free_port()
    server = Server(f"http://127.0.0.1:{port}", folder / "server.log")
    home = folder / "home"
    home.mkdir()
    with server.log_file.open("wb") as log:
        process = subprocess.Popen(
            _command(module, script, port),
            cwd=root,
            env=os.environ
            | {"HOME": str(home), "USERPROFILE": str(home), "CRMDASH_DATA_DIR": str(folder / "data")}
            | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(server, process)
            yield replace(server, process=process.pid)
        finally:
            _stop(process)


def _command(module: str, script: str, port: int) -> list[str]:
    options = {"port": str(port), "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    arguments = [part for name, value in options.items() for part in (f"--server.{name}", value)]
    return [sys.executable, "-m", module, "run", script, *arguments]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _is_healthy(server):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The app did not start within {START_SECONDS} s. It printed:\n{server.log()}")


def _is_healthy(server: Server) -> bool:
    try:
        with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
