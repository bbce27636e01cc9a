"""Columns that belong together and may be summed: spend by category, orders by channel."""

from typing import Final

from crmdash.ingest.content import Content, words

_SPEND: Final = {
    "mnt", "amt", "amount", "spend", "spent", "spending", "sales", "revenue", "monetary",
    "消费", "消费额", "消费金额", "销售额", "金额", "消費", "消費額", "消費金額", "銷售額", "金額",
}  # fmt: skip
_ORDERS: Final = {
    "purchases", "orders", "transactions", "订单数", "购买次数", "消费次数", "訂單數", "購買次數", "消費次數",
}  # fmt: skip
_CHANNELS: Final = {
    "web", "website", "online", "offline", "catalog", "catalogue", "store", "shop", "retail", "app", "mobile", "phone",
    "call", "mail", "email", "direct", "marketplace", "branch", "pos", "dealer", "social", "livestream",
    "线上", "线下", "网店", "门店", "网站", "电话", "直播", "小程序", "電話", "線上", "線下", "網店", "門市", "網站",
}  # fmt: skip
_COUNTERS: Final = {"num", "number", "no", "n", "count", "of", "in"}
_TOTALS: Final = {"total", "all", "sum", "overall", "合计", "总计", "总", "合計", "總計", "總"}
_MEMBERS: Final = 3


def spend_by_category(content: Content) -> tuple[str, ...]:
    """Return the columns of spend by category: one word for spend and at least three different things after it.

    A column for the total makes the others its parts: nothing is summed then.
    """
    groups: dict[tuple[str, bool], list[str]] = {}
    for name in content.columns:
        parts = words(name)
        if len(parts) < 2 or not content.is_number(name):
            continue
        for word, leads in ((parts[0], True), (parts[-1], False)):
            if word in _SPEND:
                groups.setdefault((word, leads), []).append(name)
                break
    found = [group for group in groups.values() if len(group) >= _MEMBERS]
    if len(found) != 1 or any(_TOTALS & set(words(name)) for name in found[0]):
        return ()
    return tuple(found[0])


def orders_by_channel(content: Content) -> tuple[str, ...]:
    """Return the columns of orders by channel: a word for orders and, apart from counting words, only a channel."""
    found = []
    for name in content.columns:
        parts = words(name)
        kinds = set(parts) - _COUNTERS - _ORDERS
        if _ORDERS & set(parts) and len(kinds) == 1 and kinds <= _CHANNELS and content.is_number(name):
            found.append(name)
    return tuple(found) if len(found) > 1 else ()
