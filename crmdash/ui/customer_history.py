"""What one customer bought over time, and when its next order is due."""

import html

import streamlit as st

from crmdash.charts.literal import literal
from crmdash.charts.purchases import Expected, PurchaseBar, PurchaseWords, purchases_figure
from crmdash.customer.next_order import NextOrder, next_order
from crmdash.customer.purchases import Step, Timeline
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, show
from crmdash.summary.clock import to_date
from crmdash.systems.acquisition import quarter_of
from crmdash.systems.acquisition_cohorts import quarter_name
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.customer_cache import bought_over_time
from crmdash.ui.figures import key_figure
from crmdash.ui.theme import CONFIG, ink
from crmdash.ui.words import bold


def next_order_panel(_: Wording, evaluation: Evaluation, customer: Customer) -> None:
    """Say when the next order is due, how late it is, and what it should bring."""
    titled(_, _("Next order"), "rhythm")
    due = next_order(customer, evaluation.clock)
    if due is None:
        st.caption(_("From two dated purchases on, the customer's own rhythm says when the next order is due."))
        return
    with st.grid(2, min_column_width=130, gap="small"):
        key_figure(_("Next order due"), _.date(due.day), _time_left(_, due))
        key_figure(_("Expected basket"), _.compact_money(due.basket), _("mean of the last 3"))
    silence, rhythm = show(Figure("times", due.silence), _), show(Figure("days", due.rhythm), _)
    st.caption(_("Silent for ×{silence} its usual {rhythm} days.", silence=silence, rhythm=rhythm))
    if due.gone:
        st.caption(_("It counts as gone: an order would be a return, not a habit."))


def _time_left(_: Wording, due: NextOrder) -> str:
    if due.late:
        return _.plural("{n} day late", "{n} days late", -due.days_left)
    return _.plural("in {n} day", "in {n} days", due.days_left) if due.days_left else _("today")


def purchases_panel(_: Wording, opened: state.Opened, evaluation: Evaluation, customer: Customer) -> None:
    """Draw what the customer bought over time, or say why there is nothing to draw."""
    due, as_of = next_order(customer, evaluation.clock), evaluation.clock.as_of
    if opened.dataset.transactions is None or as_of is None:
        st.markdown(bold(_("Purchases over time")))
        st.caption(_("The data holds no orders, so purchases cannot be shown over time. A file of orders shows them."))
        return
    past = bought_over_time(opened, customer["customer_id"], as_of, None if due is None else due.day)
    if past is None:
        st.markdown(bold(_("Purchases over time")))
        st.caption(_("No order up to {date}.", date=_.date(as_of)))
        return
    title = _title(_, past.step)
    words = PurchaseWords(
        title=html.escape(title),
        x_axis=_axis(_, past.step),
        y_axis=_("Amount, in the file's currency"),
        sold=_("Sold"),
        returned=_("Returned"),
        expected=_("Expected next"),
        amount=_.compact_money,
        ink=ink(),
    )
    who = literal(customer.get("name") or customer["customer_id"])
    bars = [_bar(_, past.step, bar.start, bar.sold, bar.returned, who) for bar in past.bars]
    figure = purchases_figure(bars, _expected(_, past, due), words)
    st.plotly_chart(figure, key="customers.purchases", config=CONFIG, alt=_told(_, title, past, customer))


def _bar(_: Wording, step: Step, start: int, sold: int, returned: int, who: str) -> PurchaseBar:
    """Put one bar into words; `who` is the customer as a picture may show it."""
    when = _when(_, step, start)
    hover = _("{when}: {amount}", when=when, amount=_.money(sold + returned))
    if returned:
        returns = _.money(-returned)
        hover = _("{when}: {amount}, after returns of {returns}", when=when, amount=_.money(sold + returned),
                  returns=returns)  # fmt: skip
    return PurchaseBar(html.escape(when), sold, returned, f"{who}<br>{html.escape(hover)}")


def _expected(_: Wording, past: Timeline, due: NextOrder | None) -> Expected | None:
    """Return the mark of the next order, which has a height only where its basket has one."""
    if due is None or past.due is None or due.basket is None or due.basket <= 0:
        return None
    hover = _("Next order due {date}, about {amount}", date=_.date(due.day), amount=_.money(due.basket))
    return Expected(past.due, due.basket, html.escape(hover))


def _title(_: Wording, step: Step) -> str:
    titles = {
        "month": _("Purchases by month"),
        "quarter": _("Purchases by quarter"),
        "year": _("Purchases by year"),
        "decade": _("Purchases by ten years"),
    }
    return titles[step]


def _axis(_: Wording, step: Step) -> str:
    return {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year"), "decade": _("Ten years from")}[step]


def _when(_: Wording, step: Step, start: int) -> str:
    """Name a step of time by its first day."""
    if step == "month":
        return _.month(start)
    if step == "quarter":
        return show(Figure("quarter", quarter_name(quarter_of(start))), _)
    return str(to_date(start).year)


def _told(_: Wording, title: str, past: Timeline, customer: Customer) -> str:
    """Return what the picture shows in words."""
    return _(
        "{title}: {orders} purchases from {first} to {last}, {amount} net",
        title=title,
        orders=_.integer(customer["orders"]),
        first=_.date(customer["first_purchase"]),
        last=_.date(customer["last_purchase"]),
        amount=_.compact_money(past.net),
    )
