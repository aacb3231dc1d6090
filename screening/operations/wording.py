"""An order in the insurer's words (3101, 3102), and its findings in ours."""

from typing import Any

from insurance.models import VisitRegistration
from screening.rules.facts import OrderFacts


def analysis_of(order: OrderFacts, registration: VisitRegistration) -> Any:
    """The order as the insurer is asked about it."""
    raise NotImplementedError


def warnings_of(reply: Any, order: OrderFacts) -> list[dict[str, Any]]:
    """What it found, as it is kept."""
    raise NotImplementedError


def handling_of(report: Any, registration: VisitRegistration) -> Any:
    """What became of the findings, in the insurer's words."""
    raise NotImplementedError
