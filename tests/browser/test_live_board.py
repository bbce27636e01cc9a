"""A tier line under the hand in a real browser: exact at every step, by mouse, keys and touch, whatever happens."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.settings import Settings, parse_settings
from crmdash.summary import Summary, summarise
from crmdash.ui.cache import sample
from tests.browser import board, live_steps
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_hostile_names import HOSTILE, nothing_was_made, orders_and_customers, told_dialogs
from tests.browser.test_journey import upload, use
from tests.unit.steps.bases import cdnow_master, invented

EN: Final = Wording("en")
LINES: Final = ("platinum", "gold", "iron")
COUNT_SENT: Final = """() => {
    const send = WebSocket.prototype.send;
    window.sent = 0;
    WebSocket.prototype.send = function (data) { window.sent += 1; return send.call(this, data); };
}"""
WHO_MOVED: Final = """() => {
    [...document.querySelectorAll('[role=radio]')].find(one => one.textContent === 'Who moved').click();
}"""
NEXT_FRAME: Final = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The browser hands over where a pointer is once a frame."""

TRIED: Final = """() => {
    const texts = selector => [...document.querySelectorAll(selector)].map(found => found.textContent);
    const words = document.querySelector('.live-limit input').getAttribute('aria-valuetext');
    return [words, texts('table.live-matrix tbody td b'), texts('.live-stages tbody td b')];
}"""
"""What stands on the screen in one moment while a limit is tried."""

MARK: Final = "document.querySelector('.live-line[data-tier=platinum]').mine"
BASES: Final[dict[str, list[dict[str, Any]]]] = {
    "sample": [{}, {"measure": "customer_profit", "lead_if_loss": True}],
    "cdnow": [{}, {"scheme": "textbook"}],
    "invented": [
        {"measure": "customer_profit", "lead_if_loss": True},
        {"mode": "amount", "amounts": {"platinum": 900, "gold": 300.5, "iron": 40}},
        {"scheme": "textbook", "mode": "score"},
    ],
}


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(sample().tables)


@pytest.fixture
def live(page: Page) -> Page:
    """The board as it opens."""
    board.wait_for_board(page)
    return page


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(
    ("name", "tiers"), [(name, tiers) for name, chosen in BASES.items() for tiers in chosen], ids=str
)
def test_every_step_of_every_line_is_what_python_counts(
    blank: Page, summary: Summary, request: pytest.FixtureRequest, name: str, tiers: Mapping[str, Any]
):
    bases = {
        "sample": lambda: summary,
        "cdnow": lambda: cdnow_master(request.getfixturevalue("shared_datasets")),
        "invented": invented,
    }
    assert live_steps.check(blank, evaluate(bases[name](), parse_settings({"tiers": tiers}))) >= 117


# ---- the hand


def percent(page: Page, tier: str = "platinum") -> int:
    """Return the setting at which a line stands on the screen: shares begin at 5 %."""
    page.evaluate(NEXT_FRAME)
    return 5 + int(board.line(page, tier).get_attribute("aria-valuenow") or -1)


def grip(page: Page, tier: str = "platinum") -> tuple[float, float]:
    """Return the middle of a line's handle on the screen."""
    box = board.line(page, tier).locator(".live-grip").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def hold(page: Page, tier: str = "platinum") -> tuple[float, float]:
    """Press the mouse on a line's handle."""
    x, y = grip(page, tier)
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def drag(page: Page, across: float, tier: str = "platinum") -> int:
    """Drag a line by so many pixels, let it go, wait for the answer; return its setting."""
    x, y = hold(page, tier)
    page.mouse.move(x + across, y, steps=8)
    setting = percent(page, tier)
    page.mouse.up()
    expect(board.slider(page, f"tiers.shares.{tier}")).to_have_value(str(setting))
    board.settle(page)
    return setting


def moved_to(summary: Summary, setting: int, tier: str = "platinum") -> Evaluation:
    return evaluate(summary, with_value(Settings(), f"tiers.shares.{tier}", setting))


