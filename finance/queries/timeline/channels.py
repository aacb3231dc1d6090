"""Steps from what the payment channels told us, and from what they said wrongly."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from finance.queries.timeline.step import Sort, Step
from finance.queries.timeline.subjects import Subjects
from payments.models import PaymentIncident, PaymentNotification


def notifications_of(subjects: Subjects) -> Iterator[Step]:
    """Notifications that were verified, and incidents that a person must see; two statements."""
    if not subjects.orders:
        return
    numbers = [order.number for order in subjects.orders.values()]
    numbers += [refund.number for refund in subjects.refunds.values()]
    for told in PaymentNotification.objects.filter(order_number__in=numbers).order_by("pk"):
        yield Step(
            at=told.received_at,
            actor=str(told.get_channel_display()),
            what=_("Notification verified: %(event)s") % {"event": told.event_type},
            message=" · ".join((told.order_number, told.notification_id)),
            sort=Sort.CHANNEL,
        )
    for incident in PaymentIncident.objects.filter(order__in=subjects.orders).order_by("pk"):
        yield Step(
            at=incident.first_at,
            actor=str(incident.get_channel_display()),
            what=incident.get_kind_display(),
            message=" · ".join(filter(None, (incident.subject, incident.note))),
            sort=Sort.CHANNEL,
            kind="failed",
        )
