"""Inside WeChat nobody pays unrecognised: she is sent to WeChat, comes back with a code, and her payment goes on.

Who she is there stays in her session and goes nowhere but into the order at WeChat Pay.
"""

import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from checkout.models import Checkout
from checkout.states import CheckoutState
from kernel import clock
from kernel.money import ZERO
from payments.gateway.channel import wechat_sign_in
from payments.gateway.port import PaymentRefused, PaymentUnanswered
from payments.gateway.sign_in import CODE_REFUSED

logger = logging.getLogger(__name__)

_PAYER, _ASKED = "wechat_openid", "wechat_sign_in"
_GOOD_FOR = timedelta(minutes=10)
"""From leaving for WeChat to coming back; WeChat's code itself is good for five minutes."""
_PAYABLE = (CheckoutState.READY, CheckoutState.PAYING)


def payer_of(request: HttpRequest) -> str:
    """Who she is at WeChat (openid); empty while WeChat has not said it."""
    return str(request.session.get(_PAYER, ""))


def is_needed(request: HttpRequest, checkout: Checkout) -> bool:
    """Whether WeChat is asked first; not where there is nothing to pay, or no time left for it."""
    is_open = checkout.state in _PAYABLE and clock.now() < checkout.pay_by
    return is_open and checkout.bill.cash_amount != ZERO and not payer_of(request)


def begin(request: HttpRequest, checkout: Checkout) -> HttpResponse:
    """To WeChat, with a word that only this session knows and that is good for one way back."""
    state, number = secrets.token_hex(16), checkout.bill.number
    until = (clock.now() + _GOOD_FOR).timestamp()
    request.session[_ASKED] = {"state": state, "bill": number, "until": until}
    back = settings.PUBLIC_BASE_URL + reverse("checkout:from_wechat", kwargs={"number": number})
    return HttpResponseRedirect(wechat_sign_in().address(return_url=back, state=state))


def is_recognised(request: HttpRequest, checkout: Checkout) -> bool:
    """Whether she came back from where we sent her and WeChat says who she is; where not, she is told. Calls out."""
    if not _is_expected(request, checkout.bill.number):
        if not payer_of(request):  # a page loaded twice is no reason to worry her
            said = _(
                "This way back from WeChat is too old, or was begun elsewhere. Nothing was charged. Please press the button again."
            )
            messages.warning(request, said)
        return False
    said = _asked(request)
    if said:
        messages.warning(request, said)
    return not said


def _is_expected(request: HttpRequest, number: str) -> bool:
    """Whether the word is the one she left with, for this bill and in time; it is forgotten whatever it says."""
    asked = request.session.pop(_ASKED, None) or {}
    is_same = secrets.compare_digest(
        str(asked.get("state", "")).encode(), request.GET.get("state", "").encode()
    )
    is_in_time = clock.now().timestamp() < asked.get("until", 0)
    return is_same and is_in_time and asked.get("bill") == number


def _asked(request: HttpRequest) -> str:
    """Ask WeChat who brought the code. Returns what she is told when it does not say."""
    try:
        if code := request.GET.get("code", "")[:512]:
            request.session[_PAYER] = wechat_sign_in().openid_of(code)
            return ""
    except PaymentUnanswered as silence:
        logger.warning("sign-in at WeChat: %s", silence)
    except PaymentRefused as refusal:
        if refusal.code in CODE_REFUSED:
            return _(
                "WeChat's answer was too old or used already. Nothing was charged. Please press the button again."
            )
        logger.error("sign-in at WeChat is refused: %s", refusal.code)
        return _(
            "Paying inside WeChat does not work at the moment. Nothing was charged. Please open this page in your phone's browser and pay there."
        )
    return _(
        "WeChat did not say who is paying. Nothing was charged. Please press the button again, or open this page in your phone's browser: there you can also pay with Alipay."
    )
