"""The summary of plain order lines written by hand in Polars, in pandas and in DuckDB: every column of `summarise`.

For files with customer_id, date, amount, cost and category (others are not read) that reach over two years or more, so
that the last 365 days are compared with the 365 before them. Each reads the file, counts money in whole ten-thousandths,
and returns one row per customer, sorted by id. Nothing is checked: cells that do not hold are not expected.
"""

from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import polars as pl

WINDOW: Final = 365
BASKET_DAYS: Final = 3
REGULAR: Final = 3
VARIATION_FROM: Final = 4
YOUNG: Final = 1.5
SCHEMA: Final = {
    "customer_id": pl.String, "order_id": pl.String, "date": pl.Date, "category": pl.String, "amount": pl.Float64,
    "cost": pl.Float64,
}  # fmt: skip


def polars_summary(path: Path) -> pl.DataFrame:
    """Summarise the file in Polars: one lazy query per grain, the streaming engine throughout."""
    lines = _polars_lines(path)
    last = lines.select(pl.col("date").max()).collect(engine="streaming").item()
    late, before = pl.col("date") > last - WINDOW, pl.col("date").is_between(last - 2 * WINDOW + 1, last - WINDOW)
    days = _polars_days(lines, late, before).collect(engine="streaming")
    sums = _polars_sums(
        lines.join(days.lazy().select("customer_id", "last_purchase"), on="customer_id", how="left"), late, before
    )
    table = (
        sums.join(_polars_categories(lines, late, before), on="customer_id", how="left")
        .join(days.lazy(), on="customer_id", how="left")
        .with_columns(pl.col("orders", "orders_window").fill_null(0))
        .with_columns(
            tenure=last - pl.col("first_purchase"), recency=last - pl.col("last_purchase"),
            category_loss=pl.when((pl.col("orders_before") >= REGULAR) & (pl.col("categories_before") > 0)).then(
                pl.col("categories_lost") / pl.col("categories_before")
            ),
        )
        .sort("customer_id")
        .collect(engine="streaming")
    )  # fmt: skip
    return _polars_growth(table)


def _polars_lines(path: Path) -> pl.LazyFrame:
    lines = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, schema=SCHEMA)
    money = (pl.col("amount", "cost") * 10_000).round().cast(pl.Int64)
    return lines.select("customer_id", pl.col("date").to_physical().cast(pl.Int64), "category", money)


def _polars_days(lines: pl.LazyFrame, late: pl.Expr, before: pl.Expr) -> pl.LazyFrame:
    same = pl.col("customer_id") == pl.col("customer_id").shift()
    gap, net, day = pl.col("gap"), pl.col("net"), pl.col("date")
    return (
        lines.group_by("customer_id", "date")
        .agg(net=pl.col("amount").sum(), sold=pl.col("amount").max() >= 0)
        .filter("sold")
        .sort("customer_id", "date")
        .with_columns(gap=pl.when(same).then(pl.col("date").diff()))
        .group_by("customer_id", maintain_order=True)
        .agg(
            orders=pl.len().cast(pl.Int64), first_purchase=day.first(), second_purchase=day.slice(1, 1).first(),
            last_purchase=day.last(), last_gap=gap.last(), first_basket=net.first(), spent=net.sum(),
            orders_window=late.sum().cast(pl.Int64), orders_late=late.sum().cast(pl.Int64),
            orders_before=before.sum().cast(pl.Int64), gap_variation=gap.std() / gap.mean(),
            basket=(net.tail(BASKET_DAYS).mean() + 0.5).floor().cast(pl.Int64),
        )
        .with_columns(gap_variation=pl.when(pl.col("orders") >= VARIATION_FROM).then("gap_variation"))
    )  # fmt: skip


def _polars_sums(lines: pl.LazyFrame, late: pl.Expr, before: pl.Expr) -> pl.LazyFrame:
    amount, profit = pl.col("amount"), pl.col("amount") - pl.col("cost")
    since, sold = pl.col("last_purchase") - WINDOW, pl.col("amount").clip(lower_bound=0)
    own = pl.col("date").is_between(since + 1, pl.col("last_purchase"))
    ratio = pl.when(pl.col("sold") > 0).then((pl.col("sold") - pl.col("revenue")) / pl.col("sold"))
    changes = {
        name: pl.when(pl.col(f"sold_{name}") > 0).then(
            (pl.col(f"sold_{name}") - pl.col(f"revenue_{name}")) / pl.col(f"sold_{name}")
        )
        for name in ("late", "before")
    }
    return (
        lines.group_by("customer_id")
        .agg(
            rows=pl.len().cast(pl.Int64), revenue=amount.sum(), cost=pl.col("cost").sum(), gross_profit=profit.sum(),
            revenue_late=amount.filter(late).sum(), revenue_before=amount.filter(before).sum(),
            revenue_last_window=amount.filter(own).sum(), rows_window=late.sum().cast(pl.Int64),
            rows_before=before.sum(), rows_own=own.sum(), profit_late=profit.filter(late).sum(),
            profit_before=profit.filter(before).sum(), customer_profit_last_window=profit.filter(own).sum(),
            sold=sold.sum(), sold_late=sold.filter(late).sum(), sold_before=sold.filter(before).sum(),
        )
        .with_columns(
            profit_late=pl.when(pl.col("rows_window") > 0).then("profit_late"),
            profit_before=pl.when(pl.col("rows_before") > 0).then("profit_before"),
            customer_profit_last_window=pl.when(pl.col("rows_own") > 0).then("customer_profit_last_window"),
            revenue_window="revenue_late", customer_profit="gross_profit", return_share=ratio,
            return_share_change=changes["late"] - changes["before"], internal=False, in_base=True, prospect=False,
            open_matters=False,
        )
        .with_columns(customer_profit_window="profit_late", customer_profit_late="profit_late")
        .drop("rows_before", "rows_own", "sold", "sold_late", "sold_before")
    )  # fmt: skip


