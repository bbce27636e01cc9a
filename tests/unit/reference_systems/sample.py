"""The sample as every reading below sees it: its tables, and each customer as labelled at a day.

Written from the rules alone, in plain pandas, on top of `tests.unit.reference_sample`; nothing of the product is used.
Money is in whole cents, days are day numbers. Readings taken where the rules leave a choice are marked "Reading:".
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from tests.unit import reference_sample as first

W = first.W
LAST_180_DAYS = 180
PEERS_AT_LEAST = 10
UNDATED = ("status", "end_reason", "satisfaction", "share_of_wallet", "share_of_wallet_before", "expectation",
           "experience", "recommend", "credit_overdue_days")  # fmt: skip
FOLDER = Path(__file__).resolve().parents[3] / "data" / "samples"


@dataclass(frozen=True, eq=False)
class Day:
    """The sample as at one day, computed from the rows up to that day.

    Attributes
    ----------
    customers : one row per customer, prospects included and internal customers left out.
    base : those with a row of transactions.
    """

    t: int
    length: int
    customers: pd.DataFrame
    orders: pd.DataFrame
    contacts: pd.DataFrame
    cuts: list[int]

    @property
    def base(self) -> pd.DataFrame:
        return self.customers[self.customers["has_row"]]


@cache
def read() -> dict[str, pd.DataFrame]:
    tables = first.read_sample(FOLDER)
    orders = tables["orders"]
    orders["planned"] = orders["planned"].map({True: 1.0, False: 0.0}).astype(float)
    return tables


@cache
def as_at(days_back: int = 0) -> Day:
    """Label every customer `days_back` days before the last order.

    Reading: a state that the customers table gives without a date is that of the last day; on no earlier day was it
    known. A satisfaction that surveys tell has its dates, and so has a contract.
    """
    tables = read()
    t = int(tables["orders"]["date"].max()) - days_back
    listed = tables["customers"][tables["customers"]["nature"].ne("internal")].copy()
    if days_back:
        for name in UNDATED:
            listed[name] = listed[name].where(listed.index.isna())
    orders = tables["orders"]
    orders = orders[orders["customer_id"].isin(listed.index) & orders["date"].le(t)]
    contacts = tables["contacts"]
    contacts = contacts[contacts["customer_id"].isin(listed.index) & contacts["date"].le(t)]
    length = first.comparison_length(t - int(tables["orders"]["date"].min()))
    table = _measured(listed, orders, contacts, t, length)
    cuts = first.tier_cuts(table.loc[table["has_row"], "revenue"])
    return Day(t, length, _labelled(table, cuts, t), orders, contacts, cuts)


def _measured(listed: pd.DataFrame, orders: pd.DataFrame, contacts: pd.DataFrame, t: int, length: int) -> pd.DataFrame:
    measures = first.purchase_measures(orders, t, length)
    measures = first.money_measures(orders, measures, t, length)
    measures = first.category_measures(orders, measures, t, length)
    dropped = ["revenue", "profit", "orders", "recency", "satisfaction"]
    listed = listed.assign(satisfaction=_latest_score(contacts).reindex(listed.index).fillna(listed["satisfaction"]))
    table = listed.drop(columns=dropped).join(measures).join(first.survey_measures(contacts, listed, t, length))
    table["has_row"] = table.index.isin(measures.index)
    table["n"] = table["n"].fillna(0).astype(int)
    for name in ("tenure", "recency", "silence", "rhythm", "first", "last", "growth", "relative_growth", "rule_growth"):
        table[name] = table[name].astype(float)
    table["open_matters"] = first.open_matters(orders, contacts, listed, t)
    table["customer_profit"] = table["gross_profit"] - table["cost_to_serve"].fillna(0)
    table["tags"] = table["tags"].fillna("")
    table["wallet_fall"] = (table["share_of_wallet_before"] - table["share_of_wallet"]).astype(float).round(9)
    table = _from_lines(table, orders, t, length)
    table = _from_contacts(table, contacts, t)
    table.attrs["base_rhythm"] = measures.attrs["base_rhythm"]
    return table


def _latest_score(contacts: pd.DataFrame) -> pd.Series:
    """Return the mean score of each customer's latest survey day; Reading: it wins over the undated column."""
    scored = contacts[contacts["kind"].eq("survey") & contacts["score"].notna()]
    of_day = scored.groupby(["customer_id", "date"])["score"].mean().reset_index().sort_values("date")
    return of_day.groupby("customer_id")["score"].last()


