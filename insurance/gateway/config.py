"""What differs between institutions and provinces, and where the day's sign number comes from."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from insurance.gateway.messages import Sender
from insurance.gateway.messages.envelope import AMOUNTS_AS_TEXT
from insurance.gateway.messages.identities import EITHER
from insurance.gateway.port import GatewayMisconfigured, InsuranceGateway
from insurance.gateway.transports import (
    CsbKeys,
    CsbTransport,
    SealedKeys,
    SealedTransport,
    TifTransport,
    Transport,
)

TIF, CSB, OAUTH2_SM4 = "tif", "csb", "oauth2_sm4"


@dataclass(frozen=True, kw_only=True)
class GatewayConfig:
    """Address, identity and patience; times are seconds."""

    base_url: str
    institution_code: str
    institution_name: str
    region: str
    operator_code: str
    operator_name: str
    door: str = TIF
    tif_paasid: str = ""
    tif_token: str = field(default="", repr=False)
    csb: CsbKeys | None = None
    sealed: SealedKeys | None = None
    amounts: str = AMOUNTS_AS_TEXT
    mutual_aid: str = EITHER
    operator_type: str = "3"  # 移动终端: an Internet hospital
    receiver_code: str = "YBXT"
    version: str = "V1.0"
    path: str = "/fsi/api/{transaction}"
    connect_seconds: float = 5
    read_seconds: float = 30
    settle_read_seconds: float = 60
    audit_read_seconds: float = 3  # 3101 and 3102: a doctor waits, and without an answer local rules decide

    def __post_init__(self) -> None:
        """Refuse at start what could only fail later.

        Raises:
            GatewayMisconfigured: naming the value.
        """
        if not self.base_url.startswith(("http://", "https://")):
            raise GatewayMisconfigured("base_url is not an http address")
        if len(self.institution_code) != 12:
            raise GatewayMisconfigured("institution_code has not 12 characters")
        if len(self.region) != 6:
            raise GatewayMisconfigured("region has not 6 digits")
        for name in ("institution_name", "operator_code", "operator_name"):
            if not getattr(self, name):
                raise GatewayMisconfigured(f"{name} is empty")
        self.transport()

    def transport(self) -> Transport:
        """A way through the gateway; for one client, as it may keep a token.

        Raises:
            GatewayMisconfigured: what it needs is missing.
        """
        if self.door == TIF and self.tif_paasid and self.tif_token:
            return TifTransport(paasid=self.tif_paasid, token=self.tif_token)
        if self.door == CSB and self.csb is not None:
            return CsbTransport(self.csb)
        if self.door == OAUTH2_SM4 and self.sealed is not None:
            return SealedTransport(self.sealed)
        raise GatewayMisconfigured(f"credentials of the gateway {self.door} are missing")

    def address_of(self, transaction: str) -> str:
        """Where a transaction is sent."""
        return self.base_url.rstrip("/") + self.path.format(transaction=transaction)

    def patience_for(self, transaction: str) -> float:
        """Seconds to wait for the answer; settlements may take longer."""
        if transaction in {"3101", "3102"}:
            return self.audit_read_seconds
        return self.settle_read_seconds if transaction.startswith(("2206", "2207")) else self.read_seconds

    @property
    def sender(self) -> Sender:
        """The constant part of the envelope."""
        return Sender(
            institution_code=self.institution_code,
            institution_name=self.institution_name,
            region=self.region,
            operator_code=self.operator_code,
            operator_name=self.operator_name,
            operator_type=self.operator_type,
            receiver_code=self.receiver_code,
            version=self.version,
        )


class SignNumbers(Protocol):
    """Where the day's sign number comes from; the app may keep it in its database."""

    def current(self, gateway: InsuranceGateway) -> str:
        """Today's number, signing in when there is none yet."""
        ...

    def renewed(self, gateway: InsuranceGateway, stale: str) -> str:
        """A number other than ``stale``, which the insurer no longer accepts."""
        ...


class RememberedSignNumbers:
    """Sign numbers kept in this process: one for a day, another when the insurer forgot it."""

    def __init__(self, sign_in: Callable[[InsuranceGateway], str], today: Callable[[], date]) -> None:
        """``sign_in`` asks the insurer for a new number; ``today`` is the day in Shanghai."""
        self._sign_in = sign_in
        self._today = today
        self._lock = threading.Lock()
        self._kept: tuple[date, str] | None = None

    def current(self, gateway: InsuranceGateway) -> str:
        """Today's number."""
        with self._lock:
            if self._kept is None or self._kept[0] != self._today():
                self._kept = (self._today(), self._sign_in(gateway))
            return self._kept[1]

    def renewed(self, gateway: InsuranceGateway, stale: str) -> str:
        """A new number, unless another thread has fetched one meanwhile."""
        with self._lock:
            if self._kept is None or self._kept[1] == stale:
                self._kept = (self._today(), self._sign_in(gateway))
            return self._kept[1]
