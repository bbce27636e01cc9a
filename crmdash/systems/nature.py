"""The nature of customers (S1): final buyer, merchant, distributor or internal; where no column says it, a guess.

A guess is marked as one. It reads *retail* where the name looks like a person's, and *distributor* where a format or a
market is filled in; everything else stays unknown until somebody answers.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.conditions import surely
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

NATURE_COLUMN: Final = Column("nature", "code", "model:nature")

_SURNAMES: Final = (
    "王李张張刘劉陈陳杨杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許韩韓邓鄧冯馮曹彭曾肖萧蕭田董袁潘蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁"
    "任沈姚卢盧姜崔钟鍾谭譚陆陸汪范石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫阎閻段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯洪簡简游"
)
"""Common surnames; a name of two to four characters that begins with one looks like a person's."""

_BUSINESS: Final = "店公司行社厂廠铺鋪馆館院校局部商超市餐饮饮酒坊屋社堂房企集团團"
"""Characters that a person's name hardly holds and the name of a business often ends in."""

_COMPANY_WORDS: Final = (
    "ltd limited inc llc co corp corporation company gmbh ag bv sa plc group holding holdings shop shops store stores "
    "market markets supermarket mart hotel hotels restaurant cafe café bar bakery canteen kiosk school hospital "
    "wholesale trading foods food imports exports services partners brothers sons station convenience grand"
).split()

PERSONAL: Final = rf"^(?:[{_SURNAMES}][\p{{Han}}]{{1,3}}|\p{{Lu}}[\p{{L}}'’.-]*(?: \p{{Lu}}[\p{{L}}'’.-]*){{1,2}})$"
"""What a personal name looks like: a common surname and one to three characters, or two to three capitalised words."""

IMPERSONAL: Final = rf"(?i)\b(?:{'|'.join(_COMPANY_WORDS)})\b|[{_BUSINESS}]$"


def looks_personal(name: pl.Expr) -> pl.Expr:
    """Return whether a name looks like that of a person."""
    return surely(name.str.contains(PERSONAL) & ~name.str.contains(IMPERSONAL))


def natures(customers: pl.DataFrame) -> pl.DataFrame:
    """Add nature (missing where unknown) and nature_guessed to customers with any of nature, name, format, market."""
    known = customers.columns
    stated = pl.col("nature") if "nature" in known else pl.lit(None, pl.String)
    unsure = "nature" not in known or customers["nature"].null_count() > 0
    personal = looks_personal(pl.col("name")) if "name" in known and unsure else pl.lit(False)
    places = [pl.col(name).is_not_null() for name in ("format", "market") if name in known]
    placed = pl.any_horizontal(*places) if places else pl.lit(False)
    guess = pl.when(personal).then(pl.lit("retail")).when(placed).then(pl.lit("distributor"))
    return customers.with_columns(
        nature=pl.coalesce(stated, guess), nature_guessed=stated.is_null() & guess.is_not_null()
    )


def report(evidence: Evidence) -> Report:
    """Say of every customer that bought, internal ones included, what it is; guesses and the unknown are counted."""
    wanted = ("customer_id", "name", "nature", "format", "market", "tier", "value")
    held = [name for name in wanted if name in evidence.customers.columns]
    looked_at = evidence.customers.select(*held, bought=pl.col("in_base") | pl.col("internal"))
    bought = natures(looked_at.filter("bought"))
    counted = bought.group_by("nature").agg(
        customers=pl.len().cast(pl.Int64),
        guessed=pl.col("nature_guessed").sum().cast(pl.Int64),
        value=pl.col("value").sum(),
    )
    whole = counted["value"].sum()
    table = counted.sort(["customers", "nature"], descending=[True, False]).with_columns(
        share=pl.col("customers") / max(1, len(bought)),
        value_share=pl.col("value") / pl.lit(whole if whole > 0 else None),
    )
    guessed, unknown = int(bought["nature_guessed"].sum()), bought["nature"].null_count()
    figures = {
        "customers": Figure("count", len(bought)),
        "known": Figure("count", len(bought) - guessed - unknown),
        "guessed": Figure("count", guessed),
        "unknown": Figure("count", unknown),
    }
    notes = (Phrase("note.nature_guessed", {"customers": figures["guessed"]}, "kinds"),) if guessed else ()
    return Report(figures, Table(bought, _ROWS), {"by_nature": Table(table, _TABLE)}, notes)


_ROWS: Final = (*CUSTOMER, NATURE_COLUMN, Column("nature_guessed", "flag"), TIER, Column("value", "money"))
_TABLE: Final = (
    NATURE_COLUMN, Column("customers", "count"), Column("guessed", "count"), Column("share", "percent"),
    Column("value", "money"), Column("value_share", "percent"),
)  # fmt: skip


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say what a customer is, and whether that is a guess."""
    row = row_of(found, customer)
    if row is None:
        return None
    if row["nature"] is None:
        return Explanation(Phrase("say.nature_unknown", kind="kinds"))
    label = Phrase("say.nature", {"nature": Figure("term", f"model:nature.{row['nature']}")}, "kinds")
    guessed = "because.nature_retail" if row["nature"] == "retail" else "because.nature_distributor"
    return Explanation(label, (Phrase(guessed, kind="kinds"),) if row["nature_guessed"] else ())


NATURE: Final = System(
    "nature", "S1", (("customers.nature", "customers.name", "customers.format", "customers.market"),), report, explain
)
