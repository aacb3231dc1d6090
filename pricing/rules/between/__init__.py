"""Rules between lines: what may not be charged together, how often, and only with what; pure."""

from pricing.rules.between.evaluating import charge_rule_violations, check_between
from pricing.rules.between.windows import LONGEST_DAYS, last_look_back

__all__ = ["LONGEST_DAYS", "charge_rule_violations", "check_between", "last_look_back"]
