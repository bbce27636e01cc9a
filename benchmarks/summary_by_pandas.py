"""The summary of plain order lines written by hand in pandas (see `benchmarks.summary_peers`)."""

from pathlib import Path
from typing import Final

import pandas as pd

WINDOW: Final = 365
BASKET_DAYS: Final = 3
REGULAR: Final = 3
VARIATION_FROM: Final = 4
YOUNG: Final = 1.5


def pandas_summary(path: Path) -> pd.DataFrame:
    """Summarise the file in pandas, vectorised throughout."""
    lines = _pandas_lines(path)
    last = int(lines["date"].max())
    table = _pandas_days(lines, last)
    lines["last_purchase"] = lines["customer_id"].map(table["last_purchase"])
    table = _pandas_sums(lines, last).join(table, how="left").join(_pandas_categories(lines, last), how="left")
    counts = ["orders", "orders_window"]
    table[counts] = table[counts].fillna(0).astype("int64")
    table["tenure"], table["recency"] = last - table["first_purchase"], last - table["last_purchase"]
    regular = (table["orders_before"] >= REGULAR) & (table["categories_before"] > 0)
    table["category_loss"] = (table["categories_lost"] / table["categories_before"]).where(regular)
    table[["internal", "in_base", "prospect", "open_matters"]] = [False, True, False, False]
    return _pandas_growth(table).sort_index().reset_index()


def _pandas_lines(path: Path) -> pd.DataFrame:
    names = ["customer_id", "date", "category", "amount", "cost"]
    lines = pd.read_parquet(path, columns=names) if path.suffix == ".parquet" else pd.read_csv(path, usecols=names)
    for name in ("amount", "cost"):
        lines[name] = (lines[name] * 10_000).round().astype("int64")
    lines["date"] = pd.to_datetime(lines["date"]).astype("datetime64[s]").astype("int64") // 86_400
    lines["profit"] = lines["amount"] - lines["cost"]
    return lines


def _pandas_days(lines: pd.DataFrame, last: int) -> pd.DataFrame:
    sold = lines["amount"] >= 0
    days = (
        lines.assign(sold=sold)
        .groupby(["customer_id", "date"], as_index=False)
        .agg(net=("amount", "sum"), sold=("sold", "any"))
    )
    days = days[days["sold"]]  # sorted by customer and date
    by = days.groupby("customer_id")
    days = days.assign(
        gap=by["date"].diff(),
        newest=by.cumcount(ascending=False),
        oldest=by.cumcount(),
        late=days["date"] > last - WINDOW,
        before=days["date"].between(last - 2 * WINDOW + 1, last - WINDOW),
    )
    days["basket"] = days["net"].where(days["newest"] < BASKET_DAYS)
    table = days.groupby("customer_id").agg(
        orders=("net", "size"),
        first_purchase=("date", "first"),
        last_purchase=("date", "last"),
        spent=("net", "sum"),
        first_basket=("net", "first"),
        orders_window=("late", "sum"),
        orders_before=("before", "sum"),
        basket=("basket", "mean"),
        mean=("gap", "mean"),
        deviation=("gap", "std"),
    )
    table["second_purchase"] = days.loc[days["oldest"] == 1].set_index("customer_id")["date"]
    table["last_gap"] = days.loc[days["newest"] == 0].set_index("customer_id")["gap"]
    table["orders_late"] = table["orders_window"]
    table["basket"] = (table["basket"] + 0.5) // 1
    table["gap_variation"] = (table["deviation"] / table["mean"]).where(table["orders"] >= VARIATION_FROM)
    return table.drop(columns=["mean", "deviation"])


def _pandas_sums(lines: pd.DataFrame, last: int) -> pd.DataFrame:
    day, amount, profit = lines["date"], lines["amount"], lines["profit"]
    late, before = day > last - WINDOW, day.between(last - 2 * WINDOW + 1, last - WINDOW)
    own = (day > lines["last_purchase"] - WINDOW) & (day <= lines["last_purchase"])
    sold = amount.clip(lower=0)
    parts = pd.DataFrame(
        {
            "customer_id": lines["customer_id"], "rows": 1, "revenue": amount, "cost": lines["cost"],
            "gross_profit": profit, "revenue_late": amount * late, "revenue_before": amount * before,
            "revenue_last_window": amount * own, "rows_window": late.astype("int64"),
            "rows_before": before.astype("int64"), "rows_own": own.astype("int64"), "profit_late": profit * late,
            "profit_before": profit * before,
            "customer_profit_last_window": profit * own, "sold": sold, "sold_late": sold * late,
            "sold_before": sold * before,
        }
    )  # fmt: skip
    table = parts.groupby("customer_id").sum()
    returned = {
        name: ((table[f"sold{name}"] - table[f"revenue{name}"]) / table[f"sold{name}"]).where(table[f"sold{name}"] > 0)
        for name in ("", "_late", "_before")
    }
    table["return_share"] = returned[""]
    table["return_share_change"] = returned["_late"] - returned["_before"]
    table["profit_late"] = table["profit_late"].where(table["rows_window"] > 0)
    table["profit_before"] = table["profit_before"].where(table["rows_before"] > 0)
    table["customer_profit_last_window"] = table["customer_profit_last_window"].where(table["rows_own"] > 0)
    table["revenue_window"], table["customer_profit"] = table["revenue_late"], table["gross_profit"]
    table["customer_profit_window"] = table["customer_profit_late"] = table["profit_late"]
    return table.drop(columns=["rows_before", "rows_own", "sold", "sold_late", "sold_before"])


def _pandas_categories(lines: pd.DataFrame, last: int) -> pd.DataFrame:
    bought, day = lines["amount"] >= 0, lines["date"]
    marked = lines[["customer_id", "category", "amount"]].assign(
        late=(day > last - WINDOW) & bought, before=day.between(last - 2 * WINDOW + 1, last - WINDOW) & bought
    )
    each = marked.groupby(["customer_id", "category"]).agg(
        amount=("amount", "sum"), late=("late", "any"), before=("before", "any")
    )
    each["lost"] = each["before"] & ~each["late"]
    table = each.groupby("customer_id").agg(
        breadth=("late", "sum"),
        categories_before=("before", "sum"),
        categories_lost=("lost", "sum"),
        top=("amount", "max"),
        all=("amount", "sum"),
    )
    table["breadth"] = table["breadth"].where(table["breadth"] > 0)
    table["top_category_share"] = (table["top"] / table["all"]).where(table["all"] > 0)
    return table.drop(columns=["top", "all"])


def _pandas_growth(table: pd.DataFrame) -> pd.DataFrame:
    late, before = table["revenue_late"], table["revenue_before"]
    older = table["tenure"] >= WINDOW
    mine, theirs = late * float(before[older].sum()), before * float(late[older].sum())
    known = (table["tenure"] >= YOUNG * WINDOW) & (late >= 0) & (before >= 0) & (late + before > 0)
    table["growth"] = ((late - before) * 2 / (late + before)).where(known)
    table["relative_growth"] = ((mine - theirs) * 2 / (mine + theirs)).where(known)
    return table
