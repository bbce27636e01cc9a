"""The customer-base audit: one period, two periods, one cohort, cohorts, the whole base."""

from tests.unit.reference_systems.sample import Day, W, quarter


def one_period(day: Day) -> dict[str, int]:
    """Return purchases, buyers and revenue of the last W."""
    window = day.orders[day.orders["date"] > day.t - W]
    bought = window[window["amount"] >= 0].drop_duplicates(["customer_id", "date"])
    return {
        "buyers": int(bought["customer_id"].nunique()),
        "purchases": len(bought),
        "revenue": int(window["amount"].sum()),
    }


def two_periods(day: Day) -> dict[str, int]:
    """Return retained, new, returned and lost customers between the L before and the last L, by purchases."""
    bought = day.orders[day.orders["amount"] >= 0]
    late = set(bought.loc[bought["date"] > day.t - day.length, "customer_id"])
    middle = bought["date"].le(day.t - day.length)
    before = set(bought.loc[middle & bought["date"].gt(day.t - 2 * day.length), "customer_id"])
    ever = set(bought.loc[middle, "customer_id"])
    return {"retained": len(late & before), "new": len(late - ever), "returned": len((late & ever) - before),
            "lost": len(before - late)}  # fmt: skip


def revenue_by_cohort(day: Day) -> dict[tuple[str, str], int]:
    """Return revenue in cents by cohort (quarter of the first purchase) and quarter, of customers with a purchase."""
    lines = day.orders.assign(cohort=day.orders["customer_id"].map(day.base["first"])).dropna(subset="cohort")
    sums = lines.groupby([quarter(lines["cohort"]), quarter(lines["date"])])["amount"].sum()
    return {(str(cohort), str(when)): int(amount) for (cohort, when), amount in sums.items()}


def active_share(day: Day, cohort: str) -> dict[str, float]:
    """Return for each quarter the share of a cohort that bought in it."""
    bought = day.orders[day.orders["amount"] >= 0]
    own = quarter(day.base["first"].dropna())
    ids = own.index[own.eq(cohort)]
    rows = bought[bought["customer_id"].isin(ids)]
    active = rows.groupby(quarter(rows["date"]))["customer_id"].nunique() / len(ids)
    return {str(name): float(share) for name, share in active.items()}
