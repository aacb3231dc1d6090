"""Which doctors may bill the funds: the national code database, as far as this insurer keeps one."""

import re
from collections.abc import Iterable

from .call import Refusal
from .models import Manners, RegisteredDoctor

# ASSUMPTION: D and twelve digits, as every code seen in samples. The register is open unless a tester closes it,
# because this insurer cannot know whom a hospital employs.
DOCTOR_CODE = re.compile(r"D\d{12}")
LISTED = "listed"


def refuse_unknown_doctors(codes: Iterable[str | None]) -> None:
    """Refuse codes of no doctor and of doctors who may not bill; an empty code is another rule's business."""
    asked = sorted({code for code in codes if code})
    known = {row.code: row for row in RegisteredDoctor.objects.filter(code__in=asked)}
    manners = Manners.objects.first()
    is_closed = manners is not None and manners.doctors == LISTED
    for code in asked:
        if code not in known and (is_closed or not DOCTOR_CODE.fullmatch(code)):
            raise Refusal(f"医师代码{code}不存在")
        if code in known and not known[code].is_insured:
            raise Refusal(f"医师{code}没有医保支付资格")
