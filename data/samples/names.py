"""Invented names of shops and people, in English, Simplified and Traditional Chinese."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np

Script = Literal["en", "zh_Hans", "zh_Hant"]
SCRIPTS: Final[tuple[Script, ...]] = ("en", "zh_Hans", "zh_Hant")
SCRIPT_SHARES: Final = (0.40, 0.34, 0.26)

_FIRST: Final[Mapping[Script, Sequence[str]]] = {
    "en": ("Tav", "Osk", "Bram", "Quil", "Fenn", "Morr", "Hald", "Lorr", "Wex", "Dunn", "Corv", "Ashl", "Pell", "Thorv",
           "Vayn", "Rind", "Selv", "Garr", "Noll", "Istr"),
    "zh_Hans": tuple("墨霁岫砚翎榆澜栀沅麓蓼筠芷溯琅樾芃泠"),
    "zh_Hant": tuple("墨霽岫硯翎榆瀾梔沅麓蓼筠芷溯瑯樾芃泠"),
}  # fmt: skip
_SECOND: Final[Mapping[Script, Sequence[str]]] = {
    "en": ("rin", "erly", "wick", "amore", "estead", "ova", "arby", "elfin", "omarsh", "holt", "awyn", "ecombe", "uno",
           "istle", "ander", "oway", "enta", "ico"),
    "zh_Hans": tuple("螺禾杉舟雁笙鹭岚桐菱鲤蕨萤鸢槿苇稷蔓"),
    "zh_Hant": tuple("螺禾杉舟雁笙鷺嵐桐菱鯉蕨螢鳶槿葦稷蔓"),
}  # fmt: skip
_SHOP: Final[Mapping[Script, Mapping[str, Sequence[str]]]] = {
    "en": {
        "kiosk": ("Kiosk", "News and Snacks"), "convenience store": ("Corner Store", "Convenience"),
        "supermarket": ("Supermarket", "Food Market"), "restaurant": ("Restaurant", "Noodle House"),
        "hotel": ("Hotel", "Inn"), "canteen": ("Works Canteen", "School Canteen"),
        "petrol station": ("Petrol Station", "Roadside Shop"), "bakery café": ("Bakery Café", "Tea Room"),
    },
    "zh_Hans": {
        "kiosk": ("小卖部", "报刊亭"), "convenience store": ("便利店", "便民商店"),
        "supermarket": ("超市", "生鲜超市"),
        "restaurant": ("餐馆", "面馆"), "hotel": ("酒店", "宾馆"), "canteen": ("员工食堂", "学校食堂"),
        "petrol station": ("加油站", "加油站便利店"), "bakery café": ("烘焙坊", "茶室"),
    },
    "zh_Hant": {
        "kiosk": ("雜貨店", "書報攤"), "convenience store": ("便利商店", "便民商店"),
        "supermarket": ("超市", "生鮮超市"),
        "restaurant": ("餐廳", "麵館"), "hotel": ("飯店", "旅館"), "canteen": ("員工餐廳", "學校餐廳"),
        "petrol station": ("加油站", "加油站商店"), "bakery café": ("烘焙坊", "茶屋"),
    },
}  # fmt: skip
_GIVEN: Final = ("Maren", "Tobin", "Elka", "Joris", "Nerys", "Calder", "Ilse", "Rowan", "Senna", "Alden", "Petra",
                 "Ewan", "Dilys", "Orla", "Kester", "Wilma", "Anselm", "Tilde")  # fmt: skip
_FAMILY: Final = ("Varnholt", "Pellworth", "Ostrander", "Quenby", "Halvorn", "Tresk", "Morvane", "Lindquay", "Fenwold",
                  "Askern", "Dravelle", "Corrish", "Wexmoor", "Sellick", "Garrowby", "Istrane")  # fmt: skip
_SURNAMES: Final[Mapping[Script, str]] = {
    "zh_Hans": "陈林黄张李王吴刘蔡杨许郑谢郭叶",
    "zh_Hant": "陳林黃張李王吳劉蔡楊許鄭謝郭葉",
}
_SYLLABLES: Final[Mapping[Script, tuple[str, str]]] = {
    "zh_Hans": ("若思佳子雨承景书宁安", "砚澄岚舟栩禾筠泽妍朗"),
    "zh_Hant": ("若思佳子雨承景書寧安", "硯澄嵐舟栩禾筠澤妍朗"),
}


def draw_script(rng: np.random.Generator) -> Script:
    """Draw the language in which a customer's file is kept."""
    return SCRIPTS[int(rng.choice(len(SCRIPTS), p=SCRIPT_SHARES))]


def _pick(rng: np.random.Generator, values: Sequence[str]) -> str:
    return values[int(rng.integers(len(values)))]


def shop_name(rng: np.random.Generator, script: Script, shop_format: str, taken: set[str]) -> str:
    """Draw a shop name that nobody has yet, and remember it in `taken`."""
    kinds = _SHOP[script][shop_format]
    joint = " " if script == "en" else ""
    for attempt in range(1000):
        name = f"{_pick(rng, _FIRST[script])}{_pick(rng, _SECOND[script])}{joint}{_pick(rng, kinds)}"
        if attempt > 100:
            name += f" {attempt}"
        if name not in taken:
            taken.add(name)
            return name
    raise RuntimeError("no free name left")


def person_name(rng: np.random.Generator, script: Script) -> str:
    """Draw a person's name in one language."""
    if script == "en":
        return f"{_pick(rng, _GIVEN)} {_pick(rng, _FAMILY)}"
    first, second = _SYLLABLES[script]
    return f"{_pick(rng, _SURNAMES[script])}{_pick(rng, first)}{_pick(rng, second)}"
