"""Sections of the settings beside the tiers, one module each; every number with its range, step and unit."""

from crmdash.rule_settings.economics import EconomicsSettings
from crmdash.rule_settings.flags import FlagSettings
from crmdash.rule_settings.kinds import KindSettings
from crmdash.rule_settings.lifecycle import LifecycleSettings
from crmdash.rule_settings.lifetime import LifetimeSettings
from crmdash.rule_settings.movement import MovementSettings
from crmdash.rule_settings.period import PeriodSettings
from crmdash.rule_settings.profile import ProfileSettings
from crmdash.rule_settings.section import Section, number
from crmdash.rule_settings.service import ServiceSettings
from crmdash.rule_settings.system_codes import SYSTEM_CODES, SystemCode
from crmdash.rule_settings.tier_test import TierTestSettings
from crmdash.rule_settings.warning import WarningSettings
from crmdash.rule_settings.worth import WorthSettings

__all__ = [
    "SYSTEM_CODES",
    "EconomicsSettings",
    "FlagSettings",
    "KindSettings",
    "LifecycleSettings",
    "LifetimeSettings",
    "MovementSettings",
    "PeriodSettings",
    "ProfileSettings",
    "Section",
    "ServiceSettings",
    "SystemCode",
    "TierTestSettings",
    "WarningSettings",
    "WorthSettings",
    "number",
]
