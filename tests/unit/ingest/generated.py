"""Tables as people have them, for files that are generated: names and cells of a language, with what makes CSV hard."""

from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

Rows = list[list[str]]

WORDS: Final = {
    "ascii": ["Smith & Sons", "Boot 10 inch", "Blue chair", "O'Neill", "North", "express", "A/B", "50% off", "x-ray"],
    "western": ["Café Müller", "Søn & Cie", "Señor Núñez", "Zürich", "Ångström AB", "Forêt", "Crème brûlée", "Köln"],
    "simplified": [
        "上海华联超市有限公司",
        "北京贸易",
        "张三",
        "广州市天河区",
        "红色，大号",
        "已付款",
        "批发客户",
        "深圳科技",
    ],
    "traditional": [
        "臺北統一超商股份有限公司",
        "高雄貿易",
        "陳先生",
        "臺中市西區",
        "紅色，大號",
        "已付款",
        "香港客戶",
        "門市零售",
    ],
    "japanese": [
        "株式会社やまと",
        "東京都港区",
        "田中さん",
        "ありがとうございます",
        "カタログ",
        "東京都新宿区",
        "お客様",
    ],
    "korean": ["주식회사 한국상사", "서울특별시 강남구", "김민수", "배송 완료", "부산광역시", "고객 주문", "대한무역"],
}
NAMES: Final = {
    "ascii": ["customer_id", "date", "amount", "name", "city", "note", "Product type", "owner"],
    "western": ["Numéro", "Date", "Montant", "Prénom", "Größe", "Straße", "Année", "Catégorie"],
    "simplified": ["客户编号", "订单日期", "金额", "客户名称", "城市", "备注", "产品类型", "负责人"],
    "traditional": ["客戶編號", "訂單日期", "金額", "客戶名稱", "城市", "備註", "產品類型", "負責人"],
    "japanese": ["顧客番号", "注文日", "金額", "氏名", "都道府県", "備考", "商品名", "担当者"],
    "korean": ["고객번호", "주문일", "금액", "이름", "도시", "비고", "상품명", "담당자"],
}
ENCODINGS: Final = {
    "ascii": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"],
    "western": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"],
    "simplified": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"],
    "traditional": ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "big5"],
    "japanese": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "shift_jis"],
    "korean": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "euc_kr"],
}
HARD: Final = [
    "a, b",
    "a;b",
    "a|b",
    "tab\there",
    'say "hi"',
    '10" boot',
    '"quoted"',
    "two\nlines",
    "it's",
    "a,b;c|d",
    "x\\y",
]


@dataclass(frozen=True)
class Table:
    """A header and its rows of text, and the language they are in."""

    header: list[str]
    rows: Rows
    language: str

    @property
    def expected(self) -> list[tuple[str | None, ...]]:
        """The rows as they should be read: what is blank is missing."""
        return [tuple(cell if cell.strip() else None for cell in row) for row in self.rows]


def text_cells(language: str) -> st.SearchStrategy[str]:
    """Free text of a language, now and then with delimiters, quotation marks or line breaks."""
    words = st.sampled_from(WORDS[language] + WORDS["ascii"])
    return st.one_of(
        words, words, st.sampled_from(HARD), st.just(""), st.tuples(words, st.sampled_from(HARD)).map(" ".join)
    )


def columns(language: str, position: int) -> st.SearchStrategy[st.SearchStrategy[str]]:
    """One kind of cell for a whole column; the first column always holds ids."""
    ids = st.integers(1, 99_999).map(lambda number: f"{number:05d}")
    if position == 0:
        return st.sampled_from([ids, ids.map(lambda number: f"C-{number}")])
    days = st.dates().filter(lambda day: 1990 < day.year < 2030)
    amounts = st.decimals(-99_999, 9_999_999, places=2)
    return st.sampled_from([
        days.map(str), days.map(lambda day: f"{day:%d/%m/%Y}"), amounts.map(str),
        amounts.map(lambda amount: f"{amount:,}"), amounts.map(lambda amount: str(amount).replace(".", ",")),
        st.integers(0, 99).map(str), text_cells(language), text_cells(language),
    ])  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of two to seven columns and three to ten rows."""
    language = draw(st.sampled_from(sorted(NAMES)))
    width = draw(st.integers(2, 7))
    header = [NAMES[language][0], *draw(st.permutations(NAMES[language][1:]))[: width - 1]]
    kinds = [draw(columns(language, position)) for position in range(width)]
    # A word of the language in every row, as every row of a customer file has one: else there is nothing to tell by.
    kinds[-1] = st.sampled_from(WORDS[language])
    rows = draw(st.lists(st.tuples(*kinds).map(list), min_size=3, max_size=10))
    return Table(header, rows, language)
