"""Numbers written in the browser are the numbers that Python writes, to the last digit."""

from random import Random

import pytest
from playwright.sync_api import Browser

from crmdash.i18n import LANGUAGES, Language, Wording
from crmdash.ui.live.component import code

MANY = 20_000


@pytest.fixture(scope="module")
def written(browser: Browser):
    """Return a function that writes many numbers with one of the browser's writers."""
    page = browser.new_page()
    script = code("numbers")

    def write(language: Language, writer: str, numbers: list[str]) -> list[str]:
        return page.evaluate(
            f"""([rules, texts]) => {{ {script}
            const write = numberWriters(rules);
            const read = {{ compactMoney: BigInt, integer: Number, signed: Number, percent: Number,
                            share: (pair) => ratio(...pair.split('/').map(BigInt)) }}['{writer}'];
            const name = '{writer}' === 'share' ? 'percent' : '{writer}';
            return texts.map((text) => write[name](read(text))); }}""",
            [Wording(language).number_rules(), numbers],
        )

    yield write
    page.close()


def amounts(random: Random) -> list[int]:
    near = [
        10**power + step for power in range(3, 19) for step in (-5001, -5000, -4999, -51, -50, -1, 0, 1, 49, 50, 4999)
    ]
    drawn = [int(random.choice((-1, 1)) * 10 ** random.uniform(0, 18.9)) for _ in range(MANY)]
    halves = [random.randrange(10**5) * 5 * 10 ** random.randrange(9) for _ in range(MANY // 4)]
    return [*near, *(-amount for amount in near), *drawn, *halves]


@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts(written, language: Language):
    drawn = amounts(Random(7))
    expected = [Wording(language).compact_money(amount) for amount in drawn]
    assert written(language, "compactMoney", [str(amount) for amount in drawn]) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_and_changes(written, language: Language):
    random, wording = Random(8), Wording(language)
    drawn = [0, 999, 1000, -1000, *(int(random.choice((-1, 1)) * 10 ** random.uniform(0, 12)) for _ in range(MANY))]
    texts = [str(count) for count in drawn]
    assert written(language, "integer", texts) == [wording.integer(count) for count in drawn]
    assert written(language, "signed", texts) == [wording.signed(count) for count in drawn]


def test_fractions(written):
    random, wording = Random(9), Wording("en")
    drawn = [
        0.0,
        1.0,
        -0.0,
        0.0005,
        0.00049999,
        1e-7,
        2.5e-9,
        0.1235,
        0.12345,
        *(random.uniform(-1, 2) for _ in range(MANY)),
    ]
    drawn += [random.randrange(2001) / 2000 for _ in range(MANY)]
    assert written("en", "percent", [repr(part) for part in drawn]) == [wording.percent(part) for part in drawn]


def test_shares_of_amounts_beyond_what_a_fraction_can_count(written):
    random, wording = Random(10), Wording("en")
    pairs = [(random.randrange(-(10**18), 10**18), random.randrange(1, 10**18)) for _ in range(MANY)]
    pairs += [(whole * part // 2000, whole) for whole in (2000, 10**9, 10**17) for part in range(2001)]
    expected = [wording.percent(part / whole) for part, whole in pairs]
    assert written("en", "share", [f"{part}/{whole}" for part, whole in pairs]) == expected


def test_what_is_missing(written, browser: Browser):
    page = browser.new_page()
    missing = "[w.integer(null), w.percent(null), w.percent(NaN), w.compactMoney(null), w.signed(null)]"
    script = f"(rules) => {{ {code('numbers')} const w = numberWriters(rules); return {missing}; }}"
    assert page.evaluate(script, Wording("en").number_rules()) == ["–"] * 5
    page.close()
