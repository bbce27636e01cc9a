"""Early warning, barriers, due orders and walk-away value (S34, S32, S33, S13b, S26b)."""

from crmdash.rule_settings.section import Section, number


class WarningSettings(Section):
    """Early warning, barriers, due orders and walk-away value (S34, S32, S33, S13b, S26b).

    Every signal of the risk score is a ramp: no points up to `*_from`, all its `*_points` at `*_to`. The ranges of both
    ends do not overlap, so that a ramp always leads the same way.
    """

    watch: int = number(30, 0, 60, 5, "risk_points")
    alert: int = number(60, 20, 100, 5, "risk_points")
    silence_from: float = number(1.5, 0.5, 2.4, 0.1, "times")
    silence_to: float = number(3.0, 2.5, 10, 0.1, "times")
    silence_points: int = number(60, 0, 100, 5, "risk_points")
    growth_from: float = number(-0.3, -0.6, 0, 0.05, "growth")
    growth_to: float = number(-1.0, -2, -0.65, 0.05, "growth")
    growth_points: int = number(30, 0, 100, 5, "risk_points")
    category_loss_from: float = number(0.2, 0, 0.4, 0.05, "fraction")
    category_loss_to: float = number(0.6, 0.45, 1, 0.05, "fraction")
    category_loss_points: int = number(20, 0, 100, 5, "risk_points")
    wallet_fall_from: float = number(0.05, 0, 0.15, 0.05, "fraction")
    wallet_fall_to: float = number(0.25, 0.2, 1, 0.05, "fraction")
    wallet_fall_points: int = number(25, 0, 100, 5, "risk_points")
    satisfaction_from: float = number(7.0, 5.5, 10, 0.5, "points")
    satisfaction_to: float = number(3.0, 0, 5, 0.5, "points")
    satisfaction_points: int = number(20, 0, 100, 5, "risk_points")
    satisfaction_fall_from: float = number(0.5, 0, 1, 0.5, "points")
    satisfaction_fall_to: float = number(3.0, 1.5, 10, 0.5, "points")
    satisfaction_fall_points: int = number(15, 0, 100, 5, "risk_points")
    complaints_from: float = number(0.0, 0, 1, 0.5, "complaints")
    complaints_to: float = number(2.0, 1.5, 10, 0.5, "complaints")
    complaints_points: int = number(25, 0, 100, 5, "risk_points")
    closed_complaint: float = number(0.5, 0, 1, 0.05, "complaints")
    expectation_gap_from: float = number(-0.5, -1, 0, 0.5, "points")
    expectation_gap_to: float = number(-3.0, -10, -1.5, 0.5, "points")
    expectation_gap_points: int = number(10, 0, 100, 5, "risk_points")
    days_late_from: int = number(7, 0, 25, 1, "days")
    days_late_to: int = number(60, 30, 365, 5, "days")
    days_late_points: int = number(20, 0, 100, 5, "risk_points")
    contract_from: int = number(120, 65, 730, 5, "days")
    contract_to: int = number(30, 0, 60, 5, "days")
    contract_points: int = number(20, 0, 100, 5, "risk_points")
    returns_from: float = number(0.05, 0, 0.1, 0.01, "fraction")
    returns_to: float = number(0.2, 0.15, 1, 0.05, "fraction")
    returns_points: int = number(10, 0, 100, 5, "risk_points")
    keep_early: float = number(0.3, 0, 1, 0.05, "fraction")
    keep_growing: float = number(0.5, 0, 1, 0.05, "fraction")
    keep_steady: float = number(0.8, 0, 1, 0.05, "fraction")
    keep_falling: float = number(0.4, 0, 1, 0.05, "fraction")
    keep_gone: float = number(0.1, 0, 1, 0.05, "fraction")
    keep_measured_from: int = number(20, 1, 500, 1, "customers")
    captive_satisfaction: float = number(6.0, 0, 10, 0.5, "points")
    cost_excess: float = number(1.5, 1, 5, 0.1, "times")
    channel_customers: int = number(5, 1, 100, 1, "customers")
    due_within: int = number(7, 0, 60, 1, "days")
    one_person_share: int = number(80, 50, 100, 5, "%")
    complete_file: int = number(60, 0, 100, 5, "%")
