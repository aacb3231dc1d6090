"""Thresholds, effects and switches in the page's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from screening.models import EffectChoice
from screening.rules.thresholds import LABELS

EFFECT_BADGES = {
    EffectChoice.DENY: ("refused", _("denies")),
    EffectChoice.WARN: ("needs", _("warns")),
    EffectChoice.RECORD: ("waiting", _("records")),
}
SWITCH_BADGES = {True: ("done", _("On")), False: ("stopped", _("Off"))}


def thresholds_in_words(thresholds: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Each with its name and its number."""
    return tuple((str(LABELS.get(name, name)), text) for name, text in thresholds.items())
