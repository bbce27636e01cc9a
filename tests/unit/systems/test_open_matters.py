"""Open matters: who would have ended but for an invoice, a complaint or a contract, with amounts and days."""

from crmdash.columns import MONEY_SCALE
from crmdash.phrases import say
from crmdash.systems.open_matters import OPEN_MATTERS
from tests.unit.frames import Row, contact, evidence, of_customer, sale, sales
from tests.unit.test_warning import EN

# Four customers stop at day 400 of 780: 380 days silent at a rhythm of 20. "end" keeps on.
ROWS: list[Row] = [
    row for name in ("owes", "complains", "bound", "gone") for row in sales(name, dict.fromkeys(range(0, 401, 20), 100))
]
ROWS += sales("end", dict.fromkeys(range(0, 781, 20), 50), due_date=5, paid_date=5)
ROWS += [sale("owes", 400, 70, due_date=430, paid_date=None), sale("owes", 400, 30, due_date=460, paid_date=None),
         sale("owes", 390, 10, due_date=400, paid_date=401)]  # fmt: skip
PEOPLE: list[Row] = [{"customer_id": "bound", "contract_end": 800}, {"customer_id": "gone", "contract_end": 780}]
CONTACTS = [
    contact("complains", 700, "complaint", resolved_date=None),
    contact("complains", 720, "complaint", resolved_date=785),  # settled only after T
    contact("gone", 500, "complaint", resolved_date=None),  # more than 180 days ago
]


def test_counted_by_hand():
    report = evidence(ROWS, customers=PEOPLE, contacts=CONTACTS).report("open_matters")
    rows = report.rows.frame
    assert set(rows["customer_id"]) == {"owes", "complains", "bound"}
    owes, complains, bound = (of_customer(rows, name) for name in ("owes", "complains", "bound"))
    assert (owes["open_invoice"], owes["overdue_amount"], owes["overdue_days"]) == (True, 100 * MONEY_SCALE, 350)
    assert (complains["open_complaint"], complains["complaints_open"], complains["complaint_days"]) == (True, 2, 80)
    assert (bound["open_contract"], bound["contract_end"], bound["contract_days_left"]) == (True, 800, 20)
    assert (owes["open_complaint"], owes["open_contract"], bound["open_invoice"]) == (False, False, False)
    figures = {name: figure.value for name, figure in report.figures.items()}
    assert (figures["customers"], figures["invoices"], figures["complaints"], figures["contracts"]) == (3, 1, 1, 1)
    assert figures["overdue_amount"] == 100 * MONEY_SCALE
    assert report.tables["matters"].frame["customers"].to_list() == [1, 1, 1]


def test_whoever_lives_is_not_listed():
    contacts = [contact("end", 770, "complaint")]
    assert not len(evidence(ROWS, contacts=contacts).report("open_matters").rows.frame.filter(customer_id="end"))


def test_overdue_days_of_the_customers_table_serve_too():
    people: list[Row] = [{"customer_id": "gone", "credit_overdue_days": 12}]
    plain = [{name: value for name, value in row.items() if not name.endswith("_date")} for row in ROWS]
    row = evidence(plain, customers=people).report("open_matters").rows.frame.row(0, named=True)
    assert (row["customer_id"], row["open_invoice"], row["overdue_days"]) == ("gone", True, 12)


def test_without_anything_that_can_be_open_it_is_dark():
    found = evidence(sales("a", {0: 1, 20: 1}))
    assert not found.can("open_matters")


def test_it_is_told_of_one_customer():
    found = evidence(ROWS, customers=PEOPLE, contacts=CONTACTS)
    explain = OPEN_MATTERS.explain
    assert explain is not None
    told = explain(found.report("open_matters"), of_customer(found.customers, "owes"))
    assert told is not None
    assert say(told.label, EN) == "Silent for 380 days, kept open by what is unsettled"
    assert [say(because, EN) for because in told.because] == ["Overdue: 100, for 350 days"]
