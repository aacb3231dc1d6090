"""Sign up and sign in with a code sent to a mobile phone."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import rules
from accounts.models import Role, SignInCode, User
from audit import operations as audit
from kernel import jobs, limits
from kernel.crypto import encrypt, fingerprint
from kernel.errors import DomainError, RulesBroken, Violation, refuse_if_any
from kernel.identifiers import masked_mobile


class CodeRefused(RulesBroken):
    """The code does not sign anybody in."""

    code = "code_refused"


class AccountClosed(DomainError):
    """The account may not sign in."""

    code = "account_closed"


@transaction.atomic
def request_code(*, mobile: str, address: str, by: User | None, at: datetime) -> SignInCode:
    """Make a code of six digits for a mobile number and send it after commit.

    ``address`` is the IP address that asks; ``by`` is None before sign-in. An earlier code of the number
    does not count any more.

    Raises:
        RulesBroken: this is no mobile number.
        LimitReached: too soon or too often, for the number or for the address.
    """
    refuse_if_any(rules.mobile_violations(mobile))
    number = rules.plain_digits(mobile)
    limits.take(_allowances(number, address))
    digits = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    code = SignInCode(mobile=number, mobile_fingerprint=fingerprint(number), requested_at=at)
    code.expires_at = at + rules.CODE_LIFETIME
    code.set_code(digits)
    code.save()
    audit.record("accounts.code.requested", on=code, by=by, at=at)
    # The digits themselves lie nowhere in clear: hashed in the row, sealed in the job.
    jobs.enqueue("accounts.send_code", code_id=code.pk, sealed_digits=encrypt(digits))
    return code


def _allowances(number: str, address: str) -> list[limits.Limit]:
    return [
        limits.Limit("code-minute", number, 1, rules.RESEND_AFTER),
        limits.Limit("code-day", number, rules.CODES_A_DAY, rules.DAY),
        limits.Limit("code-address", address, rules.CODES_PER_ADDRESS_AND_HOUR, rules.HOUR),
    ]


def sign_in_with_code(*, mobile: str, code: str, address: str, by: User | None, at: datetime) -> User:
    """The user of a mobile number, proven by the newest code sent to it; a new number becomes a patient.

    The caller opens the session. A wrong code is counted even though it is refused.

    Raises:
        RulesBroken: number or code are not well formed.
        CodeRefused: the code is wrong, over, used or was tried too often.
        AccountClosed: the account may not sign in, or belongs to staff.
        LimitReached: too many tries from this address.
    """
    refuse_if_any([*rules.mobile_violations(mobile), *rules.code_form_violations(code)])
    limits.take([limits.Limit("code-tries", address, rules.TRIES_PER_ADDRESS_AND_HOUR, rules.HOUR)])
    with transaction.atomic():
        user, violations = _redeem(rules.plain_digits(mobile), rules.plain_digits(code), at)
    # After commit, so that the counted try stays.
    refuse_if_any(violations, CodeRefused)
    if user is None or not user.is_active:
        raise AccountClosed(_("This account is closed. Please call the hospital."), field="code")
    if user.is_staff_member:
        raise AccountClosed(_("This number belongs to a member of staff. Sign in with your staff number."))
    return user


def _redeem(number: str, digits: str, at: datetime) -> tuple[User | None, list[Violation]]:
    """Use up a code, or say why it does not count."""
    sent = SignInCode.objects.select_for_update().filter(mobile_fingerprint=fingerprint(number)).first()
    if sent is None:
        return None, rules.no_code()
    standing = rules.code_standing_violations(
        expires_at=sent.expires_at, tries=sent.tries, is_used=sent.used_at is not None, at=at
    )
    if standing:
        return None, standing
    if not sent.is_code(digits):
        sent.tries += 1
        sent.save(update_fields=["tries"])
        audit.record("accounts.code.wrong", on=sent, by=None, at=at, facts={"tries": sent.tries})
        return None, rules.wrong_code(sent.tries)
    sent.used_at = at
    sent.save(update_fields=["used_at"])
    user = _user_of_mobile(number, at)
    audit.record("accounts.code.used", on=sent, by=user, at=at)
    return user, []


def _user_of_mobile(number: str, at: datetime) -> User:
    user = User.objects.with_mobile(number).first()
    if user is None:
        user = User(
            username=f"p{secrets.token_hex(8)}", roles=[Role.PATIENT], display_name=masked_mobile(number)
        )
        user.set_unusable_password()
        user.set_mobile(number)
        user.mobile_verified_at = at
        user.save()
        audit.record("accounts.user.joined", on=user, by=user, at=at)
    elif user.mobile_verified_at is None:
        user.mobile_verified_at = at
        user.save(update_fields=["mobile_verified_at"])
    return user
