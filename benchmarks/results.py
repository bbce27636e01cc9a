"""What was measured: one comparison a row, kept as JSON and read as tables."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from benchmarks.rounds import Times, median_ratio

Unit = Literal["s", "MB", "exponent", "fps", "bytes"]


@dataclass(frozen=True)
class Measured:
    """One thing measured, alone or beside a peer.

    Attributes
    ----------
    size : of the data, in what the part counts; None where there is no size.
    ours, theirs : medians over the rounds, in `unit`; theirs None without a peer.
    ratio : median over the rounds of ours / theirs.
    at_most, at_least : what is promised, of the ratio or, without a peer, of ours.
    """

    part: str
    what: str
    size: int | None
    ours: float
    unit: Unit = "s"
    peer: str | None = None
    theirs: float | None = None
    ratio: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def key(self) -> tuple[str, str, int | None, str | None]:
        """What the same measurement has in another run."""
        return self.part, self.what, self.size, self.peer

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; None without one."""
        held = self.ours if self.ratio is None else self.ratio
        if self.at_least is not None:
            return held >= self.at_least
        return None if self.at_most is None else held <= self.at_most


def compared(part: str, what: str, size: int | None, times: Times, ours: str, theirs: str,
             at_most: float | None = None) -> Measured:  # fmt: skip
    """Compare two of the times of alternating rounds."""
    mine, other = middle(times[ours]), middle(times[theirs])
    return Measured(part, what, size, mine, "s", theirs, other, median_ratio(times, ours, theirs), at_most)


def middle(values: list[float]) -> float:
    """Return the median."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def as_tree(measured: list[Measured]) -> list[dict[str, Any]]:
    """Return plain values for JSON, rounded to four digits, without what is not there."""
    return [
        {name: _rounded(value) for name, value in asdict(one).items() if value is not None or name == "size"}
        for one in measured
    ]


def _rounded(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def from_tree(tree: list[dict[str, Any]]) -> list[Measured]:
    """Read what `as_tree` wrote."""
    return [Measured(**one) for one in tree]
