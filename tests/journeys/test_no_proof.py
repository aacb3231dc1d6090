"""Without proof of the same disease nobody is seen online: the reason, where to go instead, and nothing lost."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.actors import Patient
from tests.journeys.books import words
from tests.journeys.conftest import PatientCalled
from tests.live_stack import LiveStack

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PHONE = "400-000-0000"
"""The demonstration hospital's."""
GPS = 0x8825
"""Where a camera writes the place; EXIF 2.32, 4.6.3."""


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A paper, photographed by a phone that wrote down where it was."""
    picture, exif = Image.new("RGB", (600, 800), "white"), Image.Exif()
    exif[0x010F] = "Phone"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 10.0, 0.0)})
    file = tmp_path / "record.jpg"
    picture.save(file, exif=exif)
    with Image.open(file) as written:
        assert written.getexif().get_ifd(GPS), "the picture must hold a place, or nothing is shown here"
    return file


def test_without_a_proof_she_is_stopped_and_a_photograph_lets_her_on(
    patient_called: PatientCalled, photograph: Path, tmp_path: Path, live_stack: LiveStack
) -> None:
    patient = patient_called("13800000005")  # 陈静: this hospital holds no record of her
    patient.choose_place("周敏")
    number = patient.hold()
    patient.describe()
    patient.page.wait_for_url(re.compile("/proof/"))
    assert patient.page.locator("input[name=own_record_id]").count() == 0

    patient.go_on()
    first_visit = words(
        "Online we may only see you again for a disease that a hospital has already diagnosed; this would be a first visit."
    )
    refused_beside(patient, "kind", first_visit, PHONE)

    programme = tmp_path / "诊断证明.pdf"
    programme.write_bytes(b"MZ\x90\x00" + bytes(4000))
    day = (timezone.localdate() - timedelta(days=20)).isoformat()
    patient.prove_by_paper(programme, diagnosed_on=day)
    refused_beside(
        patient, "files", words("This is no PDF, JPEG or PNG. Please take a photograph of the paper.")
    )
    assert patient.page.input_value("input[name=hospital_name]") == "演示市第二人民医院"
    assert patient.page.input_value("input[name=diagnosed_on]") == day
    assert patient.page.locator("input[name=kind]").first.is_checked()

    patient.page.set_input_files("input[name=files]", photograph)
    patient.go_on()
    patient.page.wait_for_url(re.compile("/consent/"))

    patient.page.goto(f"/visits/{number}/proof/")
    (link,) = patient.page.locator("a[href*='/proofs/']").all()
    kept = patient.context.request.get(link.get_attribute("href") or "")
    assert kept.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(kept.body())) as picture:
        assert picture.size == (600, 800)
        assert not dict(picture.getexif())
    assert b"Exif" not in kept.body()


def test_a_record_of_three_hundred_days_ago_is_too_old(
    patient_called: PatientCalled, live_stack: LiveStack
) -> None:
    patient = patient_called("13800000002")  # 张建国: last seen here 300 days ago
    patient.choose_place("周敏")
    patient.hold()
    patient.describe()
    patient.page.wait_for_url(re.compile("/proof/"))
    day = (timezone.localdate() - timedelta(days=300)).isoformat()
    expect(patient.page.locator("#step")).not_to_contain_text(day)
    # It is not offered; a paper of the same day, stated by hand, is refused for its age.
    paper = patient.page.locator("input[name=own_record_id][value='']")
    if paper.count():  # she has been here since
        paper.check()
    patient.page.locator("input[name=kind]").first.check()
    patient.page.fill("input[name=hospital_name]", "演示市第一人民医院")
    patient.page.fill("input[name=diagnosed_on]", day)
    patient.go_on()
    too_old = words(
        "The diagnosis is %(age)d days old; online we accept at most %(days)d days.", age=300, days=180
    )
    refused_beside(patient, "diagnosed_on", too_old, PHONE)


def refused_beside(patient: Patient, field: str, *sentences: str) -> None:
    """The refusal stands inside the field, and she is still at the same step."""
    place = patient.page.locator(".field--error", has=patient.page.locator(f"[name={field}]"))
    for sentence in sentences:
        expect(place).to_contain_text(sentence)
    assert "/proof/" in patient.page.url
