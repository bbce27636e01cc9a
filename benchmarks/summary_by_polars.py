"""The summary of plain order lines written by hand in Polars (see `benchmarks.summary_peers`)."""

from pathlib import Path
from typing import Final

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
