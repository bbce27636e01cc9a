"""Indicators, quality traits, the values customers see, expectations and surveys (S16, S3, S17, S18, S14)."""

from crmdash.rule_settings.section import Section, number


class WorthSettings(Section):
    """Indicators, quality traits, the values customers see, expectations and surveys (S16, S3, S17, S18, S14).

    `weight_*` weigh the five indicators; those of missing ones are shared out over the others. `integrity_*` and
    `cooperation_*` are the points that the parts of an indicator give at most, where no column states it.
    """

    weight_integrity: int = number(20, 0, 100, 5, "weight")
    weight_cooperation: int = number(15, 0, 100, 5, "weight")
    weight_dependence: int = number(20, 0, 100, 5, "weight")
    weight_growth: int = number(20, 0, 100, 5, "weight")
    weight_contribution: int = number(25, 0, 100, 5, "weight")
    peers_at_least: int = number(10, 2, 100, 1, "customers")
    integrity_on_time: int = number(60, 0, 100, 5, "index")
    integrity_days_late: int = number(25, 0, 100, 5, "index")
    integrity_returns: int = number(15, 0, 100, 5, "index")
    days_late_limit: int = number(60, 1, 365, 1, "days")
    return_share_limit: int = number(20, 1, 100, 1, "%")
    cooperation_planned: int = number(40, 0, 100, 5, "index")
    cooperation_survey: int = number(30, 0, 100, 5, "index")
    cooperation_ideas: int = number(30, 0, 100, 5, "index")
    ideas_enough: int = number(2, 1, 12, 1, "contacts")
    grade_a: int = number(80, 1, 100, 1, "index")
    grade_b: int = number(65, 1, 100, 1, "index")
    grade_c: int = number(50, 1, 100, 1, "index")
    award_share: int = number(5, 1, 50, 1, "%")
    award_score: int = number(80, 0, 100, 5, "index")
    award_floor: int = number(50, 0, 100, 5, "index")
    reward_share: int = number(1, 0, 20, 1, "%")
    change_notable: int = number(5, 1, 50, 1, "index")
    reliable_orders: int = number(4, 4, 24, 1, "purchases")
    reliable_variation: float = number(1.0, 0.1, 3, 0.1, "factor")
    reliable_integrity: int = number(70, 0, 100, 5, "index")
    reliable_days_late: int = number(7, 0, 90, 1, "days")
    potential_percentile: int = number(67, 5, 95, 1, "%")
    potential_wallet: float = number(0.6, 0, 1, 0.05, "fraction")
    potential_on_time: float = number(0.9, 0, 1, 0.05, "fraction")
    potential_signs: int = number(2, 1, 4, 1, "signs")
    values_us_recommend: float = number(9.0, 0, 10, 0.5, "points")
    values_us_silence: float = number(1.5, 0.5, 5, 0.1, "times")
    satisfied: float = number(8.0, 0, 10, 0.5, "points")
    dissatisfied: float = number(6.0, 0, 10, 0.5, "points")
    balance_line: int = number(50, 5, 95, 5, "index")
    good_experience: float = number(7.0, 0, 10, 0.5, "points")
    expectation_gap: float = number(-1.0, -5, 0, 0.5, "points")
