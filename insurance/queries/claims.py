"""Claims as the insurance office sees them."""

from insurance.models import Claim


def claims_for_a_person() -> int:
    """How many claims wait for a person."""
    return Claim.objects.filter(needs_person_since__isnull=False).count()
