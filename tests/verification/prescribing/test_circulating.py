"""D001 to D007 between our client and the simulated centre."""

import base64
import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from insurance.gateway.messages.wire import SHANGHAI
from insurance.gateway.port import GatewayMisconfigured, GatewayRefused, GatewayUnanswered
from insurance.gateway.prescribing.client import CentreConfig, PrescriptionCentreClient
from insurance.gateway.prescribing.following import WithdrawPrescription
from insurance.gateway.prescribing.port import NoSuchPrescription, NumberTaken
from insurance.gateway.prescribing.prechecking import PrecheckPrescription, PrecheckReply
from insurance.gateway.prescribing.signing import SignPrescription, UploadPrescription, original_value
from tests.verification.prescribing.conftest import PDF, keys_of, prescription, question, signed_fields
from tests.verification.simulators import Simulators

Client = PrescriptionCentreClient


def signed(
    client: Client, checked: PrecheckPrescription | None = None
) -> tuple[PrecheckPrescription, PrecheckReply, UploadPrescription]:
    """Checked and signed; the upload that may follow."""
    given = checked or prescription()
    reply = client.precheck(given).reply
    fields = signed_fields(reply, given)
    signature = client.sign(SignPrescription(institution_code="H33010000001", content=fields, original=PDF))
    upload = UploadPrescription(content=fields, file=signature.reply.file, digest=signature.reply.digest)
    return given, reply, upload


def uploaded(client: Client) -> tuple[PrecheckPrescription, str]:
    """A prescription in force, and its number at the centre."""
    given, reply, upload = signed(client)
    client.upload(upload)
    return given, reply.centre_number


def withdrawal(number: str, given: PrecheckPrescription) -> WithdrawPrescription:
    """D004 by the doctor who prescribed."""
    visit = given.visit
    return WithdrawPrescription(
        centre_number=number, institution_code=visit.institution_code, doctor_code=visit.doctor_code,
        doctor_name=visit.doctor_name, doctor_id_type="01", doctor_id_number="330106197001019815",
        reason="患者改在本院取药", withdrawn_at=datetime.now(UTC),
    )  # fmt: skip


def test_a_prescription_goes_from_its_check_into_force(client: Client) -> None:
    given, reply, upload = signed(client)
    assert (len(reply.trace_code), len(reply.centre_number)) == (20, 30)

    in_force = client.upload(upload).reply

    assert (in_force.centre_number, in_force.status) == (reply.centre_number, "1")
    held = client.read(question(reply.centre_number, given)).reply
    assert (held.status, held.use) == ("1", "1")


def test_what_is_signed_are_twenty_fields_sorted_by_name_in_base64(client: Client) -> None:
    given = prescription()
    fields = signed_fields(PrecheckReply(trace_code="T" * 20, centre_number="N" * 30), given)

    read = json.loads(base64.b64decode(original_value(fields)))

    assert list(read) == sorted(read)
    assert read["pharChkTime"] == f"{given.prescribed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    assert {"rxFile", "signDigest"} & set(read) == set()
    assert len(dataclasses.fields(fields)) == 20


def test_a_changed_field_breaks_the_signature(client: Client) -> None:
    _given, _reply, upload = signed(client)
    changed = dataclasses.replace(upload.content, pharmacist_name="某人")

    with pytest.raises(GatewayRefused, match="验签失败"):
        client.upload(dataclasses.replace(upload, content=changed))


def test_a_tracing_code_is_used_once(client: Client) -> None:
    _given, _reply, upload = signed(client)
    client.upload(upload)

    with pytest.raises(NumberTaken):
        client.upload(upload)


