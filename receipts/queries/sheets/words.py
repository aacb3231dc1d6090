"""Words and figures in the chosen language."""

from decimal import Decimal

from django.utils.translation import gettext as _

from billing.models import BillPurpose
from kernel import presentation
from payments.models import Channel
from pricing.models import ChargeType
from pricing.rules.wording import exact_yuan, plain
from refunds.models.policies import SituationChoice


def said(chinese: str, english: str) -> str:
    """The text in the page's language; Chinese where there is no other."""
    return chinese if presentation.is_chinese() or not english else english


def yuan(amount: Decimal) -> str:
    """1,234.50, negative with a minus sign."""
    return f"{amount:,.2f}"


def unit_price(amount: Decimal) -> str:
    """With every decimal that counts, two at least."""
    return f"{exact_yuan(amount):,f}"


def quantity(amount: Decimal) -> str:
    """Without needless zeros."""
    return plain(amount)


def charge_type(code: str) -> str:
    """By the insurer's dictionary; the code itself for one that is not in it."""
    return str(ChargeType(code).label) if code in ChargeType.values else code


def purpose(code: str) -> str:
    """What was charged."""
    return str(BillPurpose(code).label) if code in BillPurpose.values else code


def channel(code: str) -> str:
    """Who moved the money."""
    return str(Channel(code).label) if code in Channel.values else code


def situation(code: str) -> str:
    """Why money went back."""
    known = code in SituationChoice.values
    return str(SituationChoice(code).label) if known else _("the whole bill was given back")


def insurance_class(code: str) -> str:
    """甲, 乙 or self-paid; a dash where the insurance says nothing."""
    return {"01": _("Class A"), "02": _("Class B"), "03": _("Self-paid")}.get(code, "–")


def payers() -> dict[str, str]:
    """Names of the payers by the names of ``billing.rules.PAYERS``."""
    return {
        "fund": _("Insurance fund"),
        "account": _("Personal account"),
        "family": _("Family's accounts"),
        "institution": _("Borne by the hospital"),
        "cash": _("Paid by the patient"),
    }
