"""What is missing in a customer's file, in the order in which it matters."""

from crmdash.customer.gaps import PERSONAL, WANTED, profile

FULL = {
    "customer_id": "a", "name": "Shop", "contact_person": "Lin", "decided_by": "Lin", "industry": "retail",
    "format": None, "needs": "space", "pain_points": "price", "source": "fair", "referred_by": "b",
    "buying_habits": "weekly", "preferences": "tea", "birthday": 100, "gender": None, "age": None, "may_contact": True,
}  # fmt: skip


def test_a_full_file_has_no_gap():
    told = profile(FULL)
    assert (told.empty, told.absent, told.hidden) == ((), (), ())
    assert told.known["industry"] == "retail" and "format" not in told.known


def test_gaps_come_in_order_of_importance_and_blank_is_empty():
    told = profile(FULL | {"birthday": None, "name": " ", "needs": None})
    assert told.empty == ("name", "needs", "birthday")
    assert told.absent == ()


def test_industry_or_format_is_enough():
    assert profile(FULL | {"industry": None, "format": "kiosk"}).empty == ()
    assert profile(FULL | {"industry": None}).empty == ("industry",)
    only_format = {name: value for name, value in FULL.items() if name != "industry"}
    assert profile(only_format).empty == ("format",)


def test_what_the_file_has_no_column_for_is_absent_not_empty():
    told = profile({"customer_id": "a", "name": None})
    assert told.empty == ("name",)
    assert told.absent == tuple(fields[0] for fields in WANTED[1:])
    assert told.may_contact is None


def test_age_and_gender_are_never_gaps():
    assert not {"age", "gender"} & {name for fields in WANTED for name in fields}


def test_who_does_not_want_to_be_contacted_shows_nothing_personal():
    told = profile(FULL | {"may_contact": False, "birthday": None, "source": None, "age": 40})
    assert not PERSONAL & set(told.known)
    assert told.known["needs"] == "space"
    assert told.empty == ("source",)
    assert told.absent == ()
    assert told.hidden == ("contact_person", "decided_by", "preferences", "birthday", "age", "gender")
