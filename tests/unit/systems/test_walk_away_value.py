"""Walk-away value: customers whom one person alone knows, and the sample's two account managers with poor files."""

from functools import cache

from crmdash.columns import MONEY_SCALE
from crmdash.evaluate import evaluate
from crmdash.settings import Settings
from crmdash.summary import summarise
from crmdash.systems.registry import gather
from crmdash.systems.walk_away_value import WALK_AWAY_VALUE
from crmdash.ui.cache import sample
from tests.unit.frames import Row, contact, evidence, of_customer, sales

FULL: Row = {"name": "n", "contact_person": "p", "decided_by": "d", "industry": "i", "format": "f", "needs": "n",
             "pain_points": "p", "source": "s", "buying_habits": "b", "preferences": "p", "birthday": 5,
             "referred_by": "z"}  # fmt: skip
STAFF = {"alone": ["Ann"] * 4 + ["Bo"], "shared": ["Ann"] * 3 + ["Bo"] * 2, "known": ["Ann"] * 5, "small": ["Bo"]}
ROWS: list[Row] = [
    *sales("alone", {0: 100, 20: 100}), *sales("shared", {0: 50}), *sales("known", {0: 400}), *sales("small", {10: 7}),
]  # fmt: skip
PEOPLE: list[Row] = [{"customer_id": name, **(FULL if name == "known" else dict.fromkeys(FULL))} for name in STAFF]
CONTACTS = [contact(name, day, "visit", staff=who) for name, staff in STAFF.items() for day, who in enumerate(staff)]


def test_counted_by_hand():
    # "shared" has 3 of 5 contacts by one person, "known" a full file; "alone" has exactly 4 of 5 by Ann.
    report = evidence(ROWS, customers=PEOPLE, contacts=CONTACTS).report("walk_away_value")
    rows = report.rows.frame
    assert rows.select("customer_id", "main_contact", "main_contact_share").rows() == [
        ("alone", "Ann", 0.8), ("small", "Bo", 1.0),
    ]  # fmt: skip
    people = report.tables["people"].frame.select("main_contact", "walk_away_value", "customers", "customers_all")
    assert people.rows() == [("Ann", 200 * MONEY_SCALE, 1, 3), ("Bo", 7 * MONEY_SCALE, 1, 1)]
    figures = {name: figure.value for name, figure in report.figures.items()}
    assert (figures["customers"], figures["walk_away_value"]) == (2, 207 * MONEY_SCALE)
    assert (figures["people_concerned"], figures["foremost"]) == (2, "Ann")


def test_both_limits_are_settings():
    def listed(**limits: int) -> set[str]:
        found = evidence(ROWS, {"warning": limits}, customers=PEOPLE, contacts=CONTACTS)
        return set(found.report("walk_away_value").rows.frame["customer_id"])

    assert listed(one_person_share=60) == {"alone", "shared", "small"}
    assert listed(one_person_share=81) == {"small"}
    assert listed(complete_file=0) == set()


def test_the_gone_are_counted_apart():
    rows = [*ROWS, *sales("new", dict.fromkeys(range(0, 800, 20), 1))]
    figures = evidence(rows, customers=PEOPLE, contacts=CONTACTS).report("walk_away_value").figures
    assert (figures["walk_away_value"].value, figures["living_value"].value) == (207 * MONEY_SCALE, 0)


def test_without_staff_it_is_dark():
    assert not evidence(ROWS, contacts=[contact("alone", 5, "visit")]).can("walk_away_value")


def test_the_samples_two_poor_files_come_out_on_top():
    tables, settings = sample().tables, Settings()
    summary = summarise(tables)
    at = cache(lambda day: summarise(tables, settings.period, day))
    report = gather(tables, summary, evaluate(summary, settings), at).report("walk_away_value")
    people = report.tables["people"].frame
    assert people["main_contact"].to_list()[:2] == ["Doran Pellworth", "梁承砚"]
    assert people["walk_away_value"][1] > 10 * people["walk_away_value"][2]


def test_it_is_told_of_one_customer():
    found = evidence(ROWS, customers=PEOPLE, contacts=CONTACTS)
    explain = WALK_AWAY_VALUE.explain
    assert explain is not None
    told = explain(found.report("walk_away_value"), of_customer(found.customers, "alone"))
    assert told is not None and told.label.figures["person"].value == "Ann"
    assert explain(found.report("walk_away_value"), of_customer(found.customers, "shared")) is None
