"""What an e-voucher authorisation is good for: IN-20 to IN-22."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text, Violation

_REAL_NAME = "青海省定点医疗机构服务协议（2025版）第二十五条：以医保电子凭证实名"
_ACCOUNT = "家庭共济: general knowledge; the account of an employee helps her family"


def missing_voucher(*, is_required: bool, has_authorization: bool, way: Text) -> Violation | None:
    """IN-20: where the area asks for it, she shows her e-voucher before the insurance is asked."""
    if has_authorization or not is_required:
        return None
    text = _("Please show your e-voucher (医保码) first: the medical insurance here asks for it.")
    return Violation("IN-20", text, way, source=_REAL_NAME)


def other_person(*, wanted: str, shown: str) -> Violation | None:
    """IN-21: the e-voucher is that of the person it was asked of."""
    if wanted.upper() == shown.upper():
        return None
    text = _("The e-voucher was another person's. Please use the one of the person you have chosen.")
    return Violation("IN-21", text, source=_REAL_NAME)


def payer_violations(*, is_hers: bool, is_of_family: bool, has_account: bool) -> list[Violation]:
    """IN-22: her own e-voucher serves, or that of a family member with the account of an employee."""
    if is_hers:
        return []
    if is_of_family and has_account:
        return []
    text = _("Only a family member with an employee's insurance can pay from the account.")
    return [Violation("IN-22", text, field="payer", source=_ACCOUNT)]
