"""Files brought into a tab: their bytes, and what was corrected by hand about them. Values only, no drawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, Final

from crmdash.columns import TableName
from crmdash.ingest.dataset import Dataset, FileReport
from crmdash.ingest.options import Mapping, mappable
from crmdash.ingest.raw import Source
from crmdash.issues import Issue

AUTO: Final = "auto"
"""The code of an option left to the reader."""

_STRUCTURE: Final = frozenset({"sheet", "encoding", "delimiter", "header"})
"""Options after which the file may have other columns, so that a mapping by hand no longer fits."""


@dataclass(frozen=True)
class StagedFile:
    """One file of the tab.

    `mapping` holds what was chosen by hand; without columns they are proposed. `asked` keeps the questions of the
    proposal once columns are chosen by hand, and `answered` the (code, column) of those no longer to be asked.
    """

    source: Source
    mapping: Mapping = field(default_factory=Mapping)
    left_out: bool = False
    asked: tuple[Issue, ...] = ()
    answered: frozenset[tuple[str, str | None]] = frozenset()

    @property
    def name(self) -> str:
        """The file's name, unique within the tab."""
        return self.source.name


def add_files(staged: Sequence[StagedFile], sources: Iterable[Source]) -> tuple[StagedFile, ...]:
    """Return the files with the new ones behind them; a name that is taken gets a number."""
    files = list(staged)
    for source in sources:
        name = _free_name(source.name, {file.name for file in files})
        files.append(StagedFile(replace(source, name=name)))
    return tuple(files)


def _free_name(name: str, taken: set[str]) -> str:
    path, number, free = PurePath(name), 1, name
    while free in taken:
        number += 1
        free = f"{path.stem} ({number}){path.suffix}"
    return free


def report_of(dataset: Dataset, file: StagedFile) -> FileReport | None:
    """Return what was found in the file; None where it was left out."""
    return next((report for report in dataset.files if report.name == file.name), None)


def open_questions(file: StagedFile, report: FileReport) -> tuple[Issue, ...]:
    """Return the doubts about the file that nobody answered yet."""
    doubts = [issue for issue in (*report.issues, *file.asked) if issue.severity == "question"]
    distinct = {(issue.code, issue.column): issue for issue in reversed(doubts)}
    return tuple(issue for key, issue in reversed(distinct.items()) if key not in file.answered)


def answer(file: StagedFile, issue: Issue) -> StagedFile:
    """Leave a doubtful thing as it is, and stop asking."""
    return replace(file, answered=file.answered | {(issue.code, issue.column)})


def choose_columns(file: StagedFile, report: FileReport, column: str, chosen: Sequence[str]) -> StagedFile:
    """Take the canonical `column` from the file columns `chosen` (none: leave it out); the others stay as they are."""
    if report.table is None:
        return file
    columns = {**report.mapping.columns, column: tuple(chosen)}
    order = [known.name for known in mappable(report.table)]
    columns = {name: columns[name] for name in order if columns.get(name)}
    asked = tuple(issue for issue in open_questions(file, report) if issue.code != "date_order")
    closed = {(issue.code, issue.column) for issue in asked if issue.column == column}
    mapping = Mapping(report.table, columns, file.mapping.options)
    return replace(file, mapping=mapping, asked=asked, answered=file.answered | closed)


def choose_table(file: StagedFile, table: TableName | None) -> StagedFile:
    """Take the file as `table`, with columns proposed anew, or leave it out."""
    if table is None:
        return replace(file, left_out=True)
    return StagedFile(file.source, Mapping(table, {}, file.mapping.options))


def choose_option(file: StagedFile, report: FileReport, name: str, value: Any) -> StagedFile:
    """Read the file with another option, `AUTO` for the reader's own choice.

    Where the option may change the columns, they are proposed anew. A discount left out for want of its unit comes
    in with it.
    """
    options = replace(file.mapping.options, **{name: None if value == AUTO else value})
    if name in _STRUCTURE:
        return StagedFile(file.source, Mapping(file.mapping.table, {}, options))
    columns = dict(file.mapping.columns)
    asked = [issue for issue in open_questions(file, report) if issue.code == "discount_unit"]
    if name == "discount" and columns and asked:
        columns.setdefault("discount", (asked[0].values["header"],))
    kept = tuple(issue for issue in file.asked if name != "discount" or issue.code != "discount_unit")
    return replace(file, mapping=Mapping(file.mapping.table, columns, options), asked=kept)
