"""2601 冲正交易."""

from datetime import datetime
from typing import Any

from simulators.insurer.accumulators import give_back, take_again
from simulators.insurer.call import SHANGHAI, Call, Refusal
from simulators.insurer.models import Manners, Message, Settlement, Visit
from simulators.insurer.records import UndoneMessage

from .lookups import visit_of

OK = 0
# Which transactions can be undone is general knowledge; of these the outpatient ones are held here.
REVERSIBLE = frozenset({"2102", "2103", "2207", "2208", "2304", "2305", "2401"})


def reverse_message(call: Call) -> None:
    """Undo what a message of this hospital made; undone twice, or never arrived, is success as well.

    The number stays taken: when the original arrives late, it is refused.
    """
    asked = call.input["data"]
    omsgid, oinfno = asked["omsgid"], asked["oinfno"]
    if oinfno not in REVERSIBLE:
        raise Refusal(f"交易{oinfno}不支持冲正")
    if UndoneMessage.objects.filter(omsgid=omsgid).exists():
        return
    message = _original(call, omsgid, oinfno)
    held = _undone(call, asked, message) if message.infcode == OK else {}
    UndoneMessage.objects.create(
        omsgid=omsgid, oinfno=oinfno, institution=call.institution_code, undone_at=call.now, held=held
    )


def _original(call: Call, omsgid: str, oinfno: str) -> Message:
    """The message to be undone. One that never arrived is written down, so that a late arrival finds its place taken;
    one that is being processed at this moment is waited for by the unique number."""
    message, is_new = Message.objects.get_or_create(
        msgid=omsgid,
        defaults={"infno": oinfno, "institution": call.institution_code, "received_at": call.now},
    )
    if message.institution != call.institution_code or message.infno[:4] != oinfno:
        raise Refusal("原交易编号与原报文不符")
    if not is_new and not _may_still(call, message.received_at):
        raise Refusal("只能冲正当日交易")
    return message


def _may_still(call: Call, received_at: datetime) -> bool:
    manners = Manners.objects.first() or Manners()
    return manners.undoing == "always" or received_at.astimezone(SHANGHAI).date() == call.today


def _undone(call: Call, asked: dict[str, Any], message: Message) -> dict[str, Any]:
    """Undo the settlement (2207) or the cancellation (2208) that the message made, and tell what it was."""
    row = Settlement.objects.filter(msgid=message.msgid).select_related("visit").first()
    if row is None:
        return {}
    visit = visit_of(call, {"mdtrt_id": row.visit.mdtrt_id, "psn_no": asked["psn_no"]}, lock=True)
    held = {"setlinfo": row.setlinfo, "setldetail": row.setldetail}
    if row.sign > 0:
        _undo_settlement(row)
    else:
        _undo_cancellation(visit, row)
    return held


def _undo_settlement(row: Settlement) -> None:
    if row.cancelled_at is not None:
        raise Refusal(f"结算ID{row.setl_id}已撤销，不能冲正")
    give_back(row)
    row.delete()


def _undo_cancellation(visit: Visit, row: Settlement) -> None:
    """Let the settlement stand again, unless its lines have been settled anew or withdrawn meanwhile."""
    original = row.reverses
    if original is None:
        raise Refusal("原结算不存在")
    fees = visit.fees.filter(chrg_bchno=original.chrg_bchno)
    if visit.settlements.filter(chrg_bchno=original.chrg_bchno, sign=1, cancelled_at=None).exists():
        raise Refusal(f"收费批次号{original.chrg_bchno}已重新结算，不能冲正")
    if sum(fee.det for fee in fees) != original.medfee:
        raise Refusal("费用明细已变化，不能冲正")
    row.delete()
    original.cancelled_at = None
    original.save(update_fields=["cancelled_at"])
    fees.update(settlement=original)
    take_again(original)
