"""Revenue, cost, profit, discounts and returns of each customer, from the transactions."""

from collections.abc import Mapping

import narwhals as nw

from crmdash.summary.tables import number_of, ratio, total


def gross_profit_of_row(columns: frozenset[str]) -> nw.Expr | None:
    """Return the gross profit of a row: its profit, else amount - cost; None without either column."""
    margin = nw.col("amount") - nw.col("cost") if "cost" in columns else None
    if "profit" not in columns:
        return margin
    return nw.col("profit") if margin is None else nw.coalesce(nw.col("profit"), margin)


def money_of_day(columns: frozenset[str], complete: frozenset[str]) -> dict[str, nw.Expr]:
    """Return the sums over the rows of a customer's day: rows, amount, and what there is of the others.

    Parameters
    ----------
    columns : of the transactions.
    complete : those of them without a missing value.
    """
    amount = nw.col("amount")
    sums = {"rows": nw.len().cast(nw.Int64), "amount": total(amount), "amount:sold": total(amount, amount > 0)}
    profit = gross_profit_of_row(columns)
    if "cost" in columns:
        sums["cost"] = total(nw.col("cost"))
    if profit is not None and not _is_difference(columns, complete):
        sums["profit"] = total(profit)
    for name, known in (("cost", nw.col("cost")), ("profit", profit)):
        if known is not None and name in _known(columns) and not _is_complete(name, complete):
            sums[f"{name}:known"] = number_of(~known.is_null())
    if "discount" in columns:
        given = nw.col("discount").fill_null(0)
        sums |= {"amount:on_deal": total(amount, given > 0), "discount:given": total(given)}
        if "list_amount" in columns:
            sums["amount:listed"] = total(nw.col("list_amount"))
    return sums


def profit_of_day(columns: frozenset[str], complete: frozenset[str]) -> dict[str, nw.Expr]:
    """Return the profit of a day where it is what its sums leave, and need not be summed itself."""
    return {"profit": nw.col("amount") - nw.col("cost")} if _is_difference(columns, complete) else {}


def _is_difference(columns: frozenset[str], complete: frozenset[str]) -> bool:
    return "profit" not in columns and "cost" in complete


def _known(columns: frozenset[str]) -> tuple[str, ...]:
    """Return what only some rows may know."""
    names = ("cost",) if "cost" in columns else ()
    return names if gross_profit_of_row(columns) is None else (*names, "profit")


def _is_complete(name: str, complete: frozenset[str]) -> bool:
    """Say whether every row knows its cost, or its profit: a profit that is missing is amount - cost."""
    return name in complete or (name == "profit" and "cost" in complete)


def money_sums(columns: frozenset[str], complete: frozenset[str], periods: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    """Return the sums over a customer's days that `money_measures` needs.

    Parameters
    ----------
    columns : of the transactions.
    complete : those of them without a missing value.
    periods : suffix -> days of the period; "" is the value period.
    """
    sums = {"rows": total(nw.col("rows"))}
    for suffix, within in periods.items():
        sums[f"revenue{suffix}"] = total(nw.col("amount"), within)
        sums[f"rows:of{suffix}"] = total(nw.col("rows"), within)
        for name in _known(columns):
            if name == "cost" and suffix:
                continue
            sums[_sum_name(name, suffix)] = total(nw.col(name), within)
            if not _is_complete(name, complete):
                sums[f"{name}:known{suffix}"] = total(nw.col(f"{name}:known"), within)
    sums |= {"amount:sold": total(nw.col("amount:sold")), "amount:net": total(nw.col("amount"))}
    for suffix in ("_late", "_before"):
        if suffix in periods:
            sums[f"amount:sold{suffix}"] = total(nw.col("amount:sold"), periods[suffix])
    if "discount" in columns:
        listed = ("amount:listed",) if "list_amount" in columns else ()
        sums |= {name: total(nw.col(name)) for name in ("amount:on_deal", "discount:given", *listed)}
    return sums


def _sum_name(name: str, suffix: str) -> str:
    return "gross_profit" if (name, suffix) == ("profit", "") else f"{name}{suffix}"


def money_measures(
    columns: frozenset[str], complete: frozenset[str], periods: Mapping[str, nw.Expr]
) -> dict[str, nw.Expr]:
    """Return what the sums say.

    Columns: cost, gross_profit in the value period; profit_window over the W days up to T; profit_last_window over the
    W days up to the last purchase; profit_late and profit_before in the last comparison period and the one before;
    rows_window, rows_late; deal_share, discount_share, return_share, return_share_change. Columns without a source are
    absent; a cost or profit is missing where no row of the period has one. The revenues are sums as they are.
    """
    measures = {f"rows{suffix}": nw.col(f"rows:of{suffix}") for suffix in ("_window", "_late") if suffix in periods}
    for name in _known(columns):
        for suffix in periods if name == "profit" else ("",):
            known = f"rows:of{suffix}" if _is_complete(name, complete) else f"{name}:known{suffix}"
            of_period = _sum_name(name, suffix)
            measures[of_period] = nw.when(nw.col(known) > 0).then(nw.col(of_period))
    return measures | _shares(columns, periods)


def _shares(columns: frozenset[str], periods: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
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
