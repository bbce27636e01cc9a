"""What contacts tell: how often and why one met, complaints, last days, and who keeps the contact."""

import pytest

from tests.unit.frames import Row, contact, measures, sale, sales, summarised

ORDERS = [*sales("a", {0: 1, 730: 1}), sale("b", 5, 1)]
"""T = 730: the window is (365, 730]."""


def signs(contacts: list[Row], customer_id: str = "a", **more: object) -> Row:
    return measures(ORDERS, customer_id, contacts=contacts, **more)


def test_contacts_of_any_kind_but_advertisements_count():
    found = signs([contact("a", day, kind) for day, kind in ((1, "visit"), (366, "call"), (400, "ad"), (731, "call"))])
    assert (found["contacts_made"], found["contacts_window"]) == (2, 1)


@pytest.mark.parametrize(
    ("measure", "kind"),
    [
        ("visits_window", "visit"),
        ("enquiries_window", "enquiry"),
        ("suggestions_window", "suggestion"),
        ("market_reports_window", "market"),
        ("complaints_window", "complaint"),
    ],
)
def test_kinds_are_counted_in_the_window(measure: str, kind: str):
    found = signs([contact("a", day, kind) for day in (365, 366, 730, 731)] + [contact("a", 500, "sales_lead")])
    assert found[measure] == 2


def test_surveys_count_with_a_score():
    scores: dict[int, float | None] = {365: 5, 366: 5, 500: None, 730: 9}
    surveys = [contact("a", day, "survey", score=score) for day, score in scores.items()]
    assert signs([*surveys, contact("a", 600, "visit", score=3)])["surveys_window"] == 2
    assert "surveys_window" not in signs([contact("a", 700, "survey")])


def test_technical_matters_are_known_by_their_topic():
    topics = ["Technical help", "TECHNICAL", "技术支持", "技術問題", "price", None]
    asked = [contact("a", 400 + index, "enquiry", topic=topic) for index, topic in enumerate(topics)]
    served = [contact("a", 500, "service", topic="a technical fault"), contact("a", 500, "visit", topic="technical")]
    assert signs([*asked, *served, contact("a", 365, "service", topic="technical")])["technical_window"] == 5
    assert "technical_window" not in signs([contact("a", 500, "service")])


def test_complaints_of_the_last_180_days_are_open_or_closed():
    # T - 180 = 550. Resolved after T is open still; without a resolution too.
    resolved = {549: 560, 550: 560, 600: 730, 650: 731, 700: None}
    found = signs([contact("a", day, "complaint", resolved_date=end) for day, end in resolved.items()])
    assert (found["complaints"], found["complaints_open"], found["complaints_closed"]) == (5, 2, 2)
    assert found["complaints_window"] == 5


def test_without_a_day_of_resolution_every_complaint_is_open():
    found = signs([contact("a", 700, "complaint"), contact("a", 10, "complaint")])
    assert (found["complaints"], found["complaints_open"], found["complaints_closed"]) == (2, 1, 0)


def test_last_days_of_visit_and_contact():
    days = ((5, "visit"), (20, "visit"), (90, "call"), (95, "ad"), (731, "visit"))
    found = signs([contact("a", day, kind) for day, kind in days])
    assert (found["last_visit"], found["last_contact"]) == (20, 90)
    found = signs([contact("a", 9, "ad")])
    assert (found["last_visit"], found["last_contact"], found["contacts_made"]) == (None, None, 0)


def test_the_main_contact_has_most_of_the_contacts_that_name_somebody():
    named = [("visit", "Wu"), ("call", "Li"), ("call", "Li"), ("call", None), ("ad", "Wu"), ("ad", "Wu")]
    found = signs([contact("a", day, kind, staff=name) for day, (kind, name) in enumerate(named)])
    assert (found["main_contact"], found["main_contact_share"]) == ("Li", pytest.approx(2 / 3))


@pytest.mark.parametrize("names", [("Wu", "Li"), ("Li", "Wu")])
def test_of_equals_the_alphabetically_first_is_the_main_contact(names: tuple[str, str]):
    found = signs([contact("a", day, "call", staff=name) for day, name in enumerate(names)])
    assert (found["main_contact"], found["main_contact_share"]) == ("Li", 0.5)


def test_a_customer_without_contacts_has_none_of_them():
    contacts = [contact("a", 500, "survey", score=5, topic="price", staff="Li")]
    found = signs(contacts, "b")
    counts = [name for name in found if name.endswith("_window") and name.split("_")[0] not in ("rows", "revenue")]
    assert len(counts) == 9
    assert {found[name] for name in [*counts, "contacts_made", "complaints", "complaints_closed"]} == {0}
    assert {found[name] for name in ("last_visit", "last_contact", "main_contact", "main_contact_share")} == {None}


def test_without_contacts_there_are_no_signs():
    found = measures(ORDERS)
    signs_made = {"contacts_made", "visits_window", "complaints", "last_visit", "last_contact", "main_contact"}
    assert not signs_made & found.keys()
    assert "main_contact" not in signs([contact("a", 1, "call")])


def test_contacts_speak_without_transactions():
    customers = [{"customer_id": "a", "orders": 3, "last_purchase": 730}, {"customer_id": "b", "orders": 1}]
    contacts = [contact("a", 400, "visit"), contact("a", 800, "visit")]
    a, b = (measures(None, name, customers=customers, contacts=contacts) for name in "ab")
    assert (a["visits_window"], a["last_visit"], b["visits_window"]) == (1, 400, 0)


def test_the_order_of_contacts_changes_nothing():
    contacts = [
        contact("a", day, kind, staff=staff, topic="technical")
        for day, kind, staff in (
            (400, "visit", "Wu"),
            (400, "enquiry", "Li"),
            (450, "service", "Wu"),
            (9, "call", "Li"),
        )
    ]
    there, back = (summarised(ORDERS, contacts=rows).customers for rows in (contacts, contacts[::-1]))
    assert there.equals(back)
