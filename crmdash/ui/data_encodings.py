"""The encodings that a text file may be in, the most plausible first, and how its first special lines look in each."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.i18n import Wording
from crmdash.ingest.archives import GZIP, ZIP, unpack
from crmdash.ingest.dataset import FileReport
from crmdash.ingest.encodings import decode
from crmdash.ui.data_staging import StagedFile

_HEAD: Final = 1 << 20
_LINES: Final = 3
_WIDTH: Final = 80
_UNICODE: Final = "utf"


def candidates(file: StagedFile, report: FileReport) -> tuple[str, ...]:
    """Return the plausible encodings of a text file whose own is a guess or was chosen by hand, best first."""
    if report.encoding is None or report.encoding.startswith(_UNICODE):
        return ()
    return decode(_head(file)).candidates


def looks(file: StagedFile, encodings: tuple[str, ...]) -> dict[str, str]:
    """Return the first lines beyond ASCII as they read in each encoding."""
    lines = [line for line in _head(file).splitlines() if not line.isascii()][:_LINES]
    return {
        encoding: " ⏎ ".join(line.decode(encoding, "replace")[:_WIDTH] for line in lines) for encoding in encodings
    }  # fmt: skip


def _head(file: StagedFile) -> bytes:
    source = file.source.loaded()
    content = source.content
    return (unpack(source).content if content.startswith((GZIP, ZIP)) else content)[:_HEAD]


def encoding_preview(_: Wording, file: StagedFile, report: FileReport) -> None:
    """Show the file under each plausible encoding, where there are several."""
    plausible = candidates(file, report)
    if len(plausible) < 2:
        return
    shown = looks(file, plausible)
    rows = pl.DataFrame({"encoding": list(shown), "text": list(shown.values())})
    config = {
        "encoding": st.column_config.TextColumn(_("Encoding"), width=110),
        "text": st.column_config.TextColumn(
            _("Its first lines that are not plain English, the likeliest encoding first")
        ),
    }
    st.dataframe(
        rows, key=f"data.encodings.{file.name}", hide_index=True, column_config=config,
        alt=_("How the file looks in each encoding it may be in"),
    )  # fmt: skip
