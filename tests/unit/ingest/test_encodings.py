"""Which encoding a text is in, told by the text alone."""

import pytest

from crmdash.errors import UnreadableFile
from crmdash.ingest.encodings import decode, rank_encodings
from crmdash.ingest.options import Options
from crmdash.ingest.readers import Source, read_table
from tests.unit.ingest.generated import ENCODINGS, NAMES, WORDS

LANGUAGES = [(language, encoding) for language, encodings in ENCODINGS.items() for encoding in encodings]


def orders(language: str, rows: int) -> str:
    names, words = NAMES[language], WORDS[language]
    lines = [f"{n},2024-01-05,{n}.50,{words[n % len(words)].replace(',', ' ')}" for n in range(rows)]
    return "\n".join([",".join((*names[:3], names[-1])), *lines]) + "\n"


@pytest.mark.parametrize(("language", "encoding"), LANGUAGES)
@pytest.mark.parametrize("rows", [3, 40])
def test_every_encoding_of_every_language(language: str, encoding: str, rows: int):
    text = orders(language, rows)
    decoded = decode(text.encode(encoding))
    assert decoded.text.decode() == text
    assert decoded.encoding == encoding or language == "ascii"


@pytest.mark.parametrize("language", ["simplified", "traditional", "japanese", "korean", "western"])
def test_candidates_are_ranked_and_switchable(language: str):
    text, encoding = orders(language, 10), ENCODINGS[language][-1]
    content = text.encode(encoding)
    ranked = rank_encodings(content)
    assert ranked[0][0] == encoding
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    raw = read_table(Source("x.csv", content))
    assert raw.encodings[0] == encoding
    assert "encoding_guessed" in [issue.code for issue in raw.issues]
    other = next(name for name in ("gb18030", "big5", "cp1252") if name != encoding)
    assert read_table(Source("x.csv", content), Options(encoding=other)).encoding == other


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("名称\n红色\n", "gb18030"), ("客户,金额\n李四,5\n", "gb18030"), ("客戶,金額\n陳先生,5\n", "big5"),
        ("名前\nたなか\n", "shift_jis"), ("이름\n홍길동\n", "euc_kr"), ("Prénom\nRené\n", "cp1252"),
        ("n,price\n1,5 €\n2,6 €\n", "cp1252"), ("编号,名称\n1,龘靐齉\n2,中国\n3,客户\n", "gb18030"),
    ],
)  # fmt: skip
def test_a_few_words_are_enough(text: str, encoding: str):
    assert decode(text.encode(encoding)).text.decode() == text


@pytest.mark.parametrize(("text", "encoding"), [("①㈱髙﨑\nたなか\n", "cp932"), ("똠방각하\n이름\n", "cp949")])
def test_extensions_are_read_where_the_standard_does_not_know_a_character(text: str, encoding: str):
    assert decode(text.encode(encoding)).text.decode() == text


def test_lines_in_another_encoding_are_read_and_named():
    lines = ["客户,金额"] + ["上海华联超市,1"] * 5
    content = "\n".join(lines).encode() + b"\n" + "北京贸易公司,2\n深圳科技公司,3\n".encode("gb18030")
    decoded = decode(content)
    assert decoded.text.decode().splitlines()[-2:] == ["北京贸易公司,2", "深圳科技公司,3"]
    assert [(issue.code, issue.row, issue.count, issue.values["encoding"]) for issue in decoded.issues] == [
        ("encodings_mixed", 7, 2, "gb18030")
    ]


def test_a_broken_byte_is_named_by_its_line():
    content = ("客户,金额\n" + "上海华联,1\n" * 20).encode() + b"\xff,2\n"
    (issue,) = decode(content).issues
    assert (issue.code, issue.row, issue.count) == ("characters_lost", 22, 1)


def test_zero_bytes_are_taken_out_and_counted():
    decoded = decode(b"id,name\n1,a\x00b\n2,\x00\n")
    assert decoded.text == b"id,name\n1,ab\n2,\n"
    assert [(issue.code, issue.row, issue.count) for issue in decoded.issues] == [("zeros_removed", 2, 2)]


@pytest.mark.parametrize("encoding", ["klingon", "base64", "idna", "x\0y"])
def test_an_encoding_that_is_none_is_refused(encoding: str):
    with pytest.raises(UnreadableFile) as refused:
        decode("Zürich\n".encode(), encoding)
    assert refused.value.issue.code == "encoding_unknown"


def test_cyrillic_is_guessed_by_the_library():
    text = "клиент,город\n" + "Иванов Сергей,Москва и область\nПетрова Анна,Санкт-Петербург\n" * 20
    assert decode(text.encode("cp1251")).text.decode() == text
