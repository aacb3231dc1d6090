"""The node setlinfo of a settlement, pre-settlement or cancellation."""

from typing import Any

from simulators.insurer.amounts import settlement_amounts
from simulators.insurer.calculation import Split
from simulators.insurer.call import Call, write_moment
from simulators.insurer.models import Manners, Visit

from .person import base_info

INSIDE = "inside"
OUTPATIENT_CLEARING = "11"
BY_ITEM = "1"


def setlinfo(
    call: Call, visit: Visit, asked: dict[str, Any], split: Split, *, setl_id: str | None
) -> dict[str, Any]:
    """Write the node setlinfo; without ``setl_id`` it is that of a pre-settlement."""
    coverage = visit.coverage
    settled = setl_id is not None
    return {
        "mdtrt_id": visit.mdtrt_id,
        "setl_id": setl_id,
        **base_info(coverage.person, call.today),
        "insutype": coverage.insutype,
        "psn_type": coverage.psn_type,
        "cvlserv_flag": "1" if coverage.is_civil_servant else "0",
        "setl_time": write_moment(call.now) if settled else None,
        "mdtrt_cert_type": asked["mdtrt_cert_type"],
        "med_type": asked["med_type"],
        **settlement_amounts(split, mutual_aid_inside=is_mutual_aid_inside()),
        "medins_setl_id": call.msgid,
        "clr_optins": coverage.area if settled else None,
        "clr_way": BY_ITEM if settled else None,
        "clr_type": OUTPATIENT_CLEARING if settled else None,
    }


def is_mutual_aid_inside() -> bool:
    """Whether acct_pay is told with the relative's part inside it, or beside it, as provinces differ."""
    manners = Manners.objects.first()
    return manners is not None and manners.mutual_aid == INSIDE
