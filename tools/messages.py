"""Bring every sentence and word that a reader sees into the translation files.

``python -m tools.messages`` rewrites both catalogues: new messages enter untranslated, those still in use keep their
translation, those gone are dropped. A word whose English text changed is new: its old translation may no longer hold.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from crmdash.i18n import DATA, LANGUAGES, Language, terms

ROOT: Final = DATA.parent
TRANSLATED: Final[tuple[Language, ...]] = tuple(language for language in LANGUAGES if language != "en")

SENTENCES: Final = ("_", "wording")
"""Names under which a `Wording` is called with a sentence."""

_KEYWORDS: Final = {**dict.fromkeys(SENTENCES), "plural": (1, 2)}
_HEADER: Final = """\
# {language} catalogue of crmdash. `make messages` brings new messages in.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def sources() -> list[Path]:
    """Return the Python files whose sentences a reader may see, in a fixed order."""
    scripts = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "crmdash").rglob("*.py")]
    return sorted(path for path in scripts if path.exists())


def extract() -> Catalog:
    """Return every message of the code and of ``data/words``, in the order of their files."""
    catalog = Catalog()
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for _, text, _, _ in extract_from_file("python", path, keywords=_KEYWORDS):
            catalog.add(text, locations=[(place, 0)])
    for path in sorted((DATA / "words").glob("*.toml")):
        place = path.relative_to(ROOT).as_posix()
        for key, text in terms(path.stem).items():
            catalog.add(text, locations=[(place, 0)], context=f"{path.stem}.{key}")
    return catalog


def catalogue_path(language: Language) -> Path:
    """Return the translation file of a language."""
    return DATA / "locales" / language / "LC_MESSAGES" / "crmdash.po"


def read_catalogue(language: Language) -> Catalog:
    """Return the translations of a language as they stand in its file."""
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(catalog: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def carry_over(known: Catalog, template: Catalog) -> Catalog:
    """Return the messages of `template` with the translations that `known` is certain of."""
    updated = Catalog(locale=known.locale)
    for message in messages(template):
        translated = known.get(message.id, message.context)
        none = ("",) * known.num_plurals if message.pluralizable else ""
        string = translated.string if translated and not translated.fuzzy else none
        updated.add(message.id, string, message.locations, context=message.context)
    return updated


def main() -> None:
    """Rewrite the catalogues and print how much of each is untranslated."""
    template = extract()
    for language in TRANSLATED:
        updated = carry_over(read_catalogue(language), template)
        with catalogue_path(language).open("wb") as file:
            file.write(_HEADER.format(language=language).encode())
            write_po(file, updated, width=120, omit_header=True, include_lineno=False)
        left = sum(not _is_translated(message) for message in messages(updated))
        print(f"{language}: {len(updated)} messages, {left} untranslated")


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


if __name__ == "__main__":
    main()
