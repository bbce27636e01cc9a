"""The tables of the board as sheets: customers, strategies, who moved, who stands nearest to a line.

Every word is the reader's; every number keeps the unit in which it is stored and is written by its kind.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import polars as pl

from crmdash.customer.gaps import PERSONAL
from crmdash.evaluate import Evaluation
from crmdash.export.customer_rows import DAY_MEASURES, MONEY_MEASURES, OTHER_MEASURES
from crmdash.export.sheet import Kind, Person, Sheet, SheetColumn
from crmdash.i18n import Wording
from crmdash.reason_line import reason_line

_PERSONS: Final[dict[str, Person]] = {
    "customer_id": "customer",
    "name": "customer",
    "contact_person": "contact",
    "owner": "owner",
}
_PROFILE: Final = ("name", "contact_person", "region", "owner", "format", "market", "nature")
_PERCENT: Final = (
    "discount_share", "deal_share", "return_share", "top_category_share", "category_loss", "new_product_uptake",
    "on_time_share",
)  # fmt: skip
_COUNTS: Final = ("orders", "tenure", "recency", "last_gap", "breadth")
_YES_NO: Final = ("recovered", "open_matters")
_MEASURE_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(MONEY_MEASURES, "money"),
    **dict.fromkeys(DAY_MEASURES, "date"),
    **dict.fromkeys(OTHER_MEASURES, "decimal"),
    **dict.fromkeys(_PERCENT, "percent"),
    **dict.fromkeys(_COUNTS, "count"),
}

Words = Callable[[str], str]


def customer_table(rows: pl.DataFrame, evaluation: Evaluation, wording: Wording) -> Sheet:
    """Return one row per customer: who it is, tier, stage, strategy, the reason in one line, and the measures.

    Measures come last, as there may be thirty: what to do must be seen without scrolling.

    Parameters
    ----------
    rows : the rows of `evaluation.customers` that are asked for. A reason takes 0.1 ms, so pass no more than needed.
    """
    rules = evaluation.rulebook
    reasons = [reason_line(row, rules, wording) or None for row in rows.iter_rows(named=True)]
    columns = [
        _id(rows, wording),
        *_profile(rows, wording),
        _text("tier", _standing(rows, wording), wording),
        _text("stage", _translated(rows["stage"], _model("stage", wording)), wording),
        _text("strategy", _translated(rows["strategy"], _model("strategy", wording)), wording),
        _text("reason", reasons, wording),
        *_measures(rows, wording),
    ]
    return Sheet(wording.term("export", "sheet.customers"), tuple(columns))


def strategy_table(evaluation: Evaluation, wording: Wording) -> Sheet:
    """Return one row per strategy: customers, value, shares, the commonest reason, and what to do.

    Shares of value are of the net total, empty where that is not above zero.
    """
    found, total = evaluation.strategies, evaluation.concentration.total
    everybody = int(found["customers"].sum())
    value_shares = [value / total if total > 0 else None for value in found["value"]]
    shares = [count / everybody if everybody else None for count in found["customers"]]
    columns = [
        _text("strategy", _translated(found["strategy"], _model("strategy", wording)), wording),
        _column("customers", "count", found["customers"], wording),
        _column("customers_share", "percent", shares, wording),
        _column("value", "money", found["value"], wording),
        _column("value_share", "percent", value_shares, wording),
        _text("main_reason", _translated(found["reason_code"], _reason_words(wording)), wording),
        _column("main_reason_share", "percent", found["reason_share"], wording),
        _text("what_to_do", _translated(found["strategy"], _model("strategy_help", wording)), wording),
    ]
    return Sheet(wording.term("export", "sheet.strategies"), tuple(columns))


def move_table(
    moves: pl.DataFrame, wording: Wording, causes: Sequence[str | None] | None = None, name: str | None = None
) -> Sheet:
    """Return one row per customer that crossed a line.

    Parameters
    ----------
    moves : customer_id, name, up, line, tier_before, tier_now, value_before, value_now (ten-thousandths), hours_before,
        hours_now, wanted_before, wanted_now, stage_before, stage_now; what is not held is left out.
    name : the sheet's name, where it is not "who moved".
    causes : why each one moved, in the reader's words. They must name nobody: pseudonyms do not look into them.
    """
    columns = [_id(moves, wording), *_profile(moves, wording)]
    if "up" in moves.columns:
        directions = {True: "up", False: "down", None: None}
        codes = pl.Series([directions[up] for up in moves["up"]], dtype=pl.String)
        columns.append(_text("direction", _translated(codes, _own("direction", wording)), wording))
    columns += _coded(moves, {"line": "tier", "tier_before": "tier", "tier_now": "tier"}, wording)
    columns += _numbers(moves, {"value_before": "money", "value_now": "money"}, wording)
    hours = ("wanted_before", "wanted_now", "hours_before", "hours_now")
    columns += _numbers(moves, dict.fromkeys(hours, "decimal"), wording)
    columns += _coded(moves, {"stage_before": "stage", "stage_now": "stage"}, wording)
    if causes is not None:
        columns.append(_text("cause", causes, wording))
    return Sheet(name or wording.term("export", "sheet.moves"), tuple(columns))


def nearest_table(nearest: pl.DataFrame, wording: Wording) -> Sheet:
    """Return the customers nearest to each line, with the amount between them and the line.

    Parameters
    ----------
    nearest : line, side (``above`` or ``below``), customer_id, name, tier, stage, value, distance (ten-thousandths)
        and strategy; what is not held is left out.
    """
    columns = _coded(nearest, {"line": "tier"}, wording)
    if "side" in nearest.columns:
        columns.append(_text("side", _translated(nearest["side"], _own("side", wording)), wording))
    columns += [_id(nearest, wording), *_profile(nearest, wording)]
    columns += _coded(nearest, {"tier": "tier", "stage": "stage"}, wording)
    columns += _numbers(nearest, {"value": "money", "distance": "money"}, wording)
    columns += _coded(nearest, {"strategy": "strategy"}, wording)
    return Sheet(wording.term("export", "sheet.nearest"), tuple(columns))


def _column(name: str, kind: Kind, values: Iterable[Any], wording: Wording) -> SheetColumn:
    header = wording.term("export", f"column.{name}")
    return SheetColumn.of(name, header, kind, values, person=_PERSONS.get(name))


def _text(name: str, values: Iterable[str | None], wording: Wording) -> SheetColumn:
    return _column(name, "text", values, wording)


def _id(rows: pl.DataFrame, wording: Wording) -> SheetColumn:
    return _column("customer_id", "id", rows["customer_id"], wording)


def _profile(rows: pl.DataFrame, wording: Wording) -> list[SheetColumn]:
    columns = []
    for name in (name for name in _PROFILE if name in rows.columns):
        values = _translated(rows[name], _model("nature", wording)) if name == "nature" else _told(rows, name)
        columns.append(_text(name, values, wording))
    return columns


def _told(rows: pl.DataFrame, name: str) -> pl.Series:
    """Return a column of the profile; fields about people are empty for customers who do not want to be contacted."""
    if name not in PERSONAL or "may_contact" not in rows.columns:
        return rows[name]
    return rows.select(pl.when(pl.col("may_contact").fill_null(True)).then(pl.col(name)))[name]


def _measures(rows: pl.DataFrame, wording: Wording) -> list[SheetColumn]:
    columns = []
    for name in (name for name in (*MONEY_MEASURES, *DAY_MEASURES, *OTHER_MEASURES) if name in rows.columns):
        if name in _YES_NO:
            codes = pl.Series([{True: "yes", False: "no", None: None}[held] for held in rows[name]], dtype=pl.String)
            columns.append(_text(name, _translated(codes, _own("answer", wording)), wording))
        else:
            columns.append(_column(name, _MEASURE_KINDS[name], rows[name], wording))
    return columns


def _coded(rows: pl.DataFrame, vocabularies: dict[str, str], wording: Wording) -> list[SheetColumn]:
    held = {name: kind for name, kind in vocabularies.items() if name in rows.columns}
    return [_text(name, _translated(rows[name], _model(kind, wording)), wording) for name, kind in held.items()]


def _numbers(rows: pl.DataFrame, kinds: dict[str, Kind], wording: Wording) -> list[SheetColumn]:
    return [_column(name, kind, rows[name], wording) for name, kind in kinds.items() if name in rows.columns]


def _standing(rows: pl.DataFrame, wording: Wording) -> pl.Series:
    """Return the tier; for prospects the one their potential would reach, and that it is only that."""
    tier = _model("tier", wording)
    reached = _translated(rows["tier"], tier)
    potential = _translated(rows["potential_tier"], lambda code: wording("{tier} (potential)", tier=tier(code)))
    return pl.DataFrame({"reached": reached, "potential": potential}).select(pl.coalesce("reached", "potential"))[
        "reached"
    ]


def _translated(codes: pl.Series, words: Words) -> pl.Series:
    known = {code: words(code) for code in codes.drop_nulls().unique()}
    texts = [None if code is None else known[code] for code in codes]
    return pl.Series(texts, dtype=pl.String)


def _model(kind: str, wording: Wording) -> Words:
    return lambda code: wording.term("model", f"{kind}.{code}")


def _own(kind: str, wording: Wording) -> Words:
    return lambda code: wording.term("export", f"{kind}.{code}")


def _reason_words(wording: Wording) -> Words:
    return lambda code: wording.term("reasons", f"row.{code}")
