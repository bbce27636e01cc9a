import pytest

from crmdash.errors import MappingError
from crmdash.ingest.options import Mapping, Options, check_file_columns

TREE = {
    "table": "transactions",
    "columns": {"customer_id": "客户 ID", "date": "订单日期", "amount": ["A", "B"], "name": "客户名称"},
    "options": {"header": 2, "date_order": "dmy", "discount": "percent"},
}


def test_a_mapping_comes_back_from_its_file():
    mapping = Mapping.from_json(TREE)
    assert mapping.columns["amount"] == ("A", "B")
    assert mapping.options == Options(header=2, date_order="dmy", discount="percent")
    assert mapping.to_json() == TREE


def test_everything_in_a_mapping_file_is_optional():
    assert Mapping.from_json({}) == Mapping(None, {}, Options())
    assert Mapping.from_json({"columns": {"amount": [], "date": None}}).columns == {}


@pytest.mark.parametrize(
    ("tree", "hint"),
    [
        ({"colums": {}}, "unknown key 'colums', did you mean 'columns'?"),
        ({"table": "transaction"}, "did you mean 'transactions'?"),
        ({"table": "transactions", "columns": {"ammount": "A"}}, "unknown column 'ammount', did you mean 'amount'?"),
        ({"table": "staff", "columns": {"amount": "A"}}, "unknown column 'amount'"),
        ({"options": {"dateorder": "dmy"}}, "did you mean 'date_order'?"),
        ({"options": {"date_order": "dym"}}, "options.date_order"),
        ({"options": {"decimal": ";"}}, "options.decimal"),
        ({"options": {"header": "first"}}, "options.header"),
        ({"options": {"delimiter": ", "}}, "options.delimiter"),
        ({"options": {"sheet": 3}}, "options.sheet"),
        ({"options": []}, "options"),
        ({"columns": []}, "columns"),
        ({"columns": {"amount": 3}}, "columns.amount"),
        ({"table": "transactions", "columns": {"date": ["A", "B"]}}, "columns.date"),
        ([], "a mapping is an object"),
    ],
)
def test_what_does_not_exist_is_refused_naming_the_nearest(tree, hint: str):
    with pytest.raises(MappingError) as refused:
        Mapping.from_json(tree)
    assert hint in str(refused.value)


def test_file_columns_that_are_not_there_are_refused():
    mapping = Mapping("transactions", {"customer_id": ("客户编号",)})
    check_file_columns(mapping, ["客户编号", "金额"])
    with pytest.raises(MappingError, match="unknown file column '客户编号', did you mean '客户编码'"):
        check_file_columns(mapping, ["客户编码", "金额"])
