"""The address that the mobile payment centre calls (6302)."""

import logging
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from insurance.models import Verdict
from insurance.operations.mobile.notices import receive_notice
from kernel import clock

logger = logging.getLogger(__name__)

_REFUSED = {
    Verdict.BAD_SIGNATURE: HTTPStatus.UNAUTHORIZED,
    Verdict.UNREADABLE: HTTPStatus.BAD_REQUEST,
}


@csrf_exempt
@require_POST
def mobile_notice(request: HttpRequest) -> HttpResponse:
    """Take a call; 200 ends the centre's repetition. What is wrong with it is kept, and not told to a stranger."""
    try:
        body = request.body
    except RequestDataTooBig:
        return JsonResponse({"code": HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "success": False}, status=413)
    verdict = receive_notice(body=body, remote_address=request.META.get("REMOTE_ADDR"), at=clock.now())
    if status := _REFUSED.get(verdict):
        logger.warning("a call of the mobile payment centre is not taken: %s", verdict)
        return JsonResponse({"code": int(status), "success": False, "message": "失败"}, status=status)
    return JsonResponse({"code": 0, "success": True, "message": "成功"})
