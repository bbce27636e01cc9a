"""Customer tiers, lifecycle stages and relationship strategies that follow a slider.

The way of the data: open files, summarise them to one row per customer, evaluate with settings.

>>> from crmdash import Settings
>>> Settings().tiers.lines["platinum"]
50.0
"""

from crmdash import memory as _memory  # noqa: F401  (before anything loads Polars)
from crmdash.errors import CrmdashError, MappingError, SettingsError, UnreadableFile
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import LANGUAGES, Wording
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.options import Mapping
from crmdash.ingest.raw import Source
from crmdash.issues import Issue
from crmdash.settings import Settings, parse_settings
from crmdash.summary import Summary, Tables, summarise

__all__ = [
    "LANGUAGES",
    "CrmdashError",
    "Dataset",
    "Evaluation",
    "Issue",
    "Mapping",
    "MappingError",
    "Settings",
    "SettingsError",
    "Source",
    "Summary",
    "Tables",
    "UnreadableFile",
    "Wording",
    "evaluate",
    "open_dataset",
    "parse_settings",
    "summarise",
]