def _polars_categories(lines: pl.LazyFrame, late: pl.Expr, before: pl.Expr) -> pl.LazyFrame:
    bought = pl.col("amount") >= 0
    return (
        lines.group_by("customer_id", "category")
        .agg(revenue=pl.col("amount").sum(), late=(late & bought).any(), before=(before & bought).any())
        .group_by("customer_id")
        .agg(
            breadth=pl.col("late").sum().cast(pl.Int64), categories_before=pl.col("before").sum().cast(pl.Int64),
            categories_lost=(pl.col("before") & ~pl.col("late")).sum().cast(pl.Int64), top=pl.col("revenue").max(),
            all=pl.col("revenue").sum(),
        )
        .select(
            "customer_id", "categories_before", "categories_lost",
            breadth=pl.when(pl.col("breadth") > 0).then("breadth"),
            top_category_share=pl.when(pl.col("all") > 0).then(pl.col("top") / pl.col("all")),
        )
    )  # fmt: skip


def _polars_growth(table: pl.DataFrame) -> pl.DataFrame:
    late, before = pl.col("revenue_late"), pl.col("revenue_before")
    older = table.filter(pl.col("tenure") >= WINDOW)
    market_late, market_before = older["revenue_late"].sum(), older["revenue_before"].sum()
    known = (pl.col("tenure") >= YOUNG * WINDOW) & (late >= 0) & (before >= 0) & (late + before > 0)
    mine, theirs = late.cast(pl.Float64) * float(market_before), before.cast(pl.Float64) * float(market_late)
    return table.with_columns(
        growth=pl.when(known).then((late - before) * 2 / (late + before)),
        relative_growth=pl.when(known).then((mine - theirs) * 2 / (mine + theirs)),
    )


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
            "revenue_last_window": amount * own, "rows_window": late.astype("int64"), "rows_before": before.astype("int64"),
            "rows_own": own.astype("int64"), "profit_late": profit * late, "profit_before": profit * before,
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


