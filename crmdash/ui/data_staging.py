"""Files brought into a tab: their bytes, and what was corrected by hand about them. Values only, no drawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, Final, Literal

from crmdash.columns import TableName
from crmdash.ingest.dataset import Dataset, FileReport
from crmdash.ingest.options import Mapping, Options, mappable
from crmdash.ingest.raw import Source
from crmdash.issues import Issue

AUTO: Final = "auto"
"""The code of an option left to the reader."""

OPTION_OF: Final = {
    "date_order": "date_order", "date_system": "date_system", "decimal_sign": "decimal", "discount_unit": "discount",
    "ids_alike": "alike_ids", "currencies_mixed": "currency",
}  # fmt: skip
"""Doubts that are settled by an option of reading, not by another column."""

_STRUCTURE: Final = frozenset({"sheet", "encoding", "delimiter", "header"})
"""Options after which the file may have other columns, so that a mapping by hand no longer fits."""
_RAISED_ANEW: Final = frozenset(OPTION_OF) - {"discount_unit"}
"""Doubts that every reading of the cells raises again; the others come from the proposal of columns only."""


@dataclass(frozen=True)
class StagedFile:
    """One file of the tab.

    `mapping` holds what was chosen by hand; without columns they are proposed. `begun` is what it began with before
    any choice. `asked` keeps the questions of the proposal once columns are chosen by hand, and `answered` the (code,
    column) of those no longer to be asked. `recall` says whether a mapping kept for the file's header is still to be
    looked for, was applied, or is not wanted.
    """

    source: Source
    mapping: Mapping = field(default_factory=Mapping)
    left_out: bool = False
    asked: tuple[Issue, ...] = ()
    answered: frozenset[tuple[str, str | None]] = frozenset()
    begun: Mapping = field(default_factory=Mapping)
    recall: Literal["open", "applied", "settled"] = "open"

    @property
    def name(self) -> str:
        """The file's name, unique within the tab."""
        return self.source.name

    def anew(self, mapping: Mapping, recall: Literal["open", "applied", "settled"]) -> "StagedFile":
        """Return the file with another mapping and all its questions open again."""
        return StagedFile(self.source, mapping, begun=self.begun, recall=recall)


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
    """Return the doubts about the file that nobody answered yet, errors that an option settles among them."""
    doubts = [
        issue for issue in (*report.issues, *file.asked)
        if (issue.severity == "question" or issue.code in OPTION_OF) and not _is_chosen(file, issue)
    ]  # fmt: skip
    distinct = {(issue.code, issue.column): issue for issue in reversed(doubts)}
    return tuple(issue for key, issue in reversed(distinct.items()) if key not in file.answered)


def _is_chosen(file: StagedFile, issue: Issue) -> bool:
    """Say whether the policy asked about was chosen; where that is the usual one, reading asks all the same."""
    return issue.code == "ids_alike" and file.mapping.options.alike_ids is not None


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
    asked = tuple(issue for issue in open_questions(file, report) if issue.code not in _RAISED_ANEW)
    closed = {(issue.code, issue.column) for issue in asked if issue.column == column}
    mapping = Mapping(report.table, columns, file.mapping.options)
    return replace(file, mapping=mapping, asked=asked, answered=file.answered | closed)


def choose_table(file: StagedFile, table: TableName | None) -> StagedFile:
    """Take the file as `table`, with columns proposed anew, or leave it out."""
    if table is None:
        return replace(file, left_out=True)
    return file.anew(Mapping(table, {}, file.mapping.options), "settled")


def choose_option(file: StagedFile, report: FileReport, name: str, value: Any) -> StagedFile:
    """Read the file with another option, `AUTO` for the reader's own choice.

    Where the option may change the columns, they are proposed anew. A discount left out for want of its unit comes
    in with it.
    """
    options = replace(file.mapping.options, **{name: None if value == AUTO else value})
    if name in _STRUCTURE:
        return file.anew(Mapping(file.mapping.table, {}, options), "open")
    columns = dict(file.mapping.columns)
    asked = [issue for issue in open_questions(file, report) if issue.code == "discount_unit"]
    if name == "discount" and columns and asked:
        columns.setdefault("discount", (asked[0].values["header"],))
    kept = tuple(issue for issue in file.asked if name != "discount" or issue.code != "discount_unit")
    return replace(file, mapping=Mapping(file.mapping.table, columns, options), asked=kept)


def chosen_by_hand(file: StagedFile) -> Mapping | None:
    """Return what somebody chose about the file's columns and cells; None where everything was found or given."""
    begun = file.begun.options.to_json()
    chosen = {
        name: value for name, value in file.mapping.options.to_json().items()
        if name not in _STRUCTURE and begun.get(name) != value
    }  # fmt: skip
    mapping = replace(file.mapping, options=Options(**chosen))
    return mapping if mapping != Mapping() else None


def apply_mapping(file: StagedFile, mapping: Mapping) -> StagedFile:
    """Return the file with a mapping kept for its header; how the file itself is read stays as it is."""
    own = {name: value for name, value in file.mapping.options.to_json().items() if name in _STRUCTURE}
    begun = file.begun.options.to_json()
    options = Options(**(begun | mapping.options.to_json() | own))
    return file.anew(replace(mapping, options=options), "applied")


def without_mapping(file: StagedFile) -> StagedFile:
    """Return the file with nothing chosen about its columns and cells."""
    own = {name: value for name, value in file.mapping.options.to_json().items() if name in _STRUCTURE}
    return file.anew(replace(file.begun, options=replace(file.begun.options, **own)), "settled")
