"""What-ifs: keep or win, price, cross-selling, acquisition, trust (S10, S11, S12, S25, S30, S4)."""

from crmdash.rule_settings.section import Section, number


class EconomicsSettings(Section):
    """What-ifs: keep or win, price, cross-selling, acquisition, trust (S10, S11, S12, S25, S30, S4)."""

    top_n: int = number(5, 1, 100, 1, "customers")
    retention_gain: int = number(5, 1, 50, 1, "%")
    acquisition_cost: int = number(100, 0, 10_000, 10, "money")
    newcomer_after: int = number(90, 0, 365, 10, "days")
    price_cut: int = number(5, 1, 50, 1, "%")
    cross_sell_spend: int = number(30, 0, 100, 5, "%")
    cross_sell_shown: int = number(3, 1, 3, 1, "categories")
    fading_fall: int = number(25, 5, 100, 5, "%")
    fading_cost: int = number(25, 5, 200, 5, "%")
    second_order_rhythms: float = number(2.0, 0.5, 6, 0.5, "times")
    contact_within: int = number(14, 1, 90, 1, "days")
    regular_orders: int = number(4, 2, 24, 1, "purchases")
    regular_silence: float = number(2.0, 1, 5, 0.1, "times")
    advocate_recommend: float = number(9.0, 0, 10, 0.5, "points")
