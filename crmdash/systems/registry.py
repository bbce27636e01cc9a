"""Every system by its code, in the order of the domain's numbers."""

from collections.abc import Callable
from typing import Any, Final

from crmdash.evaluate import Evaluation
from crmdash.rule_settings import SYSTEM_CODES
from crmdash.rule_settings import SystemCode as Code
from crmdash.summary import Summary, Tables
from crmdash.systems.acquaintance import ACQUAINTANCE
from crmdash.systems.acquisition import ACQUISITION
from crmdash.systems.audit_base import AUDIT_BASE
from crmdash.systems.audit_cohort import AUDIT_COHORT
from crmdash.systems.audit_cohorts import AUDIT_COHORTS
from crmdash.systems.audit_period import AUDIT_PERIOD
from crmdash.systems.audit_two_periods import AUDIT_TWO_PERIODS
from crmdash.systems.balance import BALANCE
from crmdash.systems.buyers import BUYERS
from crmdash.systems.channels import CHANNELS
from crmdash.systems.claims import CLAIMS_SYSTEM
from crmdash.systems.commercial import COMMERCIAL
from crmdash.systems.complaint_iceberg import COMPLAINT_ICEBERG
from crmdash.systems.criteria import CRITERIA
from crmdash.systems.cross_sell import CROSS_SELL
from crmdash.systems.due_list import DUE_LIST
from crmdash.systems.dynamic_tiers import DYNAMIC_TIERS
from crmdash.systems.early_warning import EARLY_WARNING
from crmdash.systems.evidence import Evidence
from crmdash.systems.exit_barriers import EXIT_BARRIERS
from crmdash.systems.expectations import EXPECTATIONS
from crmdash.systems.expected_profit import EXPECTED_PROFIT
from crmdash.systems.five_indicators import FIVE_INDICATORS
from crmdash.systems.four_values import FOUR_VALUES
from crmdash.systems.journey import JOURNEY
from crmdash.systems.lifetime_value import LIFETIME_VALUE
from crmdash.systems.loss_of_the_top import LOSS_OF_THE_TOP
from crmdash.systems.lost_customers import LOST_CUSTOMERS
from crmdash.systems.nature import NATURE
from crmdash.systems.open_matters import OPEN_MATTERS
from crmdash.systems.orientation import ORIENTATION
from crmdash.systems.personal_cycle import PERSONAL_CYCLE
from crmdash.systems.potential_tiers import POTENTIAL_TIERS
from crmdash.systems.price_cut import PRICE_CUT
from crmdash.systems.profile_completeness import PROFILE_COMPLETENESS
from crmdash.systems.quality_traits import QUALITY_TRAITS
from crmdash.systems.recommendations import RECOMMENDATIONS
from crmdash.systems.relationship import RELATIONSHIP
from crmdash.systems.report import System
from crmdash.systems.retention_gain import RETENTION_GAIN
from crmdash.systems.rf_grid import RF_GRID
from crmdash.systems.rfm_grid import RFM_GRID
from crmdash.systems.rule_lint import RULE_LINT
from crmdash.systems.survey import SURVEY
from crmdash.systems.ten_types import TEN_TYPES
from crmdash.systems.tier_measures import with_tier_measure
from crmdash.systems.tiers_help import TIERS_HELP
from crmdash.systems.transaction_cost import TRANSACTION_COST
from crmdash.systems.trust_ladder import TRUST_LADDER
from crmdash.systems.walk_away_value import WALK_AWAY_VALUE
from crmdash.systems.what_followed import WHAT_FOLLOWED

_ALL: Final[tuple[System, ...]] = (
    NATURE,
    BUYERS,
    QUALITY_TRAITS,
    TRUST_LADDER,
    TIERS_HELP,
    DYNAMIC_TIERS,
    RETENTION_GAIN,
    PRICE_CUT,
    CROSS_SELL,
    COMMERCIAL,
    DUE_LIST,
    SURVEY,
    COMPLAINT_ICEBERG,
    LIFETIME_VALUE,
    FIVE_INDICATORS,
    FOUR_VALUES,
    BALANCE,
    EXPECTATIONS,
    JOURNEY,
    CHANNELS,
    TEN_TYPES,
    ORIENTATION,
    ACQUISITION,
    WALK_AWAY_VALUE,
    POTENTIAL_TIERS,
    PROFILE_COMPLETENESS,
    LOSS_OF_THE_TOP,
    RELATIONSHIP,
    OPEN_MATTERS,
    EXIT_BARRIERS,
    TRANSACTION_COST,
    EARLY_WARNING,
    LOST_CUSTOMERS,
    ACQUAINTANCE,
    PERSONAL_CYCLE,
    CRITERIA,
    RECOMMENDATIONS,
    EXPECTED_PROFIT,
    WHAT_FOLLOWED,
    AUDIT_PERIOD,
    AUDIT_TWO_PERIODS,
    AUDIT_COHORT,
    AUDIT_COHORTS,
    AUDIT_BASE,
    CLAIMS_SYSTEM,
    RF_GRID,
    RFM_GRID,
    RULE_LINT,
)

SYSTEMS: Final[dict[Code, System]] = {code: system for code in SYSTEM_CODES for system in _ALL if system.code == code}


def gather(
    tables: Tables,
    summary: Summary,
    evaluation: Evaluation,
    summary_at: Callable[[int], Summary],
    lasting: dict[str, Any] | None = None,
) -> Evidence:
    """Gather what systems are asked of; see `Evidence`."""
    kept = {} if lasting is None else lasting
    return Evidence(tables, summary, evaluation, summary_at, SYSTEMS, kept, with_tier_measure)
