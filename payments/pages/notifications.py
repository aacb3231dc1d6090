"""The addresses that the channels notify."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kernel import clock
from payments.gateway.port import NotificationRejected
from payments.models import Channel
from payments.operations.notifications import receive_notification

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def wechat_notification(request: HttpRequest) -> HttpResponse:
    """Take a notification; 2xx ends the channel's repetition, anything else asks for it.

    Source: WeChat Pay APIv3: 200 or 204 when taken, 4xx or 5xx with ``code`` and ``message`` when not.
    """
    if _is_taken(request, Channel.WECHAT):
        return HttpResponse(status=204)
    return JsonResponse({"code": "FAIL", "message": "not verified"}, status=401)


@csrf_exempt
@require_POST
def alipay_notification(request: HttpRequest) -> HttpResponse:
    """Take a notification; only the seven letters ``success`` end the channel's repetition.

    Source: Alipay open platform, asynchronous notifications: anything but ``success`` is repeated for 25 hours.
    """
    if _is_taken(request, Channel.ALIPAY):
        return HttpResponse("success", content_type="text/plain")
    return HttpResponse("failure", status=401, content_type="text/plain")


def _is_taken(request: HttpRequest, channel: Channel) -> bool:
    try:
        receive_notification(request.headers, request.body, at=clock.now(), channel=channel)
    except NotificationRejected as rejection:
        logger.warning("notification of %s rejected: %s", channel, rejection)
        return False
    return True