def expect_shown(page: Page, found: Evaluation) -> None:
    """Hold tiers and matrix on the screen against an evaluation."""
    tiers = found.tiers
    board.expect_tiers(page, [EN.integer(count) for count in tiers["customers"]])
    for column, texts in {
        "value": [EN.compact_money(value) for value in tiers["value"]],
        "share": [EN.percent(share) for share in tiers["value_share"]],
        "profit": [EN.compact_money(profit) for profit in tiers["profit"]],
        "from": [EN.compact_money(cut) for cut in tiers["cut"]],
    }.items():
        expect(page.locator(f"table.live-tiers tbody .live-{column}")).to_have_text(texts)
    expect_matrix(page, found)


def expect_matrix(page: Page, found: Evaluation) -> None:
    """Hold the matrix on the screen against an evaluation."""
    for row in found.matrix.iter_rows(named=True):
        shown = EN.integer(row["customers"]) if row["customers"] else "–"
        assert board.cell(page, row["tier"], row["stage"]).locator("b").inner_text() == shown


def test_a_handle_a_cursor_and_a_hint_that_goes_after_one_drag(live: Page):
    hint = live.locator(".live-hint")
    expect(hint).to_be_visible()
    expect(hint).to_have_text("Drag a line")
    for tier in LINES:
        expect(board.line(live, tier).locator(".live-grip")).to_be_visible()
        x, y = grip(live, tier)
        live.mouse.move(x, y)
        cursor = live.evaluate("([x, y]) => getComputedStyle(document.elementFromPoint(x, y)).cursor", [x, y])
        assert cursor == "ew-resize"
    drag(live, 60)
    expect(hint).to_be_hidden()
    live.get_by_role("radio", name="简体").click()
    board.settle(live)
    expect(hint).to_be_hidden()


def test_everything_follows_the_mouse_and_nothing_is_sent_before_it_lets_go(live: Page, summary: Summary):
    live.evaluate(COUNT_SENT)
    x, y = hold(live)
    settings = []
    for across in (10, 40, 90, -30):
        live.mouse.move(x + across, y, steps=3)
        settings.append(percent(live))
        expect_shown(live, moved_to(summary, settings[-1]))
    assert len(set(settings)) == 4
    assert live.evaluate("window.sent") == 0
    expect(board.slider(live, "tiers.shares.platinum")).to_have_value("50")
    live.mouse.move(x + 90, y, steps=3)
    live.mouse.up()
    setting = settings[2]
    expect(board.slider(live, "tiers.shares.platinum")).to_have_value(str(setting))
    board.settle(live)
    expect_shown(live, moved_to(summary, setting))
    assert live.evaluate("window.sent") > 0


def test_a_line_pushes_its_neighbours(live: Page, summary: Summary):
    _, y = hold(live)
    live.mouse.move(grip(live, "iron")[0] + 40, y, steps=10)
    setting = percent(live)
    pushed = moved_to(summary, setting)
    assert [percent(live, tier) for tier in LINES] == list(pushed.settings.tiers.lines.values())
    expect_shown(live, pushed)
    live.mouse.up()
    expect(board.slider(live, "tiers.shares.iron")).to_have_value(str(percent(live, "iron")))


def test_every_key_is_exact(live: Page, summary: Summary):
    handle = board.line(live, "gold")
    handle.focus()
    setting = 80
    for key, step in (("ArrowRight", 1), ("ArrowUp", 1), ("PageUp", 10), ("ArrowLeft", -1), ("PageDown", -10)):
        live.keyboard.press(key)
        setting += step
        assert percent(live, "gold") == setting
        expect_shown(live, moved_to(summary, setting, "gold"))
    told = handle.get_attribute("aria-valuetext") or ""
    gold = moved_to(summary, setting, "gold").tiers.row(1, named=True)
    assert told.startswith(f"{setting}%, from {EN.compact_money(gold['cut'])}; Gold: {EN.integer(gold['customers'])} ")
    expect(board.slider(live, "tiers.shares.gold")).to_have_value(str(setting))
    for key, end in (("Home", 6), ("End", 98)):
        # Let go, the neighbours stay where they were pushed: each end begins with the lines where they stand.
        live.wait_for_function("!crmdashLive.board.held")
        board.settle(live)
        before = [percent(live, tier) for tier in LINES]
        handle.focus()
        live.keyboard.press(key)
        assert percent(live, "gold") == end
        settings = Settings()
        for tier, share in zip(LINES, before, strict=True):
            settings = with_value(settings, f"tiers.shares.{tier}", share)
        expect_shown(live, evaluate(summary, with_value(settings, "tiers.shares.gold", end)))


