"""Revenue, cost, profit, discounts and returns of each customer, from the transactions."""

import narwhals as nw

from crmdash.engine import Lazy
from crmdash.summary.clock import Clock
from crmdash.summary.payment import payment_measures, payment_sums
from crmdash.summary.tables import columns_of, number_of, ratio, total
from crmdash.summary.volume import thousandths, volume_measures, volume_sums

WHOLE_FILE = nw.lit(True)

SCRATCH = ":"
"""A column with this in its name is only there to compute others."""


def gross_profit_of_row(columns: frozenset[str]) -> nw.Expr | None:
    """Return the gross profit of a row: its profit, else amount - cost; None without either column."""
    margin = nw.col("amount") - nw.col("cost") if "cost" in columns else None
    if "profit" not in columns:
        return margin
    return nw.col("profit") if margin is None else nw.coalesce(nw.col("profit"), margin)


def sum_money(transactions: Lazy, last_purchase: Lazy, clock: Clock) -> Lazy:
    """Sum every customer's rows into one, in a single grouping of the transactions.

    Columns: revenue, cost, gross_profit in the value period; revenue_window, profit_window over the W days up to T;
    revenue_last_window, profit_last_window over the W days up to the last purchase; revenue_late, profit_late and
    revenue_before, profit_before in the last comparison period and the one before; rows, rows_window, rows_late;
    deal_share, discount_share, return_share, return_share_change; and the measures of `volume` and `payment`.
    Columns without a source are absent; a profit is missing where no row of the period has one.

    Parameters
    ----------
    transactions : rows up to T.
    last_purchase : customer_id, last_purchase.
    """
    columns = columns_of(transactions)
    rows = transactions.join(last_purchase.select("customer_id", "last_purchase"), on="customer_id", how="left")
    periods = _periods(clock)
    known_sums = _known_sums(columns, periods)
    aggregates = _period_sums(periods)
    for name, (value, within) in known_sums.items():
        aggregates[name] = total(value, within & ~value.is_null())
        aggregates[f"{name}:known"] = number_of(within & ~value.is_null())
    repeated = _repeated(aggregates, clock)
    kept = {name: aggregate for name, aggregate in aggregates.items() if name not in repeated}
    summed = rows.with_columns(nw.all(), **_of_row(columns)).group_by("customer_id").agg(
        rows=nw.len().cast(nw.Int64), **kept, **_share_sums(columns, periods),
        **volume_sums(columns, periods), **payment_sums(columns, clock),
    )  # fmt: skip
    finished = summed.with_columns(nw.all(), **repeated).with_columns(
        **{name: nw.when(nw.col(f"{name}:known") > 0).then(nw.col(name)) for name in known_sums},
        **_shares(columns, periods),
        **volume_measures(columns, periods),
        **payment_measures(columns, clock),
    )
    return finished.drop(*sorted(name for name in columns_of(finished) if SCRATCH in name))


def _period_sums(periods: dict[str, nw.Expr]) -> dict[str, nw.Expr]:
    revenue = {f"revenue{suffix}": total(nw.col("amount"), within) for suffix, within in periods.items()}
    rows = {f"rows{suffix}": number_of(periods[suffix]) for suffix in ("_window", "_late") if suffix in periods}
    return revenue | rows


def _repeated(aggregates: dict[str, nw.Expr], clock: Clock) -> dict[str, nw.Expr]:
    """Return what need not be summed twice: where L = W, the last comparison period is the window."""
    if not clock.season_removed:
        return {}
    return {name: nw.col(name.replace("_late", "_window")) for name in aggregates if "_late" in name}


def _of_row(columns: frozenset[str]) -> dict[str, nw.Expr]:
    """Return what several sums need of each row, worked out once."""
    worked_out = {}
    if (profit := gross_profit_of_row(columns)) is not None:
        worked_out["row_profit"] = profit
    if "quantity" in columns:
        worked_out["thousandths"] = thousandths(nw.col("quantity"))
    return worked_out


def _known_sums(columns: frozenset[str], periods: dict[str, nw.Expr]) -> dict[str, tuple[nw.Expr, nw.Expr]]:
    """Return what is summed only over the rows that know it: (value, rows of the period)."""
    sums = {}
    if "cost" in columns:
        sums["cost"] = (nw.col("cost"), periods[""])
    if gross_profit_of_row(columns) is not None:
        profit = nw.col("row_profit")
        sums |= {f"profit{suffix}" if suffix else "gross_profit": (profit, rows) for suffix, rows in periods.items()}
    return sums


def _periods(clock: Clock) -> dict[str, nw.Expr]:
    day, last = nw.col("date"), nw.col("last_purchase")
    periods = {"": WHOLE_FILE if clock.value_start is None else day > clock.value_start}
    if clock.as_of is None:
        return periods
    periods["_window"] = day > clock.as_of - clock.window
    periods["_last_window"] = (day > last - clock.window) & (day <= last)
    if (length := clock.comparison) is not None:
        periods["_late"] = day > clock.as_of - length
        periods["_before"] = (day > clock.as_of - 2 * length) & (day <= clock.as_of - length)
    return periods


def _share_sums(columns: frozenset[str], periods: dict[str, nw.Expr]) -> dict[str, nw.Expr]:
    amount = nw.col("amount")
    sums = {"amount:sold": total(amount, amount > 0), "amount:net": total(amount)}
    for suffix in ("_late", "_before"):
        if suffix in periods:
            sums[f"amount:sold{suffix}"] = total(amount, (amount > 0) & periods[suffix])
    if "discount" in columns:
        given = nw.col("discount").fill_null(0)
        sums |= {"amount:on_deal": total(amount, given > 0), "discount:given": total(given)}
        if "list_amount" in columns:
            sums["amount:listed"] = total(nw.col("list_amount").fill_null(0))
    return sums


def _shares(columns: frozenset[str], periods: dict[str, nw.Expr]) -> dict[str, nw.Expr]:
    """Return the shares of deals, discounts and returns, and the change of the last between the two periods."""
    sold, net = nw.col("amount:sold"), nw.col("amount:net")
    shares = {"return_share": ratio(sold - net, sold)}
    if "_late" in periods:
        late, before = (
            ratio(nw.col(f"amount:sold{suffix}") - nw.col(f"revenue{suffix}"), nw.col(f"amount:sold{suffix}"))
            for suffix in ("_late", "_before")
        )
        shares["return_share_change"] = late - before
    if "discount" in columns:
        discounted = nw.col("discount:given")
        shares["deal_share"] = ratio(nw.col("amount:on_deal"), net)
        whole = nw.col("amount:listed") if "list_amount" in columns else sold + discounted
        shares["discount_share"] = ratio(discounted, whole)
    return shares
