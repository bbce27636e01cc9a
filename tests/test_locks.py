"""What is installed is what `pyproject.toml` asks for, pinned, with hashes, and from no particular address."""

import ast
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.source import PRODUCT, ROOT, Source, python_files

PIN: Final = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
APP: Final = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
EXTRAS: Final = [Requirement(text) for more in PROJECT["project"]["optional-dependencies"].values() for text in more]
DEVELOPMENT: Final = [Requirement(text) for text in PROJECT["dependency-groups"]["dev"]]
OWN: Final = {"app", "benchmarks", "crmdash", "pages", "tests", "tools"} | {
    source.module.split(".")[-1] for source in python_files("data")
}


def pins(file: str) -> dict[str, set[str]]:
    """Return the versions of each package in a lock: several where they depend on the machine."""
    found: dict[str, set[str]] = {}
    for name, version, _ in PIN.findall((ROOT / file).read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def test_the_decision_says_why_each_is_taken():
    text = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text(encoding="utf-8").casefold()
    table, _, rest = text.partition("development:")
    taken = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    assert not [wanted.name for wanted in APP if not any(wanted.name in names for names in taken)]
    assert not [wanted.name for wanted in DEVELOPMENT if wanted.name not in rest.partition("taken and given back")[0]]


@pytest.mark.parametrize(
    ("file", "wanted"), [("requirements.txt", APP), ("requirements-dev.txt", [*APP, *DEVELOPMENT])], ids=["app", "dev"]
)
def test_lock_pins_what_the_project_asks_for(file: str, wanted: list[Requirement]):
    locked = pins(file)
    for requirement in wanted:
        versions = locked.get(canonicalize_name(requirement.name))
        assert versions, f"{file} lacks {requirement.name}: run `make lock`"
        assert all(Version(version) in requirement.specifier for version in versions), f"{file}: {requirement}"


def test_both_locks_agree():
    app, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: development.get(name) for name in app} == app


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes_and_no_address(file: str):
    text = (ROOT / file).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(PIN.findall(text))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


def test_imported_packages_are_direct_dependencies():
    assert not undeclared(PRODUCT, [*APP, *EXTRAS])


def test_packages_imported_by_tests_and_scripts_are_direct_dependencies():
    assert not undeclared(python_files("tests", "tools", "data"), [*APP, *DEVELOPMENT])


def undeclared(sources: list[Source], requirements: list[Requirement]) -> set[str]:
    """Return the installed packages that the files import and the requirements do not name."""
    declared = {canonicalize_name(requirement.name) for requirement in requirements}
    homes = homes_of_packages()
    imported = {
        name.split(".")[0]
        for source in sources
        for node in ast.walk(source.tree)
        for name in absolute_imports(node)
        if name.split(".")[0] not in sys.stdlib_module_names | OWN
    }
    return {name for name in imported if not declared & {canonicalize_name(home) for home in homes.get(name, [])}}


@cache
def homes_of_packages() -> Mapping[str, list[str]]:
    """Return the distributions that each importable name comes from: looked up once, it takes seconds."""
    return packages_distributions()


def absolute_imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
