"""One bill with what its page shows."""

from billing.models import Bill


def bill_numbered(number: str) -> Bill | None:
    """The bill of this number; None when there is none."""
    about = (
        "encounter__patient",
        "encounter__institution",
        "encounter__department",
        "encounter__practitioner",
        "stored_quote",
        "reverses",
    )
    return Bill.objects.select_related(*about).filter(number=number).first()