def _from_lines(table: pd.DataFrame, orders: pd.DataFrame, t: int, length: int) -> pd.DataFrame:
    """Add what lines tell: deals, returns, payment, plans, quantities, channels, gaps, baskets, prices."""
    index = table.index
    revenue = table["revenue"].astype(float)
    deals = orders[orders["discount"].gt(0)].groupby("customer_id")["amount"].sum()
    table["deal_share"] = (deals.reindex(index, fill_value=0).astype(float) / revenue).where(revenue > 0)
    sold, returned = _sold_and_returned(orders, index)
    table["return_share"] = returned / sold.where(sold > 0)
    late, before = orders["date"] > t - length, orders["date"].le(t - length) & (orders["date"] > t - 2 * length)
    shares = [
        back / out.where(out > 0) for out, back in (_sold_and_returned(orders[part], index) for part in (late, before))
    ]
    table["return_share_change"] = shares[0] - shares[1]
    table["profit_late"] = orders[late].groupby("customer_id")["profit"].sum().reindex(index).astype(float)
    bought = orders[orders["amount"] >= 0]
    table["planned_share"] = bought.groupby("customer_id")["planned"].mean().reindex(index)
    window = bought[bought["date"] > t - W]
    table["quantity_w"] = window.groupby("customer_id")["quantity"].sum().reindex(index, fill_value=0)
    table["channels_w"] = window.groupby("customer_id")["channel"].nunique().reindex(index)
    table["orders_w"] = window.groupby("customer_id")["date"].nunique().reindex(index, fill_value=0)
    table["revenue_late"] = orders[late].groupby("customer_id")["amount"].sum().reindex(index, fill_value=0)
    table["top_category_share"] = _top_category_share(orders, revenue)
    _add_payment(table, orders, t)
    _add_purchase_days(table, orders, bought)
    _add_prices(table, orders, bought, t, length)
    return table


def _sold_and_returned(orders: pd.DataFrame, index: pd.Index) -> tuple[pd.Series, pd.Series]:
    amount = orders["amount"].astype(float)
    sums = [(part, amount.where(part, 0).groupby(orders["customer_id"]).sum()) for part in (amount >= 0, amount < 0)]
    return sums[0][1].reindex(index, fill_value=0), -sums[1][1].reindex(index, fill_value=0)


def _top_category_share(orders: pd.DataFrame, revenue: pd.Series) -> pd.Series:
    by_category = orders[orders["category"].notna()].groupby(["customer_id", "category"])["amount"].sum().astype(float)
    return by_category.groupby("customer_id").max().reindex(revenue.index) / revenue.where(revenue > 0)


def _add_payment(table: pd.DataFrame, orders: pd.DataFrame, t: int) -> None:
    """Add the share paid by the due date, by amount, and the mean days late.

    Reading: an invoice not due yet says nothing; only lines of amount > 0 are invoices; days late are at least 0, and
    those of an unpaid invoice run up to T.
    """
    due = orders[orders["due_date"].notna() & orders["amount"].gt(0)]
    paid = due["paid_date"].where(due["paid_date"].le(t))
    due = due.assign(paid=paid)[paid.notna() | due["due_date"].lt(t)]
    on_time = due["paid"].le(due["due_date"]).fillna(False)
    amount = due["amount"].astype(float)
    shares = amount.where(on_time, 0).groupby(due["customer_id"]).sum() / amount.groupby(due["customer_id"]).sum()
    days = (due["paid"].fillna(t) - due["due_date"]).clip(lower=0).astype(float)
    table["on_time"] = shares.reindex(table.index)
    table["days_late"] = days.groupby(due["customer_id"]).mean().reindex(table.index)


def _add_purchase_days(table: pd.DataFrame, orders: pd.DataFrame, bought: pd.DataFrame) -> None:
    """Add the gaps' variation, the second purchase, and what the first and the last three days brought, net."""
    days = bought.drop_duplicates(["customer_id", "date"])[["customer_id", "date"]].sort_values(["customer_id", "date"])
    gap = days.groupby("customer_id")["date"].diff().astype(float)
    gaps = gap.groupby(days["customer_id"])
    table["gap_variation"] = (gaps.std() / gaps.mean()).reindex(table.index).where(table["n"] >= 4)
    table["second"] = days.groupby("customer_id")["date"].nth(1).set_axis(
        days.loc[days.groupby("customer_id").nth(1).index, "customer_id"]
    ).reindex(table.index).astype(float)  # fmt: skip
    nets = orders.groupby(["customer_id", "date"])["amount"].sum()
    days["net"] = nets.reindex(pd.MultiIndex.from_frame(days[["customer_id", "date"]])).to_numpy(dtype=float)
    table["basket"] = days.groupby("customer_id").tail(3).groupby("customer_id")["net"].mean().reindex(table.index)
    table["first_basket"] = days.groupby("customer_id")["net"].first().reindex(table.index)
    table["spent"] = days.groupby("customer_id")["net"].sum().reindex(table.index)


