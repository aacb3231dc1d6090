"""3101 事前 and 3102 事中 明细审核, 3103 反馈.

DEMONSTRATION: four rules stand for the hundreds of the national base. That narcotic and psychotropic drugs are denied
online is the national rule of batch 10 (国卫医发〔2018〕25号); by which names it is recognised here is our choice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulators.insurer.call import Call, Refusal, read_moment
from simulators.insurer.doctors import refuse_unknown_doctors
from simulators.insurer.models import Person
from simulators.insurer.records import Finding

GO_ON = "1"
KINDS = {"1": "3101", "2": "3102"}
CERTAIN, DOUBTFUL = "1", "2"
CONTROLLED = ("芬太尼", "吗啡", "羟考酮", "哌替啶", "阿普唑仑", "艾司唑仑", "地西泮")
FOR_MEN = ("非那雄胺", "坦索罗辛")
FEMALE = "2"
MOST_DAYS = 84


@dataclass(frozen=True)
class Rule:
    """``applies`` gets the person, the current orders and one of them."""

    number: str
    name: str
    severity: str
    evidence: str
    applies: Callable[[dict[str, Any], list[dict[str, Any]], dict[str, Any]], bool]


def _named(order: dict[str, Any], names: tuple[str, ...]) -> bool:
    return any(name in order["hilist_name"] for name in names)


def _days(order: dict[str, Any]) -> int:
    begins, ends = order["drord_begn_date"], order.get("drord_stop_date")
    return (read_moment(ends) - read_moment(begins)).days if ends else 0


RULES = (
    Rule(
        "ZN-10", "超互联网医院药品支付范围", CERTAIN, "国卫医发〔2018〕25号",
        lambda _person, _orders, order: _named(order, CONTROLLED),
    ),
    Rule(
        "ZN-01", "药品区分性别使用", CERTAIN, "知识库第1批（演示）",
        lambda person, _orders, order: person["gend"] == FEMALE and _named(order, FOR_MEN),
    ),
    Rule(
        "ZN-07", "同一处方重复用药", DOUBTFUL, "演示规则",
        lambda _person, orders, order: [row["hilist_code"] for row in orders].count(order["hilist_code"]) > 1,
    ),
    Rule(
        "ZN-06", "超长期处方时限", DOUBTFUL, "演示规则",
        lambda _person, _orders, order: _days(order) > MOST_DAYS,
    ),
)  # fmt: skip


def analyse(call: Call) -> dict[str, Any]:
    """Look at the current orders of every visit and keep what is found; nothing is refused here."""
    found: list[dict[str, Any]] = []
    for person in call.input["data"]["patient_dtos"]:
        if not Person.objects.filter(psn_no=person["patn_id"]).exists():
            raise Refusal(f"人员编号{person['patn_id']}不存在")
        for visit in person["fsi_encounter_dtos"]:
            refuse_unknown_doctors(
                [visit["dr_codg"], *(row["drord_dr_codg"] for row in visit["fsi_order_dtos"])]
            )
            found += _findings(call, person, visit, len(found))
    return {"result": found}


def _findings(
    call: Call, person: dict[str, Any], visit: dict[str, Any], already: int
) -> list[dict[str, Any]]:
    rows = [
        _result(call, person, visit, rule, broken, already + number)
        for number, (rule, broken) in enumerate(_broken(person, visit), 1)
    ]
    Finding.objects.bulk_create(
        Finding(
            jr_id=row["jr_id"],
            infno=call.infno,
            institution=call.institution_code,
            rule_id=row["rule_id"],
            psn_no=row["patn_id"],
            mdtrt_id=row["mdtrt_id"],
            found_at=call.now,
            content=row,
        )
        for row in rows
    )
    return rows


def _broken(person: dict[str, Any], visit: dict[str, Any]) -> Iterator[tuple[Rule, list[dict[str, Any]]]]:
    orders = [row for row in visit["fsi_order_dtos"] if row["curr_drord_flag"] == "1"]
    for rule in RULES:
        if broken := [row for row in orders if rule.applies(person, orders, row)]:
            yield rule, broken


def _result(
    call: Call,
    person: dict[str, Any],
    visit: dict[str, Any],
    rule: Rule,
    broken: list[dict[str, Any]],
    n: int,
) -> dict[str, Any]:
    jr_id = f"{call.new_id()}{n:03d}"
    names = "、".join(f"【{row['hilist_name']}】" for row in broken)
    about = {"patn_id": person["patn_id"], "mdtrt_id": visit["mdtrt_id"]}
    details = [
        {"jrd_id": f"{jr_id}{number:02d}", **about, "rx_id": row["rx_id"], "vola_item_type": "1",
         "vola_amt": str(row["sumamt"])}
        for number, row in enumerate(broken, 1)
    ]  # fmt: skip
    return {
        "jr_id": jr_id,
        "rule_id": rule.number,
        "rule_name": rule.name,
        "vola_cont": f"{rule.name}：{names}",
        **about,
        "judge_result_detail_dtos": details,
        "vola_amt": str(sum((Decimal(row["sumamt"]) for row in broken), Decimal("0.00"))),
        "vola_amt_stas": "1",
        "sev_deg": rule.severity,
        "vola_evid": rule.evidence,
        "vola_bhvr_type": "1",
        "task_id": call.msgid,
    }


def take_handling(call: Call) -> None:
    """Write down how findings were dealt with; each of them must be this hospital's."""
    asked = call.input["data"]
    for row in asked["warns"]:
        found = Finding.objects.filter(
            jr_id=row["warn_rslt_id"], institution=call.institution_code, infno=KINDS[asked["warn_type"]]
        )
        if row["dspo_way"] == GO_ON and not row.get("dspo_way_rea"):
            raise Refusal("继续执行须填写理由dspo_way_rea")
        if not found.update(
            dspo_way=row["dspo_way"], dspo_way_rea=row.get("dspo_way_rea") or "", handled_at=call.now
        ):
            raise Refusal(f"违规标识{row['warn_rslt_id']}不存在")
