"""IN-20 to IN-22: what an e-voucher authorisation is good for."""

import pytest

from insurance.rules.vouchers import missing_voucher, other_person, payer_violations


def test_in_20_where_it_is_asked_for_the_insurance_is_not_asked_without_it() -> None:
    assert missing_voucher(is_required=True, has_authorization=False, way="x").rule == "IN-20"
    assert missing_voucher(is_required=True, has_authorization=True, way="x") is None
    assert missing_voucher(is_required=False, has_authorization=False, way="x") is None


def test_in_21_another_persons_e_voucher_is_not_taken() -> None:
    assert other_person(wanted="33010619560308982x", shown="33010619560308982X") is None
    assert other_person(wanted="330106195603089829", shown="330106195306159712").rule == "IN-21"


@pytest.mark.parametrize(
    ("hers", "family", "account", "broken"),
    [
        (True, False, False, []), (False, True, True, []),
        (False, True, False, ["IN-22"]), (False, False, True, ["IN-22"]),
    ],
)  # fmt: skip
def test_in_22_only_she_or_a_family_member_with_an_account_can_show_it(
    hers: bool, family: bool, account: bool, broken: list[str]
) -> None:
    found = payer_violations(is_hers=hers, is_of_family=family, has_account=account)
    assert [each.rule for each in found] == broken