def test_a_line_drawn_anew_is_still_under_the_keys(live: Page):
    board.line(live, "gold").focus()
    live.evaluate(
        """() => {
          const line = document.querySelector(".live-line[data-tier=gold]");
          const part = [...crmdashLive.board.parts.values()].find((each) => each.sliders?.get("gold") === line);
          line.remove();
          part.sliders.delete("gold");
          part.draw(part.picture);
        }"""
    )
    live.keyboard.press("ArrowRight")
    assert percent(live, "gold") == 81
    board.slider(live, "tiers.shares.gold").focus()
    live.wait_for_timeout(50)
    assert live.evaluate("crmdashLive.board.focused") is None


def strategies(page: Page, tier: str) -> list[str]:
    """Return the words below the numbers of a row of the matrix."""
    return page.locator(f".live-matrix [data-tier={tier}] .live-strategy").all_text_contents()


def test_a_held_line_keeps_the_strategies_told_last_and_pales_those_of_other_customers(live: Page):
    """The held line touches gold and iron; in the other rows stand the same customers as before and after."""
    tiers = ("platinum", "gold", "iron", "heavy_lead")
    told = {tier: strategies(live, tier) for tier in tiers}
    x, y = hold(live, "gold")
    live.mouse.move(x + 50, y, steps=8)
    assert percent(live, "gold") != 80
    assert {tier: strategies(live, tier) for tier in tiers} == told
    pale = live.locator(".live-matrix .live-earlier")
    assert {cell.locator("xpath=ancestor::tr").get_attribute("data-tier") for cell in pale.all()} == {"gold", "iron"}
    protected = board.cell(live, "gold", "deterioration")
    assert "Protect" not in (protected.get_attribute("aria-label") or "")
    live.mouse.up()
    board.settle(live)
    expect(pale).to_have_count(0)
    expect(protected).to_have_attribute("aria-label", re.compile("Protect"))
    assert [strategies(live, tier) for tier in ("platinum", "heavy_lead")] == [told["platinum"], told["heavy_lead"]]


def test_escape_takes_a_held_line_back(live: Page, summary: Summary):
    x, y = hold(live)
    live.mouse.move(x + 80, y, steps=4)
    assert percent(live) != 50
    live.keyboard.press("Escape")
    assert percent(live) == 50
    live.mouse.up()
    board.settle(live)
    expect(board.slider(live, "tiers.shares.platinum")).to_have_value("50")
    expect_shown(live, evaluate(summary))


def test_a_finger_drags_a_line(server: Server, open_page: OpenPage, summary: Summary):
    page = open_page(server.url, size=(800, 900), has_touch=True)
    board.wait_for_board(page)
    board.line(page, "platinum").scroll_into_view_if_needed()
    x, y = grip(page)
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": y}] if at else []
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    # A fingertip is wider than the handle.
    touch("touchStart", x + 14)
    for across in range(0, 70, 7):
        touch("touchMove", x + 14 + across)
    setting = percent(page)
    assert setting != 50
    expect_shown(page, moved_to(summary, setting))
    touch("touchEnd")
    expect(board.slider(page, "tiers.shares.platinum")).to_have_value(str(setting))


# ---- two ways, one truth


def test_slider_undo_defaults_and_presets_move_the_line(live: Page, summary: Summary):
    setting = drag(live, 70)
    live.get_by_role("button", name="Undo").click()
    expect(board.line(live, "platinum")).to_have_attribute("aria-valuenow", "45")
    expect_shown(live, evaluate(summary))
    live.get_by_role("button", name="Redo").click()
    expect(board.line(live, "platinum")).to_have_attribute("aria-valuenow", str(setting - 5))
    board.settle(live)
    board.press(live, "tiers.shares.platinum", "ArrowLeft", times=2)
    expect(board.line(live, "platinum")).to_have_attribute("aria-valuenow", str(setting - 7))
    expect_shown(live, moved_to(summary, setting - 2))
    live.get_by_role("button", name="Defaults").click()
    expect(board.line(live, "platinum")).to_have_attribute("aria-valuenow", "45")
    live.get_by_role("button", name="By profit").click()
    by_profit = evaluate(summary, with_value(Settings(), "tiers.measure", "customer_profit"))
    expect_shown(live, by_profit)


