"""Short notes of account managers about their customers, in the language in which the file is kept."""

from collections.abc import Mapping
from typing import Final

from names import Script

NOTES: Final[Mapping[str, Mapping[Script, tuple[str, ...]]]] = {
    "situation": {
        "en": ("family business", "second shop planned", "new owner", "lease runs out next year", "part of a chain"),
        "zh_Hans": ("家族经营", "计划开第二家店", "新店主", "租约明年到期", "连锁门店"),
        "zh_Hant": ("家族經營", "計畫開第二家店", "新店主", "租約明年到期", "連鎖門市"),
    },
    "needs": {
        "en": ("early delivery", "smaller cases", "help with the shelf", "longer payment terms", "a steady range"),
        "zh_Hans": ("清晨送货", "小包装", "陈列协助", "更长账期", "稳定供货"),
        "zh_Hant": ("清晨送貨", "小包裝", "陳列協助", "較長帳期", "穩定供貨"),
    },
    "pain_points": {
        "en": ("little storage", "few staff", "goods expire", "price war next door", "too many invoices"),
        "zh_Hans": ("仓储小", "人手不足", "商品临期", "邻店低价竞争", "对账繁琐"),
        "zh_Hant": ("倉儲小", "人手不足", "商品即期", "鄰店低價競爭", "對帳繁瑣"),
    },
    "occupation": {
        "en": ("shopkeeper", "cook", "buyer", "manager"),
        "zh_Hans": ("店主", "厨师", "采购", "经理"),
        "zh_Hant": ("店主", "廚師", "採購", "經理"),
    },
    "position": {
        "en": ("owner", "head of purchasing", "branch manager", "assistant"),
        "zh_Hans": ("老板", "采购主管", "店长", "助理"),
        "zh_Hant": ("老闆", "採購主管", "店長", "助理"),
    },
    "preferences": {
        "en": ("messages, no calls", "visits on Tuesday", "orders online", "samples first"),
        "zh_Hans": ("发消息不打电话", "周二拜访", "网上下单", "先看样品"),
        "zh_Hant": ("傳訊息不打電話", "週二拜訪", "網路下單", "先看樣品"),
    },
    "character": {
        "en": ("careful", "quick to decide", "friendly", "hard bargainer"),
        "zh_Hans": ("谨慎", "决定快", "随和", "爱讲价"),
        "zh_Hant": ("謹慎", "決定快", "隨和", "愛殺價"),
    },
    "buying_habits": {
        "en": ("weekly top-up", "monthly bulk order", "before holidays", "only on offer"),
        "zh_Hans": ("每周补货", "每月大单", "节前备货", "有促销才买"),
        "zh_Hant": ("每週補貨", "每月大單", "節前備貨", "有促銷才買"),
    },
    "taste": {
        "en": ("classic range", "likes novelties", "regional goods", "premium packs"),
        "zh_Hans": ("经典款", "爱尝新", "本地特产", "高档包装"),
        "zh_Hant": ("經典款", "愛嘗新", "在地特產", "高級包裝"),
    },
    "awareness": {
        "en": ("knows the whole range", "knows drinks only", "compares prices online", "first heard at a fair"),
        "zh_Hans": ("了解全系列", "只知道饮料", "上网比价", "展会上认识"),
        "zh_Hant": ("了解全系列", "只知道飲料", "上網比價", "展覽上認識"),
    },
}
HEAD_OFFICE: Final[Mapping[Script, str]] = {"en": "head office", "zh_Hans": "总部", "zh_Hant": "總公司"}
GUESTS: Final[Mapping[Script, str]] = {"en": "guests and staff", "zh_Hans": "客人和员工", "zh_Hant": "客人和員工"}
INDUSTRIES: Final[Mapping[str, str]] = {
    "kiosk": "retail trade", "convenience store": "retail trade", "supermarket": "retail trade",
    "restaurant": "food service", "hotel": "hospitality", "canteen": "food service",
    "petrol station": "transport", "bakery café": "food service",
}  # fmt: skip
