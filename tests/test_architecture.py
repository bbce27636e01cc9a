"""The rules of the design that code can break without anybody noticing."""

import ast
import inspect
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
import streamlit as st

from tests.source import PRODUCT, ROOT, Source
from tools.messages import SENTENCES

# Rows from the bottom up. A module imports only from rows below its own, or from its own unit.
LAYERS: Final = (
    ("crmdash.issues", "crmdash.memory", "crmdash.remembered"),
    ("crmdash.columns", "crmdash.errors", "crmdash.rule_settings"),
    ("crmdash.settings", "crmdash.engine", "crmdash.i18n", "crmdash.knowledge", "crmdash.scope"),
    ("crmdash.adjusting", "crmdash.cuts", "crmdash.phrases", "crmdash.summary", "crmdash.view"),
    ("crmdash.link", "crmdash.model"),
    ("crmdash.charts", "crmdash.ingest", "crmdash.reason_line"),
    ("crmdash.own_ground",),
    ("crmdash.groundwork",),
    ("crmdash.labelling",),
    ("crmdash.stepping",),
    ("crmdash.evaluate",),
    ("crmdash.customer", "crmdash.lines", "crmdash.on_engine", "crmdash.systems"),
    ("crmdash.export",),
    ("crmdash.engine_runs",),
    ("crmdash",),
    ("crmdash.ui", "crmdash.cli"),
    ("pages", "crmdash.__main__"),
    ("app",),
)
LEVEL: Final = {unit: level for level, units in enumerate(LAYERS) for unit in units}

HOMES: Final = {
    "streamlit": ("app.py", "pages/", "crmdash/ui/"),
    "plotly": ("crmdash/charts/",),
    "pandas": ("crmdash/ui/", "crmdash/ingest/"),
}
ORPHANAGES: Final = re.compile(r"(^|_)(utils?|helpers?|commons?|managers?|misc)$")

SPOKEN: Final = frozenset(
    "alt body caption captions delta delta_description help label page_title placeholder tabs text title "
    "x_label y_label".split()
)
DRAWN: Final = frozenset("annotation_text hovertemplate hovertext text ticktext title title_text".split())
NO_WORDS: Final = re.compile(r":material/\w+:|:[a-z-]+\[|<[^>]*>|%\{[^}]*\}|&\w+;")
SEEDS: Final = frozenset({"state.seed", "state.seed_choice", "state.seed_widget"})
NOT_STREAMLIT: Final = frozenset({"log", "logger", "logging", "warnings", "parser"})

MACHINE: Final = re.compile(r"/(?:home|Users)/\w+/|/(?:root|work)/\w|[A-Z]:\\+Users\\")
REGISTRY: Final = re.compile(
    r"pypi\.org/simple|files\.pythonhosted\.org|registry\.npmjs|--(?:extra-)?index-url|--find[-]links"
)
BINARY: Final = frozenset({".csv", ".gz", ".ico", ".parquet", ".png", ".xlsx", ".xz", ".zip"})

each_file = pytest.mark.parametrize("source", PRODUCT, ids=lambda source: source.path)


@each_file
def test_libraries_stay_in_their_rooms(source: Source):
    strays = [
        f"{source.path}:{line} imports {name}"
        for name, line in source.imports()
        if (rooms := HOMES.get(name.split(".")[0])) and not source.is_in(*rooms)
    ]
    assert not strays


@each_file
def test_imports_point_down(source: Source):
    own = unit(source.module)
    assert own, f"{source.path} belongs to no layer: give it a place in LAYERS"
    upward = [
        f"{source.path}:{line} imports {name}"
        for name, line in source.imports()
        if (other := unit(name)) and other != own and LEVEL[other] >= LEVEL[own]
    ]
    assert not upward


def test_layers_name_only_what_is_there():
    places = {name: ROOT / name.replace(".", "/") for name in LEVEL}
    assert not [name for name, place in places.items() if not (place.is_dir() or place.with_suffix(".py").is_file())]


