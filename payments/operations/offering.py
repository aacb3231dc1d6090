"""Which channels an institution offers."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import operations as audit
from kernel.errors import refuse_if_any
from payments.errors import DeskNotPossible
from payments.models import Channel, ChannelOffer, Scene
from payments.queries import has_account
from payments.rules.offers import offer_change_violations
from registry.models import Institution


@transaction.atomic
def set_offer(
    *,
    institution_id: int,
    channel: Channel,
    is_offered: bool,
    desktop_scene: str,
    by: User | None,
    at: datetime,
) -> ChannelOffer:
    """Offer a channel, or no longer; orders that are open stay open. Saying the same again changes nothing.

    Args:
        institution_id: whose patients pay.
        channel: who moves the money.
        is_offered: whether they may choose it.
        desktop_scene: the way on a computer; empty for a code to scan.
        by: who decides; None for the demonstration's data.
        at: now.

    Raises:
        DeskNotPossible: PY-20, PY-21.
    """
    Institution.objects.select_for_update(of=("self",)).get(pk=institution_id)
    offers = {row.channel: row for row in ChannelOffer.objects.filter(institution=institution_id)}
    held = offers.get(channel)
    if held and (held.is_offered, held.desktop_scene) == (is_offered, desktop_scene):
        return held
    left = [each for each in Channel.values if each not in offers or offers[each].is_offered]
    others = [each for each in left if each != channel and has_account(each)]
    refuse_if_any(
        offer_change_violations(channel, desktop_scene, stays_without=not is_offered and not others),
        DeskNotPossible,
    )
    row, _is_new = ChannelOffer.objects.update_or_create(
        institution_id=institution_id,
        channel=channel,
        defaults={"is_offered": is_offered, "desktop_scene": Scene(desktop_scene) if desktop_scene else "",
                  "changed_by": by, "changed_at": at},
    )  # fmt: skip
    facts = {
        "channel": channel,
        "offered": is_offered,
        "desktop": desktop_scene,
        "institution": institution_id,
    }
    audit.record("payments.offer.set", on=row, by=by, at=at, facts=facts)
    return row