_DUCKDB: Final = """
WITH lines AS (
    SELECT customer_id, date - DATE '1970-01-01' AS day, category, CAST(round(amount * 10000) AS BIGINT) AS amount,
        CAST(round(cost * 10000) AS BIGINT) AS cost
    FROM {source}
), bounds AS (SELECT max(day) AS last FROM lines
), days AS (
    SELECT customer_id, day, sum(amount) AS net FROM lines GROUP BY ALL HAVING max(amount) >= 0
), gaps AS (
    SELECT *, day - lag(day) OVER own AS gap, row_number() OVER own AS place, count(*) OVER (PARTITION BY customer_id) AS orders
    FROM days WINDOW own AS (PARTITION BY customer_id ORDER BY day)
), purchases AS (
    SELECT customer_id, count(*) AS orders, min(day) AS first_purchase, min(day) FILTER (place = 2) AS second_purchase,
        max(day) AS last_purchase, max(gap) FILTER (place = orders) AS last_gap, max(net) FILTER (place = 1) AS first_basket,
        sum(net) AS spent, count(*) FILTER (day > last - {window}) AS orders_window,
        count(*) FILTER (day BETWEEN last - 2 * {window} + 1 AND last - {window}) AS orders_before,
        CASE WHEN count(*) >= 4 THEN stddev_samp(gap) / avg(gap) END AS gap_variation,
        floor(avg(net) FILTER (place > orders - 3) + 0.5) AS basket
    FROM gaps, bounds GROUP BY customer_id
), marked AS (
    SELECT lines.*, amount - cost AS profit, greatest(amount, 0) AS sold, day > last - {window} AS late,
        day BETWEEN last - 2 * {window} + 1 AND last - {window} AS before,
        coalesce(day BETWEEN last_purchase - {window} + 1 AND last_purchase, false) AS own
    FROM lines CROSS JOIN bounds LEFT JOIN purchases USING (customer_id)
), sums AS (
    SELECT customer_id, count(*) AS rows, sum(amount) AS revenue, sum(cost) AS cost, sum(profit) AS gross_profit,
        coalesce(sum(amount) FILTER (late), 0) AS revenue_late, coalesce(sum(amount) FILTER (before), 0) AS revenue_before,
        coalesce(sum(amount) FILTER (own), 0) AS revenue_last_window, count(*) FILTER (late) AS rows_window,
        sum(profit) FILTER (late) AS profit_late, sum(profit) FILTER (before) AS profit_before,
        sum(profit) FILTER (own) AS customer_profit_last_window, sum(sold) AS sold,
        sum(sold) FILTER (late) AS sold_late, sum(sold) FILTER (before) AS sold_before
    FROM marked GROUP BY customer_id
), each AS (
    SELECT customer_id, category, sum(amount) AS revenue, bool_or(late AND amount >= 0) AS late,
        bool_or(before AND amount >= 0) AS before
    FROM marked GROUP BY customer_id, category
), categories AS (
    SELECT customer_id, count(*) FILTER (late) AS breadth, count(*) FILTER (before) AS categories_before,
        count(*) FILTER (before AND NOT late) AS categories_lost, max(revenue) AS top, sum(revenue) AS whole
    FROM each GROUP BY customer_id
), merged AS (
    SELECT * EXCLUDE (last), last - first_purchase AS tenure, last - last_purchase AS recency
    FROM sums LEFT JOIN purchases USING (customer_id) LEFT JOIN categories USING (customer_id) CROSS JOIN bounds
), market AS (
    SELECT sum(revenue_late)::DOUBLE AS market_late, sum(revenue_before)::DOUBLE AS market_before
    FROM merged WHERE tenure >= {window}
), growing AS (
    SELECT *, tenure >= {young} AND revenue_late >= 0 AND revenue_before >= 0 AND revenue_late + revenue_before > 0 AS known,
        revenue_late::DOUBLE * market_before AS mine, revenue_before::DOUBLE * market_late AS theirs
    FROM merged, market
)
SELECT customer_id, coalesce(orders, 0)::BIGINT AS orders, first_purchase::BIGINT AS first_purchase,
    second_purchase::BIGINT AS second_purchase, last_purchase::BIGINT AS last_purchase, last_gap::BIGINT AS last_gap,
    first_basket::BIGINT AS first_basket, spent::BIGINT AS spent, coalesce(orders_window, 0)::BIGINT AS orders_window,
    orders_window::BIGINT AS orders_late, orders_before::BIGINT AS orders_before, gap_variation,
    basket::BIGINT AS basket, rows::BIGINT AS rows, revenue::BIGINT AS revenue, revenue_late::BIGINT AS revenue_window,
    revenue_last_window::BIGINT AS revenue_last_window, revenue_before::BIGINT AS revenue_before,
    rows_window::BIGINT AS rows_window, cost::BIGINT AS cost, gross_profit::BIGINT AS gross_profit,
    profit_before::BIGINT AS profit_before, revenue_late::BIGINT AS revenue_late, profit_late::BIGINT AS profit_late,
    CASE WHEN sold > 0 THEN (sold - revenue) / sold END AS return_share,
    CASE WHEN sold_late > 0 AND sold_before > 0
        THEN (sold_late - revenue_late) / sold_late - (sold_before - revenue_before) / sold_before END AS return_share_change,
    nullif(breadth, 0)::BIGINT AS breadth, categories_before::BIGINT AS categories_before,
    categories_lost::BIGINT AS categories_lost, CASE WHEN whole > 0 THEN top / whole END AS top_category_share,
    gross_profit::BIGINT AS customer_profit, profit_late::BIGINT AS customer_profit_window,
    customer_profit_last_window::BIGINT AS customer_profit_last_window, profit_late::BIGINT AS customer_profit_late,
    false AS internal, true AS in_base, false AS prospect, false AS open_matters, tenure::BIGINT AS tenure,
    recency::BIGINT AS recency,
    CASE WHEN orders_before >= 3 AND categories_before > 0 THEN categories_lost / categories_before END AS category_loss,
    CASE WHEN known THEN (revenue_late - revenue_before) * 2 / (revenue_late + revenue_before) END AS growth,
    CASE WHEN known THEN (mine - theirs) * 2 / (mine + theirs) END AS relative_growth
FROM growing ORDER BY customer_id
"""


def duckdb_summary(path: Path, **configuration: Any) -> pl.DataFrame:
    """Summarise the file in DuckDB, in one statement."""
    source = f"read_parquet('{path}')" if path.suffix == ".parquet" else f"read_csv('{path}')"
    statement = _DUCKDB.format(source=source, window=WINDOW, young=YOUNG * WINDOW)
    with duckdb.connect(config=configuration) as connection:
        return connection.sql(statement).pl()
