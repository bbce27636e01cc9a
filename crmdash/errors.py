"""Exceptions, all for wrong use; what is wrong in the *data* is a `crmdash.issues.Issue`.

CrmdashError
├── SettingsError    a settings file or change that cannot hold
├── MappingError     a mapping file that names what does not exist
└── UnreadableFile   bytes that are no table at all (carries the issue that says so)
"""

from crmdash.issues import Issue


class CrmdashError(Exception):
    """Base of everything crmdash raises on purpose."""


class SettingsError(CrmdashError):
    """A settings file or a changed setting that cannot hold."""


class MappingError(CrmdashError):
    """A mapping that names a table, column or option that does not exist."""


class UnreadableFile(CrmdashError):
    """Bytes from which no table can be read; `issue` says why and what to do."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue
