"""The address that the channel notifies."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kernel import clock
from payments.gateway.port import NotificationRejected
from payments.operations.notifications import receive_notification

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def wechat_notification(request: HttpRequest) -> HttpResponse:
    """Take a notification; 2xx ends the channel's repetition, anything else asks for it.

    Source: WeChat Pay APIv3: 200 or 204 when taken, 4xx or 5xx with ``code`` and ``message`` when not.
    """
    try:
        receive_notification(request.headers, request.body, at=clock.now())
    except NotificationRejected as rejection:
        logger.warning("notification rejected: %s", rejection)
        return JsonResponse({"code": "FAIL", "message": "not verified"}, status=401)
    return HttpResponse(status=204)
