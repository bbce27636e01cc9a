"""Bytes of a text file → UTF-8, and the encodings it may be in, ranked by how plausible their text is.

A byte-order mark decides; then the zeros of UTF-16, then strict UTF-8. Else each legacy encoding decodes a sample, and
the mean weight of its characters beyond ASCII ranks it: frequent characters of the language count 1, others of its
script less, what such texts hardly hold counts against it. A wrong encoding mostly decodes too, but to rare characters.
"""

import codecs
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from crmdash.errors import UnreadableFile
from crmdash.ingest.aliases import is_known
from crmdash.issues import Issue

BROKEN_LINES: Final = "lines"
"""Among an issue's values, all lines of the file that it is about."""
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FAMILIES: Final = {
    "gb18030": ("gb18030",),
    "big5": ("big5", "cp950", "big5hkscs"),
    "shift_jis": ("shift_jis", "cp932"),
    "euc_kr": ("euc_kr", "cp949"),
    "cp1252": ("cp1252",),
}
"""Each legacy encoding and its extensions, which are taken where it does not know a character."""
_SAMPLE: Final = 1 << 16
_GUESSED_BYTES: Final = 1 << 20
_HEADER_LINES: Final = 5
_BROKEN_SHARE: Final = 0.05
_PLAUSIBLE: Final = 0.2
_ASCII_SHARE: Final = 0.04
_STRAY_ZEROS: Final = 0.12
"""With fewer zeros, what is UTF-8 without them is just that."""
_CERTAIN: Final = 0.6
_TELLING: Final = 4
"""So many bytes beyond ASCII are needed to tell an encoding by."""
_UTF8_LINES: Final = 0.2
"""With a greater share of the lines beyond ASCII in good UTF-8, the file is UTF-8 with other lines in it."""
_SELDOM: Final = (
    "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "koi8_r", "mac_roman", "cp1252",
)  # fmt: skip
"""Encodings asked about where none of the usual ones is plausible."""
_WELL_FORMED: Final = 4
"""So many good multi-byte characters for each broken one still make a file UTF-8."""

_SIMPLIFIED: Final = frozenset(
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市接今单金额价格数量客户编号订日期公司姓名电话地址商品类销售状态备注收货备省区县镇街路号楼店铺张王李赵刘陈杨黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤广深圳京津沪渝杭州南宁合肥福建四川湖浙苏限责任股份有集团贸易科技零售批发超百货付款支现元角"
)
_TRADITIONAL: Final = frozenset(
    "的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市接今單金額價格數量客戶編號訂日期公司姓名電話地址商品類銷售狀態備註收貨省區縣鎮街路樓店鋪張王李趙劉陳楊黃周吳徐孫馬朱胡郭何林羅鄭梁謝宋唐許鄧韓馮曹彭曾蕭田董袁潘蔣蔡余杜葉程蘇魏呂丁任沈姚盧姜崔鍾譚陸汪范石廖賈夏韋方白鄒孟熊秦邱江尹薛段雷侯龍史陶黎賀顧毛郝龔邵錢嚴武戴莫孔湯臺灣北高雄桃園南竹港香澳統有限責任股份集團貿易科技零批發超百貨付款支現元"
)
_KANJI: Final = frozenset(
    "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会社店客様注文番号顧取引商品名売額価格数量住所氏電話東京都大阪府県市区町村株式田中佐藤鈴木高橋伊渡辺山本村小林加吉松井清斎神奈川愛知福岡税込合計購入業者担当部課支払方法備考"
)
_HANGUL: Final = frozenset(
    "이다는에의을가고하한지로기사를은도어자대시리일인서나정해수있아그들것라제보부상전과구주장만여오게관조신원국선동경소공우성화비세생었거중적위진안용스학개유문모회계무물방연내명실마면회연드재분간각야형영현트양작교년통업발심식반금행매단확객고품번호량액출합체처날짜주문회사김박최강조윤임한권황송류홍울산천광역시구읍면길층판건입월일점포름록결상태메카"
)


@dataclass(frozen=True)
class Decoded:
    """Text as UTF-8 bytes without a mark, its encoding, the plausible ones (best first), and what was doubtful."""

    text: bytes
    encoding: str
    issues: tuple[Issue, ...] = ()
    candidates: tuple[str, ...] = ()


