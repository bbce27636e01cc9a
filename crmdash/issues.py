"""What is wrong or doubtful in the data, as values: bad data is a result, not an exception."""

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "info", "question"]


@dataclass(frozen=True)
class Issue:
    """One finding about the data.

    The words live in the catalogues under the issue's code (`crmdash.i18n.Wording.issue`): what is the matter, and
    the way out. `row` is the 1-based line or sheet row of the first place in the file, header included; `count` says
    how many rows or columns share the finding; `values` fills further placeholders of the message.
    """

    severity: Severity
    code: str
    table: str | None = None
    column: str | None = None
    row: int | None = None
    count: int = 1
    example: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
