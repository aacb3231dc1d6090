"""Fetching a bill: where it may lie, unpacking it piece by piece, and its digest."""

import hashlib
import zlib
from typing import IO

import httpx

from payments.gateway.port import BillNotReady, NoBill, PaymentRefused, PaymentUnanswered

MOST_BYTES = 4_000_000_000
_GZIP = 16 + zlib.MAX_WBITS
_BY_CODE: dict[str, type[PaymentRefused]] = {"NO_STATEMENT_EXIST": NoBill, "STATEMENT_CREATING": BillNotReady}


def refused(refusal: PaymentRefused) -> PaymentRefused:
    """The same refusal, with the two that every merchant meets as kinds of their own."""
    kind = _BY_CODE.get(refusal.code, PaymentRefused)
    return kind(refusal.code, refusal.message, status=refusal.status)


def path_of(address: str, base_url: str) -> str:
    """The path from ``/v3`` of an address that the gateway offers.

    Raises:
        PaymentUnanswered: it leads elsewhere; a signed request must not go there.
    """
    if not address.startswith(f"{base_url}/v3/billdownload/"):
        raise PaymentUnanswered("the bill is offered at another place")
    return address.removeprefix(base_url)


def unpack(reply: httpx.Response, into: IO[bytes], *, sha1: str) -> None:
    """Unpack a gzipped body into a file.

    Raises:
        PaymentUnanswered: it is cut off, is no gzip, unpacks beyond belief, or is not the file that was offered.
    """
    digest, size, unpacker = hashlib.sha1(usedforsecurity=False), 0, zlib.decompressobj(_GZIP)
    try:
        for piece in reply.iter_raw():
            text = unpacker.decompress(piece)
            size += len(text)
            if size > MOST_BYTES:
                raise PaymentUnanswered("the bill unpacks beyond belief")
            digest.update(text)
            into.write(text)
    except zlib.error as error:
        raise PaymentUnanswered("the bill is not packed as it was asked for") from error
    if not unpacker.eof or digest.hexdigest() != sha1.lower():
        raise PaymentUnanswered("the bill that came is not the one that was offered")
