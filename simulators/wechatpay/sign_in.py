"""Web authorisation (网页授权, ``snsapi_base``): who holds the phone, without asking her.

Source: WeChat documentation for service accounts: ``connect/oauth2/authorize``, ``sns/oauth2/access_token``, return codes.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from simulators import faults
from simulators.cashier_pages import refused, return_address
from simulators.wechatpay import wire
from simulators.wechatpay.desk import SOMEBODY
from simulators.wechatpay.models import FaultKind, SignInCode, take

CODE_LIVES = timedelta(minutes=5)
VERB = "sign_in"
_STATE = re.compile(r"[0-9A-Za-z]{0,128}")
_INSIDE = "MicroMessenger"


class Refused(Exception):
    """A return code, with its words."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.fields = {"errcode": code, "errmsg": message}


@require_GET
def authorize(request: HttpRequest) -> HttpResponse:
    """Send the browser back with a code, silently; WeChat's own browser only."""
    said = request.GET
    objection = _objection(said, agent=request.headers.get("User-Agent", ""))
    if objection:
        return refused(request, objection, ("不能授权", "WeChat does not say who you are"))
    back, joined = said["redirect_uri"], "&" if "?" in said["redirect_uri"] else "?"
    brought = urlencode({"code": SignInCode.objects.create().code, "state": said.get("state", "")})
    return HttpResponseRedirect(f"{back}{joined}{brought}")


def _objection(said: Mapping[str, str], *, agent: str) -> tuple[str, str] | None:
    """Why the browser is not sent back, in both languages; None when it is."""
    if _INSIDE not in agent:
        return "请在微信客户端打开链接", "Please open this link in WeChat."
    if said.get("appid") != wire.platform().appid:
        return "appid 参数错误", "Wrong appid."
    if not return_address(said.get("redirect_uri", "")):
        return "redirect_uri 参数错误", "Wrong redirect_uri."
    is_whole = said.get("response_type") == "code" and _STATE.fullmatch(said.get("state", ""))
    if said.get("scope") != "snsapi_base" or not is_whole:
        return "scope、response_type 或 state 参数错误", "Wrong scope, response_type or state."
    return None


@require_GET
def access_token(request: HttpRequest) -> HttpResponse:
    """A code for an openid; a no is answered with 200 too, and all of it is called text/plain."""
    silence = take(FaultKind.SILENT_BEFORE, VERB)
    if silence:
        faults.keep_silent(silence)
    try:
        _insist(request.GET)
        token = {
            "access_token": secrets.token_hex(32),
            "expires_in": 7200,
            "refresh_token": secrets.token_hex(32),
        }
        fields = token | {"openid": SOMEBODY, "scope": "snsapi_base"}
    except Refused as refusal:
        fields = refusal.fields
    return HttpResponse(wire.to_json(fields), content_type="text/plain")


def _insist(said: Mapping[str, str]) -> None:
    """The account is ours, and the code is fresh; afterwards it is used up."""
    if take(FaultKind.SERVER_ERROR, VERB):
        raise Refused(-1, "system error")
    if said.get("grant_type") != "authorization_code":
        raise Refused(40002, "invalid grant_type")
    if said.get("appid") != wire.platform().appid:
        raise Refused(40013, "invalid appid")
    if said.get("secret") != wire.platform().app_secret:
        raise Refused(40125, "invalid appsecret")
    if take(FaultKind.CODE_REFUSED):
        raise Refused(40029, "invalid code")
    _use_up(said.get("code", ""))


@transaction.atomic
def _use_up(code: str) -> None:
    found = SignInCode.objects.select_for_update().filter(code=code).first()
    if found is None or timezone.now() - found.created_at > CODE_LIVES:
        raise Refused(40029, "invalid code")
    if found.used_at:
        raise Refused(40163, "code been used")
    found.used_at = timezone.now()
    found.save(update_fields=["used_at"])
