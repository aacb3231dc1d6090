"""9001 签到 and 9002 签退."""

from typing import Any

from simulators.insurer.call import Call, Refusal, write_moment
from simulators.insurer.models import SignIn


def sign_in(call: Call) -> dict[str, Any]:
    """Open the operator's day; an earlier number of the same day stays valid."""
    asked = call.input["signIn"]
    if asked["opter_no"] != call.operator:
        raise Refusal("opter_no与报文经办人不一致")
    row = SignIn.objects.create(
        sign_no=call.new_id(), institution=call.institution_code, operator=call.operator, signed_at=call.now
    )
    return {"signinoutb": {"sign_time": write_moment(call.now), "sign_no": row.sign_no}}


def sign_out(call: Call) -> dict[str, Any]:
    """End the operator's day."""
    SignIn.objects.filter(sign_no=call.input["signOut"]["sign_no"], institution=call.institution_code).update(
        ended_at=call.now
    )
    return {"signoutoutb": {"sign_time": write_moment(call.now)}}


def is_signed_in(*, sign_no: str, call: Call) -> bool:
    """Say whether the number belongs to this operator and to today."""
    row = SignIn.objects.filter(
        sign_no=sign_no, institution=call.institution_code, operator=call.operator, ended_at=None
    ).first()
    return row is not None and row.signed_at.astimezone(call.now.tzinfo).date() == call.today