def decode(content: bytes, encoding: str | None = None) -> Decoded:
    """Turn the bytes of a text file into UTF-8; zero bytes, which no text has, are taken out and told.

    Raises
    ------
    UnreadableFile
        If `encoding` is given but unknown.
    """
    decoded = _decode(content, encoding)
    if 0 not in decoded.text:
        return decoded
    zeros = decoded.text.count(0)
    row = decoded.text.count(b"\n", 0, decoded.text.find(0)) + 1
    told = Issue("warning", "zeros_removed", row=row, count=zeros)
    return Decoded(decoded.text.replace(b"\0", b""), decoded.encoding, (*decoded.issues, told), decoded.candidates)


def _decode(content: bytes, encoding: str | None) -> Decoded:
    if encoding is not None:
        return _decode_as(content, encoding)
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _decode_as(content, name)
    if unmarked := unmarked_utf16(content):
        return _decode_as(content, unmarked)
    return Decoded(content, "utf-8") if _is_utf8(content) else _decode_legacy(content)


def _decode_as(content: bytes, encoding: str) -> Decoded:
    try:
        text = content.decode(encoding, "replace")
    except (LookupError, ValueError) as error:  # no codec, none for text, or one that cannot replace
        raise UnreadableFile(Issue("error", "encoding_unknown", example=encoding)) from error
    broken = text.count("\ufffd")
    if not broken:
        return Decoded(text.removeprefix("\ufeff").encode("utf-8", "replace"), encoding)
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if "\ufffd" in line]
    values = {"encoding": encoding, "rows": len(lines), BROKEN_LINES: tuple(lines)}
    issue = Issue("warning", "characters_lost", row=lines[0], count=broken, values=values)
    return Decoded(text.removeprefix("\ufeff").encode("utf-8", "replace"), encoding, (issue,))


