"""What a workbook says about itself: when and from what it was made, every setting, and how things are counted."""

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crmdash.evaluate import Evaluation
from crmdash.export.sheet import Sheet, SheetColumn
from crmdash.i18n import DATA, MISSING, Wording
from crmdash.scope import Scope
from crmdash.settings import LINE_FIELDS, SECTIONS, Settings, field_extra
from crmdash.summary import to_day

CONVENTIONS: Final = (
    "money", "base", "tiers", "shares", "gini", "whale", "purchases", "silence", "strategies", "missing",
)  # fmt: skip


BOARD_SECTIONS: Final = ("tiers", "period", "lifecycle", "flags", "service")
"""Sections of the settings that the board is made by; those of further systems are named where they differ."""


@dataclass(frozen=True)
class Facts:
    """What a download is of.

    Attributes
    ----------
    as_of : day number that everything is seen from, None without dates.
    fingerprint : of the data; file names stay out, as they may name people or firms.
    narrowed : what the list was narrowed to by clicks, in the reader's words.
    pseudonyms : whether names were replaced.
    """

    settings: Settings
    scope: Scope
    as_of: int | None
    fingerprint: str
    made_on: date
    version: str
    narrowed: tuple[str, ...] = ()
    pseudonyms: bool = False


def facts_of(evaluation: Evaluation, fingerprint: str, made_on: date, narrowed: tuple[str, ...] = ()) -> Facts:
    """Return the facts of an evaluation, downloaded on the day `made_on`."""
    return Facts(
        settings=evaluation.settings,
        scope=evaluation.scope,
        as_of=evaluation.clock.as_of,
        fingerprint=fingerprint,
        made_on=made_on,
        version=program_version(),
        narrowed=narrowed,
    )


def program_version() -> str:
    """Return the version that ``pyproject.toml`` names."""
    with (DATA.parent / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


Line = tuple[str, str, str | None, str | None]
"""Part of the sheet, what, its value, and the default it had."""


def facts_sheet(facts: Facts, wording: Wording) -> Sheet:
    """Return the sheet about a download: the file, settings that differ, those of the board, and the conventions."""
    chosen = setting_lines(facts.settings, wording)
    changed = [line for line in chosen if line[1] != line[2]]
    nothing = wording.term("export", "file.nothing_changed")
    lines: list[Line] = [("file", what, value, None) for what, value in _about(facts, wording)]
    lines += [("changed", *line) for line in changed] or [("changed", nothing, None, None)]
    lines += [("settings", *line) for line in setting_lines(facts.settings, wording, BOARD_SECTIONS)]
    lines += [("conventions", *_convention(name, wording), None) for name in CONVENTIONS]
    parts = [wording.term("export", f"part.{line[0]}") for line in lines]
    columns = {"part": parts} | {
        name: [line[place] for line in lines] for place, name in enumerate(("what", "setting", "default"), 1)
    }
    return Sheet(
        wording.term("export", "sheet.about"),
        tuple(
            SheetColumn.of(name, wording.term("export", f"column.{name}"), "text", values, wrap=True)
            for name, values in columns.items()
        ),
    )


def setting_lines(
    settings: Settings, wording: Wording, sections: Collection[str] = tuple(SECTIONS)
) -> list[tuple[str, str, str]]:
    """Return every setting in force: its words, its value and its default, in the order of the model.

    What changes nothing is left out: tier lines of another mode than the chosen, limits of another lifecycle model.
    """
    return [
        (_label(path, wording), _shown(path, value, wording), _shown(path, default, wording))
        for path, value, default in _in_force(settings)
        if path.partition(".")[0] in sections
    ]


def _in_force(settings: Settings) -> Iterator[tuple[str, Any, Any]]:
    defaults = Settings().model_dump()
    idle = {field for mode, field in LINE_FIELDS.items() if mode != settings.tiers.mode}
    chosen = {"model", "measured_by"} | settings.lifecycle.read
    for section, values in settings.model_dump(include=set(SECTIONS)).items():
        for name, value in values.items():
            usual = defaults[section][name]
            if section == "lifecycle" and name not in chosen:
                continue
            if isinstance(value, dict):
                shown = value if section != "tiers" or name not in idle else {}
                yield from ((f"{section}.{name}.{code}", inner, usual.get(code)) for code, inner in shown.items())
            else:
                yield f"{section}.{name}", value, usual


def _label(path: str, wording: Wording) -> str:
    section, name, *code = path.split(".")
    if not code:
        return wording.term("settings", f"{path}.label")
    tier = wording.term("model", f"tier.{code[0]}")
    return wording.term("settings", f"{section}.{name}.label", tier=tier)


def _shown(path: str, value: Any, wording: Wording) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return wording.term("export", "answer.yes" if value else "answer.no")
    if path == "period.value_months":
        n = wording.integer(value)
        return wording.term("export", "value.months", n=n) if value else wording.term("export", "value.whole_file")
    if isinstance(value, str):
        return _code_words(path, value, wording)
    unit = _unit(path)
    number = wording.decimal(value, _digits(value))
    if unit == "%":
        return number + unit
    return f"{number} {wording.term('model', f'unit.{unit}')}" if wording.has_term("model", f"unit.{unit}") else number


def _code_words(path: str, code: str, wording: Wording) -> str:
    _, _, name = path.rpartition(".")
    for kind, key in (("model", f"{name}.{code}"), ("export", f"value.{code}")):
        if wording.has_term(kind, key):
            return wording.term(kind, key)
    return code


def _unit(path: str) -> str:
    section, name, *_ = path.split(".")
    fields = SECTIONS[section].model_fields
    return str(field_extra(fields[name]).get("unit", ""))


def _digits(value: float) -> int:
    return len(f"{value:.6f}".rstrip("0").split(".")[1])


def _about(facts: Facts, wording: Wording) -> list[tuple[str, str]]:
    scope, lines = facts.scope, "lines_from_filter" if facts.scope.redraw else "lines_from_all"
    told = {
        "as_of": wording.date(facts.as_of),
        "made_on": wording.date(to_day(facts.made_on)),
        "version": facts.version,
        "fingerprint": facts.fingerprint,
        "names": wording.term("export", "file.names_replaced" if facts.pseudonyms else "file.names_kept"),
    }
    about = [(wording.term("export", f"file.{name}"), value) for name, value in told.items()]
    if not scope.active:
        about.append((wording.term("export", "file.filters"), wording.term("export", "file.everybody")))
    for column, values in scope.chosen.items():
        header = wording.term("export", "file.filter", column=wording.term("export", f"column.{column}"))
        about.append((header, _listed([_filter_words(column, value, wording) for value in values], wording)))
    if facts.narrowed:
        about.append((wording.term("export", "file.narrowed"), _listed(facts.narrowed, wording)))
    about.append((wording.term("export", "file.lines"), wording.term("export", f"file.{lines}")))
    return about


def _filter_words(column: str, value: str, wording: Wording) -> str:
    coded = column == "nature" and wording.has_term("model", f"nature.{value}")
    return wording.term("model", f"nature.{value}") if coded else value


def _listed(texts: list[str] | tuple[str, ...], wording: Wording) -> str:
    return wording.term("export", "file.separator").join(texts)


def _convention(name: str, wording: Wording) -> tuple[str, str]:
    return wording.term("export", f"convention.{name}.label"), wording.term("export", f"convention.{name}.text")
