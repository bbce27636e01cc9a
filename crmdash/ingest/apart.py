"""Long work in a process of its own: this one stays free for its readers, and can end it at any moment.

The process has a low priority and leaves one core alone. What it found comes back pickled; large frames in it come as
Arrow files that are mapped, so that they need no room twice and go with the last who holds them.
"""

import contextlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import weakref
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import IO, Any, Final, Generic, TypeVar

import polars as pl

from crmdash.ingest.mapped import map_frame, write_frame

T = TypeVar("T")

Progress = Callable[[float, str], None]
"""Called with the fraction done, and the name of what is at hand."""

_ROOT: Final = Path(__file__).resolve().parents[2]
_SMALL: Final = 1 << 20
"""Bytes below which a frame is pickled with the rest."""
_POLITE: Final = 10
"""How far the process stands back behind others (`os.nice`)."""


class WorkFailed(RuntimeError):
    """Work whose process ended without a result; the text is what it wrote last."""


class _Outcome(Generic[T]):
    """What the watching thread and the owner share; the thread knows nothing of the owner, who can be dropped."""

    def __init__(self) -> None:
        self.progress = (0.0, "")
        self.result: T | None = None
        self.error: Exception | None = None
        self.ended: float | None = None
        self.stopped = Event()
        self.done = Event()


class Apart(Generic[T]):
    """One piece of work under way: ``work(*given, progress)``, a function that a module holds.

    Work that nobody holds any more, because its browser tab is gone, is ended.
    """

    def __init__(self, work: Callable[..., T], *given: Any) -> None:
        self._begun = monotonic()
        self._outcome: _Outcome[T] = _Outcome()
        folder = Path(tempfile.mkdtemp(prefix="crmdash-"))
        with (folder / "asked").open("wb") as file:
            pickle.dump((work, given), file)
        with (folder / "wrote").open("wb") as wrote:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crmdash.ingest.apart", str(folder)], cwd=_ROOT, env=os.environ | _threads(),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=wrote, start_new_session=True,
            )  # fmt: skip
        weakref.finalize(self, _end, self._process)
        Thread(target=_watch, args=(self._process, folder, self._outcome), name="crmdash-apart", daemon=True).start()

    @property
    def progress(self) -> tuple[float, str]:
        """The fraction done, and the name of what is at hand."""
        return self._outcome.progress

    @property
    def seconds(self) -> float:
        """Seconds since it began, until it ended."""
        return (self._outcome.ended or monotonic()) - self._begun

    @property
    def done(self) -> bool:
        """Whether there is a result, or none to come."""
        return self._outcome.done.is_set()

    @property
    def stopped(self) -> bool:
        """Whether it was asked to stop."""
        return self._outcome.stopped.is_set()

    @property
    def failed(self) -> bool:
        """Whether it ended without a result that nobody asked it not to have."""
        return self.done and not self.stopped and self._outcome.error is not None

    def cancel(self) -> None:
        """End it; nothing comes of it any more."""
        self._outcome.stopped.set()
        _end(self._process)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, and return whether it came."""
        return self._outcome.done.wait(seconds)

    def result(self) -> T | None:
        """Return what came of it; None while it runs and after it was stopped.

        Raises
        ------
        WorkFailed
            If the process died, or the work raised.
        """
        if self._outcome.error is not None and not self.stopped:
            raise self._outcome.error
        return None if self.stopped else self._outcome.result


def _threads() -> dict[str, str]:
    return {"POLARS_MAX_THREADS": str(max(1, (os.cpu_count() or 2) - 1))}


def _watch(process: subprocess.Popen[bytes], folder: Path, outcome: _Outcome[Any]) -> None:
    told, held = process.stdout, process.stdin
    assert told is not None and held is not None
    try:
        for line in told:
            fraction, name = json.loads(line)
            outcome.progress = (fraction, name)
        if process.wait() == 0 and not outcome.stopped.is_set():
            outcome.result = _unpack(folder)
        else:
            outcome.error = WorkFailed((folder / "wrote").read_text("utf-8", "replace"))
    except Exception as error:
        outcome.error = error
    finally:
        _end(process)
        told.close()
        held.close()
        shutil.rmtree(folder, ignore_errors=True)
        outcome.ended = monotonic()
        outcome.done.set()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and those it started, whose session it leads."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()


class _Packer(pickle.Pickler):
    """Pickles, but writes large frames into files of their own, each once."""

    def __init__(self, file: IO[bytes], folder: Path) -> None:
        super().__init__(file)
        self._folder = folder
        self._written: dict[int, tuple[str, pl.DataFrame]] = {}

    def persistent_id(self, value: Any) -> str | None:
        """Return the name of a large frame's file."""
        if not isinstance(value, pl.DataFrame) or value.estimated_size() < _SMALL:
            return None
        if id(value) not in self._written:
            name = f"{len(self._written)}.arrow"
            write_frame(value, self._folder / name)
            self._written[id(value)] = (name, value)
        return self._written[id(value)][0]


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: IO[bytes], folder: Path) -> None:
        super().__init__(file)
        self._folder = folder
        self._mapped: dict[str, pl.DataFrame] = {}

    def persistent_load(self, name: str) -> pl.DataFrame:
        """Return the frame in the file `name`."""
        if name not in self._mapped:
            self._mapped[name] = map_frame(self._folder / name)
        return self._mapped[name]


def _unpack(folder: Path) -> Any:
    with (folder / "found").open("rb") as file:
        return _Unpacker(file, folder).load()


def _stand_back() -> None:
    """Give way to the server, and be the first to go where memory runs out."""
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    with contextlib.suppress(OSError):  # only Linux has it
        Path("/proc/self/oom_score_adj").write_text("1000")


def _end_with_server(folder: Path) -> None:
    """End when whoever asked is gone: its end of the pipe closes."""
    os.read(0, 1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def main(folder: Path) -> None:
    """Do the work that is asked for in `folder`, and leave there what was found."""
    _stand_back()
    Thread(target=_end_with_server, args=(folder,), daemon=True).start()
    # What a library prints must not get between the lines.
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def progress(fraction: float, name: str) -> None:
        print(json.dumps([fraction, name]), file=told, flush=True)

    work, given = pickle.loads((folder / "asked").read_bytes())
    found = work(*given, progress)
    with (folder / "found").open("wb") as file:
        _Packer(file, folder).dump(found)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Exception:
        traceback.print_exc()
        raise SystemExit(1) from None
