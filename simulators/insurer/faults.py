"""Misbehaviour on order: which faults exist, and taking the next one."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from . import chances
from .models import Fault, FaultRate, Manners

EVERY_TRANSACTION = "*"

# Each kind and what it means to the hospital.
KINDS = {
    "silent_before_commit": "什么也不做，延迟后返回 HTTP 504",
    "silent_then_commit": "先延迟，之后才处理并应答（迟到的成功）",
    "silent_after_commit": "处理并保存，延迟后才应答",
    "http_502": "什么也不做，返回 HTTP 502 页面",
    "http_502_after_commit": "处理并保存，返回 HTTP 502 页面",
    "error_minus1_before_commit": "什么也不做，返回 infcode -1",
    "error_minus1_after_commit": "处理并保存，返回 infcode -1",
    "non_json": "处理并保存，返回的不是 JSON",
    "cut_off_after_commit": "处理并保存，应答传到一半时断开",
    "answered_twice": "处理并保存，应答正文连续出现两次（不再是合法的JSON）",
    "delivered_twice": "同一报文先后到达两次，返回第二次的应答",
    "business_error": "什么也不做，返回 infcode -2",
    "duplicate_msgid": "什么也不做，返回“报文ID重复”",
    "stale_sign_no": "什么也不做，返回“签到编号已失效”",
    "other_psn": "处理并保存，返回别人的人员编号",
    "amounts_as_numbers": "处理并保存，金额以数值返回",
    "null_setl_id": "处理并保存，返回的 setl_id 为空",
    "missing_optional_nodes": "处理并保存，省略非必填的节点",
    "amounts_differ": "结算时统筹少付一元（与预结算不同）",
    "amounts_inconsistent": "处理并保存，返回的基金支付总额与各项不平",
}
OPTIONAL_NODES = ("setldetail", "idetinfo")
OPTIONAL_FIELDS = [
    "naty",
    "psn_insu_date",
    "paus_insu_date",
    "emp_name",
    "acct_mulaid_pay",
    "hifdm_pay",
    "hosp_part_amt",
    "memo",
    "selfpay_prop",
    "clr_optins",
    "clr_way",
    "clr_type",
    "fund_pay_type_name",
    "crt_payb_lmt_amt",
    "setl_proc_info",
]


@dataclass(frozen=True)
class Order:
    """A fault taken for one message."""

    kind: str
    delay_seconds: float
    text: str


def take(infno: str) -> Order | None:
    """Take the oldest fault ordered for this transaction number and count it down; else draw among the rates."""
    concerned = Q(infno=infno) | Q(infno=EVERY_TRANSACTION)
    if Fault.objects.filter(concerned, remaining__gt=0).exists():
        with transaction.atomic():
            waiting = Fault.objects.select_for_update().filter(concerned, remaining__gt=0)
            row = waiting.order_by("pk").first()
            if row is not None:
                row.remaining -= 1
                row.save(update_fields=["remaining"])
                return Order(row.kind, row.delay_seconds, row.text)
    return _drawn(infno, list(FaultRate.objects.filter(concerned).order_by("pk")))


def _drawn(infno: str, rates: list[FaultRate]) -> Order | None:
    if not rates:
        return None
    manners = Manners.objects.first() or Manners()
    row = chances.drawn(infno, rates, seed=manners.fault_seed, turn=manners.fault_round)
    return Order(row.kind, row.delay_seconds, row.text) if row else None


def restart(seed: int | None) -> None:
    """Begin the row of chances anew, from a seed or without one."""
    manners = Manners.objects.first() or Manners()
    manners.fault_seed = seed
    manners.fault_round += 1
    manners.save()
    chances.forget()


def distort(kind: str, output: Any) -> Any:
    """Change what is sent (never what is kept) as a fault of content orders."""
    if kind == "other_psn":
        return _with(output, "psn_no", "99999900000000000999")
    if kind == "null_setl_id":
        return _with(output, "setl_id", None)
    if kind == "missing_optional_nodes":
        return _without(output, {*OPTIONAL_NODES, *OPTIONAL_FIELDS})
    if kind == "amounts_inconsistent":
        return _with(output, "fund_pay_sumamt", "99999999.99")
    return output


def numbers_unquoted(text: str) -> str:
    """Turn amounts given as text into JSON numbers, digit for digit."""
    return re.sub(r'": "(-?\d+\.\d+)"', r'": \1', text)


def _with(node: Any, name: str, value: object) -> Any:
    if isinstance(node, dict):
        return {key: value if key == name else _with(child, name, value) for key, child in node.items()}
    return [_with(child, name, value) for child in node] if isinstance(node, list) else node


def _without(node: Any, names: set[str]) -> Any:
    if isinstance(node, dict):
        return {key: _without(child, names) for key, child in node.items() if key not in names}
    return [_without(child, names) for child in node] if isinstance(node, list) else node