def _add_prices(table: pd.DataFrame, orders: pd.DataFrame, bought: pd.DataFrame, t: int, length: int) -> None:
    """Add the price index and the uptake of new products.

    Reading: prices are compared on lines of amount >= 0 with quantity and category; the category's mean, and when a
    product was first sold, are those of the whole file, internal customers included.
    """
    whole = read()["orders"]
    whole = whole[whole["amount"].ge(0) & whole["date"].le(t)]
    priced = bought[bought["category"].notna() & bought["quantity"].gt(0)]
    sums = whole[whole["quantity"].gt(0)].groupby("category")[["amount", "quantity"]].sum().astype(float)
    usual = priced["category"].map(sums["amount"] / sums["quantity"]) * priced["quantity"].astype(float)
    paid = priced["amount"].astype(float).groupby(priced["customer_id"]).sum()
    table["price_index"] = (paid / usual.groupby(priced["customer_id"]).sum()).reindex(table.index)
    launched = whole.groupby("product")["date"].min()
    start = whole["date"].min()
    new = launched[(launched > t - length) & (launched >= start + 90)].index
    late = orders[orders["date"] > t - length]
    money = late["amount"].astype(float)
    uptake = money.where(late["product"].isin(new), 0).groupby(late["customer_id"]).sum()
    table["uptake"] = (uptake / money.groupby(late["customer_id"]).sum()).reindex(table.index)


def _from_contacts(table: pd.DataFrame, contacts: pd.DataFrame, t: int) -> pd.DataFrame:
    """Add counts of contacts (0 without any: there is a table of contacts), and who has most of them."""
    window = contacts[contacts["date"] > t - W]
    kinds = ("visit", "enquiry", "suggestion", "market", "complaint")
    for kind in kinds:
        table[f"{kind}_w"] = _count(window[window["kind"].eq(kind)], table.index)
    table["survey_w"] = _count(window[window["kind"].eq("survey") & window["score"].notna()], table.index)
    technical = window["kind"].isin(["enquiry", "service"]) & window["topic"].fillna("").str.contains("technical")
    table["technical_w"] = _count(window[technical], table.index)
    complaints = contacts[contacts["kind"].eq("complaint")]
    table["complaints"] = _count(complaints, table.index)
    recent = complaints[complaints["date"] >= t - LAST_180_DAYS]
    closed = recent["resolved_date"].le(t).fillna(False)
    table["complaints_closed"], table["complaints_open"] = (
        _count(recent[closed], table.index),
        _count(recent[~closed], table.index),
    )
    made = contacts[contacts["kind"].ne("ad")]
    table["contacts_made"] = _count(made, table.index)
    last_visit = contacts[contacts["kind"].eq("visit")].groupby("customer_id")["date"].max()
    table["last_visit"] = last_visit.reindex(table.index).astype(float)
    named = made[made["staff"].notna()].groupby(["customer_id", "staff"]).size()
    table["main_contact_share"] = (named.groupby("customer_id").max() / named.groupby("customer_id").sum()).reindex(
        table.index
    )
    return table


def _count(rows: pd.DataFrame, index: pd.Index) -> pd.Series:
    return rows.groupby("customer_id").size().reindex(index, fill_value=0)


def _labelled(table: pd.DataFrame, cuts: list[int], t: int) -> pd.DataFrame:
    sized = table["revenue"].where(table["has_row"], table["potential_value"])
    table["tier"] = [first.tier_of(value, cuts) for value in sized]
    table["stage"] = [first.stage_of(row) for _, row in table.iterrows()]
    table["class"], table["phase"] = table["tier"].map(first.CLASSES), table["stage"].map(first.PHASES)
    limit = np.where(table["n"] >= 3, 6, 4)
    silent = (
        (table["silence"].ge(limit) & table["recency"].ge(90)) | table["recency"].ge(730) | table["status"].eq("closed")
    )
    table["silent_out"] = silent & table["has_row"]
    table["lapsed"] = table["silent_out"] & ~table["open_matters"]
    table["cooling"] = table["n"].ge(3) & (table["silence"].ge(2) | table["rule_growth"].le(-0.67))
    table["peers"] = peer_groups(table)
    return table


def peer_groups(table: pd.DataFrame) -> pd.Series:
    """Return format × market if it has ten customers of the base, else format, else nature, else all."""
    base = table[table["has_row"]]
    found = pd.Series("all", index=table.index)
    for columns in (["nature"], ["format"], ["format", "market"]):
        names = table[columns].agg(" × ".join, axis=1)
        large = names.map(base[columns].agg(" × ".join, axis=1).value_counts()).ge(PEERS_AT_LEAST)
        found = found.mask(large, names)
    return found


def percentile(values: pd.Series, groups: pd.Series) -> pd.Series:
    """Return mid-rank percentiles, 0 to 100, among the known values of a group."""
    known = values.astype(float).dropna()
    ranked = known.groupby(groups.reindex(known.index))
    return ((ranked.rank(method="average") - 0.5) / ranked.transform("size") * 100).reindex(values.index)


def counts(codes: pd.Series) -> dict[str, int]:
    """Return how often each code occurs."""
    return {str(code): int(number) for code, number in codes.value_counts().items()}


def quarter(days: pd.Series) -> pd.Series:
    """Return the quarter of day numbers, such as 2026Q2."""
    return pd.to_datetime(days.astype(float), unit="D").dt.to_period("Q").astype(str)