def test_the_document_shows_the_layers():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = text.partition("Imports point down only:")[2].split("```")[1]
    shown = [re.split(r"\s{2,}", line)[0].split(" · ") for line in block.strip().splitlines()]
    assert shown[::-1] == [sorted(name.removeprefix("crmdash.") for name in units) for units in LAYERS]


@each_file
def test_pages_import_no_pages(source: Source):
    assert not [f"{source.path}:{line}" for name, line in source.imports() if name.split(".")[0] == "pages"]


@each_file
def test_only_the_engine_collects(source: Source):
    if source.path.startswith("crmdash/engine/"):
        return
    collecting = {"collect", "collect_all", "collect_async", "collect_batches"}
    assert not [
        f"{source.path}:{call.lineno}"
        for call in source.calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in collecting
        and ast.unparse(call.func.value) != "gc"  # the garbage collector gathers no frames
    ]


@each_file
def test_session_state_is_touched_in_one_place(source: Source):
    if source.path.startswith("crmdash/ui/state/"):
        return
    assert not [
        f"{source.path}:{node.lineno}"
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "session_state")
        or (isinstance(node, ast.ImportFrom) and "session_state" in {alias.name for alias in node.names})
    ]


@each_file
def test_widgets_that_are_given_a_value_are_given_it_again_if_they_come_late(source: Source):
    # A widget that the browser draws only after the next run would show, and then report, its least value.
    functions = [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)]
    seeding = [node for node in functions if SEEDS & {ast.unparse(call.func) for call in calls_in(node)}]
    assert not [
        f"{source.path}:{call.lineno}"
        for node in seeding
        for call in calls_in(node)
        if (command := streamlit_command(call.func)) and "persist_state" in inspect.signature(command).parameters
        if "persist_state" not in {keyword.arg for keyword in call.keywords}
    ]


@each_file
def test_modules_have_a_topic_and_a_size(source: Source):
    assert not ORPHANAGES.search(source.module.split(".")[-1]), f"{source.path}: name it after its topic"
    limit = 150 if source.is_in("pages/", "app.py") else 500
    assert len(source.text.splitlines()) <= limit, f"{source.path}: more than {limit} lines"


@each_file
def test_readers_words_come_from_the_catalogues(source: Source):
    handed = {"crmdash/charts/": drawn_arguments}.get(source.path[: len("crmdash/charts/")], spoken_arguments)
    bare = [
        f"{source.path}:{argument.lineno} {ast.unparse(argument)}"
        for call in source.calls()
        for argument in handed(source, call)
        if has_words(argument)
    ]
    assert not bare, "take these from a Wording: _('...') or .term(kind, key)"


@each_file
def test_sentences_are_whole_literals(source: Source):
    assert not [
        f"{source.path}:{call.lineno} {ast.unparse(call)}"
        for call in source.calls()
        if isinstance(call.func, ast.Name) and call.func.id in SENTENCES and not is_literal(call.args)
    ], "a message that is put together cannot be found by the extraction"


def test_public_names_are_exactly_those_announced():
    tree = Source("crmdash/__init__.py").tree
    bound = [name for node in tree.body for name in bound_names(node) if not name.startswith("_")]
    announced = next((value for node in tree.body if (value := announced_names(node)) is not None), [])
    assert sorted(bound) == sorted(announced)
    assert len(announced) <= 20


def test_files_name_no_machine_and_no_registry():
    found = []
    for path in text_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if MACHINE.search(line) or REGISTRY.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()[:100]}")
    assert not found


