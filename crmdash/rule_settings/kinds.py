"""Kinds of customer: ten types, orientation, criteria, segment grids (S21, S22, S36)."""

from crmdash.rule_settings.section import Section, number


class KindSettings(Section):
    """Limits of the ten types, points of the orientations, weights of the loyalty index, classes of the grids.

    Percentiles are those of the base. `orientation_*` says when points suffice, `cost_*`, `value_*` and `technology_*`
    are the points that a signal gives, `loyalty_*` the weights of the parts of the index.
    """

    high_percentile: int = number(75, 55, 95, 1, "%")
    low_percentile: int = number(25, 5, 45, 1, "%")
    benchmark_referrals: int = number(2, 1, 10, 1, "customers")
    door_opener_days: int = number(90, 0, 365, 10, "days")
    door_opener_followers: int = number(2, 1, 10, 1, "customers")
    inspiring_suggestions: int = number(2, 1, 10, 1, "suggestions")
    future_percentile: int = number(80, 50, 99, 1, "%")
    future_growth: float = number(0.4, 0, 2, 0.05, "growth")
    future_windows: float = number(2.0, 0.5, 5, 0.5, "windows")
    loyal_orders: int = number(6, 2, 24, 1, "purchases")
    loyal_silence: float = number(1.5, 0.5, 5, 0.1, "times")
    loyal_satisfaction: float = number(8.0, 0, 10, 0.5, "points")
    volume_percentile: int = number(90, 50, 99, 1, "%")
    discount_orders: int = number(3, 1, 12, 1, "purchases")
    discount_share: float = number(0.7, 0, 1, 0.05, "fraction")
    discount_above_median: float = number(0.2, 0, 1, 0.05, "fraction")
    habit_orders: int = number(4, 4, 24, 1, "purchases")
    impulse_planned: float = number(0.3, 0, 1, 0.05, "fraction")
    need_planned: float = number(0.7, 0, 1, 0.05, "fraction")
    wandering_contacts: int = number(3, 1, 24, 1, "contacts")
    wandering_orders: float = number(0.2, 0, 1, 0.05, "fraction")

    orientation_from: int = number(50, 10, 100, 5, "score")
    orientation_ahead: int = number(10, 0, 50, 5, "score")
    orientation_known: int = number(50, 0, 100, 5, "%")
    price_low: float = number(0.95, 0.5, 1.5, 0.01, "factor")
    price_usual: float = number(1.0, 0.5, 1.5, 0.01, "factor")
    price_high: float = number(1.05, 0.5, 1.5, 0.01, "factor")
    paid_late_days: int = number(15, 0, 120, 5, "days")
    on_time_low: float = number(0.7, 0, 1, 0.05, "fraction")
    on_time_high: float = number(0.9, 0, 1, 0.05, "fraction")
    long_windows: float = number(2.0, 0.5, 5, 0.5, "windows")
    many_complaints: int = number(2, 1, 10, 1, "contacts")
    cost_deals: int = number(30, 0, 100, 5, "score")
    cost_price: int = number(20, 0, 100, 5, "score")
    cost_payment: int = number(25, 0, 100, 5, "score")
    cost_satisfaction: int = number(10, 0, 100, 5, "score")
    cost_complaints: int = number(15, 0, 100, 5, "score")
    value_deals: int = number(20, 0, 100, 5, "score")
    value_price: int = number(10, 0, 100, 5, "score")
    value_payment: int = number(15, 0, 100, 5, "score")
    value_tenure: int = number(20, 0, 100, 5, "score")
    value_satisfaction: int = number(20, 0, 100, 5, "score")
    value_returns: int = number(15, 0, 100, 5, "score")
    technology_price: int = number(15, 0, 100, 5, "score")
    technology_new_products: int = number(45, 0, 100, 5, "score")
    technology_satisfaction: int = number(5, 0, 100, 5, "score")
    technology_contacts: int = number(35, 0, 100, 5, "score")

    credit_a: int = number(80, 0, 100, 1, "score")
    credit_b: int = number(60, 0, 100, 1, "score")
    loyalty_orders: int = number(35, 0, 100, 5, "weight")
    loyalty_silence: int = number(25, 0, 100, 5, "weight")
    loyalty_wallet: int = number(20, 0, 100, 5, "weight")
    loyalty_satisfaction: int = number(20, 0, 100, 5, "weight")
    loyalty_awake: float = number(1.0, 0, 3, 0.1, "times")
    loyalty_silent: float = number(3.0, 1, 8, 0.1, "times")
    loyalty_high: int = number(70, 0, 100, 1, "score")
    loyalty_middle: int = number(40, 0, 100, 1, "score")

    rf_classes: int = number(5, 3, 7, 1, "classes")
    rfm_classes: int = number(3, 2, 5, 1, "classes")
