"""Which names files use for the canonical columns, in English, Simplified and Traditional Chinese.

Names are compared by `normalise`: width, case, blanks, underscores, punctuation and a unit in brackets make no
difference. Within a column the aliases stand best first: where a file has several, the first wins.
"""

import re
import unicodedata
from functools import cache
from typing import Final

from crmdash.columns import TableName

_CUSTOMER_ID: Final = (
    "customer id|customer no|customer number|customer code|customer key|cust id|cust no|cust code|client id|client no"
    "|client number|client code|account id|account no|account number|account code|buyer id|member id|member no"
    "|membership id|user id|shopper id|partner id|sold to|sold to party|dealer id|dealer code|store id|outlet id"
    "|客户id|客户编号|客户编码|客户代码|客户代号|客户号|客户序号|顾客id|顾客编号|会员id|会员编号|会员号|会员卡号|买家id"
    "|用户id|用户编号|门店编号|经销商编号"
    "|客戶id|客戶編號|客戶編碼|客戶代碼|客戶代號|客戶號|顧客id|顧客編號|會員id|會員編號|會員號|會員卡號|買家id|用戶id"
    "|使用者id|門市編號|經銷商編號"
    "|customer|client|account|buyer|member|客户|客戶|顾客|顧客|会员|會員|买家|買家"
    "|customer name|client name|account name|buyer name|company name|company|客户名称|客户名|客户姓名|顾客姓名|会员姓名"
    "|客戶名稱|客戶名|客戶姓名|顧客姓名|會員姓名|公司名称|公司名稱|买家会员名|买家昵称|id"
)
_DESCRIPTIVE: Final = {
    "name": "customer name|client name|account name|company name|company|full name|buyer name|member name|store name"
    "|customer|client|account|name|客户名称|客户名|客户姓名|客户简称|客户全称|顾客姓名|会员姓名|会员名称|公司名称|企业名称|门店名称|姓名|名称"
    "|客戶名稱|客戶名|客戶姓名|客戶簡稱|顧客姓名|會員姓名|會員名稱|公司名稱|企業名稱|門市名稱|名稱",
    "contact_person": "contact person|contact name|contact|联系人|联系人姓名|聯絡人|聯絡人姓名|聯繫人",
    "nature": "nature|customer nature|customer kind|customer type|client type|account type|客户性质|客户类型|客户类别"
    "|客戶性質|客戶類型|客戶類別",
    "format": "format|store format|outlet type|segment|customer segment|customer type|client type|account type"
    "|customer category|customer group|业态|业态类型|门店类型|客户类型|客户类别|客户分类|客户群"
    "|業態|門市類型|客戶類型|客戶類別|客戶分類|客戶群",
    "market": "market|market segment|market type|市场|市场类型|市場|市場類型",
    "industry": "industry|sector|branch|line of business|行业|所属行业|行业类别|行業|產業|產業別|所屬行業",
    "region": "region|sales region|territory|area|regional office|district|大区|区域|销售区域|地区|大區|區域|銷售區域|地區"
    "|province|state|省份|省|country|国家|國家|city|城市|市|縣市|县市",
    "owner": "owner|account owner|account manager|sales rep|salesrep|sales representative|salesperson|sales person"
    "|sales agent|salesman|seller|agent|sales|客户经理|业务员|销售员|销售代表|销售人员|销售|负责人|所属业务员|跟进人"
    "|客戶經理|業務員|業務|業務人員|銷售員|銷售代表|負責人|業務代表",
    "source": "source|customer source|lead source|acquisition channel|acquisition source|来源|客户来源|渠道来源|來源|客戶來源|來源管道",
    "referred_by": "referred by|referrer|referrer id|introduced by|introducer|推荐人|介绍人|推薦人|介紹人",
    "gender": "gender|sex|性别|性別",
    "occupation": "occupation|profession|job|职业|職業",
    "position": "position|job title|职位|职务|職位|職稱|職務",
}  # fmt: skip

