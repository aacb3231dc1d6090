"""Messages of the e-voucher middle platform: our names, the wire names and lengths beside them.

Source: public models of a hospital's connection (``localQrCodeQuery``; ``cn.nhsa.ec.auth``, ``cn.nhsa.auth.check``,
``ec.query``). ASSUMPTION: the address of the page on which she allows it, the permission to pay and what we say of the
person stand in ``extData``; no source shows its content.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from insurance.gateway.messages.fields import ReplyInconsistent, text
from insurance.gateway.messages.wire import decode, encode

FACE_ASK, FACE_CHECK, CODE_QUERY = "cn.nhsa.ec.auth", "cn.nhsa.auth.check", "ec.query"
PAY_ONLINE = "04107"
"""businessType 线上支付. Source: a public list of authorisation fields of a payment application."""
_ADDRESS = ("http://", "https://")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who asks: hospital, operator and department."""

    institution_code: Annotated[str, text("orgId", 40)]
    business_type: Annotated[str, text("businessType", 5)]
    operator_code: Annotated[str, text("operatorId", 20)]
    operator_name: Annotated[str, text("operatorName", 30)]
    department_code: Annotated[str, text("officeId", 20)]
    department_name: Annotated[str, text("officeName", 30)]


@dataclass(frozen=True, kw_only=True)
class AskPermission(Desk):
    """``cn.nhsa.ec.auth``: she is to prove who she is and to allow the hospital to use her insurance."""

    business_number: Annotated[str, text("outBizNo", 64)]
    extra: Annotated[str | None, text("extData", 2000)] = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The question stands; ``address`` is where she answers it."""

    authorization_number: Annotated[str, text("authNo", 100)]
    business_number: Annotated[str, text("outBizNo", 64)]
    extra: Annotated[str | None, text("extData", 2000)] = None

    @property
    def address(self) -> str:
        """The page of the e-voucher.

        Raises:
            ReplyInconsistent: there is none.
        """
        address = str(_object(self.extra).get("authUrl", ""))
        if not address.startswith(_ADDRESS) or len(address) > 500:
            raise ReplyInconsistent("extData.authUrl is no address")
        return address


@dataclass(frozen=True, kw_only=True)
class CheckPermission(Desk):
    """``cn.nhsa.auth.check``: what has she answered?"""

    business_number: Annotated[str, text("outBizNo", 64)]
    authorization_number: Annotated[str, text("authNo", 100)]


@dataclass(frozen=True, kw_only=True)
class ReadCode(Desk):
    """``ec.query``: whose code is this? ``code`` has 28 digits and lives a minute."""

    code: Annotated[str, text("ecQrCode", 28)]


@dataclass(frozen=True, kw_only=True)
class VoucherHolder:
    """Who showed the e-voucher."""

    id_number: Annotated[str, text("idNo", 30)]
    name: Annotated[str, text("userName", 50)]
    token: Annotated[str, text("ecToken", 64)]
    insured_region: Annotated[str | None, text("insuOrg", 6)] = None
    id_type: Annotated[str | None, text("idType", 2)] = None
    authorization_number: Annotated[str | None, text("authNo", 100)] = None
    extra: Annotated[str | None, text("extData", 2000)] = None

    def permission(self, *, is_family: bool) -> str:
        """Number of the permission to pay: of her own account, or of a family account; never both."""
        return str(_object(self.extra).get("familyPayAuthNo" if is_family else "payAuthNo", ""))


def envelope(transaction: str, message: Desk) -> dict[str, object]:
    """The body of the one address that takes every transaction.

    Raises:
        RequestUnfit: naming every value that does not fit its field.
    """
    return {
        "orgId": message.institution_code,
        "transType": transaction,
        "data": encode(message),
        "extra": {},
    }


def read_asked(request: AskPermission, content: object) -> Asked:
    """Read the answer to ``cn.nhsa.ec.auth``.

    Raises:
        ReplyInconsistent: it is about another question, or cannot be read.
    """
    asked = decode(Asked, content)
    if asked.business_number != request.business_number:
        raise ReplyInconsistent("outBizNo is another question's")
    _ = asked.address
    return asked


def read_holder(content: object) -> VoucherHolder:
    """Read who it is.

    Raises:
        ReplyInconsistent: it cannot be read.
    """
    return decode(VoucherHolder, content)


def _object(text_of_object: str | None) -> Mapping[str, Any]:
    try:
        content = json.loads(text_of_object or "{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