def test_a_link_brings_its_lines(server: Server, open_page: OpenPage, summary: Summary):
    page = open_page(f"{server.url}/?tiers.shares.platinum=61&tiers.shares.gold=83")
    board.wait_for_board(page)
    assert [percent(page, tier) for tier in LINES] == [61, 83, 95]
    linked = parse_settings({"tiers": {"shares": {"platinum": 61, "gold": 83}}})
    expect_shown(page, evaluate(summary, linked))


def test_lines_stay_where_they_are_when_the_board_is_hidden_and_shown(live: Page, summary: Summary):
    setting = drag(live, 70)
    live.get_by_role("radio", name="Profit (whale)").click()
    board.settle(live)
    live.get_by_role("radio", name="Value (Pareto)").click()
    board.settle(live)
    assert percent(live) == setting
    live.get_by_role("link", name="Customers", exact=True).click()
    expect(live.get_by_role("searchbox", name="Search by number or name")).to_be_visible()
    live.get_by_role("link", name="Board", exact=True).click()
    board.wait_for_board(live)
    assert percent(live) == setting
    expect_shown(live, moved_to(summary, setting))


def test_a_run_of_the_page_takes_no_line_out_of_the_hand(live: Page, summary: Summary):
    live.evaluate(f"() => {{ {MARK} = true; }}")
    x, y = hold(live)
    live.mouse.move(x + 50, y, steps=4)
    held = percent(live)
    # Another control is used while the line is held: by a script, as a second hand would.
    live.evaluate(WHO_MOVED)
    expect(live.get_by_role("radio", name="Who moved")).to_be_checked()
    board.settle(live)
    assert percent(live) == held
    live.mouse.move(x + 80, y, steps=4)
    setting = percent(live)
    assert setting > held
    expect_shown(live, moved_to(summary, setting))
    live.mouse.up()
    expect(board.slider(live, "tiers.shares.platinum")).to_have_value(str(setting))
    assert live.evaluate(MARK)


def test_another_language_keeps_the_lines(live: Page):
    setting = drag(live, 70)
    for name, words in (("简体", Wording("zh_Hans")), ("繁體", Wording("zh_Hant"))):
        live.get_by_role("radio", name=name).click()
        board.settle(live)
        expect(live.locator("table.live-tiers tbody th").first).to_have_text(words.term("model", "tier.platinum"))
        assert percent(live) == setting


# ---- a limit of the lifecycle


def test_a_limit_of_the_lifecycle_moves_stages_and_matrix_exactly(live: Page, summary: Summary):
    live.get_by_role("button", name="Try a limit").click()
    live.locator(".st-key-limit_tried input").first.click()
    live.get_by_role("option", name=EN.term("settings", "lifecycle.cooling_silence.label"), exact=True).click()
    live.keyboard.press("Escape")
    handle = live.locator(".live-limit input")
    for key, value in (("ArrowRight", 2.1), ("PageUp", None), ("Home", 1.0), ("End", 5.0)):
        handle.focus()
        live.keyboard.press(key)
        words, cells, counts = live.evaluate(TRIED)
        told = float(words.removeprefix("×"))
        assert value in (None, told)
        found = evaluate(summary, with_value(Settings(), "lifecycle.cooling_silence", told))
        assert counts == [EN.integer(count) for count in found.stages["customers"]]
        assert cells == [
            EN.integer(row["customers"]) if row["customers"] else "–" for row in found.matrix.rows(named=True)
        ]
        # Let go, and everybody hears of it, before the hand moves on.
        expect(board.slider(live, "lifecycle.cooling_silence")).to_have_value(f"{told:g}")
        board.settle(live)
        expect_matrix(live, found)


# ---- names


def test_hostile_names_beside_the_line_are_text(fresh_server: Server, open_page: OpenPage, tmp_path: Path):
    page = open_page(f"{fresh_server.url}/data")
    dialogs = told_dialogs(page)
    upload(page, orders_and_customers(tmp_path))
    use(page)
    board.line(page, "gold").focus()
    shown: set[str] = set()
    for key in ("Home", *["PageUp"] * 9):
        page.keyboard.press(key)
        shown |= set(page.locator(".live-near li span:visible").all_inner_texts())
    assert shown & set(HOSTILE)
    assert shown <= set(HOSTILE)
    nothing_was_made(page)
    assert not dialogs