_TRANSACTIONS: Final = {
    "customer_id": _CUSTOMER_ID,
    "date": "order date|orderdate|invoice date|transaction date|purchase date|sales date|sale date|date of purchase"
    "|date|posting date|document date|booking date|bill date|order time|order datetime|order timestamp"
    "|order purchase timestamp|transaction time|invoicedate|close date|closed date|ship date|timestamp|datetime"
    "|订单日期|下单日期|下单时间|订单时间|订单创建时间|购买日期|购买时间|交易日期|交易时间|销售日期|销售时间|成交日期|成交时间|开票日期|单据日期|日期|付款时间|支付时间"
    "|訂單日期|下單日期|下單時間|訂單時間|購買日期|購買時間|交易時間|銷售日期|成交時間|開票日期|發票日期|單據日期",
    "amount": "net amount|net sales|sales amount|order amount|line amount|line total|total amount|amount|sales|revenue"
    "|net revenue|sales revenue|sales value|order value|order total|invoice amount|transaction amount|dollar value"
    "|dollar sales|turnover|payment value|payment amount|close value|deal value|spend|spent|total price|total sales"
    "|total|value|amt|monetary|paid amount|gross sales"
    "|实付金额|实收金额|实际支付金额|销售额|销售金额|订单金额|订单总额|成交金额|成交额|交易金额|交易额|消费金额|消费额|支付金额|付款金额|买家实际支付金额|总金额|总价|金额|营业额|营收|收入"
    "|實付金額|實收金額|銷售額|銷售金額|訂單金額|訂單總額|成交金額|成交額|交易金額|交易額|消費金額|消費額|支付金額|付款金額|總金額|總價|金額|營業額|營收|業績",
    "order_id": "order id|order no|order number|ordernumber|order code|order|invoice id|invoice no|invoice number|invoice"
    "|transaction id|transaction no|receipt no|receipt number|receipt|document no|document number|bill no"
    "|opportunity id|sales order|订单id|订单编号|订单号|单号|单据编号|交易编号|交易号|发票号|流水号|小票号"
    "|訂單id|訂單編號|訂單號|訂單號碼|單號|單據編號|交易編號|交易序號|發票號碼|流水號",
    "cost": "cost|total cost|cost of goods|cost of goods sold|cogs|line cost|cost amount|成本|总成本|成本金额|成本额|销售成本"
    "|總成本|成本金額|成本額|銷售成本|銷貨成本",
    "profit": "profit|gross profit|margin amount|gross margin amount|profit amount|net profit|利润|毛利|毛利额|利润额|毛利润"
    "|利潤|毛利額|利潤額|毛利潤",
    "quantity": "quantity|qty|units|quantity ordered|quantityordered|order quantity|order qty|number of items|items|pieces"
    "|number of units|volume|number of cds|数量|销量|件数|销售数量|购买数量|订购数量|數量|銷量|件數|銷售數量|購買數量|訂購數量",
    "discount": "discount amount|discount value|discount|discount rate|discount percent|discount pct|rebate"
    "|折扣金额|优惠金额|折让金额|折扣额|优惠|折扣|折扣率|折扣金額|優惠金額|折讓金額|折扣額|優惠",
    "list_amount": "list amount|list value|gross amount|amount before discount|list price total|原价金额|应付金额|商品总价|标价金额|折前金额"
    "|原價金額|應付金額|商品總價|標價金額|折前金額",
    "product": "product name|product|item name|item|product title|sku name|product description|article|stock code|sku"
    "|product id|product code|item code|产品名称|商品名称|商品名|品名|产品|商品|产品id|产品编号|商品编号|商品编码"
    "|產品名稱|商品名稱|產品|產品id|產品編號|商品編號",
    "category": "category|product category|product line|productline|item category|product group|product type|department"
    "|产品类别|产品类目|商品类别|商品分类|品类|类别|类目|产品线|產品類別|商品類別|商品分類|品類|類別|產品線",
    "channel": "channel|sales channel|order channel|order source|渠道|销售渠道|下单渠道|订单渠道|订单来源|通路|銷售通路|銷售管道|下單管道|渠道來源",
    "due_date": "due date|payment due|payment due date|到期日|应付日期|应收日期|应收到期日|付款到期日|應付日期|應收日期|付款到期日",
    "paid_date": "paid date|payment date|date paid|付款日期|支付日期|收款日期|回款日期|支付日|付款日|收款日",
    "planned": "planned|planned order|is planned|按计划|计划内|是否计划内|計畫內|按計畫|是否計畫內",
    **_DESCRIPTIVE,
}  # fmt: skip

