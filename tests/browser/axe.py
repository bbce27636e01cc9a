"""Ask axe what on a page keeps somebody out."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from playwright.sync_api import Page

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
FAILING: Final = ("serious", "critical")

_RUN: Final = "([part, rules]) => axe.run(part, {resultTypes: ['violations'], runOnly: {type: 'tag', values: rules}})"


@dataclass(frozen=True)
class Finding:
    """One element against one rule: where it stands, how it is written, and why it fails."""

    rule: str
    impact: str
    selector: str
    snippet: str
    why: str

    @property
    def fails(self) -> bool:
        return self.impact in FAILING

    def __str__(self) -> str:
        return f"{self.impact}: {self.rule}\n  at {self.selector}\n  {self.snippet}\n  {self.why}"


def findings(page: Page, part: str = "html") -> list[Finding]:
    """Return everything that axe holds against the page, or a part of it, as it is drawn now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    answer = page.evaluate(_RUN, [part, RULES])
    return [_finding(rule, node) for rule in answer["violations"] for node in rule["nodes"]]


def _finding(rule: dict[str, Any], node: dict[str, Any]) -> Finding:
    checks = [check["message"] for kind in ("any", "all", "none") for check in node[kind]]
    selector = " ".join(str(part) for part in node["target"])
    return Finding(rule["id"], node["impact"], selector, node["html"][:300], "; ".join(checks))
