"""What the finance office looks after: offers, incidents, refunds that the channel could not give."""

from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from kernel.money import ZERO
from payments.models import Channel, ChannelOffer, PaymentIncident, Refund
from payments.queries.ways import has_account
from payments.states import RefundState
from registry.models import Institution


@dataclass(frozen=True)
class Offered:
    """One channel of one institution, as it stands; without a contract of the platform nothing can be offered."""

    institution: Institution
    channel: Channel
    row: ChannelOffer | None

    @property
    def has_account(self) -> bool:
        """Whether the platform has a contract with the channel's operator."""
        return has_account(self.channel)

    @property
    def is_offered(self) -> bool:
        """Whether patients may choose it."""
        return self.has_account and (self.row is None or self.row.is_offered)

    @property
    def desktop_scene(self) -> str:
        """The way on a computer; empty for a code."""
        return self.row.desktop_scene if self.row else ""


def offers_of(institutions: list[Institution]) -> list[Offered]:
    """Every channel of every institution given, in their order."""
    rows = ChannelOffer.objects.filter(institution__in=institutions).select_related("changed_by")
    held = {(row.institution_id, row.channel): row for row in rows}
    return [Offered(one, each, held.get((one.pk, each.value))) for one in institutions for each in Channel]


def incidents(*, is_open: bool) -> QuerySet[PaymentIncident]:
    """Newest first; open ones only, or all."""
    rows = PaymentIncident.objects.select_related("order__bill", "settled_by").order_by("-last_at", "-pk")
    return rows.filter(settled_at__isnull=True) if is_open else rows


def failed_refunds() -> QuerySet[Refund]:
    """Those that nobody has asked for anew, oldest first, while something of their order is not back yet."""
    given_back = Refund.objects.filter(order=OuterRef("order"), state=RefundState.DONE).order_by()
    sums = given_back.values("order").annotate(sum=Sum("amount")).values("sum")
    failed = Refund.objects.filter(state=RefundState.FAILED, replaced_by__isnull=True)
    rows = failed.alias(back=Coalesce(Subquery(sums), ZERO)).filter(back__lt=F("order__amount"))
    about = ("order__bill__encounter__patient", "hand_noted_by")
    return rows.select_related(*about).order_by("requested_at", "pk")


def counts() -> dict[str, int]:
    """How many incidents and refunds wait for a person."""
    return {"incidents": incidents(is_open=True).count(), "refunds": failed_refunds().count()}
