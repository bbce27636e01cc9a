from babel.messages.catalog import Catalog

from tools.messages import carry_over


def test_translations_in_use_are_kept_and_guesses_dropped():
    known = Catalog(locale="zh_Hans")
    known.add("Save", "保存")
    known.add("Open", "打开", flags=["fuzzy"])
    known.add("Gone", "没有了")
    known.add("gold", "黄金", context="tiers.gold")
    known.add("old text", "旧文", context="tiers.iron")
    template = Catalog()
    for text, context in (("Save", None), ("Open", None), ("gold", "tiers.gold"), ("new text", "tiers.iron")):
        template.add(text, context=context)

    updated = {(message.context, message.id): message.string for message in carry_over(known, template) if message.id}

    assert updated == {
        (None, "Save"): "保存",
        (None, "Open"): "",
        ("tiers.gold", "gold"): "黄金",
        ("tiers.iron", "new text"): "",
    }


def test_plurals_are_kept():
    known = Catalog(locale="zh_Hans")
    known.add(("{n} day", "{n} days"), ("{n} 天",))
    template = Catalog()
    template.add(("{n} day", "{n} days"))
    template.add(("{n} week", "{n} weeks"))
    assert [message.string for message in carry_over(known, template) if message.id] == [("{n} 天",), ("",)]
