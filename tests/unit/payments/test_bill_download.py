"""Fetching a bill: only from where it belongs, only whole, only what was offered."""

import gzip
import hashlib
import io

import httpx
import pytest

from payments.gateway import bill_download
from payments.gateway.port import PaymentUnanswered

BASE = "https://api.example/road"
TEXT = "账单".encode()


def _reply(content: bytes) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(content))


def test_a_bill_is_fetched_where_the_gateway_stands() -> None:
    assert (
        bill_download.path_of(f"{BASE}/v3/billdownload/file?token=x", BASE) == "/v3/billdownload/file?token=x"
    )


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/v3/billdownload/file", f"{BASE}.evil/v3/billdownload/", f"{BASE}/v3/pay/"],
)
def test_a_signed_request_goes_nowhere_else(address: str) -> None:
    with pytest.raises(PaymentUnanswered):
        bill_download.path_of(address, BASE)


def test_the_unpacked_text_is_what_was_offered() -> None:
    into = io.BytesIO()
    digest = hashlib.sha1(TEXT, usedforsecurity=False).hexdigest()
    bill_download.unpack(_reply(gzip.compress(TEXT)), into, sha1=digest.upper())
    assert into.getvalue() == TEXT


@pytest.mark.parametrize(
    "content",
    [gzip.compress(TEXT)[:-9], TEXT, b"", gzip.compress(TEXT + b"x")],
    ids=["cut off", "not packed", "empty", "changed"],  # packed bytes hold the second they were made in
)
def test_a_bill_cut_off_unpacked_or_changed_is_not_believed(content: bytes) -> None:
    digest = hashlib.sha1(TEXT, usedforsecurity=False).hexdigest()
    with pytest.raises(PaymentUnanswered):
        bill_download.unpack(_reply(content), io.BytesIO(), sha1=digest)


def test_a_bill_that_unpacks_beyond_belief_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bill_download, "MOST_BYTES", 3)
    with pytest.raises(PaymentUnanswered, match="beyond belief"):
        bill_download.unpack(_reply(gzip.compress(TEXT)), io.BytesIO(), sha1="")
