"""How the mobile payment centre has the insurer's core do what a hospital would otherwise ask of it."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from simulators.insurer.call import Call, Refusal
from simulators.insurer.handlers import HANDLERS
from simulators.insurer.institutions import INSTITUTIONS
from simulators.insurer.models import Message
from simulators.insurer.specs import TRANSACTIONS

OPERATOR = "YDZF"


def carry_out(
    infno: str, msgid: str, content: dict[str, Any], *, institution: str, insured_area: str, now: datetime
) -> dict[str, Any]:
    """One transaction of the core under a number of ours; the caller's transaction holds it.

    Raises:
        Refusal: as the core refuses.
    """
    found = INSTITUTIONS.get(institution)
    if found is None:
        raise Refusal("定点医药机构不存在")
    content = json.loads(json.dumps(content, default=str))
    if faults := [text for node in TRANSACTIONS[infno].nodes for text in node.violations(content)]:
        raise Refusal("；".join(faults))
    call = Call(
        infno=infno, msgid=msgid, institution_code=institution, treatment_area=found.area,
        insured_area=insured_area, operator=OPERATOR, input=content, now=now, serial=0,
    )  # fmt: skip
    message = Message.objects.create(
        msgid=msgid, infno=infno, institution=institution, digest="", received_at=now, infcode=0
    )
    output = HANDLERS[infno](replace(call, serial=message.pk)) or {}
    message.output = output
    message.save(update_fields=["output"])
    return output
