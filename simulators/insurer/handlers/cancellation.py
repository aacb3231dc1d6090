"""2208 门诊结算撤销."""

from typing import Any

from simulators.insurer.accumulators import give_back
from simulators.insurer.amounts import AMOUNTS, DETAIL_AMOUNTS, negated
from simulators.insurer.call import Call, Refusal, write_moment
from simulators.insurer.models import Settlement

from .lookups import visit_of


def cancel_settlement(call: Call) -> dict[str, Any]:
    """Take a settlement back with a negative record of its own; the visit and its fee lines stay."""
    asked = call.input["data"]
    visit = visit_of(call, asked, lock=True)
    settled = visit.settlements.filter(setl_id=asked["setl_id"]).first()
    if settled is None:
        raise Refusal(f"结算ID{asked['setl_id']}不存在")
    if settled.sign < 0:
        raise Refusal("该记录是撤销记录，不能撤销")
    if settled.cancelled_at is not None:
        raise Refusal(f"结算ID{settled.setl_id}已撤销，不能重复撤销")
    settled.cancelled_at = call.now
    settled.save(update_fields=["cancelled_at"])
    settled.fees.update(settlement=None)
    give_back(settled, today=call.today)
    row = _keep(call, settled)
    return {"setlinfo": row.setlinfo, "setldetail": row.setldetail}


def _keep(call: Call, settled: Settlement) -> Settlement:
    setl_id = call.new_id()
    info = negated(settled.setlinfo, AMOUNTS) | {
        "setl_id": setl_id,
        "setl_time": write_moment(call.now),
        "balc": str(settled.visit.coverage.balance),
        "medins_setl_id": call.msgid,
    }
    return Settlement.objects.create(
        setl_id=setl_id,
        msgid=call.msgid,
        visit=settled.visit,
        chrg_bchno=settled.chrg_bchno,
        sign=-1,
        settled_at=call.now,
        reverses=settled,
        medfee=-settled.medfee,
        fund_pay=-settled.fund_pay,
        acct_pay=-settled.acct_pay,
        cash_pay=-settled.cash_pay,
        act_pay_dedc=-settled.act_pay_dedc,
        eligible=-settled.eligible,
        year=call.today.year,
        setlinfo=info,
        setldetail=[negated(row, DETAIL_AMOUNTS) for row in settled.setldetail],
    )
