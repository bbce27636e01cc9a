"""Ask the browser's own code for every step of every line, and hold it against the reading in Python."""

from typing import Any, Final

from playwright.sync_api import Page

from crmdash.evaluate import Evaluation
from crmdash.model.step_payload import as_payload
from crmdash.ui.live.component import code
from tests.unit.steps.reading import handed_over, matrix_at, tiers_at

_EVERY_STEP: Final = """
([sent, lines]) => {
    CODE
    const table = readTable(sent), found = [];
    const text = number => number === null || number === undefined ? null : String(number);
    for (const code of Object.keys(lines)) {
        for (let step = -1; step <= sent.grid.length; step++) {
            const moved = withLine(table, lines, code, step);
            const tiers = Object.entries(countTiers(table, moved)).map(([tier, one]) => [tier, one.customers,
                text(one.value), text(one.profit), text(one.cut), one.stageCustomers, one.stageValue.map(text),
                table.total > 0n ? ratio(one.value, table.total) : null]);
            found.push([code, step, moved, tiers]);
        }
    }
    return found;
}
"""


def check(page: Page, found: Evaluation) -> int:
    """Compare every step of every line, and steps beyond the ends, with Python; count them."""
    table = found.steps
    payload = handed_over(as_payload(table, found.settings))
    sent = payload | {"tiers": [{"code": tier} for tier in payload["tiers"]]}
    script = _EVERY_STEP.replace("CODE", code("numbers", "steps"))
    answers: list[Any] = page.evaluate(script, [sent, dict(table.lines)])
    for line, step, moved, tiers in answers:
        assert moved == table.moved(table.lines, line, step), (line, step)
        shown, matrix = tiers_at(payload, moved), matrix_at(payload, moved)
        assert {tier for tier, *_ in tiers} == set(shown)
        for tier, customers, value, profit, cut, in_stage, value_in_stage, share in tiers:
            expected = shown[tier]
            assert (customers, int(value), share) == (expected.customers, expected.value, expected.share)
            amounts = tuple(None if text is None else int(text) for text in (profit, cut))
            assert amounts == (expected.profit, expected.cut)
            there = [(number, int(text)) for number, text in zip(in_stage, value_in_stage, strict=True)]
            assert there == [matrix[tier, stage] for stage in payload["stages"]]
    return len(answers)
