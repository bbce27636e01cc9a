"""A real PostgreSQL server for tests: made in a folder of its own, on a free port of this machine, and ended again."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

OWNER: Final = "crm_owner"
PASSWORD: Final = "s3cret/pass:w@rd"
START_SECONDS: Final = 60
STOP_SECONDS: Final = 20
PLACES: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
HOW_TO_GET_IT: Final = (
    "PostgreSQL is not installed, so nothing was tried against a real server. Debian and Ubuntu: "
    "`apt-get install postgresql`; Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql`."
)


@dataclass(frozen=True)
class Postgres:
    """A running server, its owner's name and password, and the process that is it."""

    port: int
    pid: int

    def url(self, *, user: str = OWNER, password: str = PASSWORD, database: str = "postgres") -> str:
        """Return its address as SQLAlchemy takes it."""
        quoted = password.replace("%", "%25").replace("/", "%2F").replace(":", "%3A").replace("@", "%40")
        return f"postgresql://{user}:{quoted}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str, values: list[tuple[Any, ...]] | None = None) -> None:
        """Carry out statements as the owner; with `values`, the last one for each of them."""
        with psycopg.connect(**self._address(), autocommit=True) as connection:
            *first, last = statements
            for statement in first if values is not None else statements:
                connection.execute(statement)
            if values is not None:
                connection.cursor().executemany(last, values)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement of the owner."""
        with psycopg.connect(**self._address()) as connection:
            return connection.execute(statement).fetchall()

    def _address(self) -> dict[str, Any]:
        return {"host": "127.0.0.1", "port": self.port, "user": OWNER, "password": PASSWORD, "dbname": "postgres"}


def binaries() -> Path | None:
    """Return the folder of the newest `initdb` and `postgres` on this machine, None without them."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in PLACES:
        found = Path("/").glob(pattern.lstrip("/"))
        folders += sorted(found, key=lambda folder: [int(n) for n in folder.parts if n.isdigit()], reverse=True)
    return next((each for each in folders if (each / "initdb").exists() and (each / "postgres").exists()), None)


@contextmanager
def running_postgres(programs: Path) -> Iterator[Postgres]:
    """Run a server of its own from the programs in a folder, and end it by its own process.

    Raises
    ------
    RuntimeError
        If it does not start; the message carries what it printed.
    """
    folder = Path(tempfile.mkdtemp(prefix="crmdash-postgres-"))
    as_other = _not_root(folder)
    data, password = folder / "data", folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    options = ["--auth=scram-sha-256", f"--username={OWNER}", f"--pwfile={password}", "--encoding=UTF8", "--locale=C"]
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", data, *options, "--no-sync"],
            cwd=folder, capture_output=True, text=True, check=False, **as_other,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stdout}{made.stderr}")
        with _serving(programs, data, as_other) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_root(folder: Path) -> dict[str, Any]:
    """Return how to start a process as somebody else, who then owns the folder: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def _serving(programs: Path, data: Path, as_other: dict[str, Any]) -> Iterator[Postgres]:
    port = _free_port()
    settings = {
        "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off",
        "shared_buffers": "32MB", "max_connections": 30, "timezone": "Asia/Taipei",
    }  # fmt: skip
    arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = data.parent / "log"
    with log.open("wb") as printed:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *arguments],
            cwd=data.parent, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT, **as_other,
        )  # fmt: skip
        server = Postgres(port, process.pid)
        try:
            _wait(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # "fast": clients are disconnected, nothing is waited for
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.ask("SELECT 1")
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(encoding='utf-8', errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
