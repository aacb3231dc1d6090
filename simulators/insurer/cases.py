"""One case calculated without a database: policy, person, treatment and fee lines in, the wire fields out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .amounts import setldetail, settlement_amounts
from .calculation import LineSplit, Split, Standing, split_line, split_settlement
from .catalogue import A, B, C, item_for
from .counting import Count, added
from .money import ZERO
from .people import age_on
from .policy import (
    AreaPolicy,
    Claimant,
    Origin,
    PolicyNotFound,
    RemoteTreatmentNotFiled,
    Treatment,
    benefits_for,
)
from .policy_files import read_area, shipped_policies
from .reading import Fault, Reader, Unreadable

OUTPATIENT = ("outpatient", "")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is to be calculated."""

    areas: tuple[AreaPolicy, ...]
    claimant: Claimant
    treatment: Treatment
    standing: Standing
    lines: tuple[LineSplit, ...]
    use_account: bool
    mutual_aid_inside: bool


def read_case(content: object) -> Case:
    """Read a case.

    Raises:
        Unreadable: naming every fault.
    """
    if not isinstance(content, dict):
        raise Unreadable([Fault("", "应为JSON对象，含policy、person、treatment和lines")])
    reader = Reader(content)
    code, areas = _policy(reader)
    person, treatment = reader.node("person"), reader.node("treatment")
    on = treatment.day("on")
    place = treatment.text("mdtrtarea_admvs", code)
    case = Case(
        areas=areas,
        claimant=_claimant(person, code, on),
        treatment=_treatment(treatment, person, on),
        standing=_standing(person),
        lines=tuple(_line(row, place) for row in reader.nodes("lines")),
        use_account=treatment.text("acct_used_flag", "1", choices=("0", "1")) == "1",
        mutual_aid_inside=reader.flag("mutual_aid_inside"),
    )
    for one in (person, treatment, reader):
        one.refuse_unknown_keys()
    if reader.faults:
        raise Unreadable(reader.faults)
    return case


def calculated(case: Case) -> dict[str, Any]:
    """Calculate and write the wire fields, and where the person stands afterwards.

    Raises:
        Unreadable: no row of the policy covers the case.
    """
    try:
        benefits = benefits_for(case.areas, case.claimant, case.treatment)
        split = split_settlement(
            case.lines, benefits, case.treatment, case.standing, use_account=case.use_account
        )
    except PolicyNotFound as missing:
        raise Unreadable([Fault("policy", f"没有适用的待遇政策：{missing}")]) from missing
    except RemoteTreatmentNotFiled as missing:
        raise Unreadable([Fault("person.remote", f"参保地不支付这种方式的异地就医：{missing}")]) from missing
    return {
        "setlinfo": settlement_amounts(split, mutual_aid_inside=case.mutual_aid_inside),
        "setldetail": setldetail(case.claimant.insutype, split),
        "result": [_result(line) for line in case.lines],
        "accumulators": _accumulators(case, split),
        "policy": [
            *(_origin(row.name, row.origin) for row in split.schemes),
            *(_origin(row.name, row.origin) for row in benefits.supplements),
        ],
    }


def _policy(reader: Reader) -> tuple[str, tuple[AreaPolicy, ...]]:
    """The area code of a shipped policy, or a policy in the form of the data files."""
    if isinstance(reader.content.get("policy"), dict):
        area = read_area(reader.node("policy"))
        return area.area_prefix, (area,)
    code = reader.text("policy")
    areas = tuple(area for area in shipped_policies() if code.startswith(area.area_prefix))
    if not areas and code:
        reader.refuse("policy", f"没有地区{code}的政策")
    return code, areas


def _claimant(reader: Reader, area: str, on: date) -> Claimant:
    born_on = reader.day("brdy", None)
    age = int(reader.number("age", Decimal(0), places=0))
    return Claimant(
        area=reader.text("insuplc_admdvs", area),
        insutype=reader.text("insutype"),
        psn_type=reader.text("psn_type"),
        age=age_on(born_on, on) if born_on else age,
        is_civil_servant=reader.text("cvlserv_flag", "0", choices=("0", "1")) == "1",
        aid_category=reader.text("aid_category", ""),
    )


def _treatment(reader: Reader, person: Reader, on: date) -> Treatment:
    return Treatment(
        level=reader.text("level", choices=("0", "1", "2", "3")),
        med_type=reader.text("med_type", "11"),
        on=on,
        disease=reader.text("dise_codg", ""),
        remote=person.text("remote", ""),
        visit=reader.text("mdtrt_id", ""),
    )


def _standing(reader: Reader) -> Standing:
    counts = {}
    for row in reader.nodes("accumulators", required=False):
        key = (row.text("counter", OUTPATIENT[0]), row.text("window", ""))
        counts[key] = Count(*(row.amount(name, ZERO) for name in ("deducted", "eligible", "fund_paid")))
        row.refuse_unknown_keys()
    return Standing(
        balance=reader.amount("balc", ZERO),
        balance_of_year=reader.amount("balance_of_year", ZERO),
        family_balance=reader.amount("family_balance", ZERO),
        counts=counts,
    )


def _line(reader: Reader, place: str) -> LineSplit:
    """A line as 2204 uploads it; what the catalogue says may be given beside it."""
    item = item_for(reader.text("med_list_codg"), place)
    vouched = reader.text("hosp_appr_flag", "0", choices=("0", "1", "2"))
    level = reader.text("chrgitm_lv", item.level, choices=(A, B, C))
    split = split_line(
        price=reader.number("pric"),
        quantity=reader.number("cnt", places=4),
        selfpay_rate=reader.rate("selfpay_prop", item.selfpay_rate),
        price_limit=reader.number("pric_uplmt_amt") if reader.has("pric_uplmt_amt") else item.price_limit,
        wholly_own=level == C or vouched == "2" or (item.limited_use and vouched != "1"),
        charge_type=reader.text("med_chrgitm_type", item.charge_type),
    )
    reader.refuse_unknown_keys()
    return split


def _origin(name: str, origin: Origin) -> dict[str, str]:
    return {"name": name, "grade": origin.grade, "source": origin.source, "note": origin.note}


def _result(line: LineSplit) -> dict[str, str]:
    return {
        "det_item_fee_sumamt": str(line.det),
        "fulamt_ownpay_amt": str(line.fulamt_ownpay),
        "overlmt_amt": str(line.overlmt),
        "preselfpay_amt": str(line.preselfpay),
        "inscp_scp_amt": str(line.inscp),
        "med_chrgitm_type": line.charge_type,
    }


def _accumulators(case: Case, split: Split) -> list[dict[str, str]]:
    after = added(case.standing.counts, split.entries)
    return [
        {
            "counter": counter,
            "window": window,
            "deducted": str(count.deducted),
            "eligible": str(count.eligible),
            "fund_paid": str(count.fund_paid),
        }
        for (counter, window), count in after.items()
    ]
