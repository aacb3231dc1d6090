"""The on-site fee (上门服务费): what an institution asks for coming to a patient's home; pure."""

from pricing.rules.onsite.errors import (
    OnsiteFeeNotPublished,
    OutsideServedArea,
    TwoOnsiteFees,
    VisitNotMeasured,
)
from pricing.rules.onsite.facts import OnsiteFee, Part, RowFact, ScheduleFact, VisitFact
from pricing.rules.onsite.fee import onsite_fee
from pricing.rules.onsite.lines import onsite_line

__all__ = [
    "OnsiteFee",
    "OnsiteFeeNotPublished",
    "OutsideServedArea",
    "Part",
    "RowFact",
    "ScheduleFact",
    "TwoOnsiteFees",
    "VisitFact",
    "VisitNotMeasured",
    "onsite_fee",
    "onsite_line",
]
