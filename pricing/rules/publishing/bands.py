"""Bands follow each other: neither an overlap nor a gap."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation
from pricing.rules.facts import Band, PriceFact
from pricing.rules.kinds import AmountKind, BandAxis

_OURS = "our rule: a measure falls into exactly one band, as in the published tariffs (S23, S37)"


def band_violations(row: PriceFact) -> Iterator[Violation]:
    """PR-82: the bands of a price are in order, from zero on, without overlap and without gap.

    Source: our rule: a measure falls into exactly one band, as in the published tariffs (S23, S37).
    """
    if row.kind is AmountKind.TIERED:
        faults = _keys(row.bands) if row.band_axis is BandAxis.BODY_PART else _bounds(row.bands)
        for message in faults:
            yield Violation("PR-82", message, _("Mend the bands of this row."), source=_OURS)


def _keys(bands: tuple[Band, ...]) -> Iterator[Text]:
    seen: set[str] = set()
    for band in bands:
        if not band.key or band.above is not None or band.up_to is not None:
            yield _("A band by body part names the part, and no bounds.")
        elif band.key in seen:
            yield _("The body part “%(key)s” has two bands.") % {"key": band.key}
        seen.add(band.key)


def _bounds(bands: tuple[Band, ...]) -> Iterator[Text]:
    reached: Decimal | None = Decimal(0)
    for band in bands:
        begin = band.above or Decimal(0)
        if band.key:
            yield _("A band by distance, time or count has bounds, and no key.")
        if band.up_to is not None and band.up_to <= begin:
            yield _("The band above %(above)s ends before it begins.") % {"above": f"{begin:f}"}
        if reached is None or begin < reached:
            yield _("The band above %(above)s begins before the one before it ends.") % {
                "above": f"{begin:f}"
            }
        elif begin > reached:
            shown = {"from": f"{reached:f}", "to": f"{begin:f}"}
            yield _("No band holds from %(from)s to %(to)s.") % shown
        reached = band.up_to
