"""How a file is read: encoding, separator, header row, sheet, notation. Found by itself, correctable by hand."""

from typing import Any, Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.ingest.dataset import FileReport
from crmdash.ingest.options import POLICIES
from crmdash.ui import state
from crmdash.ui.data_encodings import candidates, encoding_preview
from crmdash.ui.data_readings import currencies_of
from crmdash.ui.data_staging import AUTO, StagedFile, choose_option
from crmdash.ui.data_words import option_label, option_words

_ENCODINGS: Final = ("utf-8", "gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "utf-16")
_DELIMITERS: Final = (",", ";", "\t", "|", "，", " ")
_HEADER_ROWS: Final = 12
_NOTATION: Final = {
    "date_order": ("ymd", "dmy", "mdy"),
    "calendar": ("gregorian", "roc"),
    "date_system": ("1900", "1904"),
    "decimal": (".", ","),
    "discount": ("money", "fraction", "percent"),
    "currency": (),
}
_TEXT_FILE: Final = ("encoding", "delimiter", "header")


def reading_options(_: Wording, file: StagedFile, report: FileReport) -> None:
    """Draw the options that this file has, folded away."""
    label = _("How the file is read")
    folded = st.expander(label, key=f"data.options.{file.name}", on_change="rerun", icon=":material/tune:")
    if not folded.open:
        return
    with folded:
        st.caption(_("Change these only where something looks wrong in the first rows."))
        with st.grid(4, min_column_width=190, gap="small"):
            for option in _options_of(report):
                option_picker(_, file, report, option)
        encoding_preview(_, file, report)


def _options_of(report: FileReport) -> list[str]:
    # A file that could not be read may be a text file read with a wrong option: it keeps the way back.
    is_text = report.encoding is not None or not report.columns
    options = list(_TEXT_FILE) if is_text else ["header"] if report.sheets else []
    if len(report.sheets) > 1:
        options.insert(0, "sheet")
    return [*options, *_NOTATION]


def option_picker(_: Wording, file: StagedFile, report: FileReport, option: str, place: str = "option") -> None:
    """Draw the picker of one option; its values are codes, the first leaves the choice to the reader."""
    key = f"data.{place}.{file.name}.{option}"
    given = state.seed_choice(key, _code(getattr(file.mapping.options, option)))
    st.selectbox(
        option_label(option, _),
        _codes(option, file, report),
        key=key,
        index=state.place_in(_codes(option, file, report), given),
        persist_state="session",
        format_func=lambda code: (
            _("Choose …") if code == AUTO and place == "doubt" else _shown(_, option, code, report)
        ),
        on_change=_take,
        args=(key, file, report, option),
    )


def _codes(option: str, file: StagedFile, report: FileReport) -> list[str]:
    known: dict[str, tuple[str, ...]] = {
        "sheet": report.sheets,
        "encoding": (*candidates(file, report), *_ENCODINGS),
        "delimiter": _DELIMITERS,
        "header": tuple(str(row) for row in range(_HEADER_ROWS + 1)),
        **{name: tuple(codes) for name, codes in POLICIES.items()},
        **_NOTATION,
        "currency": _currencies(report),
    }
    present = _code(getattr(file.mapping.options, option))
    return list(dict.fromkeys([AUTO, *known[option], present]))


def _currencies(report: FileReport) -> tuple[str, ...]:
    mixed = next((issue for issue in report.issues if issue.code == "currencies_mixed"), None)
    return currencies_of(mixed) if mixed is not None else (report.currency,) if report.currency else ()


def _code(value: Any) -> str:
    return AUTO if value is None else str(int(value)) if isinstance(value, int) else value


def _shown(_: Wording, option: str, code: str, report: FileReport) -> str:
    found = detected(option, report)
    words = option_words(option, code, _)
    if code != AUTO or found is None:
        return words
    return _("{label}: {text}", label=words, text=option_words(option, found, _))


def detected(option: str, report: FileReport) -> str | None:
    """Return the code of what was found or applied; None where the option did not matter."""
    if option == "header":
        # Parquet and databases have names, but no row of them.
        has_rows_only = report.encoding is not None or bool(report.sheets)
        return str(report.header_row or 0) if report.columns and has_rows_only else None
    if option in ("sheet", "encoding", "delimiter"):
        return getattr(report, option)
    if option == "currency":
        return report.currency
    value = getattr(report.mapping.options, option)
    return None if value is None else _code(value)


def _take(key: str, file: StagedFile, report: FileReport, option: str) -> None:
    code = state.kept(key, AUTO)
    value: str | int | bool = code
    if option == "header" and code != AUTO:
        value = int(code) or False
    elif option == "date_system" and code != AUTO:
        value = int(code)
    state.restage(choose_option(file, report, option, value))
