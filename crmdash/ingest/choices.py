"""Words that files use for the codes of choice columns, in three languages."""

from typing import Final

import polars as pl

from crmdash.columns import Column
from crmdash.ingest.aliases import normalise
from crmdash.ingest.values import Parsed

_WORDS: Final[dict[str, dict[str, str]]] = {
    "nature": {
        "retail": "retail|consumer|end consumer|end user|individual|private|b2c"
        "|零售|零售客户|零售客戶|个人|个人客户|個人|個人客戶|消费者|消費者|终端客户|終端客戶",
        "merchant": "merchant|merchants|trade|retailer|shop|store|b2b|商家|商户|商戶|零售商|店家",
        "distributor": "distributor|wholesaler|wholesale|dealer|reseller|franchise|franchisee"
        "|分销商|渠道分销商|经销商|批发商|代理商|加盟商|分銷商|經銷商|批發商|通路商",
        "internal": "internal|intercompany|inhouse|own company|内部|内部客户|內部|內部客戶|关联公司|關係企業",
    },
    "status": {
        "active": "active|open|current|live|有效|正常|活跃|启用|在用|活躍|啟用",
        "closed": "closed|inactive|ended|terminated|churned|lost"
        "|关闭|已关闭|终止|停用|流失|注销|失效|關閉|已關閉|終止|註銷",
    },
    "end_reason": {
        "ours": "ours|our fault|we ended|us|我方|我方原因",
        "theirs": "theirs|customer|closed down|bankrupt|对方|客户原因|對方|客戶原因",
        "market": "market|competitor|rival|市场|竞争|竞争对手|市場|競爭|競爭對手",
        "other": "other|unknown|其他|未知",
    },
    "kind": {
        "visit": "visit|meeting|on site visit|拜访|上门拜访|走访|拜訪|到訪",
        "call": "call|phone call|phone|telephone|outbound call|电话|电话拜访|電話|電訪",
        "enquiry": "enquiry|inquiry|question|request|咨询|询问|查询|詢問|諮詢|查詢",
        "sales_lead": "sales lead|lead|opportunity|商机|线索|商機|線索",
        "ad": "ad|advert|advertisement|campaign|mailing|newsletter|email campaign|广告|营销活动|廣告|行銷活動",
        "complaint": "complaint|claim|投诉|抱怨|客诉|客訴|投訴",
        "suggestion": "suggestion|idea|建议|建議",
        "market": "market|market report|market information|市场信息|市场反馈|市場資訊|市場回饋",
        "survey": "survey|satisfaction survey|questionnaire|调查|满意度调查|问卷|調查|滿意度調查|問卷",
        "service": "service|support|repair|maintenance|服务|售后|维修|服務|售後|維修",
    },
    "grade": {
        "senior": "senior|key account manager|director|高级|资深|高級|資深",
        "middle": "middle|mid|intermediate|account manager|中级|中級",
        "junior": "junior|representative|初级|初級",
        "inside": "inside|inside sales|back office|internal sales|telesales|内勤|电销|內勤|電銷",
    },
    "tags": {
        "strategic": "strategic|战略|战略客户|戰略|戰略客戶|策略客戶",
        "benchmark": "benchmark|reference|标杆|標竿|标杆客户|標竿客戶",
        "door_opener": "door opener|pioneer|开拓者|開拓者",
        "inspiring": "inspiring|激励型|激勵型",
        "sole_outlet": "sole outlet|only outlet|唯一网点|唯一據點",
        "competitor": "competitor|竞争对手|競爭對手",
    },
}  # fmt: skip


def _codes(column: Column) -> dict[str, str]:
    words = _WORDS[column.name]
    return {normalise(word): code for code in column.choices for word in (code, *words[code].split("|"))}


def parse_choice(text: pl.Series, column: Column) -> Parsed:
    """Read the words of a choice column as its codes; a word of no known meaning is unreadable."""
    codes = _codes(column)
    distinct = text.unique().drop_nulls()
    known = {word: codes.get(normalise(word)) for word in distinct}
    values = text.replace_strict(known, default=None, return_dtype=pl.String)
    return Parsed(values, {"value_unreadable": text.is_not_null() & values.is_null()})


def parse_tags(text: pl.Series, column: Column) -> Parsed:
    """Read lists of tags, separated by ``; , |`` or blanks' Chinese kin, as codes joined by ``;``."""
    codes = _codes(column)
    known: dict[str, str | None] = {}
    for cell in text.unique().drop_nulls():
        found = [codes.get(normalise(word)) for word in cell.replace("，", ";").replace("、", ";").replace(",", ";")
                 .replace("|", ";").replace("；", ";").split(";") if word.strip()]  # fmt: skip
        known[cell] = ";".join(code for code in found if code) if all(found) else None
    values = text.replace_strict(known, default=None, return_dtype=pl.String)
    return Parsed(values, {"value_unreadable": text.is_not_null() & values.is_null()})
