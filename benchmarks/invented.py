"""An invented base of customers, as order lines and, of any size at once, as one row per customer.

Everybody begins on a day of the first three years, buys in a rhythm of their own and stops some day; one order in
twenty-five is half given back on the same day. The rows per customer are what `crmdash.summary.summarise` makes of
the lines, made directly with NumPy, so that ten million customers take a minute and not an hour.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import collect, lazy
from crmdash.rule_settings import PeriodSettings
from crmdash.summary import Clock, Summary
from crmdash.summary.clock import set_clock
from crmdash.summary.growth import add_growth, measure_market

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FIRST_DAY: Final = 19_000
AS_OF: Final = FIRST_DAY + 1_095
LONGEST: Final = 24
"""Nobody has more orders than this."""
CHUNK: Final = 500_000
BASKETS: Final = 3


@dataclass(frozen=True)
class Orders:
    """Orders of customers numbered from 0; money in ten-thousandths.

    Attributes
    ----------
    number : which order of its customer it is, from 0.
    sold, cost : of the order's line; returned, cost_back : of the line that takes part of it back, 0 without one.
    """

    customers: int
    who: Ints
    number: Ints
    day: Ints
    sold: Ints
    cost: Ints
    returned: Ints
    cost_back: Ints

    @property
    def net(self) -> Ints:
        """Amount of each order after what was given back."""
        return self.sold - self.returned

    @property
    def profit(self) -> Ints:
        """Gross profit of each order after what was given back."""
        return self.net - self.cost + self.cost_back


def invent_orders(customers: int, seed: int, chunk: int = 0) -> Orders:
    """Invent the orders of `customers` customers; another chunk of a base has others."""
    random = np.random.default_rng([seed, chunk])
    day = FIRST_DAY + random.integers(0, AS_OF - FIRST_DAY + 1, customers)
    stops = np.minimum(day + random.exponential(700, customers), AS_OF)
    gap = np.clip(random.lognormal(np.log(75), 0.8, customers), 5, 400)
    price, margin = random.lognormal(4.5, 1.0, customers), random.normal(0.22, 0.15, customers)
    still, steps = np.arange(customers), []
    for number in range(LONGEST):
        sold = (price[still] * random.lognormal(0, 0.5, len(still)) * 100).astype(np.int64) * 100
        cost = (sold * (1 - margin[still] - random.normal(0, 0.05, len(still)))).astype(np.int64)
        back = random.random(len(still)) < 0.04
        steps.append((still, np.full(len(still), number), day[still], sold, cost, sold // 2 * back, cost // 2 * back))
        day = day + 1 + (random.exponential(1, customers) * gap).astype(np.int64)
        still = still[day[still] <= stops[still]]
    return Orders(customers, *(np.concatenate(parts) for parts in zip(*steps, strict=True)))


def order_lines(orders: Orders) -> pl.DataFrame:
    """Return the orders as canonical transactions: customer_id, date, amount, cost."""
    back = orders.returned > 0
    who = np.concatenate([orders.who, orders.who[back]])
    return pl.DataFrame(
        {
            "customer_id": name_customers(orders.customers).gather(who),
            "date": np.concatenate([orders.day, orders.day[back]]),
            "amount": np.concatenate([orders.sold, -orders.returned[back]]),
            "cost": np.concatenate([orders.cost, -orders.cost_back[back]]),
        }
    )


def name_customers(count: int, first: int = 0) -> pl.Series:
    """Return the ids of `count` customers."""
    numbers = pl.int_range(first, first + count).cast(pl.String).str.zfill(8)
    return pl.select(customer_id=pl.format("C{}", numbers)).to_series()


def invent_summary(customers: int, seed: int = 7) -> Summary:
    """Invent a base and return what its order lines would be summarised to."""
    period = PeriodSettings()
    sizes = [min(CHUNK, customers - first) for first in range(0, customers, CHUNK)]
    parts = [_rows(invent_orders(size, seed, chunk), chunk * CHUNK, period) for chunk, size in enumerate(sizes)]
    frame = pl.concat(parts, rechunk=True)
    first_day = frame.select(pl.col("first_purchase").min()).item()
    clock = set_clock(first_day, AS_OF, period)
    _expect(clock, period)
    market = measure_market(lazy(frame), clock)
    return Summary(collect(add_growth(lazy(frame), clock, market)), clock, period, market, (), 0, None)


def _expect(clock: Clock, period: PeriodSettings) -> None:
    """Make sure that the last comparison period is the window: the rows below count on it.

    Raises
    ------
    ValueError
        If the base is so small that nobody began in the first year.
    """
    if clock.comparison != period.window:
        raise ValueError("an invented base needs customers from its first year on")


def _rows(orders: Orders, first: int, period: PeriodSettings) -> pl.DataFrame:
    """Return one row per customer of a chunk whose first customer has the number `first`."""
    late = orders.day > AS_OF - period.window
    before = (orders.day > AS_OF - 2 * period.window) & ~late
    counted = _Sums(orders.who, orders.customers)
    sums: dict[str, Ints] = {}
    rows = 1 + (orders.returned > 0)
    last = _at(orders, orders.number == counted.of(1)[orders.who] - 1, orders.day)
    last_window = orders.day > last[orders.who] - period.window
    for suffix, within in {"": None, "_late": late, "_last": last_window, "_before": before}.items():
        sums |= {
            f"orders{suffix}": counted.of(1, within),
            f"rows{suffix}": counted.of(rows, within),
            f"revenue{suffix}": counted.of(orders.net, within),
            f"sold{suffix}": counted.of(orders.sold, within),
            f"profit{suffix}": counted.of(orders.profit, within),
        }
    profit_late = _where(sums["rows_late"] > 0, sums["profit_late"])
    no, yes = np.zeros(orders.customers, np.bool_), np.ones(orders.customers, np.bool_)
    return pl.DataFrame(
        {
            "customer_id": name_customers(orders.customers, first),
            **_purchases(orders, counted, last),
            "orders_window": sums["orders_late"],
            "orders_late": sums["orders_late"],
            "orders_before": sums["orders_before"],
            "rows": sums["rows"],
            "revenue": sums["revenue"],
            "revenue_window": sums["revenue_late"],
            "revenue_last_window": sums["revenue_last"],
            "revenue_before": sums["revenue_before"],
            "rows_window": sums["rows_late"],
            "cost": sums["revenue"] - sums["profit"],
            "gross_profit": sums["profit"],
            "profit_before": _where(sums["rows_before"] > 0, sums["profit_before"]),
            "revenue_late": sums["revenue_late"],
            "profit_late": profit_late,
            **_returns(sums),
            "customer_profit": sums["profit"],
            "customer_profit_window": profit_late,
            "customer_profit_last_window": sums["profit_last"],
            "customer_profit_late": profit_late,
            "internal": no,
            "in_base": yes,
            "prospect": no,
            "open_matters": no,
            "tenure": AS_OF - _at(orders, orders.number == 0, orders.day),
            "recency": AS_OF - last,
        }
    )


@dataclass(frozen=True)
class _Sums:
    """Sums of orders by customer; exact, as they stay far below 2^53."""

    who: Ints
    customers: int

    def of(self, values: Ints | int, within: Flags | None = None) -> Ints:
        """Sum whole numbers by customer, only the orders `within`."""
        kept = np.broadcast_to(values, self.who.shape).astype(np.float64)
        return np.bincount(self.who, kept if within is None else kept * within, self.customers).astype(np.int64)


def _purchases(orders: Orders, counted: _Sums, last: Ints) -> dict[str, Ints | pl.Series]:
    """Return what the days of purchase tell; each order of a customer has a day of its own."""
    number, count = orders.number, counted.of(1)
    first, second = (_at(orders, number == place, orders.day) for place in (0, 1))
    before = _at(orders, number == count[orders.who] - 2, orders.day)
    in_turn = np.lexsort((number, orders.who))
    gaps = np.diff(orders.day[in_turn], prepend=0) * (number[in_turn] > 0)
    squares = np.bincount(orders.who[in_turn], gaps.astype(np.float64) ** 2, orders.customers).astype(np.int64)
    newest = counted.of(orders.net, count[orders.who] - number <= BASKETS)
    return {
        "orders": count,
        "first_purchase": first,
        "second_purchase": _where(count > 1, second),
        "last_purchase": last,
        "last_gap": _where(count > 1, last - before),
        "first_basket": _at(orders, number == 0, orders.net),
        "spent": counted.of(orders.net),
        "gap_variation": _gap_variation(count - 1, last - first, squares),
        "basket": np.floor(newest / np.minimum(count, BASKETS) + 0.5).astype(np.int64),
    }


def _gap_variation(gaps: Ints, total: Ints, squares: Ints) -> pl.Series:
    """Return the standard deviation of the gaps over their mean, from three gaps on."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / gaps
        variation = ((squares - total * mean) / (gaps - 1)) ** 0.5 / mean
    return _where(gaps >= 3, variation)


def _returns(sums: dict[str, Ints]) -> dict[str, pl.Series]:
    """Return the share of sales given back, and its change between the comparison periods."""
    shares = {}
    for suffix in ("", "_late", "_before"):
        sold = sums[f"sold{suffix}"]
        share = (sold - sums[f"revenue{suffix}"]) / np.maximum(sold, 1)
        shares[suffix] = _where(sold > 0, share)
    return {"return_share": shares[""], "return_share_change": shares["_late"] - shares["_before"]}


def _at(orders: Orders, chosen: Flags, values: Ints) -> Ints:
    """Return each customer's value at the one chosen order; 0 for customers without it."""
    found = np.zeros(orders.customers, np.int64)
    found[orders.who[chosen]] = values[chosen]
    return found


def _where(known: Flags, values: Ints | Floats) -> pl.Series:
    """Return values, missing where they are not known."""
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()
