"""Hand text messages to the gateway; nothing here runs inside a transaction while it calls out."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.gateway.configured import sms_gateway
from accounts.gateway.port import SmsRefused, SmsUnanswered
from accounts.models import SignInCode, User
from audit import operations as audit
from kernel import jobs
from kernel.crypto import decrypt

AGAIN_AFTER = timedelta(seconds=10)


def deliver_code(*, code_id: int, sealed_digits: str, by: User | None, at: datetime) -> None:
    """Send the digits of a sign-in code; without an answer try again until the code is over.

    Sent twice it arrives once: the gateway knows the message by ``request_id``.
    """
    code = SignInCode.objects.get(pk=code_id)
    if code.sent_at or at >= code.expires_at:
        return
    try:
        sms_gateway().send(f"code-{code.pk}", code.mobile, "sign_in_code", {"code": decrypt(sealed_digits)})
    except SmsUnanswered:
        record_delivery(code_id=code_id, is_sent=False, by=by, at=at)
        jobs.enqueue(
            "accounts.send_code", due_at=at + AGAIN_AFTER, code_id=code_id, sealed_digits=sealed_digits
        )
    except SmsRefused:
        record_delivery(code_id=code_id, is_sent=False, by=by, at=at)
    else:
        record_delivery(code_id=code_id, is_sent=True, by=by, at=at)


@transaction.atomic
def record_delivery(*, code_id: int, is_sent: bool, by: User | None, at: datetime) -> SignInCode:
    """Note whether the text message left; the page where she waits for it says so."""
    code = SignInCode.objects.select_for_update().get(pk=code_id)
    if code.sent_at is None:
        code.sent_at, code.failed_at = (at, None) if is_sent else (None, at)
        code.save(update_fields=["sent_at", "failed_at"])
        audit.record("accounts.code.sent" if is_sent else "accounts.code.unsent", on=code, by=by, at=at)
    return code


def send_text(*, user_id: int, template: str, params: dict[str, str], key: str, at: datetime) -> None:
    """Send a notice to a user's mobile; ``key`` names the occasion, so that it is told once.

    Others enqueue it: ``jobs.enqueue("accounts.send_text", user_id=…, template=…, params=…, key=…)``.
    ``params`` holds nothing about health. A user without a mobile number is not told this way; when the
    gateway does not answer the job comes back every minute.
    """
    user = User.objects.get(pk=user_id)
    if not user.mobile:
        return
    try:
        sms_gateway().send(key, user.mobile, template, params)
    except SmsUnanswered:
        again = at + timedelta(minutes=1)
        jobs.enqueue(
            "accounts.send_text", due_at=again, user_id=user_id, template=template, params=params, key=key
        )
    except SmsRefused:
        # It will not be sent however often it is asked; the pages say the same to whoever looks.
        return
