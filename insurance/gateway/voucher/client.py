"""The e-voucher middle platform over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings

from insurance.gateway.messages.fields import ReplyInconsistent, RequestUnfit
from insurance.gateway.voucher import messages as m
from insurance.gateway.voucher.port import VoucherGateway, VoucherPending, VoucherRefused, VoucherUnanswered

PATH = "/localcfc/api/hsecfc/localQrCodeQuery"
SUCCESS, PENDING = 0, 500204
"""``code`` of a reply. ASSUMPTION: 500204 for "not yet"; of refusals only 500159 (no code of an e-voucher) is known."""


@dataclass(frozen=True, slots=True)
class VoucherConfig:
    """Where the middle platform is, up to but without ``/localcfc``; a person waits, so patience is short."""

    base_url: str
    connect_seconds: float = 2.0
    read_seconds: float = 5.0


class VoucherClient:
    """``VoucherGateway`` over HTTP. Threads may share it; processes must not.

    The platform stands in the hospital's own network and knows its callers by that: no source shows a signature.
    """

    def __init__(self, config: VoucherConfig) -> None:
        """Open nothing yet."""
        self._config = config
        timeout = httpx.Timeout(config.read_seconds, connect=config.connect_seconds)
        # trust_env is off: a proxy in the environment must not see ID numbers by accident.
        self._http = httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)

    def ask(self, request: m.AskPermission) -> m.Asked:
        """See ``VoucherGateway.ask``."""
        content = self._exchange(m.FACE_ASK, request)
        try:
            return m.read_asked(request, content)
        except ReplyInconsistent as error:
            raise VoucherUnanswered(str(error)) from error

    def check(self, request: m.CheckPermission) -> m.VoucherHolder:
        """See ``VoucherGateway.check``."""
        holder = self._holder(m.FACE_CHECK, request)
        if holder.authorization_number not in (None, request.authorization_number):
            raise VoucherUnanswered("authNo is another authorisation's")
        return holder

    def read_code(self, request: m.ReadCode) -> m.VoucherHolder:
        """See ``VoucherGateway.read_code``."""
        return self._holder(m.CODE_QUERY, request)

    def _holder(self, transaction: str, request: m.Desk) -> m.VoucherHolder:
        content = self._exchange(transaction, request)
        try:
            return m.read_holder(content)
        except ReplyInconsistent as error:
            raise VoucherUnanswered(str(error)) from error

    def _exchange(self, transaction: str, request: m.Desk) -> object:
        try:
            body = m.envelope(transaction, request)
            reply = self._http.post(self._config.base_url.rstrip("/") + PATH, json=body)
        except RequestUnfit as error:
            raise VoucherRefused(str(error)) from error
        except httpx.HTTPError as error:
            raise VoucherUnanswered(repr(error)) from error
        return _content(reply)


def _content(reply: httpx.Response) -> object:
    """``data`` of a reply, or why there is none."""
    try:
        fields: Mapping[str, Any] = reply.json()
        code = int(fields["code"])
    except (KeyError, TypeError, ValueError) as error:
        raise VoucherUnanswered(f"HTTP {reply.status_code}, unreadable") from error
    if reply.status_code != httpx.codes.OK:
        raise VoucherUnanswered(f"HTTP {reply.status_code}, code {code}")
    if code == SUCCESS:
        return fields.get("data")
    said = f"{code} {fields.get('message', '')}".strip()
    raise VoucherPending(said) if code == PENDING else VoucherRefused(said)


@lru_cache(maxsize=1)
def voucher_gateway() -> VoucherGateway:
    """The middle platform this installation is configured for; one client per process."""
    return VoucherClient(VoucherConfig(base_url=settings.EVOUCHER_BASE_URL))
