"""How old the earlier diagnosis may be for the insurance to pay for a re-diagnosis: IN-19."""

from datetime import date

from django.utils.translation import gettext as _

from kernel.errors import Text, Violation

_SOURCE = "no national figure, 3 to 12 months are seen; revisit_window_days of the province profile"


def window_violation(diagnosed_on: date, *, on: date, days: int, way: Text) -> Violation | None:
    """IN-19: the insurance pays for a re-diagnosis only so many days after the diagnosis, that day included.

    Args:
        diagnosed_on: the day of the diagnosis that her proof names.
        on: the day of service.
        days: of the province.
        way: what she can do instead.
    """
    age = (on - diagnosed_on).days
    if age <= days:
        return None
    text = _(
        "The medical insurance here pays for a re-diagnosis up to %(days)s days after the diagnosis; yours is"
        " %(age)s days old."
    )
    return Violation("IN-19", text % {"days": days, "age": age}, way, source=_SOURCE)
