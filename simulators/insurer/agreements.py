"""Times in which the agreement with an institution rests: nothing new is taken, everything may be taken back."""

from django.db.models import Q

from .call import Call, Refusal
from .models import AgreementHold

# Opening a visit, describing and charging it. Asking, cancelling and undoing stay possible.
NEEDS_AGREEMENT = frozenset({"2201", "2203A", "2204", "2206A", "2207A", "6201", "6202"})


def refuse_suspended_institution(call: Call) -> None:
    """Refuse new business of an institution whose agreement rests today."""
    if call.infno not in NEEDS_AGREEMENT:
        return
    holds = AgreementHold.objects.filter(institution=call.institution_code, begins_on__lte=call.today)
    hold = holds.filter(Q(ends_on=None) | Q(ends_on__gt=call.today)).order_by("-begins_on").first()
    if hold is not None:
        raise Refusal(f"定点医药机构医保服务协议已中止：{hold.reason}")
