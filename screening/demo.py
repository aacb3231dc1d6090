"""The rules that are shipped, and invented knowledge points for the medicines of the demonstration."""

from datetime import datetime

from screening import operations
from screening.operations.loading import DEMONSTRATION


def load(*, at: datetime) -> None:
    """Load both; may be repeated."""
    operations.load_rules(rules=operations.rows_in_files(), by=None, at=at)
    operations.load_demonstration(points=operations.rows_in_files(DEMONSTRATION))
