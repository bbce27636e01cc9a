"""``check`` and ``read``: what a file holds."""

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

from crmdash.cli.exits import REFUSED, USABLE
from crmdash.cli.inputs import open_inputs, read_mappings, with_options
from crmdash.errors import UnreadableFile
from crmdash.export import (
    issue_tree,
)
from crmdash.i18n import Wording
from crmdash.ingest.dataset import FileReport
from crmdash.ingest.options import Mapping
from crmdash.ingest.raw import RawTable, Source
from crmdash.ingest.readers import read_table


def check(options: argparse.Namespace) -> int:
    """Print what was detected in the files."""
    dataset = open_inputs(options)
    wording = Wording(options.language)
    report = {
        "usable": dataset.usable,
        "files": [file_json(file) for file in dataset.files],
        "rows": dataset.rows,
        "rows_used": dataset.rows_used,
        "rows_set_aside": dataset.rows_set_aside,
        "issues": [issue_tree(issue, wording) for issue in dataset.issues],
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return USABLE if dataset.usable else REFUSED


def file_json(file: FileReport) -> dict[str, Any]:
    """Return what was detected in one file."""
    return {
        "name": file.name,
        "table": file.table,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "header_row": file.header_row,
        "sheet": file.sheet,
        "rows": file.rows,
        "rows_used": file.rows_used,
        "rows_set_aside": file.rows_set_aside,
        "mapping": file.mapping.to_json(),
        "unused": list(file.unused),
    }


def read(options: argparse.Namespace) -> int:
    """Write what was read as clean text, before any typing."""
    source = Source.from_path(options.input)
    mappings = with_options(read_mappings(options.mapping, [source.name]), [source.name], options.option)
    mapping = mappings.get(source.name, Mapping())
    wording = Wording(options.language)
    try:
        raw = read_table(source, mapping.options)
    except UnreadableFile as error:
        issue = replace(error.issue, values={"file": source.name, **error.issue.values})
        print(wording.issue(issue), file=sys.stderr)
        if issue.code != "file_empty":
            return REFUSED
        options.out.write_bytes(b"")
        return USABLE
    raw.frame.write_csv(options.out, include_header=has_names(raw))
    return USABLE


def has_names(raw: RawTable) -> bool:
    """Say whether the file itself names its columns, as Parquet always does."""
    return raw.header_row is not None or (raw.delimiter is None and raw.sheet is None)
