"""The project's own Python files as syntax trees, for the tests that read code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root of the project, its module's name, its syntax tree."""

    path: str

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    def is_in(self, *places: str) -> bool:
        """Say whether the file is, or lies in, one of `places` (a file, or a folder ending in a slash)."""
        return any(self.path == place or (place.endswith("/") and self.path.startswith(place)) for place in places)

    def imports(self) -> Iterator[tuple[str, int]]:
        """Yield what the file imports, ``from a import b`` as ``a.b``, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    def calls(self) -> Iterator[ast.Call]:
        """Yield every call in the file."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def python_files(*places: str) -> list[Source]:
    """Return the Python files at `places`, in a fixed order."""
    found = [path for place in places for path in _files_at(ROOT / place)]
    return [Source(path.relative_to(ROOT).as_posix()) for path in sorted(found)]


def _files_at(place: Path) -> list[Path]:
    if place.is_dir():
        return list(place.rglob("*.py"))
    return [place] if place.is_file() else []


PRODUCT: Final = python_files("app.py", "pages", "crmdash")
