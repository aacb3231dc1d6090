"""The conversation: each message is kept once and in order, however often it is sent."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from consultations.errors import ConversationClosed
from consultations.models import ChatMessage, MessageKind, ReadMark, Revisit
from consultations.operations import steps
from consultations.queries import IN_QUEUE, visit_of_participant
from encounters.uploads import Upload, accept_picture
from kernel import live
from kernel.errors import DomainError

LONGEST = 2000


@transaction.atomic
def send_message(*, number: str, client_key: UUID, text: str, by: User, at: datetime) -> ChatMessage:
    """Keep a message of a patient's side or the doctor.

    Args:
        number: of the encounter.
        client_key: made by the page; the same key is kept once.
        text: 1 to 2000 characters after trimming.
        by: a participant.
        at: now.

    Raises:
        NotFoundForYou: the user takes no part in the visit.
        ConversationClosed: the visit has ended, or has not been paid.
        DomainError: the text is empty or too long.
    """
    revisit, is_doctor = _open_conversation(number, by)
    known = revisit.messages.filter(client_key=client_key).first()
    if known:
        return known
    words = text.strip()
    if not 1 <= len(words) <= LONGEST:
        raise DomainError(_("A message has 1 to 2000 characters."), field="text")
    return _kept(revisit, client_key, by, at, is_from_doctor=is_doctor, kind=MessageKind.TEXT, text=words)


@transaction.atomic
def send_picture(*, number: str, client_key: UUID, upload: Upload, by: User, at: datetime) -> ChatMessage:
    """Keep a picture, re-encoded without what the camera wrote into it.

    Raises:
        NotFoundForYou, ConversationClosed: as for a message.
        DomainError: it is not a picture, or too large.
    """
    revisit, is_doctor = _open_conversation(number, by)
    known = revisit.messages.filter(client_key=client_key).first()
    if known:
        return known
    clean = accept_picture(upload)
    message = _kept(
        revisit, client_key, by, at,
        is_from_doctor=is_doctor, kind=MessageKind.PICTURE, picture_type=clean.content_type,
    )  # fmt: skip
    message.picture.save(f"{clean.sha256}.{clean.extension}", ContentFile(clean.content))
    return message


def _open_conversation(number: str, by: User) -> tuple[Revisit, bool]:
    """The visit, locked so that numbers have no holes, and whether the user is its doctor."""
    found, is_doctor = visit_of_participant(by, number)
    revisit = steps.locked(pk=found.pk)
    if revisit.state not in IN_QUEUE:
        raise ConversationClosed
    return revisit, is_doctor


def _kept(revisit: Revisit, client_key: UUID, by: User, at: datetime, **fields: object) -> ChatMessage:
    """The next message."""
    last = revisit.messages.order_by("-number").values_list("number", flat=True).first() or 0
    message = ChatMessage.objects.create(
        revisit=revisit, number=last + 1, client_key=client_key, author=by, sent_at=at, **fields
    )
    live.ring(f"revisit:{revisit.pk}")
    return message


@transaction.atomic
def mark_read(*, number: str, up_to: int, by: User, at: datetime) -> None:
    """She has read the conversation up to a message; marks only move forward."""
    revisit, _is_doctor = visit_of_participant(by, number)
    mark, _is_new = ReadMark.objects.select_for_update().get_or_create(revisit=revisit, user=by)
    last = revisit.messages.order_by("-number").values_list("number", flat=True).first() or 0
    if mark.number < min(up_to, last):
        mark.number = min(up_to, last)
        mark.save(update_fields=["number"])
        live.ring(f"revisit:{revisit.pk}")