_CUSTOMERS: Final = {
    "customer_id": _CUSTOMER_ID,
    **_DESCRIPTIVE,
    "status": "status|customer status|account status|client status|客户状态|状态|客戶狀態|狀態",
    "created_date": "created date|created|created at|creation date|registration date|registered|register date|signup date"
    "|sign up date|join date|joined|member since|customer since|dt customer|enrollment date|enrolment date|opening date"
    "|注册日期|注册时间|创建日期|创建时间|建档日期|开户日期|入会日期|註冊日期|註冊時間|建立日期|建檔日期|開戶日期|入會日期",
    "revenue": "revenue|total revenue|net revenue|sales|total sales|total spend|total spent|amount spent|spend|monetary"
    "|monetary value|total amount|lifetime revenue|annual revenue|sales amount|累计消费|累计消费金额|消费总额|累计销售额|总消费|销售额|销售总额|消费金额|收入|营收"
    "|累計消費|累計消費金額|消費總額|累計銷售額|總消費|銷售額|銷售總額|消費金額|營收",
    "profit": "profit|total profit|gross profit|customer profit|利润|毛利|客户利润|利潤|毛利額|客戶利潤",
    "cost_to_serve": "cost to serve|service cost|servicing cost|服务成本|服務成本",
    "orders": "orders|order count|number of orders|total orders|num orders|purchase count|number of purchases|purchases"
    "|transaction count|transactions|订单数|订单数量|购买次数|消费次数|订单量|累计订单数|訂單數|訂單數量|購買次數|消費次數|訂單量",
    "first_purchase": "first purchase|first purchase date|first order|first order date|first order at|首次购买日期|首次购买时间|首次购买|首单日期|首次下单日期"
    "|首次購買日期|首次購買時間|首次購買|首單日期|首次下單日期",
    "last_purchase": "last purchase|last purchase date|last order|last order date|latest order|most recent order"
    "|最近购买日期|最近购买时间|最后购买日期|最后消费日期|最近消费日期|最近下单日期|末次购买日期"
    "|最近購買日期|最後購買日期|最後消費日期|最近消費日期|最近下單日期|末次購買日期",
    "recency": "recency|recency days|days since last purchase|days since last order|day since last order"
    "|days since last transaction|距上次购买天数|最近购买距今天数|未购买天数|距上次購買天數|最近購買距今天數|未購買天數",
    "satisfaction": "satisfaction|satisfaction score|csat|customer satisfaction|满意度|客户满意度|满意度评分|滿意度|客戶滿意度|滿意度評分",
    "expectation": "expectation|expectation score|期望|期望值|期望评分|期望評分",
    "experience": "experience score|perceived quality|体验|体验评分|感知|體驗|體驗評分",
    "recommend": "recommend|recommendation|nps|nps score|likelihood to recommend|推荐意愿|推荐度|推薦意願|推薦度",
    "value_functional": "functional value|value functional|功能价值|功能價值",
    "value_experiential": "experiential value|value experiential|体验价值|體驗價值",
    "value_social": "social value|value social|社会价值|社交价值|社會價值|社交價值",
    "value_convenience": "convenience value|value convenience|便利价值|便利價值",
    "share_of_wallet": "share of wallet|wallet share|钱包份额|采购占比|荷包佔有率|採購佔比",
    "share_of_wallet_before": "share of wallet before|previous share of wallet|上期钱包份额|上期采购占比|上期荷包佔有率|上期採購佔比",
    "cooperation": "cooperation|配合度",
    "integrity": "integrity|诚信度|誠信度",
    "credit_overdue_days": "credit overdue days|days overdue|overdue days|逾期天数|逾期天數",
    "payment_terms": "payment terms|terms|credit days|credit term|账期|付款条件|帳期|付款條件|付款天數",
    "contract_end": "contract end|contract end date|contract expiry|renewal date|合同到期日|合同结束日期|合約到期日|契約到期日",
    "exit_barriers": "exit barriers|switching barriers|退出壁垒|退出障礙",
    "tags": "tags|labels|标签|客户标签|標籤|客戶標籤",
    "paid_by": "paid by|payer|付款方|付款人",
    "decided_by": "decided by|decision maker|决策人|決策人|決策者",
    "used_by": "used by|end user|使用人|使用者",
    "acquisition_cost": "acquisition cost|cac|customer acquisition cost|获客成本|獲客成本|取得成本",
    "end_reason": "end reason|churn reason|lost reason|reason lost|流失原因|终止原因|終止原因",
    "visit_level": "visit level|contact level|拜访层级|拜訪層級",
    "may_contact": "may contact|opt in|marketing consent|consent|可联系|允许联系|是否可联系|可聯絡|允許聯絡|是否可聯絡",
    "potential_value": "potential value|potential|estimated potential|潜在价值|潜力|潛在價值|潛力",
    "age": "age|年龄|年齡",
    "birthday": "birthday|birth date|date of birth|dob|生日|出生日期",
    "situation": "situation|customer situation|现状|现况|現況|現狀",
    "needs": "needs|customer needs|需求|客户需求|客戶需求",
    "pain_points": "pain points|pain point|痛点|痛點",
    "preferences": "preferences|preference|偏好|喜好",
    "character": "character|personality|性格|个性|個性",
    "buying_habits": "buying habits|purchase habits|购买习惯|消费习惯|購買習慣|消費習慣",
    "taste": "taste|品味",
    "awareness": "awareness|认知|认知度|認知|認知度",
}  # fmt: skip

