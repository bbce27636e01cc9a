"""An independent reading of the rules, in plain pandas, to compare with the engine customer by customer.

Nothing of `crmdash` is imported. Measures, tiers (revenue, 50/80/95 % of the positive value), the relationship
lifecycle, flags (`risk` is false) and the strategy table, all with their defaults. Money is
whole cents, days are day numbers.

Readings taken where the rules leave a choice are marked "Reading:".
"""

from pathlib import Path

import numpy as np
import pandas as pd

W, K, FLOOR = 365, 3, 7
TIERS = ("platinum", "gold", "iron", "lead")
CLASSES = {"platinum": "top", "gold": "upper", "iron": "middle", "lead": "bottom", "unknown": "middle"}
PHASES = {
    "prospect": "before", "exploration": "early", "formation": "growing", "stable": "steady",
    "deterioration": "falling", "ended": "gone",
}  # fmt: skip
GUARDING_TAGS = {"strategic", "benchmark", "door_opener", "inspiring", "sole_outlet"}


def _days(column: pd.Series) -> pd.Series:
    return (pd.to_datetime(column) - pd.Timestamp("1970-01-01")).dt.days.astype("Float64")


def _cents(column: pd.Series) -> pd.Series:
    return (column.astype("Float64") * 100).round().astype("Int64")


