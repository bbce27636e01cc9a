import socket
from pathlib import Path

import pytest

from tools import run


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind((run.HOST, 0))
        other.listen()
        yield other.getsockname()[1]


def test_the_first_free_port_is_taken(taken_port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "FIRST_PORT", taken_port)
    chosen = run.choose_port(None)
    assert taken_port < chosen < taken_port + run.PORTS_TRIED


@pytest.mark.parametrize("asked", ["http", ""])
def test_a_port_is_a_number(asked: str, taken_port: int):
    if asked:
        with pytest.raises(SystemExit, match="Port http cannot be used"):
            run.choose_port(asked)
    with pytest.raises(SystemExit, match=f"Port {taken_port} cannot be used"):
        run.choose_port(str(taken_port))


def test_no_free_port_is_said(taken_port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "FIRST_PORT", taken_port)
    monkeypatch.setattr(run, "PORTS_TRIED", 1)
    with pytest.raises(SystemExit, match="all taken"):
        run.choose_port(None)


def test_a_folder_is_its_parquet_files(tmp_path: Path):
    with pytest.raises(SystemExit, match="no folder with Parquet files"):
        run.environment([str(tmp_path)])
    (tmp_path / "part-0.parquet").touch()
    assert run.environment([str(tmp_path)])["CRMDASH_OPEN"] == str(tmp_path.resolve())