_CONTACTS: Final = {
    "customer_id": _CUSTOMER_ID,
    "date": "contact date|visit date|call date|activity date|interaction date|service date|date|created date|created at"
    "|拜访日期|联系日期|接触日期|互动日期|服务日期|投诉日期|日期|时间|拜訪日期|聯絡日期|接觸日期|互動日期|服務日期|客訴日期|時間",
    "kind": "kind|contact kind|contact type|interaction type|activity type|activity|interaction|event type|type|contact channel"
    "|接触类型|接触方式|互动类型|联系类型|联系方式|活动类型|类型|接觸類型|接觸方式|互動類型|聯絡類型|聯絡方式|活動類型|類型",
    "score": "score|rating|satisfaction|评分|满意度|評分|滿意度",
    "topic": "topic|subject|reason|issue|主题|事由|内容|主題|內容",
    "minutes": "minutes|duration|duration minutes|minutes spent|时长|分钟|分钟数|時長|分鐘|分鐘數",
    "cost": "cost|contact cost|费用|成本|費用",
    "staff": "staff|staff name|agent|sales rep|employee|handled by|owner|account manager|salesperson|员工|业务员|客户经理|经办人|員工|業務員|客戶經理|經辦人|承辦人",
    "resolved_date": "resolved date|resolution date|resolved at|closed date|closed at|解决日期|处理完成日期|關閉日期|解決日期|結案日期|结案日期",
}  # fmt: skip

