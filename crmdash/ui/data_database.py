"""The door for databases: choose a table or write one SELECT, see how far it is, stop it, take what came.

Everything that waits for the database runs on a thread of its own, held by the tab; the page only looks at it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any, Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.ingest.database import (
    LARGE,
    Database,
    LargeOrders,
    Limits,
    Relation,
    Running,
    as_source,
    list_relations,
    open_relation,
    read_aggregated,
    read_query,
    read_relation,
)
from crmdash.ingest.options import Mapping, Options
from crmdash.ingest.raw import RawTable
from crmdash.issues import Issue
from crmdash.ui import state
from crmdash.ui.data_connections import databases
from crmdash.ui.data_staging import StagedFile, add_files
from crmdash.ui.data_words import column_words, issue_words, literal

_LOOK_SECONDS: Final = 0.5
_WORK: Final = "_database.work"
_TABLES: Final = "_database.tables"
_LARGE: Final = "_database.large"
_TOLD: Final = "_database.told"

_EXAMPLE: Final = "SELECT … FROM …"
_SECRETS: Final = """\
[connections.shop]
url = "postgresql://reader:password@db.example.org/shop"

[connections.till]
url = "sqlite:////srv/till.db"
"""

_Work = Callable[[Callable[[int], None], Event], Any]


def database_door(_: Wording) -> None:
    """Offer the databases, folded away; a table that was read joins the tab's files.

    Closed too it is drawn, so that a reading under way goes on.
    """
    with st.expander(_("From a database"), key="data.from_database", icon=":material/database:"):
        raw = database_panel(_)
    if raw is not None:
        state.stage(add_table(state.staged(), raw))
        st.rerun()


def add_table(staged: Sequence[StagedFile], raw: RawTable) -> tuple[StagedFile, ...]:
    """Return the files with a table of a database behind them, read with the decimal sign it is known to have."""
    *before, new = add_files(staged, [as_source(raw)])
    mapping = Mapping(options=Options(decimal=raw.decimal))
    return (*before, replace(new, mapping=mapping, begun=mapping))


def database_panel(_: Wording) -> RawTable | None:
    """Let the reader open a database; return what was read, once, in the run after it has come."""
    known, wrong = databases()
    for issue in wrong:
        st.text(issue_words(issue, _))
    if not known:
        st.caption(_("None is set up. Whoever runs the app enters them in .streamlit/secrets.toml, for example:"))
        st.code(_SECRETS, language="toml")
        return None
    came = _take()
    busy = state.kept(_WORK, None) is not None
    database = _choose_database(_, known, busy)
    if busy:
        _progress(_)
    else:
        _told(_)
    # Drawn while the database works too: what was typed would be gone with its box.
    _choose(_, database, busy)
    return came


def _choose_database(_: Wording, known: tuple[Database, ...], busy: bool) -> Database:
    names = {database.name: database for database in known}
    key = "data.database"
    if state.kept(key, None) not in names:
        state.seed(key, known[0].name)
    if len(known) > 1:
        st.selectbox(
            _("Database"),
            list(names),
            index=state.place_in(names, state.kept(key, None)),
            key=key,
            persist_state="session",
            width=320,
            disabled=busy,
            on_change=_forget,
        )
    else:
        st.caption(literal(known[0].name))
    return names[state.kept(key, known[0].name)]


def _forget() -> None:
    for key in (_TABLES, _LARGE, _TOLD):
        state.keep(key, None)


def _start(work: _Work) -> None:
    state.keep(_TOLD, None)
    state.keep(_WORK, Running(work))


def _take() -> RawTable | None:
    """Take what ended work has brought: a list of tables, orders too many to be read, or rows."""
    running = state.kept(_WORK, None)
    if running is None or not running.done:
        return None
    state.keep(_WORK, None)
    state.keep(_TOLD, running.issue)
    came = running.result()
    if isinstance(came, RawTable):
        state.keep(_LARGE, None)
        return came
    if isinstance(came, LargeOrders):
        state.keep(_LARGE, came)
    elif came is not None:
        state.keep(_TABLES, came)
    return None


def _told(_: Wording) -> None:
    issue: Issue | None = state.kept(_TOLD, None)
    if issue is not None:
        with st.container(border=True):
            st.badge(_("Not read"), icon=":material/block:", color="orange")
            st.text(issue_words(issue, _))


@st.fragment(run_every=_LOOK_SECONDS)
def _progress(_: Wording) -> None:
    running: Running[Any] | None = state.kept(_WORK, None)
    if running is None or running.done:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if running.stopping:
            st.text(_("Stopping …"))
        elif running.rows:
            st.text(_("Reading: {rows} rows so far", rows=_.integer(running.rows)))
        else:
            st.text(_("Waiting for the database …"))
        st.button(
            _("Stop"), key="data.database.stop", icon=":material/stop_circle:", on_click=running.cancel,
            disabled=running.stopping,
        )  # fmt: skip


def _choose(_: Wording, database: Database, busy: bool) -> None:
    large: LargeOrders | None = state.kept(_LARGE, None)
    if large is not None:
        _large_orders(_, database, large, busy)
        return
    ways = {"table": _("A table or view"), "select": _("A SELECT of your own")}
    key = "data.database.way"
    if state.kept(key, None) not in ways:
        state.seed(key, "table")
    st.segmented_control(
        _("What to read"), list(ways), key=key, default=state.kept(key, "table"),
        persist_state="session", required=True, format_func=ways.__getitem__,
        label_visibility="collapsed",
    )  # fmt: skip
    if state.kept(key, "table") == "select":
        _select(_, database, busy)
    else:
        _table(_, database, busy)


def _table(_: Wording, database: Database, busy: bool) -> None:
    name, relations = state.kept(_TABLES, None) or (None, ())
    if name != database.name:
        st.button(
            _("Show the tables"), key="data.database.tables", disabled=busy, icon=":material/list:", on_click=_start,
            args=(lambda told, cancel: (database.name, list_relations(database, cancel)),),
        )  # fmt: skip
        return
    if not relations:
        st.text(_("There is no table that may be read here."))
        return
    found = {relation.label: relation for relation in relations}
    label = st.selectbox(_("Table or view"), list(found), key=f"data.database.table.{database.name}", width=480)
    relation = found[label]
    st.text(_("Columns: {columns}", columns=", ".join(column.name for column in relation.columns)))
    if relation.rows is not None:
        st.caption(_("About {rows} rows", rows=_.integer(relation.rows)))
    st.button(
        _("Read"), key="data.database.read", disabled=busy, type="primary", icon=":material/download:", on_click=_start,
        args=(lambda told, cancel: open_relation(database, relation, progress=told, cancel=cancel),),
    )  # fmt: skip


def _select(_: Wording, database: Database, busy: bool) -> None:
    key = "data.database.query"
    st.text_area(_("One SELECT"), key=key, height=140, placeholder=_EXAMPLE, persist_state="session")
    st.caption(
        _(
            "It is carried out in a transaction that cannot write, waits {seconds} seconds for each answer and takes "
            "{rows} rows.",
            seconds=f"{Limits().seconds:g}", rows=_.integer(LARGE),
        )
    )  # fmt: skip
    st.button(
        _("Read"), key="data.database.read", disabled=busy, type="primary", icon=":material/download:",
        on_click=lambda: _start(partial(_query, database, state.kept(key, "") or "")),
    )  # fmt: skip


def _query(database: Database, query: str, told: Callable[[int], None], cancel: Event) -> RawTable:
    return read_query(database, query, progress=told, cancel=cancel)


def _large_orders(_: Wording, database: Database, large: LargeOrders, busy: bool) -> None:
    """Ask which columns are which, before a table too large for reading is added up where it is."""
    relation = large.relation
    st.text(
        _(
            "{table} has more than {rows} rows. Orders can be added up per customer and day in the database; order "
            "numbers, products and payment dates are then left behind.",
            table=relation.label, rows=_.integer(LARGE),
        )
    )  # fmt: skip
    columns = [column.name for column in relation.columns]
    with st.container(horizontal=True, gap="small"):
        for name in ("customer_id", "date", "amount"):
            proposed = large.mapping.columns.get(name, (None,))[0]
            st.selectbox(
                column_words("transactions", name, _), columns, key=_key(relation, name), width=200,
                index=columns.index(proposed) if proposed in columns else None, placeholder=_("Choose a column"),
            )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Add up and read"), key="data.database.sums", disabled=busy, type="primary", icon=":material/functions:",
            on_click=lambda: _start(partial(_sums, database, relation, _chosen(large))),
        )  # fmt: skip
        st.button(
            _("Read only the first {rows} rows", rows=_.integer(LARGE)), key="data.database.first", disabled=busy,
            on_click=_start,
            args=(lambda told, cancel: read_relation(database, relation, progress=told, cancel=cancel),),
        )  # fmt: skip
        st.button(_("Choose another table"), key="data.database.back", disabled=busy, on_click=_forget_large)


def _forget_large() -> None:
    state.keep(_LARGE, None)


def _key(relation: Relation, name: str) -> str:
    return f"data.database.{relation.label}.{name}"


def _chosen(large: LargeOrders) -> Mapping:
    picked = {name: state.kept(_key(large.relation, name), None) for name in ("customer_id", "date", "amount")}
    return large.mapped({name: column for name, column in picked.items() if column is not None})


def _sums(
    database: Database, relation: Relation, mapping: Mapping, told: Callable[[int], None], cancel: Event
) -> RawTable:
    return read_aggregated(database, relation, mapping, progress=told, cancel=cancel)
