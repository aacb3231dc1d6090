"""An insurer that answers at once and forgets everything: what is left is the product's own time.

``python -m benchmarks.instant_insurer PORT``. The fund pays 70 % of every bill, she pays the rest in cash.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
SHANGHAI = ZoneInfo("Asia/Shanghai")
FUND_RATE = Decimal("0.70")


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one message of the national interface."""
    if scope["type"] != "http":
        return
    text = b""
    while True:
        part = await receive()
        text += part.get("body", b"")
        if not part.get("more_body"):
            break
    message = json.loads(text) if text else {}
    answer = {"infcode": 0, "inf_refmsgid": "0" * 30, "err_msg": "", "output": _output(message)}
    headers = [(b"content-type", b"application/json;charset=UTF-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


def _output(message: dict[str, Any]) -> dict[str, Any]:
    """What the transaction gives back."""
    content = message.get("input") or {}
    match message.get("infno", ""):
        case "9001":
            return {"signinoutb": {"sign_time": _now(), "sign_no": "1"}}
        case "1101":
            return _person(content["data"])
        case "2201":
            asked = content["data"]
            number = f"M{asked['ipt_otp_no']}"
            return {
                "data": {"mdtrt_id": number, "psn_no": asked["psn_no"], "ipt_otp_no": asked["ipt_otp_no"]}
            }
        case "2204":
            return {"result": [_divided(row) for row in content["feedetail"]]}
        case "2206A":
            return _settlement(content["data"], number=None, msgid=message["msgid"])
        case "2207A":
            return _settlement(content["data"], number=f"S{message['msgid'][1:]}", msgid=message["msgid"])
        case _:
            return {}


def _person(asked: dict[str, Any]) -> dict[str, Any]:
    insured = {
        "balc": "0.00", "insutype": "310", "psn_type": "1201", "psn_insu_stas": "1", "cvlserv_flag": "0",
        "insuplc_admdvs": "330100",
    }  # fmt: skip
    person = {
        "psn_no": f"P{asked['mdtrt_cert_no']}", "psn_cert_type": "01", "certno": asked["mdtrt_cert_no"],
        "psn_name": asked.get("psn_name") or "?", "gend": "2", "brdy": "1956-03-08", "age": "70.0",
    }  # fmt: skip
    return {"baseinfo": person, "insuinfo": [insured], "idetinfo": []}


def _divided(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "feedetl_sn": row["feedetl_sn"], "det_item_fee_sumamt": row["det_item_fee_sumamt"], "cnt": row["cnt"],
        "pric": row["pric"], "pric_uplmt_amt": "999999", "selfpay_prop": "0", "fulamt_ownpay_amt": "0.00",
        "overlmt_amt": "0.00", "preselfpay_amt": "0.00", "inscp_scp_amt": row["det_item_fee_sumamt"],
        "chrgitm_lv": "01", "med_chrgitm_type": "02", "lmt_used_flag": "0",
    }  # fmt: skip


def _settlement(asked: dict[str, Any], *, number: str | None, msgid: str) -> dict[str, Any]:
    total = Decimal(asked["medfee_sumamt"])
    fund = (total * FUND_RATE).quantize(Decimal("0.01"), ROUND_HALF_UP)
    info = {
        "mdtrt_id": asked["mdtrt_id"], "setl_id": number, "psn_no": asked["psn_no"],
        "insutype": asked["insutype"], "psn_type": "1201", "setl_time": _now() if number else None,
        "medfee_sumamt": str(total), "fulamt_ownpay_amt": "0.00", "overlmt_selfpay": "0.00",
        "preselfpay_amt": "0.00", "inscp_scp_amt": str(total), "act_pay_dedc": "0.00", "hifp_pay": str(fund),
        "pool_prop_selfpay": str(FUND_RATE), "fund_pay_sumamt": str(fund), "psn_part_amt": str(total - fund),
        "acct_pay": "0.00", "psn_cash_pay": str(total - fund), "hosp_part_amt": "0.00", "balc": "0.00",
        "medins_setl_id": msgid, "clr_optins": "330100", "clr_way": "1", "clr_type": "11",
    }  # fmt: skip
    return {"setlinfo": info, "setldetail": [{"fund_pay_type": "310100", "fund_payamt": str(fund)}]}


def _now() -> str:
    return f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S}"


if __name__ == "__main__":
    uvicorn.run(application, port=int(sys.argv[1]), log_level="warning", access_log=False)