@pytest.mark.parametrize(
    ("code", "bare"),
    [
        ('st.button("Save")', ["'Save'"]),
        ('st.button(_("Save"), key="save", icon=":material/save:")', []),
        ('left.metric(_("Total"), total, f"{x} more")', ["f'{x} more'"]),
        ('st.selectbox(_("Tier"), ["gold", "iron"], help="which")', ["'which'"]),
        ('st.write(title, "and so on")', ["'and so on'"]),
        ('st.tabs([_("One"), "Two"])', ["[_('One'), 'Two']"]),
        ('st.column_config.TextColumn("Name")', ["'Name'"]),
        ('st.caption(f"**{name}** – :material/info: <br>")', []),
        ('st.switch_page("pages/board.py")', []),
        ('st.title("" if quiet else "Loud")', ["'' if quiet else 'Loud'"]),
    ],
)
def test_the_rule_on_words_sees_them(code: str, bare: list[str]):
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    source = Source("pages/example.py")
    assert [ast.unparse(argument) for argument in spoken_arguments(source, call) if has_words(argument)] == bare


def unit(name: str) -> str | None:
    """Return the layer's unit that a module or imported name belongs to, None outside the project or the layers."""
    first, *rest = name.split(".")
    if rest and f"{first}.{rest[0]}" in LEVEL:
        return f"{first}.{rest[0]}"
    unplaced = first == "crmdash" and rest and any((ROOT / first).glob(f"{rest[0]}*"))
    return first if first in LEVEL and not unplaced else None


def spoken_arguments(source: Source, call: ast.Call) -> Iterator[ast.expr]:
    """Yield the arguments of a Streamlit call that a reader sees as text."""
    command = streamlit_command(call.func)
    if not source.is_in(*HOMES["streamlit"]) or command is None:
        return
    yield from (word.value for word in call.keywords if word.arg in SPOKEN)
    parameters = list(inspect.signature(command).parameters.values())
    if parameters and parameters[0].kind is inspect.Parameter.VAR_POSITIONAL:
        yield from call.args
    else:
        named = zip(call.args, parameters, strict=False)
        yield from (argument for argument, parameter in named if parameter.name in SPOKEN)


def calls_in(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def streamlit_command(function: ast.expr) -> Callable[..., object] | None:
    if not isinstance(function, ast.Attribute):
        return None
    receiver = ast.unparse(function.value)
    if receiver.split(".")[-1] in NOT_STREAMLIT:
        return None
    home = st.column_config if receiver.endswith("column_config") else st
    command = getattr(home, function.attr, None)
    return command if callable(command) and not function.attr.startswith("_") else None


def drawn_arguments(source: Source, call: ast.Call) -> Iterator[ast.expr]:
    """Yield the arguments of a call in a chart that a reader sees as text."""
    return (word.value for word in call.keywords if word.arg in DRAWN)


def has_words(argument: ast.expr) -> bool:
    """Say whether a literal in the argument, looked for outside calls, holds letters that are no icon or markup."""
    if isinstance(argument, ast.Constant):
        return isinstance(argument.value, str) and any(map(str.isalpha, NO_WORDS.sub("", argument.value)))
    if isinstance(argument, ast.JoinedStr):
        return has_words(ast.Constant("{}".join(str(p.value) for p in argument.values if isinstance(p, ast.Constant))))
    if isinstance(argument, ast.IfExp):
        return has_words(argument.body) or has_words(argument.orelse)
    if isinstance(argument, ast.BinOp):
        return has_words(argument.left) or has_words(argument.right)
    if isinstance(argument, (ast.List, ast.Tuple)):
        return any(map(has_words, argument.elts))
    return False


def is_literal(arguments: list[ast.expr]) -> bool:
    return bool(arguments) and isinstance(arguments[0], ast.Constant) and isinstance(arguments[0].value, str)


def bound_names(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [target.id for target in targets if isinstance(target, ast.Name)]
    return []


def announced_names(node: ast.stmt) -> list[str] | None:
    return list(ast.literal_eval(node.value)) if "__all__" in bound_names(node) else None  # type: ignore[attr-defined]


def text_files() -> Iterator[Path]:
    """Yield the project's own text files: no environments, caches, pictures or data."""
    for folder, names, files in os.walk(ROOT):
        names[:] = [name for name in names if name in (".ci", ".streamlit") or not name.startswith((".", "__"))]
        yield from (Path(folder, name) for name in files if Path(name).suffix not in BINARY)
