"""Thresholds, effects and switches in the page's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from screening.models import EffectChoice

EFFECT_BADGES = {
    EffectChoice.DENY: ("refused", _("denies")),
    EffectChoice.WARN: ("needs", _("warns")),
    EffectChoice.RECORD: ("waiting", _("records")),
}
THRESHOLDS = {
    "most_years": _("years at most"),
    "least_days": _("days left, more than"),
    "most_days": _("days left, more than"),
    "least_minutes": _("minutes between two cities, fewer than"),
    "least_km": _("kilometres apart, more than"),
    "most_km_an_hour": _("kilometres an hour, more than"),
    "most_patients": _("patients of one device, more than"),
    "hours": _("within hours"),
    "most_orders": _("prescriptions, more than"),
    "seconds": _("within seconds"),
}
SWITCH_BADGES = {True: ("done", _("On")), False: ("stopped", _("Off"))}


def thresholds_in_words(thresholds: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Each with its name and its number."""
    return tuple((str(THRESHOLDS.get(name, name)), text) for name, text in thresholds.items())