def unmarked_utf16(content: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark; None if the bytes are none.

    Delimiters, digits and line ends are ASCII whatever the language, so that every other byte of theirs is zero: read
    in the right order they are many, and there are no control characters.
    """
    head = content[:4096]
    zeros = head.count(0)
    if not zeros or (zeros < _STRAY_ZEROS * len(head) and _is_utf8(head.replace(b"\0", b""))):
        return None
    ascii_share = {order: _ascii_share(head, order) for order in ("utf-16-le", "utf-16-be")}
    best = max(ascii_share, key=ascii_share.__getitem__)
    return best if ascii_share[best] >= _ASCII_SHARE else None


def _ascii_share(head: bytes, encoding: str) -> float:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return 0.0
    if not text or any(character < " " and character not in "\t\n\r" for character in text):
        return 0.0
    return sum(character < "\x7f" for character in text) / len(text)


def _decode_legacy(content: bytes) -> Decoded:
    lines = content[:_GUESSED_BYTES].splitlines(keepends=True)
    broken = [line for line in lines if not _is_utf8(line)]
    beyond = [line for line in lines if not line.isascii()]
    if len(beyond) - len(broken) > _UTF8_LINES * len(beyond):
        return _decode_mixed(content, b"".join(broken))
    text = content[:_GUESSED_BYTES].decode("utf-8", "replace")
    good = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    if good > _WELL_FORMED * text.count("\ufffd"):
        return _decode_as(content, "utf-8")
    ranked = rank_encodings(content)
    names = tuple(name for name, _ in ranked)
    if not ranked or ranked[0][1] < _PLAUSIBLE:
        best = from_bytes(_sample(content), cp_isolation=list(_SELDOM)).best()
        names = (best.encoding if best is not None else "cp1252", *names)
    decoded = _decode_as(content, _extended(content, names[0]))
    guessed = Issue("info", "encoding_guessed", values={"encoding": decoded.encoding})
    return Decoded(decoded.text, decoded.encoding, (guessed, *decoded.issues), tuple(dict.fromkeys(names)))


def _is_utf8(line: bytes) -> bool:
    if line.isascii():
        return True
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode_mixed(content: bytes, broken: bytes) -> Decoded:
    """Decode a file of UTF-8 lines and others: those in the encoding that makes sense of them, if one does."""
    ranked = rank_encodings(broken)
    beyond = len(broken) - len(broken.translate(None, bytes(range(128, 256))))
    if not ranked or ranked[0][1] < _CERTAIN or beyond < _TELLING:
        return _decode_as(content, "utf-8")
    other = _extended(broken, ranked[0][0])
    lines = content.split(b"\n")
    places = [place for place, line in enumerate(lines) if not _is_utf8(line)]
    for place in places:
        lines[place] = lines[place].decode(other, "replace").encode()
    values = {"encoding": other, BROKEN_LINES: tuple(place + 1 for place in places)}
    mixed = Issue("warning", "encodings_mixed", row=places[0] + 1, count=len(places), values=values)
    return Decoded(b"\n".join(lines), "utf-8", (mixed,), ("utf-8", *(name for name, _ in ranked)))


def _extended(content: bytes, encoding: str) -> str:
    for extended in _FAMILIES.get(encoding, ()):
        try:
            content.decode(extended)
        except UnicodeDecodeError:
            continue
        return extended
    return encoding


def rank_encodings(content: bytes) -> list[tuple[str, float]]:
    """Return the legacy encodings that can read the bytes, the most plausible first, each with its score (≤ 2)."""
    sample = _sample(content)
    scores = {}
    for encoding, family in _FAMILIES.items():
        text = min((sample.decode(name, "replace") for name in family), key=lambda text: text.count("\ufffd"))
        beyond = [character for character in text if character > "\x7f"]
        if beyond and beyond.count("\ufffd") <= _BROKEN_SHARE * len(beyond):
            scores[encoding] = _WEIGHTS[encoding](text, Counter(beyond)) + (1.0 if _names_known(text) else 0.0)
    return sorted(scores.items(), key=lambda item: -item[1])


def _sample(content: bytes) -> bytes:
    """Return lines that hold something beyond ASCII, the first ones among them."""
    lines, size = [], 0
    for line in content[:_GUESSED_BYTES].splitlines(keepends=True):
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"".join(lines)


def _names_known(text: str) -> bool:
    names = [name for line in text.splitlines()[:_HEADER_LINES] for name in re.split(r'[,;\t|"，]', line)]
    return any(is_known(name) and not name.isascii() for name in names)


def _mean(counts: Counter[str], weight: Callable[[str], float]) -> float:
    return sum(weight(character) * count for character, count in counts.items()) / counts.total()


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"


def _is_kana(character: str) -> bool:
    return "\u3041" <= character <= "\u30ff"


def _is_mark(character: str) -> bool:
    ranges = (("\u2460", "\u24ff"), ("\u3000", "\u301f"), ("\u3200", "\u33ff"), ("\uff00", "\uff60"))
    return any(first <= character <= last for first, last in ranges) or character in "“”‘’…—·￥×"


def _chinese(common: frozenset[str]) -> Callable[[str, Counter[str]], float]:
    def weight(character: str) -> float:
        if character in common:
            return 1.0
        return 0.25 if _is_han(character) else 0.5 if _is_mark(character) else -1.0

    return lambda _, counts: _mean(counts, weight)


def _japanese(_: str, counts: Counter[str]) -> float:
    def weight(character: str) -> float:
        if _is_kana(character) or character in _KANJI:
            return 1.0
        return 0.25 if _is_han(character) else 0.5 if _is_mark(character) else -1.0

    return _mean(counts, weight)


def _korean(_: str, counts: Counter[str]) -> float:
    def weight(character: str) -> float:
        if character in _HANGUL:
            return 1.0
        return 0.2 if "\uac00" <= character <= "\ud7a3" else 0.5 if _is_mark(character) else -1.0

    return _mean(counts, weight)


def _western(text: str, counts: Counter[str]) -> float:
    """Accented letters stand alone or in pairs among plain ones; whole words of them are another script."""
    runs = re.findall(r"[^\x00-\x7f]+", text)
    alone = sum(len(run) for run in runs if len(run) <= 2)
    letters = sum(count for character, count in counts.items() if character.isalpha() or character in "’‘“”–—€£™®©°")
    return alone / counts.total() * letters / counts.total()


_WEIGHTS: Final[dict[str, Callable[[str, Counter[str]], float]]] = {
    "gb18030": _chinese(_SIMPLIFIED),
    "big5": _chinese(_TRADITIONAL),
    "shift_jis": _japanese,
    "euc_kr": _korean,
    "cp1252": _western,
}
