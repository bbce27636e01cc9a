"""Reading in a child process: what a bomb or a damaged file costs is one message.

A child is kept for the next file, because starting one takes a fifth of a second; one that died or was too slow is
ended and replaced. Several files at a time get a child each.
"""

import atexit
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import polars as pl

from crmdash.errors import UnreadableFile
from crmdash.ingest import limits
from crmdash.ingest.child import answer, read_block, write_block
from crmdash.ingest.mapped import map_frame
from crmdash.ingest.raw import Source
from crmdash.issues import Issue

_SCRIPT: Final = Path(__file__).with_name("child.py")
_KEPT: Final = 1
_OWN_FIELDS: Final = ("row", "column", "count", "example")
_idle: list["_Child"] = []
_taking: Final = threading.Lock()


class _Child:
    """One child process, and whether it was stopped for taking too long."""

    def __init__(self) -> None:
        self.late = False
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_SCRIPT), str(limits.CHILD_MEMORY)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, request: dict[str, Any], content: bytes, seconds: float) -> tuple[dict[str, Any], bytes] | None:
        """Return the answer; None if the child died of it or was stopped after `seconds`."""
        stop = threading.Timer(seconds, self._stop)
        stop.start()
        try:
            return self._exchange(request, content)
        except OSError:
            return None
        finally:
            stop.cancel()

    def _exchange(self, request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes] | None:
        source, target = self._process.stdout, self._process.stdin
        if source is None or target is None:
            return None
        write_block(target, json.dumps(request).encode())  # type: ignore[arg-type]
        write_block(target, content)  # type: ignore[arg-type]
        told, frame = read_block(source), read_block(source)  # type: ignore[arg-type]
        return None if told is None or frame is None else (json.loads(told), frame)

    def _stop(self) -> None:
        self.late = True
        self._process.kill()

    def end(self) -> None:
        """End the process and close its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was left to write has no reader any more
                    pipe.close()

    @property
    def alive(self) -> bool:
        """Whether the process can serve another request."""
        return self._process.poll() is None


def read_apart(job: str, source: Source, **asked: Any) -> tuple[dict[str, Any], pl.DataFrame]:
    """Have a child process do `job` (see `child.JOBS`): what it tells, and a frame of text cells.

    Where the source's bytes lie on disk, the cells come back as a mapped file. Bytes that are trusted are read here.

    Raises
    ------
    UnreadableFile
        If the child refuses the file, dies of it, or takes too long.
    """
    request = {
        "job": job, "max_rows": limits.MAX_ROWS, "max_columns": limits.MAX_COLUMNS, "max_cell": limits.MAX_CELL,
        "max_text": limits.MAX_TEXT, "max_unpacked": limits.MAX_UNPACKED, "max_density": limits.MAX_DENSITY, **asked,
    }  # fmt: skip
    if source.path is None:
        told, block = _asked(request, source)
        return told, pl.read_ipc(io.BytesIO(block))
    handle, into = tempfile.mkstemp(prefix="crmdash-", suffix=".arrow")
    os.close(handle)
    try:
        told, _ = _asked({**request, "path": os.fspath(source.path), "into": into}, source)
        frame = map_frame(into)
        limits.check_longest(frame)
        return told, frame
    finally:
        with suppress(OSError):  # Windows keeps a file that is open; nothing is, unless reading failed
            os.unlink(into)


def _asked(request: dict[str, Any], source: Source) -> tuple[dict[str, Any], bytes]:
    """Return what a request tells, and the frame as Arrow IPC."""
    told, block = answer(source.content, request) if source.trusted else _by_child(request, source)
    if "refused" in told:
        raise _refusal(told)
    return told, block


def _by_child(request: dict[str, Any], source: Source) -> tuple[dict[str, Any], bytes]:
    child = _take()
    seconds = limits.child_seconds(source.size)
    answered = None
    try:
        answered = child.ask(request, source.content, seconds)
    finally:
        _give_back(child, usable=answered is not None)
    if answered is None:
        raise (
            limits.refuse("reading_too_slow", limit=round(seconds))
            if child.late
            else limits.refuse("reading_too_large")
        )
    return answered


def _refusal(told: dict[str, Any]) -> UnreadableFile:
    fields = {name: told[name] for name in _OWN_FIELDS if name in told}
    values = {name: value for name, value in told.items() if name not in (*_OWN_FIELDS, "refused")}
    return UnreadableFile(Issue("error", told["refused"], values=values, **fields))


def _take() -> _Child:
    with _taking:
        while _idle:
            child = _idle.pop()
            if child.alive:
                return child
            child.end()
    return _Child()


def _give_back(child: _Child, *, usable: bool) -> None:
    with _taking:
        if usable and child.alive and len(_idle) < _KEPT:
            _idle.append(child)
            return
    child.end()


@atexit.register
def end_children() -> None:
    """End the children that wait for a file."""
    with _taking:
        ended, _idle[:] = list(_idle), []
    for child in ended:
        child.end()
