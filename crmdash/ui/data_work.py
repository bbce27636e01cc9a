"""The reading of a tab's files, wherever it is done: here, or in a process of its own. Values only, no drawing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crmdash.ingest.apart import Apart, Progress
from crmdash.ingest.dataset import Dataset, FileReport, open_dataset
from crmdash.ingest.remembered import recall
from crmdash.rule_settings import PeriodSettings
from crmdash.ui.data_readings import Key, Readings, all_readings
from crmdash.ui.data_staging import StagedFile, apply_mapping, report_of

_READING: Final = 0.8
"""The share of the time that reading takes, where adding up follows."""


@dataclass(frozen=True, eq=False)
class Found:
    """What was found in files: the files with the mappings kept for their headers, the data, and what is doubtful."""

    files: tuple[StagedFile, ...]
    dataset: Dataset
    readings: dict[Key, Readings]


def read_files(files: tuple[StagedFile, ...], progress: Progress) -> Found:
    """Read files; where a mapping is kept for a header, read again with that, and look at what is doubtful."""
    dataset = _open(files, progress)
    recalled = with_recalled(files, dataset)
    if [file.mapping for file in recalled] != [file.mapping for file in files]:
        dataset = _open(recalled, progress)
    return Found(recalled, dataset, all_readings(recalled, dataset))


def read_and_sum_up(files: tuple[StagedFile, ...], period: PeriodSettings, progress: Progress) -> Found:
    """Read files and sum them up for a period, which takes long too where they are large."""
    found = read_files(files, lambda done, name: progress(done * _READING, name))
    if not found.dataset.usable:
        return found
    summary = found.dataset.summarised(found.dataset.held_period(period))
    return replace(found, dataset=replace(found.dataset, summary=summary))


def begin_reading(files: tuple[StagedFile, ...], period: PeriodSettings) -> Apart[Found]:
    """Begin to read files and sum them up in a process of its own."""
    return Apart(read_and_sum_up, tuple(map(_plainly_placed, files)), period)


def _plainly_placed(file: StagedFile) -> StagedFile:
    """Return the file with its place on disk as a path, which holds nothing."""
    path = file.source.path
    return file if path is None else replace(file, source=replace(file.source, path=Path(path)))


def with_own_sources(found: Sequence[StagedFile], own: Sequence[StagedFile]) -> tuple[StagedFile, ...]:
    """Return what was found of files with the sources that hold their bytes."""
    sources = {file.name: file.source for file in own}
    return tuple(replace(file, source=sources[file.name]) for file in found)


def _open(files: Sequence[StagedFile], progress: Progress) -> Dataset:
    kept = [file for file in files if not file.left_out]
    return open_dataset([file.source for file in kept], {file.name: file.mapping for file in kept}, progress=progress)


def with_recalled(files: Sequence[StagedFile], dataset: Dataset) -> tuple[StagedFile, ...]:
    """Return the files, those whose header is known with the mapping kept for it; each header is looked up once."""
    return tuple(_with_recalled(file, report_of(dataset, file)) for file in files)


def _with_recalled(file: StagedFile, report: FileReport | None) -> StagedFile:
    if file.recall != "open" or report is None or not report.columns:
        return file
    kept = recall(report.columns)
    fits = kept is not None and file.mapping.table in (None, kept.table)
    return apply_mapping(file, kept) if kept is not None and fits else replace(file, recall="settled")
