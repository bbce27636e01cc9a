"""Mappings chosen before, found again for a file with the same header. Only names of columns are kept, no cell.

One JSON file per header lies in the user's data folder; writing replaces a file whole, so that a fault leaves the old
one or the new one. A file that cannot be read counts as none.
"""

import hashlib
import json
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from crmdash.errors import MappingError
from crmdash.ingest.options import Mapping, Options, check_file_columns

FOLDER_VARIABLE: Final = "CRMDASH_DATA_DIR"
"""The environment variable that names another data folder."""
_VERSION: Final = 1
_POSITION: Final = re.compile(r"column \d+")
_OF_ONE_FILE: Final = ("sheet", "encoding", "delimiter", "header")
"""Options on the container rather than on the columns: another file with the same header may differ in them."""


def data_folder() -> Path:
    """Return the folder for the user's data: as the environment says, else the usual one of the system."""
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "crmdash"


def header_fingerprint(columns: Sequence[str]) -> str:
    """Return a name for a header: the same for the same column names, in whatever order and width or case."""
    names = sorted(map(_plain, columns))
    return hashlib.sha256(json.dumps(names, ensure_ascii=False).encode()).hexdigest()[:32]


def has_names(columns: Sequence[str]) -> bool:
    """Say whether a header names columns at all: positions alone are the same in files of every kind."""
    return any(not _POSITION.fullmatch(name) for name in columns)


def remember(columns: Sequence[str], mapping: Mapping) -> Path:
    """Keep a mapping for files with these columns, and return the file it lies in.

    Raises
    ------
    MappingError
        If the mapping names a column that is not among them, or there are no names to know the header by.
    OSError
        If it cannot be written; what was kept before is unharmed.
    """
    if not has_names(columns):
        raise MappingError("a file without column names cannot be known again")
    text = to_text(columns, mapping)
    path = _path(columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".draft")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise
    return path


def recall(columns: Sequence[str]) -> Mapping | None:
    """Return the mapping kept for files with these columns, in the spelling of `columns`; None where there is none."""
    if not has_names(columns):
        return None
    try:
        return from_text(_path(columns).read_text("utf-8"), columns)
    except (OSError, UnicodeDecodeError, MappingError):
        return None


def forget(columns: Sequence[str]) -> bool:
    """Drop the mapping kept for files with these columns, and say whether there was one."""
    try:
        _path(columns).unlink()
    except FileNotFoundError:
        return False
    return True


def forget_all() -> int:
    """Drop every mapping, and return how many there were."""
    files = list(_folder().glob("*.json")) if _folder().is_dir() else []
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def to_text(columns: Sequence[str], mapping: Mapping) -> str:
    """Return a mapping as JSON to keep: the columns of the header it is for, and what a mapping file holds.

    Raises
    ------
    MappingError
        If the mapping names a column that is not among `columns`.
    """
    check_file_columns(mapping, columns)
    lasting = {name: value for name, value in mapping.options.to_json().items() if name not in _OF_ONE_FILE}
    kept = replace(mapping, options=Options.from_json(lasting))
    tree = {"version": _VERSION, "header": sorted(columns), **kept.to_json()}
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def from_text(text: str, columns: Sequence[str]) -> Mapping:
    """Return the mapping that `to_text` wrote, for a file with `columns`.

    Raises
    ------
    MappingError
        If the text is no such mapping, or names columns that the file does not have.
    """
    try:
        tree: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise MappingError(f"no JSON: {error}") from error
    if not isinstance(tree, dict) or tree.get("version") != _VERSION:
        raise MappingError(f"a kept mapping of version {_VERSION} is expected")
    mapping = Mapping.from_json({name: part for name, part in tree.items() if name not in ("version", "header")})
    own = {_plain(name): name for name in columns}
    spelt = {
        name: tuple(file if file in columns else own.get(_plain(file), file) for file in files)
        for name, files in mapping.columns.items()
    }
    mapping = replace(mapping, columns=spelt, partial=False)
    check_file_columns(mapping, columns)
    return mapping


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _folder() -> Path:
    return data_folder() / "mappings"


def _path(columns: Sequence[str]) -> Path:
    return _folder() / f"{header_fingerprint(columns)}.json"
