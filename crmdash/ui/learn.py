"""The page of concepts and words: the concept asked for, all concepts by group, the glossary."""

import pandas as pd
import streamlit as st

from crmdash.i18n import Wording
from crmdash.knowledge import CONCEPTS, GROUPS, Concept, Term, glossary, mentions
from crmdash.ui.words import bold

ASKED = "concept"
"""The name in the address that says which concept is asked for."""

ROW_HEIGHT = 28
MOST_ROWS = 20


def asked_concept() -> Concept | None:
    """Return the concept that the address asks for; None where it names none that we know."""
    return CONCEPTS.get(st.query_params.get(ASKED, ""))


def words_of(_: Wording, concept: Concept, part: str) -> str:
    """Return one part of a concept in the reader's language."""
    return _.term("concepts", f"{concept.code}.{part}")


def found_concepts(_: Wording, query: str) -> dict[str, tuple[Concept, ...]]:
    """Return the concepts that mention every word of `query`, by group, without empty groups."""
    found = {
        group: tuple(one for one in concepts if mentions(_all_words(_, one), query))
        for group, concepts in GROUPS.items()
    }
    return {group: concepts for group, concepts in found.items() if concepts}


def _all_words(_: Wording, concept: Concept) -> list[str]:
    names = [_point_name(_, concept, point) for point in concept.points]
    return [*names, *(words_of(_, concept, part) for part in concept.parts)]


def found_terms(_: Wording, query: str) -> list[Term]:
    """Return the rows of the glossary that mention every word of `query`, in any of the three languages."""
    return [term for term in glossary() if mentions((*term.names, _note(_, term)), query)]


def concept_card(_: Wording, concept: Concept) -> None:
    """Show the concept asked for, open and marked, with what to read next."""
    with st.container(border=True, key="concept_asked"):
        st.markdown(_heading(_, concept))
        concept_text(_, concept)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if concept.see:
                st.caption(_("Read next"), width="content")
            for code in concept.see:
                _ask_button(words_of(_, CONCEPTS[code], "title"), code)
            _ask_button(_("Close"), None, icon=":material/close:")


def _ask_button(label: str, code: str | None, icon: str | None = None) -> None:
    """Draw a quiet button that asks for another concept; a page link to its own page would not change the address."""
    st.button(label, key=f"ask.{code or 'nothing'}", type="tertiary", icon=icon, on_click=_ask, args=(code,))


def _ask(code: str | None) -> None:
    if code is None:
        st.query_params.pop(ASKED, None)
    else:
        st.query_params[ASKED] = code


def concept_text(_: Wording, concept: Concept) -> None:
    """Show what a concept is, its points, how it is counted, what it does not say, and where it comes from."""
    st.markdown(words_of(_, concept, "definition"))
    if concept.points:
        st.markdown("\n".join(_point(_, concept, point) for point in concept.points))
    for part in ("counting", "limits"):
        st.markdown(f"{bold(_.term('concepts', f'part.{part}'))}  \n{words_of(_, concept, part)}")
    source = words_of(_, concept, "source")
    st.caption(_("{name}: {text}", name=_.term("concepts", "part.source"), text=source))


def _point(_: Wording, concept: Concept, point: str) -> str:
    return f"- {bold(_point_name(_, concept, point))} · {words_of(_, concept, point)}"


def _point_name(_: Wording, concept: Concept, point: str) -> str:
    kind, table = concept.named_by
    return _.term(kind, f"{table}.{point}")


def concept_list(_: Wording, groups: dict[str, tuple[Concept, ...]]) -> None:
    """Show every concept as a line that opens, in two columns where there is room."""
    for column, names in zip(st.columns(2, gap="medium"), _halves(groups), strict=True):
        with column:
            for group in names:
                st.markdown(bold(_.term("concepts", f"group.{group}")))
                for concept in groups[group]:
                    with st.expander(_heading(_, concept), key=f"concept-{concept.code}"):
                        concept_text(_, concept)


def _heading(_: Wording, concept: Concept) -> str:
    return f"{bold(words_of(_, concept, 'title'))}\u2002:small[:gray[{words_of(_, concept, 'idea')}]]"


def _halves(groups: dict[str, tuple[Concept, ...]]) -> tuple[list[str], list[str]]:
    """Split groups into two columns of about the same height, in order: on a phone one follows the other."""
    lines = {group: len(concepts) + 1 for group, concepts in groups.items()}
    above, first = 0, []
    for group, height in lines.items():
        # A group belongs to the first column while its middle does.
        if 2 * above + height <= sum(lines.values()):
            first.append(group)
        above += height
    return first, list(groups)[len(first) :]


def glossary_table(_: Wording, terms: list[Term]) -> None:
    """Show the glossary in three columns; its cells can be marked and copied."""
    rows = [(*term.names, _note(_, term)) for term in terms]
    names = ["English", "简体", "繁體", _("Remark")]
    table = pd.DataFrame(rows, columns=names)
    if not any(table[names[-1]]):
        table = table.drop(columns=names[-1])
    st.dataframe(
        table, key="glossary", hide_index=True, row_height=ROW_HEIGHT, width="stretch",
        height=ROW_HEIGHT * (min(len(rows), MOST_ROWS) + 1) + 2,
        alt=_("Words of the field in English, simplified and traditional Chinese"),
    )  # fmt: skip


def _note(_: Wording, term: Term) -> str:
    return _.term("concepts", f"note.{term.note}") if term.note else ""
