"""Due list: orders due and past due with the basket expected, visits overdue, complaints settled."""

from crmdash.columns import MONEY_SCALE
from crmdash.phrases import say
from crmdash.systems.due_list import DUE_LIST
from tests.unit.frames import Row, contact, evidence, of_customer, sale, sales
from tests.unit.test_warning import EN

# Rhythm 20 days. T = 780: "now" is due on day 800, "soon" on 785, "late" on 770, "very" on 740, "gone" long ago.
LAST = {"now": 780, "soon": 765, "late": 750, "very": 720, "gone": 400}
ROWS: list[Row] = [
    row
    for name, last in LAST.items()
    for row in sales(name, {day: 100 + 10 * place for place, day in enumerate(range(last - 200, last + 1, 20))})
]


def test_orders_due_counted_by_hand():
    report = evidence(ROWS).report("due_list")
    rows = report.rows.frame
    assert dict(rows.select("customer_id", "order_late_days").iter_rows()) == {"soon": -5, "late": 10, "very": 40}
    # Mean of the last three of 100, 110 … 200.
    assert set(rows["basket_expected"]) == {190 * MONEY_SCALE}
    figures = report.figures
    assert (figures["orders_due"].value, figures["past_due"].value) == (3, 2)
    assert figures["basket_expected"].value == 570 * MONEY_SCALE
    when = dict(report.tables["when"].frame.select("when", "customers").iter_rows())
    assert when == {"long_past": 1, "month_past": 1, "week_past": 0, "to_come": 1}


def test_the_largest_basket_comes_first():
    rows = [*ROWS, *sales("big", {day: 900 for day in range(600, 761, 20)}), sale("end", 780, 1)]
    assert evidence(rows).report("due_list").rows.frame["customer_id"][0] == "big"


def test_how_soon_is_a_setting():
    assert "soon" not in evidence(ROWS, {"warning": {"due_within": 4}}).report("due_list").rows.frame["customer_id"]
    assert "now" in evidence(ROWS, {"warning": {"due_within": 20}}).report("due_list").rows.frame["customer_id"]


def test_visits_overdue_counted_by_hand():
    # "now" is the only customer, platinum and steady: 24 x 0.8 = 19 visits a year, one every 19.2 days.
    rows = sales("now", {day: 100 for day in range(0, 781, 20)})
    overdue = evidence(rows, contacts=[contact("now", 750, "visit")]).report("due_list")
    row = overdue.rows.frame.row(0, named=True)
    assert (row["visits_planned"], row["visit_overdue"], row["visit_late_days"]) == (19, True, 11)
    assert row["order_due"] is False
    figures = {name: overdue.figures[name].value for name in ("visits_overdue", "to_be_visited", "visits_in_time")}
    assert figures == {"visits_overdue": 1, "to_be_visited": 1, "visits_in_time": 0.0}
    in_time = evidence(rows, contacts=[contact("now", 770, "visit")]).report("due_list")
    assert in_time.figures["visits_in_time"].value == 1.0
    assert not len(in_time.rows.frame)


def test_never_visited_is_counted_from_the_first_purchase():
    rows = sales("now", {day: 100 for day in range(0, 781, 20)})
    row = evidence(rows, contacts=[contact("now", 700, "call")]).report("due_list").rows.frame.row(0, named=True)
    assert (row["last_visit"], row["visit_late_days"]) == (None, 761)


def test_without_contacts_no_visit_is_called_overdue():
    report = evidence(ROWS).report("due_list")
    assert report.figures["visits_overdue"].value is None
    assert report.figures["visits_in_time"].value is None
    assert [note.key for note in report.notes] == ["note.no_visits"]
    assert "days_to_settle" not in report.figures
    assert not {"visit_overdue", "visit_late_days"} & {column.name for column in report.rows.held}


def test_how_fast_complaints_are_settled():
    contacts = [
        contact("now", 700, "complaint", resolved_date=702),
        contact("now", 710, "complaint", resolved_date=714),
        contact("late", 720, "complaint", resolved_date=730),
        contact("late", 760, "complaint", resolved_date=790),  # after T: not settled yet
        contact("late", 770, "complaint", resolved_date=None),
        contact("late", 300, "complaint", resolved_date=399),  # longer than W ago
        contact("late", 750, "visit"),
    ]
    figures = evidence(ROWS, contacts=contacts).report("due_list").figures
    assert (figures["days_to_settle"].value, figures["complaints_settled"].value) == (4.0, 3)
    assert figures["complaints_unsettled"].value == 2


def test_it_is_told_of_one_customer():
    found = evidence(ROWS)
    explain = DUE_LIST.explain
    assert explain is not None
    told = explain(found.report("due_list"), of_customer(found.customers, "late"))
    assert told is not None
    assert say(told.because[0], EN) == "Its next order was due on Feb 10, 1972, 10 days ago; expected basket 190"
    assert explain(found.report("due_list"), of_customer(found.customers, "now")) is None
