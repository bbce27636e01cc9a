"""What a command reads: files, mappings, options and settings."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from crmdash.errors import CrmdashError
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.options import Mapping, Options, unknown
from crmdash.ingest.raw import sources_at
from crmdash.settings import Settings, parse_settings

_NUMBERED: Final = ("header", "date_system")
_TRUTH: Final = {"true": True, "false": False}
_KEPT_WITH: Final = ("version", "header")
"""What a mapping downloaded from the data page holds beside the mapping itself."""


class WrongUse(CrmdashError):
    """A command that cannot be carried out as given."""


def open_inputs(options: argparse.Namespace) -> Dataset:
    """Open the files of a command line as one dataset, with its mapping file, and write its rows set aside if asked.

    Raises
    ------
    CrmdashError
        If the mapping names what does not exist.
    OSError
        If a file cannot be opened.
    """
    sources = [source for path in options.inputs for source in sources_at(path)]
    names = [source.name for source in sources]
    mappings = with_options(read_mappings(options.mapping, names), names, options.option)
    dataset = open_dataset(sources, mappings)
    if options.set_aside is not None:
        dataset.set_aside.write_csv(options.set_aside)
    if options.orphans is not None:
        dataset.orphans.write_csv(options.orphans)
    return dataset


def with_options(mappings: dict[str, Mapping], names: Sequence[str], given: Sequence[str]) -> dict[str, Mapping]:
    """Return the mappings of all files with options from the command line, which outweigh those of the mapping file.

    Raises
    ------
    MappingError, WrongUse
        If an option does not exist, cannot take its value, or is not written as NAME=VALUE.
    """
    if not given:
        return mappings
    chosen = {}
    for option in given:
        name, equals, value = option.partition("=")
        if not equals:
            raise WrongUse(f"--option {option}: write NAME=VALUE")
        chosen[name] = int(value) if name in _NUMBERED and value.isdecimal() else _TRUTH.get(value, value)
    own = {name: mappings.get(name, Mapping()) for name in names}
    return {
        name: replace(mapping, options=Options.from_json(mapping.options.to_json() | chosen))
        for name, mapping in own.items()
    }


def read_mappings(path: Path | None, names: Sequence[str]) -> dict[str, Mapping]:
    """Read a mapping file: one mapping for the one file, as downloaded too, or ``{"files": {name: mapping}}``.

    Raises
    ------
    MappingError, WrongUse
        If it is no JSON, names what does not exist, or does not say which of several files it is for.
    """
    if path is None:
        return {}
    tree = _read_json(path)
    if isinstance(tree, dict) and "files" in tree:
        if not isinstance(tree["files"], dict):
            raise WrongUse(f'{path}: "files" is an object from file names to mappings')
        for name in tree["files"]:
            if name not in names:
                raise WrongUse(f"{path}: {unknown('file', name, names)}")
        return {name: Mapping.from_json(mapping) for name, mapping in tree["files"].items()}
    if len(names) != 1:
        raise WrongUse(f'{path}: with several files, write {{"files": {{name: mapping}}}}')
    if isinstance(tree, dict):
        tree = {name: part for name, part in tree.items() if name not in _KEPT_WITH}
    return {names[0]: Mapping.from_json(tree)}


def read_settings(path: Path) -> Settings:
    """Read a settings file; what it leaves out takes its default.

    Raises
    ------
    SettingsError, WrongUse
        If it is no JSON, names an unknown setting or holds a value that cannot be.
    """
    return parse_settings(_read_json(path))


def _read_json(path: Path) -> Any:
    """Return what a JSON file holds.

    Raises
    ------
    WrongUse
        If it is no JSON; the message names the file, for there may be two of them.
    """
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path}: {error}") from error