def read_sample(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the sample's orders, customers and contacts, dates as day numbers, money as cents."""
    orders = pd.read_parquet(folder / "orders.parquet")
    customers = pd.read_csv(folder / "customers.csv", dtype={"customer_id": str, "referred_by": str, "tags": str})
    contacts = pd.read_csv(folder / "contacts.csv", dtype={"customer_id": str})
    for name in ("date", "due_date", "paid_date"):
        orders[name] = _days(orders[name])
    for name in ("amount", "cost", "profit", "discount", "list_amount"):
        orders[name] = _cents(orders[name])
    for name in ("created_date", "contract_end"):
        customers[name] = _days(customers[name])
    for name in ("cost_to_serve", "potential_value", "revenue", "profit"):
        customers[name] = _cents(customers[name])
    for name in ("date", "resolved_date"):
        contacts[name] = _days(contacts[name])
    return {"orders": orders, "customers": customers.set_index("customer_id"), "contacts": contacts}


def comparison_length(span: int) -> int:
    """Return L: W if the file spans two windows, half of W if one, else half the span."""
    if span >= 2 * W:
        return W
    return W // 2 if span >= W else span // 2


def growth(later: pd.Series, earlier: pd.Series, known: pd.Series) -> pd.Series:
    """Return 2 (a1 - a0) / (a1 + a0) where known, neither is negative and not both are 0."""
    total = (later + earlier).astype(float)
    possible = known & (later >= 0) & (earlier >= 0) & (total > 0)
    return (2 * (later - earlier).astype(float) / total.where(total > 0)).where(possible)


def purchase_measures(orders: pd.DataFrame, t: int, length: int) -> pd.DataFrame:
    """Return purchases, dates and rhythm of every customer with a row (missing where there is no purchase)."""
    bought = orders[orders["amount"] >= 0].drop_duplicates(["customer_id", "date"])
    by_customer = bought.groupby("customer_id")["date"]
    table = pd.DataFrame(index=pd.Index(sorted(orders["customer_id"].unique()), name="customer_id"))
    table["n"] = by_customer.size().reindex(table.index, fill_value=0)
    table["first"], table["last"] = by_customer.min(), by_customer.max()
    table["tenure"], table["recency"] = t - table["first"], t - table["last"]
    repeat = table[table["n"] >= 2]
    gaps = (repeat["last"] - repeat["first"]) / (repeat["n"] - 1)
    base_rhythm = float(gaps.median()) if len(gaps) else W / 4
    table["rhythm"] = ((K * base_rhythm + table["last"] - table["first"]) / (K + table["n"] - 1)).clip(lower=FLOOR)
    table["silence"] = table["recency"] / table["rhythm"]
    later, earlier = bought["date"] > t - length, (bought["date"] <= t - length) & (bought["date"] > t - 2 * length)
    for name, inside in (("n_later", later), ("n_earlier", earlier)):
        table[name] = bought[inside].groupby("customer_id").size().reindex(table.index, fill_value=0)
    table.attrs["base_rhythm"] = base_rhythm
    return table


def money_measures(orders: pd.DataFrame, table: pd.DataFrame, t: int, length: int) -> pd.DataFrame:
    """Add revenue, gross profit, growth and relative growth."""
    grouped = orders.groupby("customer_id")
    table["revenue"], table["gross_profit"] = grouped["amount"].sum(), grouped["profit"].sum()
    later = orders["date"] > t - length
    earlier = (orders["date"] <= t - length) & (orders["date"] > t - 2 * length)
    for name, inside in (("a1", later), ("a0", earlier)):
        table[name] = orders[inside].groupby("customer_id")["amount"].sum().reindex(table.index, fill_value=0)
    old_enough = table["tenure"] >= 1.5 * length
    table["growth"] = growth(table["a1"], table["a0"], old_enough)
    cohort = table["first"] <= t - length
    shares = {name: table[name].astype(float) / float(table.loc[cohort, name].sum()) for name in ("a1", "a0")}
    table["relative_growth"] = growth(shares["a1"], shares["a0"], old_enough)
    # For rules the growth is also missing with fewer than three purchases in the earlier period.
    table["rule_growth"] = table["relative_growth"].where(table["n_earlier"] >= 3)
    return table


def category_measures(orders: pd.DataFrame, table: pd.DataFrame, t: int, length: int) -> pd.DataFrame:
    """Add breadth and category loss.

    Reading: lines of amount >= 0 count as bought; a missing category is none. Reading: breadth is missing for a
    customer without any purchase in W: with 0 every gone customer would have *upside*, and no file could be closed.
    """
    bought = orders[(orders["amount"] >= 0) & orders["category"].notna()]
    window = bought[bought["date"] > t - W]
    table["breadth"] = window.groupby("customer_id")["category"].nunique().reindex(table.index)
    pairs = bought.drop_duplicates(["customer_id", "category", "date"])
    earlier = pairs[(pairs["date"] <= t - length) & (pairs["date"] > t - 2 * length)]
    later = pairs[pairs["date"] > t - length]
    before = earlier[["customer_id", "category"]].drop_duplicates()
    after = later[["customer_id", "category"]].drop_duplicates()
    joined = before.merge(after, how="left", indicator=True)
    lost = joined["_merge"].eq("left_only").groupby(joined["customer_id"]).mean()
    table["category_loss"] = lost.reindex(table.index).where(table["n_earlier"] >= 3)
    return table


def survey_measures(contacts: pd.DataFrame, customers: pd.DataFrame, t: int, length: int) -> pd.DataFrame:
    """Return satisfaction and its change.

    Reading: every survey row with a score counts, whatever its topic; the column of the customers table wins for the
    level (in the sample it is the mean of the latest survey day); the change compares the means of all scores.
    """
    surveys = contacts[contacts["kind"].eq("survey") & contacts["score"].notna() & (contacts["date"] <= t)]
    mean_of_day = surveys.groupby(["customer_id", "date"])["score"].mean().reset_index()
    latest = mean_of_day.sort_values("date").groupby("customer_id")["score"].last()
    later = surveys[surveys["date"] > t - length].groupby("customer_id")["score"].mean()
    before = surveys[(surveys["date"] <= t - length) & (surveys["date"] > t - 2 * length)]
    change = later - before.groupby("customer_id")["score"].mean()
    table = pd.DataFrame(index=customers.index)
    table["satisfaction"] = customers["satisfaction"].fillna(latest.reindex(customers.index))
    table["satisfaction_change"] = change.reindex(customers.index)
    return table


def open_matters(orders: pd.DataFrame, contacts: pd.DataFrame, customers: pd.DataFrame, t: int) -> pd.Series:
    """Return who has an overdue invoice, an unresolved complaint of the last 180 days, or a contract that runs.

    Reading: `credit_overdue_days` > 0 also is an overdue invoice (in the sample it says the same as the orders).
    Reading: a contract whose last day is T has ended.
    """
    overdue = orders[orders["due_date"].lt(t) & (orders["paid_date"].isna() | orders["paid_date"].gt(t))]["customer_id"]
    complaints = contacts[contacts["kind"].eq("complaint") & contacts["date"].le(t) & contacts["date"].ge(t - 180)]
    unresolved = complaints[complaints["resolved_date"].isna() | complaints["resolved_date"].gt(t)]["customer_id"]
    ids = customers.index
    invoice = ids.isin(overdue) | customers["credit_overdue_days"].gt(0)
    return pd.Series(invoice | ids.isin(unresolved) | customers["contract_end"].gt(t).fillna(False), index=ids)


def tier_cuts(values: pd.Series, shares: tuple[int, ...] = (50, 80, 95)) -> list[int]:
    """Return the value of the last of the largest customers that together reach each share of the positive sum."""
    positive = np.sort(values[values > 0].to_numpy(dtype="int64"))[::-1]
    sums = positive.cumsum()
    return [int(positive[int(np.argmax(sums * 100 >= share * sums[-1]))]) for share in shares]


def tier_of(value: float, cuts: list[int]) -> str:
    """Return the tier of one value; missing is `unknown`."""
    if pd.isna(value):
        return "unknown"
    return next((tier for tier, cut in zip(TIERS, cuts, strict=False) if value >= cut), TIERS[-1])


def stage_of(row: pd.Series) -> str:
    """Return the stage of the relationship lifecycle; the first rule that holds wins (missing never holds)."""
    if not row["has_row"]:
        return "prospect"
    limit = 6 if row["n"] >= 3 else 4
    silent_out = (
        (row["silence"] >= limit and row["recency"] >= 90) or row["recency"] >= 730 or row["status"] == "closed"
    )
    if silent_out and not row["open_matters"]:
        return "ended"
    cooling = row["n"] >= 3 and (row["silence"] >= 2 or row["rule_growth"] <= -0.67)
    dissatisfied = row["satisfaction_change"] <= -2 and row["satisfaction"] <= 6
    if cooling or silent_out or dissatisfied:
        return "deterioration"
    if row["n"] <= 2:
        return "exploration"
    if (row["n"] <= 5 and row["tenure"] < 730) or row["tenure"] < 183:
        return "formation"
    return "stable"


def profit_flags(table: pd.DataFrame) -> pd.DataFrame:
    """Add *loses* and *poor*.

    Reading: the cost to serve is known as one total without dates (a column of the customers table), hence the
    customer profit too, and "where only a total is known, the total" holds for profit, revenue and the tier's margin.
    Reading: the tier's median margin is over its base customers of positive revenue, gone ones included.
    """
    loses = table["has_row"] & (table["n"] > 0) & table["customer_profit"].le(0).fillna(False)
    margin = (table["customer_profit"].astype(float) / table["revenue"].astype(float)).where(table["revenue"].gt(0))
    usual = margin[table["has_row"]].groupby(table["tier"]).median().reindex(table["tier"]).to_numpy()
    limit = 0.5 * table["revenue"].astype(float) * usual
    below = table["has_row"] & table["customer_profit"].astype(float).le(limit) & (table["n"] > 0)
    table["loses"] = loses.astype(bool)
    table["poor"] = table["loses"] | (below & (usual > 0))
    return table


def opportunity_flags(table: pd.DataFrame, cuts: list[int], t: int) -> pd.DataFrame:
    """Add *contested*, *upside* and *saturated*.

    Reading: the leaders' breadth is the linear 75th percentile over the tier's customers with a known breadth.
    Reading: "contract ends within 90 d" means 0 to 90 days ahead. Reading: relative growth follows the rule form.
    """
    tags = table["tags"].fillna("").str.split(";")
    wallet, growing = table["share_of_wallet"], table["rule_growth"]
    fell = (table["share_of_wallet_before"] - wallet).round(6) >= 0.10
    lost = table["category_loss"].ge(1 / 3 - 1e-9) & table["n_later"].ge(3)
    ends = table["contract_end"].sub(t).between(0, 90).fillna(False)
    table["contested"] = (fell | lost | ends | tags.map(lambda own: "competitor" in own)).astype(bool)
    leaders = table[table["has_row"]].groupby("tier")["breadth"].quantile(0.75).reindex(table["tier"]).to_numpy()
    next_cut = table["tier"].map({"gold": cuts[0], "iron": cuts[1], "lead": cuts[2]})
    potential = table["potential_value"].astype(float).ge(next_cut)
    narrow = table["breadth"].le(0.5 * leaders)
    table["upside"] = (wallet.le(0.6) | narrow | growing.ge(0.4) | potential).astype(bool)
    full = wallet.ge(0.8) | (table["breadth"].ge(leaders) & growing.le(0))
    table["saturated"] = (full & ~table["upside"]).astype(bool)
    return table


def guard_flags(table: pd.DataFrame) -> pd.DataFrame:
    """Add *guard* and *fresh*.

    Reading: the referred customers' value and the tier's median are revenue, over customers of the base.
    """
    tags = table["tags"].fillna("").str.split(";")
    tagged = tags.map(lambda own: bool(GUARDING_TAGS & set(own)))
    base = table[table["has_row"]]
    brought = base.groupby("referred_by")["revenue"].sum().reindex(table.index).astype(float)
    median = base.groupby("tier")["revenue"].median().reindex(table["tier"]).astype(float).to_numpy()
    young = table["tenure"].lt(W / 2).fillna(False)
    table["guard"] = (tagged | brought.ge(median) | table["open_matters"] | young).astype(bool)
    table["fresh"] = (table["phase"].eq("gone") & table["recency"].le(365)).astype(bool)
    return table


def strategy_of(row: pd.Series) -> tuple[int, str]:
    """Return the row of the decision table that holds first, and its strategy (`closed` for rows 4)."""
    rank, phase, kept = row["class"], row["phase"], row["upside"] or row["guard"]
    high, live = rank in ("top", "upper"), phase in ("growing", "steady", "falling")
    calm = phase in ("growing", "steady")
    rules = (
        (high and phase == "gone" and not row["loses"], "win_back"),
        (rank == "middle" and phase == "gone" and row["fresh"] and not row["loses"], "win_back"),
        (phase == "gone" and kept, "win_back"),
        (phase == "gone", "closed"),
        (rank == "bottom" and phase == "before" and not kept, "end"),
        (phase == "before", "start"),
        (rank == "bottom" and phase == "early" and row["poor"] and not kept, "re_engineer"),
        (phase == "early", "start"),
        (rank == "bottom" and phase in ("steady", "falling") and row["loses"] and not kept, "end"),
        (live and row["poor"], "re_engineer"),
        (high and phase == "falling", "protect"),
        (high and calm and (row["risk"] or row["contested"]), "protect"),
        (phase == "falling" and kept, "protect"),
        (phase == "falling", "harvest"),
        (calm and row["upside"], "enhance"),
        (rank != "bottom" and phase == "growing" and not row["saturated"], "enhance"),
        (rank == "top" and calm, "protect"),
        (rank == "upper" and phase == "steady" and not row["saturated"], "enhance"),
        (calm, "harvest"),
    )
    place = next(place for place, (holds, _) in enumerate(rules, start=1) if holds)
    return place, rules[place - 1][1]


def reference(folder: Path) -> pd.DataFrame:
    """Return one row per customer, prospects included and internal customers left out, with every label."""
    tables = read_sample(folder)
    customers = tables["customers"][tables["customers"]["nature"].ne("internal")]
    orders = tables["orders"][tables["orders"]["customer_id"].isin(customers.index)]
    t = int(tables["orders"]["date"].max())
    length = comparison_length(t - int(tables["orders"]["date"].min()))
    measures = purchase_measures(orders, t, length)
    measures = money_measures(orders, measures, t, length)
    measures = category_measures(orders, measures, t, length)
    kept = customers[["name", "status", "cost_to_serve", "potential_value", "share_of_wallet", "share_of_wallet_before",
                      "contract_end", "tags", "referred_by", "owner", "credit_overdue_days"]]  # fmt: skip
    table = kept.join(measures).join(survey_measures(tables["contacts"], customers, t, length))
    table["has_row"] = table.index.isin(measures.index)
    table["n"] = table["n"].fillna(0).astype(int)
    table["open_matters"] = open_matters(orders, tables["contacts"], customers, t)
    table["customer_profit"] = table["gross_profit"] - table["cost_to_serve"].fillna(0)
    cuts = tier_cuts(table.loc[table["has_row"], "revenue"])
    sized = table["revenue"].where(table["has_row"], table["potential_value"])
    table["tier"] = [tier_of(value, cuts) for value in sized]
    floats = table.astype({name: float for name in ("silence", "recency", "rule_growth", "tenure")})
    table["stage"] = [stage_of(row) for _, row in floats.iterrows()]
    table["class"], table["phase"] = table["tier"].map(CLASSES), table["stage"].map(PHASES)
    table["risk"] = False
    table = guard_flags(opportunity_flags(profit_flags(table), cuts, t))
    decided = [strategy_of(row) for _, row in table.iterrows()]
    table["rule"], table["strategy"] = [place for place, _ in decided], [name for _, name in decided]
    table.attrs |= {"as_of": t, "length": length, "cuts": cuts, "base_rhythm": measures.attrs["base_rhythm"]}
    return table
