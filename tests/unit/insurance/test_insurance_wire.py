"""Our names and types, the insurer's names and text forms."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

import pytest

from insurance.gateway.messages import wire
from insurance.gateway.messages.envelope import national_message_id, read_reply, tif_headers


@dataclass(frozen=True, kw_only=True)
class Sample:
    name: Annotated[str, wire.text("psn_name", 5)]
    amount: Annotated[Decimal, wire.money("medfee_sumamt")]
    price: Annotated[Decimal, wire.unit_price("pric")]
    cnt: Annotated[Decimal, wire.quantity("cnt")]
    at: Annotated[datetime, wire.moment("begntime")]
    used: Annotated[bool, wire.flag("acct_used_flag")] = False
    day: Annotated[date | None, wire.day("brdy")] = None
    region: Annotated[str, wire.region_of_insurance()] = "330100"


NOON = datetime(2026, 3, 2, 4, 0, 5, tzinfo=UTC)
SAMPLE = Sample(
    name="张秀英", amount=Decimal("12.5"), price=Decimal("0.123450"), cnt=Decimal(2), at=NOON, used=True
)
NODE = {
    "psn_name": "张秀英",
    "medfee_sumamt": "12.50",
    "pric": "0.12345",
    "cnt": "2",
    "begntime": "2026-03-02 12:00:05",
    "acct_used_flag": "1",
}


def test_amounts_are_written_with_two_places_and_moments_in_shanghai() -> None:
    assert wire.encode(SAMPLE) == NODE


def test_what_is_absent_is_left_out_and_the_insured_region_travels_elsewhere() -> None:
    assert "brdy" not in wire.encode(SAMPLE)
    assert "insuplc_admdvs" not in wire.encode(SAMPLE)


def test_a_node_is_read_back_as_it_was_written() -> None:
    assert wire.decode(Sample, NODE) == SAMPLE


@pytest.mark.parametrize("amount", ["12.50", "12.5", Decimal("12.5"), "12.500000"])
def test_amounts_are_read_from_text_and_from_numbers(amount: object) -> None:
    assert wire.decode(Sample, NODE | {"medfee_sumamt": amount}).amount == Decimal("12.50")


@pytest.mark.parametrize("amount", [True, "12,50", "NaN", [], "12.505", "yuan"])
def test_what_is_no_amount_is_not_believed(amount: object) -> None:
    with pytest.raises(wire.ReplyInconsistent):
        wire.decode(Sample, NODE | {"medfee_sumamt": amount})


def test_a_required_field_that_is_missing_is_named() -> None:
    without = {name: value for name, value in NODE.items() if name != "psn_name"}
    with pytest.raises(wire.ReplyInconsistent, match="psn_name"):
        wire.decode(Sample, without)


@pytest.mark.parametrize("name", ["", "六个字的名字"])
def test_text_that_is_empty_or_too_long_is_never_sent(name: str) -> None:
    with pytest.raises(wire.RequestUnfit, match="psn_name"):
        wire.encode(Sample(name=name, amount=Decimal(1), price=Decimal(1), cnt=Decimal(1), at=NOON))


@pytest.mark.parametrize("amount", ["0.005", "100000000000000.00"])
def test_an_amount_that_does_not_fit_is_never_rounded_silently(amount: str) -> None:
    with pytest.raises(wire.RequestUnfit, match="medfee_sumamt"):
        wire.encode(Sample(name="张", amount=Decimal(amount), price=Decimal(1), cnt=Decimal(1), at=NOON))


def test_a_message_number_is_institution_moment_and_serial_in_thirty_characters() -> None:
    number = national_message_id(institution_code="H33010000001", at=NOON, serial=7)
    assert number == "H33010000001" + "20260302120005" + "0007"
    assert len(number) == 30


def test_a_message_number_needs_an_institution_of_twelve_characters() -> None:
    with pytest.raises(wire.RequestUnfit):
        national_message_id(institution_code="H3301", at=NOON, serial=7)


@pytest.mark.parametrize("text", ["", "<html>", "[]", "{}", '{"infcode": null}', '{"infcode": "?"}', "null"])
def test_what_is_no_envelope_is_not_believed(text: str) -> None:
    with pytest.raises(wire.ReplyInconsistent):
        read_reply(text)


@pytest.mark.parametrize("code", ['"0"', "0"])
def test_the_result_code_may_be_text_or_a_number(code: str) -> None:
    assert read_reply(f'{{"infcode": {code}, "output": {{"a": 1.10}}}}').output == {"a": Decimal("1.10")}


def test_the_tif_signature_is_sha256_over_timestamp_token_nonce_timestamp() -> None:
    headers = tif_headers(paasid="demo", token="t", at=datetime.fromtimestamp(1700000000, UTC), nonce="n")
    # printf 1700000000tn1700000000 | sha256sum
    assert headers["x-tif-signature"] == "1e2a967b4f73169375ecd2a61fd190e78a4426c1ee3d79a093548e6809c7ca20"
    assert headers["x-tif-timestamp"] == "1700000000"
