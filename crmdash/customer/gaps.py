"""What the file knows of a customer, what is missing in it, and what must not be shown (S29, D13)."""

from dataclasses import dataclass
from typing import Any, Final

from crmdash.model.customer_file import PERSONAL, WANTED
from crmdash.model.reasons import Customer

__all__ = ["PERSONAL", "PROFILE", "WANTED", "Profile", "profile"]

PROFILE: Final = (
    "nature", "industry", "format", "market", "region", "owner", "contact_person", "decided_by", "paid_by", "used_by",
    "situation", "needs", "pain_points", "source", "referred_by", "buying_habits", "preferences", "character", "taste",
    "awareness", "occupation", "position", "birthday", "age", "gender",
)  # fmt: skip
"""What is told of a customer beside its measures, in this order."""


@dataclass(frozen=True)
class Profile:
    """What is known of a customer, and the gaps, as names of columns.

    Attributes
    ----------
    known : what may be shown, with its value.
    empty : gaps of this customer in columns that the file has, the most important first.
    absent : what the file has no column for, for any customer.
    hidden : columns held back because the customer does not want to be contacted.
    may_contact : False where the customer does not want to be contacted; None where nothing is said.
    """

    known: dict[str, Any]
    empty: tuple[str, ...]
    absent: tuple[str, ...]
    hidden: tuple[str, ...]
    may_contact: bool | None


def profile(customer: Customer) -> Profile:
    """Read the profile off a row of `Evaluation.customers`, which holds the columns that the file has."""
    withheld = PERSONAL if customer.get("may_contact") is False else frozenset()
    known = {name: customer[name] for name in PROFILE if _filled(customer, name) and name not in withheld}
    asked = [fields for fields in WANTED if not withheld.intersection(fields)]
    empty = [fields for fields in asked if _held(customer, fields) and not any(_filled(customer, f) for f in fields)]
    return Profile(
        known=known,
        empty=tuple(next(name for name in fields if name in customer) for fields in empty),
        absent=tuple(fields[0] for fields in asked if not _held(customer, fields)),
        hidden=tuple(name for name in PROFILE if name in withheld and name in customer),
        may_contact=customer.get("may_contact"),
    )


def _held(customer: Customer, fields: tuple[str, ...]) -> bool:
    return any(name in customer for name in fields)


def _filled(customer: Customer, name: str) -> bool:
    value = customer.get(name)
    return value is not None and bool(str(value).strip())
