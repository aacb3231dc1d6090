"""Changes to what the insurer holds, so that a hospital's books differ from it: for trying out reconciliation.

``POST control/alter/`` with ``change`` and ``msgid`` (the hospital's number of a settling message):
``forget`` (the record is gone), ``amount`` (``amount`` yuan more, borne by the fund), ``stranger`` (a second record of
numbers that the hospital has never seen), ``refunded`` (the record counts as one that was taken back).
"""

import json
import secrets

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .fields import number_or_none
from .models import Settlement

CHANGES = ("forget", "amount", "stranger", "refunded")


@csrf_exempt
@require_POST
@transaction.atomic
def alter(request: HttpRequest) -> JsonResponse:
    """Carry one change out."""
    try:
        asked = json.loads(request.body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or asked.get("change") not in CHANGES:
        return JsonResponse({"error": f"change is one of {', '.join(CHANGES)}"}, status=400)
    row = Settlement.objects.filter(msgid=asked.get("msgid")).first()
    amount = number_or_none(asked.get("amount", "0"))
    if row is None or amount is None:
        return JsonResponse({"error": "unknown msgid, or amount is not in yuan"}, status=400)
    if asked["change"] == "forget":
        row.fees.update(settlement=None)
        row.delete()
        return JsonResponse({"setl_id": None})
    if asked["change"] == "amount":
        row.medfee += amount
        row.fund_pay += amount
        row.save(update_fields=["medfee", "fund_pay"])
    elif asked["change"] == "refunded":
        row.sign = -1
        row.save(update_fields=["sign"])
    else:
        row = _copied(row)
    return JsonResponse({"setl_id": row.setl_id})


def _copied(row: Settlement) -> Settlement:
    """Like the row, of another batch and with numbers of its own."""
    mark = secrets.token_hex(4).upper()
    row.pk = None
    row.setl_id, row.msgid, row.chrg_bchno = (
        f"{row.setl_id[:20]}X{mark}",
        f"{row.msgid[:20]}X{mark}",
        f"X{mark}",
    )
    row.save(force_insert=True)
    return row
