"""Score our reading of the Pollock files: one table, polluted in over a thousand ways, against its clean reading.

Usage: ``python benchmarks/pollock.py [FOLDER_OR_ARCHIVE] [--worst N] [--at-least SCORE]``. The folder
(or ``.tar.xz``) holds ``csv/`` and ``clean/`` with equal names; by default it is the archive in
``../shared/datasets/messy`` beside the repository.
Nothing but the bytes of the file is handed to the reader.

The simple score of a file is the sum of ten numbers, each between 0 and 1 (10 is perfect): success, and precision,
recall and F1 of the header, the records and the cells. With read and clean each a bag (a set with repetitions) of
column names, of whole rows, or of single values of the rows,

    common    = size of the intersection of the two bags (for each element the smaller of its two counts)
    precision = common / size of the read bag        recall = common / size of the clean bag
    F1        = 2 * precision * recall / (precision + recall), 0 if both are 0

and all three are 1 where both bags are empty. Success is 1 if the file was read without a failure; a file without any
content is a success when it is said to be empty. A file that fails scores 0. ``parameters/`` is used for one thing
only: `header_lines`, to know whether the first row of the clean file is a header. Empty cells equal blank ones.
"""

import argparse
import csv
import io
import json
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crmdash.errors import UnreadableFile  # noqa: E402
from crmdash.ingest.raw import Source  # noqa: E402
from crmdash.ingest.readers import read_table  # noqa: E402

PLACE: Final = ROOT.parent / "shared" / "datasets" / "messy" / "pollock_half.tar.xz"
Row = tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A table as it is compared: its names (none without a header) and its rows."""

    header: Row
    rows: list[Row]


@dataclass(frozen=True)
class Score:
    """What one file got: success, then precision, recall and F1 of header, records, cells."""

    name: str
    success: float
    header: tuple[float, float, float] = (0.0, 0.0, 0.0)
    records: tuple[float, float, float] = (0.0, 0.0, 0.0)
    cells: tuple[float, float, float] = (0.0, 0.0, 0.0)
    told: str = ""

    @property
    def simple(self) -> float:
        """The simple score, of 10."""
        return self.success + sum(self.header) + sum(self.records) + sum(self.cells)


def agreement(read: Iterable[object], clean: Iterable[object]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of two bags."""
    ours, truth = Counter(read), Counter(clean)
    if not ours and not truth:
        return 1.0, 1.0, 1.0
    common = (ours & truth).total()
    precision = common / ours.total() if ours else 0.0
    recall = common / truth.total() if truth else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def score(name: str, read: Reading, clean: Reading, told: str = "") -> Score:
    """Compare what was read with what should have been."""
    return Score(
        name,
        1.0,
        agreement(read.header, clean.header),
        agreement(read.rows, clean.rows),
        agreement((cell for row in read.rows for cell in row), (cell for row in clean.rows for cell in row)),
        told,
    )


def read_ours(path: Path) -> tuple[Reading, str]:
    """Read a file as the product does; its findings are named for the report."""
    try:
        raw = read_table(Source.from_path(path))
    except UnreadableFile as error:
        if error.issue.code != "file_empty":
            raise
        return Reading((), []), error.issue.code
    names = tuple(raw.frame.columns) if raw.header_row is not None else ()
    rows = [tuple(_cell(cell) for cell in row) for row in raw.frame.rows()]
    return Reading(names, rows), ", ".join(dict.fromkeys(issue.code for issue in raw.issues))


def read_clean(folder: Path, name: str) -> Reading:
    """Read the clean counterpart, which is plain CSV with every cell in quotation marks."""
    with (folder / "clean" / name).open(encoding="utf-8", newline="") as file:
        rows = [tuple(map(_cell, row)) for row in csv.reader(file)]
    parameters = folder / "parameters" / f"{name}_parameters.json"
    has_header = not parameters.exists() or json.loads(parameters.read_text("utf-8"))["header_lines"] > 0
    return Reading(rows[0], rows[1:]) if rows and has_header else Reading((), rows)


def _cell(cell: str | None) -> str:
    return cell if cell is not None and cell.strip() else ""


def score_folder(folder: Path) -> list[Score]:
    """Score every file of a folder; a failure of the reader scores 0 and is named."""
    scores = []
    for path in sorted((folder / "csv").iterdir()):
        try:
            read, told = read_ours(path)
        except Exception as error:  # whatever it is, it is the reader's failure, and counted as one
            scores.append(Score(path.name, 0.0, told=f"{type(error).__name__}: {error}"))
            continue
        scores.append(score(path.name, read, read_clean(folder, path.name), told))
    return scores


def report(scores: list[Score], worst: int, seconds: float) -> str:
    """Say the mean and the worst files, each with what went wrong."""
    out = io.StringIO()
    mean = sum(each.simple for each in scores) / len(scores)
    perfect = sum(each.simple > 10 - 1e-9 for each in scores)
    print(f"{len(scores)} files in {seconds:.1f} s: mean simple score {mean:.4f} of 10, {perfect} perfect", file=out)
    for each in sorted(scores, key=lambda each: each.simple)[:worst]:
        parts = [f"{part} F1 {values[2]:.3f}" for part, values in _parts(each)]
        print(f"{each.simple:7.3f}  {each.name}: {', '.join(parts)} [{each.told}]", file=out)
    return out.getvalue()


def _parts(each: Score) -> list[tuple[str, tuple[float, float, float]]]:
    return [("header", each.header), ("records", each.records), ("cells", each.cells)]


def score_place(place: Path) -> list[Score]:
    """Score a folder, or an archive of one."""
    if place.is_dir():
        return score_folder(place)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(place) as archive:
        archive.extractall(folder, filter="data")
        return score_folder(Path(folder))


def main() -> int:
    """Print the mean score and the worst files; fail below the score that is promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", type=Path, nargs="?", default=PLACE)
    parser.add_argument("--worst", type=int, default=15)
    parser.add_argument("--at-least", type=float, default=9.5)
    options = parser.parse_args()
    if not options.place.exists():
        print("the Pollock files are absent: give their folder or archive", file=sys.stderr)
        return 2
    start = time.perf_counter()
    scores = score_place(options.place)
    print(report(scores, options.worst, time.perf_counter() - start), end="")
    return 0 if sum(each.simple for each in scores) >= options.at_least * len(scores) else 1


if __name__ == "__main__":
    sys.exit(main())
