"""Messages are kept once, in order, and only from those who take part."""

import io
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from consultations.errors import ConversationClosed
from consultations.models import ChatMessage, ReadMark
from consultations.operations import mark_read, send_message, send_picture
from consultations.queries import messages_after, read_by_other
from encounters.uploads import UploadRefused
from kernel.errors import DomainError, NotFoundForYou
from tests.factories.consultations import Booking, booking
from tests.factories.encounters import another_doctor, pdf, picture, upload
from tests.factories.registry import GuardianshipFactory

pytestmark = pytest.mark.django_db

GPS = 0x8825


@pytest.fixture
def visit(slot: Any, now: datetime) -> Booking:
    """Waiting: both sides may write."""
    return booking(slot, at=now).prepare().price().pay()


def texts(visit: Booking) -> list[str]:
    """What people have written, in order."""
    return [message.text for message in messages_after(visit.now(), 0) if message.kind == "text"]


def test_both_sides_write_and_the_numbers_have_no_holes(visit: Booking, now: datetime) -> None:
    asked = send_message(
        number=visit.number, client_key=uuid4(), text="有没有头晕？", by=visit.doctor, at=now
    )
    said = send_message(number=visit.number, client_key=uuid4(), text=" 没有。 ", by=visit.user, at=now)
    assert (asked.is_from_doctor, said.is_from_doctor) == (True, False)
    assert [message.number for message in messages_after(visit.now(), 0)] == [1, 2, 3]
    assert texts(visit) == ["有没有头晕？", "没有。"]


def test_a_message_sent_again_is_the_same_message(visit: Booking, now: datetime) -> None:
    key = uuid4()
    first = send_message(number=visit.number, client_key=key, text="你好", by=visit.user, at=now)
    again = send_message(number=visit.number, client_key=key, text="你好", by=visit.user, at=now)
    assert first.pk == again.pk
    assert texts(visit) == ["你好"]


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 2001], ids=["empty", "blank", "too long"])
def test_a_message_has_one_to_two_thousand_characters(visit: Booking, now: datetime, text: str) -> None:
    with pytest.raises(DomainError):
        send_message(number=visit.number, client_key=uuid4(), text=text, by=visit.user, at=now)
    assert texts(visit) == []


def test_strangers_and_other_doctors_neither_write_nor_read(visit: Booking, now: datetime) -> None:
    for stranger in (GuardianshipFactory().user, another_doctor().user):
        assert stranger is not None
        with pytest.raises(NotFoundForYou):
            send_message(number=visit.number, client_key=uuid4(), text="?", by=stranger, at=now)
        with pytest.raises(NotFoundForYou):
            mark_read(number=visit.number, up_to=1, by=stranger, at=now)


def test_nobody_writes_before_payment_or_after_the_end(slot: Any, visit: Booking, now: datetime) -> None:
    visit.begin().decide().sign().complete()
    for author in (visit.user, visit.doctor):
        with pytest.raises(ConversationClosed):
            send_message(number=visit.number, client_key=uuid4(), text="还有", by=author, at=now)


def test_a_picture_is_kept_without_the_place_it_was_taken_at(visit: Booking, now: datetime) -> None:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (30.0, 16.0, 0.0)}
    content = picture(exif=exif)
    assert GPS in Image.open(io.BytesIO(content)).getexif(), "the picture sent does say where"
    key = uuid4()
    message = send_picture(number=visit.number, client_key=key, upload=upload(content), by=visit.user, at=now)
    again = send_picture(number=visit.number, client_key=key, upload=upload(content), by=visit.user, at=now)
    assert message.pk == again.pk
    with message.picture.open("rb") as kept:
        assert not Image.open(kept).getexif()
    assert message.picture_type == "image/jpeg"


@pytest.mark.parametrize("content", [pdf(), b"MZ\x90\x00" + b"\x00" * 200], ids=["pdf", "program"])
def test_only_pictures_are_taken(visit: Booking, now: datetime, content: bytes) -> None:
    before = ChatMessage.objects.count()
    with pytest.raises(UploadRefused):
        send_picture(
            number=visit.number,
            client_key=uuid4(),
            upload=upload(content, name="a.jpg"),
            by=visit.user,
            at=now,
        )
    assert ChatMessage.objects.count() == before


def test_a_read_mark_only_moves_forward_and_never_past_the_end(visit: Booking, now: datetime) -> None:
    for _message in range(3):
        send_message(number=visit.number, client_key=uuid4(), text="问", by=visit.doctor, at=now)
    mark_read(number=visit.number, up_to=3, by=visit.user, at=now)
    mark_read(number=visit.number, up_to=2, by=visit.user, at=now)
    assert ReadMark.objects.get().number == 3
    mark_read(number=visit.number, up_to=99, by=visit.user, at=now)
    assert ReadMark.objects.get().number == 4
    assert read_by_other(visit.now(), is_doctor=True) == 4
    assert read_by_other(visit.now(), is_doctor=False) == 0