_STAFF: Final = {
    "name": "name|staff name|staff|account manager|salesperson|sales rep|sales agent|employee|employee name|owner|姓名|员工姓名|业务员|客户经理|員工姓名|業務員|客戶經理",
    "grade": "grade|level|seniority|rank|级别|职级|等级|級別|職級|等級",
    "capacity": "capacity|customer capacity|max customers|span|管理幅度|可管客户数|容量|可管客戶數",
    "hours": "hours|hours a year|annual hours|hours per year|working hours|年工时|工时|年工時|工時",
    "hourly_cost": "hourly cost|cost per hour|hourly rate|每小时成本|小时成本|每小時成本|小時成本|時薪",
    "can_visit": "can visit|visits|field|可拜访|能否拜访|可拜訪|能否拜訪",
    "region": "region|territory|area|regional office|大区|区域|地区|大區|區域|地區",
}  # fmt: skip

_TABLES: Final[dict[TableName, dict[str, str]]] = {
    "transactions": _TRANSACTIONS,
    "customers": _CUSTOMERS,
    "contacts": _CONTACTS,
    "staff": _STAFF,
}

_OTHER_THINGS: Final = (
    "row id|row|line|line no|line number|order line number|product id|product code|sku|barcode|phone|telephone|tel|mobile"
    "|email|e mail|fax|postal code|postcode|zip|zip code|address|supplier|supplier id|vendor|vendor id|employee id|url"
    "|year|month|quarter|week|age|freight|shipping|shipping cost|tax|unit price|price|price each|msrp|list price"
    "|行号|序号|产品id|产品编号|商品编号|商品编码|电话|联系电话|手机|手机号|邮箱|邮编|地址|供应商|单价|成本价|运费|税额|库存量|安全库存"
    "|行號|序號|產品id|產品編號|商品編號|電話|聯絡電話|手機號碼|信箱|郵遞區號|供應商|單價|運費|稅額|庫存量|年龄|年齡"
)
_STATUS: Final = (
    "status|order status|line status|transaction status|deal stage|stage|order state|invoice status|订单状态|状态|交易状态"
    "|订单状况|訂單狀態|狀態|交易狀態"
)
_FIRM_FACTS: Final = (
    "employees|number of employees|employee count|headcount|staff count|year established|established|founded|year founded"
    "|registered capital|market cap|员工数|员工人数|成立年份|成立日期|注册资本|員工數|員工人數|成立年份|資本額|註冊資本"
)


def normalise(header: str) -> str:
    """Return a column name without case, width, blanks, punctuation and a unit in brackets.

    Examples
    --------
    >>> normalise("Sales_Amount (USD)")
    'salesamount'
    """
    plain = unicodedata.normalize("NFKC", header).casefold()
    without_unit = re.sub(r"\s*[(\[【][^)\]】]*[)\]】]\s*$", "", plain)
    return re.sub(r"[\W_]+", "", without_unit) or re.sub(r"[\W_]+", "", plain)


def _ranked(names: str) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, name in enumerate(names.split("|")):
        ranks.setdefault(normalise(name), rank)
    return ranks


@cache
def alias_ranks(table: TableName) -> dict[str, dict[str, int]]:
    """Return, per canonical column of `table`, its normalised aliases with their rank (0 is best).

    The canonical name itself is always an alias, and the best.
    """
    return {name: _ranked(names) | {normalise(name): -1} for name, names in _TABLES[table].items()}


@cache
def _known() -> frozenset[str]:
    tables = (ranks for table in _TABLES for ranks in alias_ranks(table).values())
    return frozenset(alias for ranks in (*tables, _ranked(_OTHER_THINGS), _ranked(_STATUS)) for alias in ranks)


def is_known(header: str) -> bool:
    """Say whether a text is a column name we know of, ours or not."""
    return normalise(header) in _known()


def is_other_thing(header: str) -> bool:
    """Say whether a column is known to hold what the product has no column for (a phone number, a row number)."""
    return normalise(header) in _ranked(_OTHER_THINGS)


def is_status(header: str) -> bool:
    """Say whether a column holds the state of an order line."""
    return normalise(header) in _ranked(_STATUS)


def is_firm_fact(header: str) -> bool:
    """Say whether a column describes the customer's own firm (employees, year founded)."""
    return normalise(header) in _ranked(_FIRM_FACTS)