def test_a_repeated_check_gets_the_same_numbers_or_is_refused_as_the_centre_is_set(
    client: Client, centre: Simulators
) -> None:
    given = prescription()
    first = client.precheck(given).reply
    assert client.precheck(given).reply == first

    centre.control("eprescription", "manner", repeated_check="refuse")

    with pytest.raises(NumberTaken):
        client.precheck(given)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visit": {"is_first_visit": True}}, "fstdiagFlag"),
        ({"certificate_type": "01"}, "authNo"),
        ({"validity_days": 2}, "valiEndTime"),
        ({"drugs": ()}, "rxdrugdetail"),
        ({"visit": {"main_diagnosis_name": "长" * 101}, "hospital_number": "P" * 41}, "hospRxno"),
    ],
)
def test_what_does_not_fit_is_refused_before_it_is_sent(
    client: Client, centre: Simulators, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(GatewayRefused, match=field) as refusal:
        client.precheck(prescription(**changes))

    assert refusal.value.request_text == ""
    assert centre.holdings("eprescription")["prescriptions"] == []


def test_every_fault_of_a_message_is_named_at_once(client: Client) -> None:
    wrong = prescription(
        hospital_number="P" * 41,
        visit={"main_diagnosis_name": "长" * 101, "is_first_visit": True},
        drug={"dose": Decimal("0.00001")},
    )

    with pytest.raises(GatewayRefused) as refusal:
        client.precheck(wrong)

    for name in ("hospRxno", "maindiagName", "fstdiagFlag", "sinDoscnt"):
        assert name in refusal.value.reason


def test_narcotics_are_refused_by_the_centre(client: Client) -> None:
    with pytest.raises(GatewayRefused, match="麻醉药品"):
        client.precheck(prescription(drug={"generic_name": "芬太尼透皮贴剂"}))


def test_a_prescription_out_of_its_days_is_refused(client: Client) -> None:
    long_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(days=10)

    with pytest.raises(GatewayRefused, match="有效期"):
        client.precheck(prescription(prescribed_at=long_ago, valid_until=long_ago + timedelta(days=3)))


def test_another_patient_learns_nothing(client: Client) -> None:
    given, number = uploaded(client)

    with pytest.raises(NoSuchPrescription):
        client.read(question(number, given, id_number="330106195306159712"))


def test_the_pharmacy_s_review_and_what_was_taken_come_back(client: Client, centre: Simulators) -> None:
    given, number = uploaded(client)
    assert client.review_of(question(number, given)).reply.verdict == "0"
    assert not client.taking_of(question(number, given)).reply.is_taken

    centre.control("eprescription", "take", hi_rxno=number)

    taking = client.taking_of(question(number, given)).reply
    assert taking.is_taken
    assert taking.settled_at is not None
    assert [(line.catalogue_code, line.quantity) for line in taking.lines] == [("XC08CADEMO001", Decimal(1))]
    review = client.review_of(question(number, given)).reply
    assert (review.verdict, review.pharmacist_name) == ("1", "何药师")


def test_what_is_not_taken_can_be_withdrawn_once(client: Client) -> None:
    given, number = uploaded(client)

    assert client.withdraw(withdrawal(number, given)).reply.status == "3"

    with pytest.raises(GatewayRefused, match="已撤销"):
        client.withdraw(withdrawal(number, given))


def test_what_is_taken_cannot_be_withdrawn(client: Client, centre: Simulators) -> None:
    given, number = uploaded(client)
    centre.control("eprescription", "take", hi_rxno=number)

    with pytest.raises(GatewayRefused, match="已取药"):
        client.withdraw(withdrawal(number, given))


@pytest.mark.parametrize(
    ("kind", "is_in_force"),
    [
        ("silent_before", False), ("silent_after", True), ("http_502", False), ("http_502_after", True),
        ("not_json", True), ("system_error", False), ("system_error_after", True), ("bad_signature", True),
    ],
)  # fmt: skip
def test_without_a_believable_answer_the_outcome_is_unknown_and_a_question_tells_it(
    client: Client, fault: Callable[..., None], kind: str, is_in_force: bool
) -> None:
    given, reply, upload = signed(client)
    fault("D003", kind, seconds=1.2)

    with pytest.raises(GatewayUnanswered):
        client.upload(upload)

    asked = question(reply.centre_number, given)
    if is_in_force:
        assert client.read(asked).reply.status == "1"
    else:
        with pytest.raises(NoSuchPrescription):
            client.read(asked)


def test_a_key_the_centre_does_not_know_closes_the_way(client: Client, centre: Simulators) -> None:
    keys = dataclasses.replace(keys_of(centre), private_key=b"\x01" * 32)
    stranger = PrescriptionCentreClient(CentreConfig(base_url=client.config.base_url, keys=keys))

    with pytest.raises(GatewayMisconfigured, match="验签失败"):
        stranger.precheck(prescription())


def test_the_files_are_not_kept_with_the_messages(client: Client) -> None:
    given = prescription()
    fields = signed_fields(client.precheck(given).reply, given)
    big = PDF + b"%" + b"x" * 5000

    exchange = client.sign(SignPrescription(institution_code="H33010000001", content=fields, original=big))

    assert "characters)" in exchange.request_text
    assert len(exchange.request_text) < 3000
