"""Finding the rows a message speaks of, and refusing when they do not fit together."""

from datetime import date
from typing import Any

from django.db.models import Q

from simulators.insurer.call import Call, Refusal
from simulators.insurer.models import Coverage, Person, Visit
from simulators.insurer.people import age_on
from simulators.insurer.policy import AreaPolicy, Claimant, Treatment
from simulators.insurer.policy_files import shipped_policies

NORMAL = "1"
CHRONIC = "14"
UNFILED = "unfiled"
NOT_FILED_ELSEWHERE = "未办理异地就医备案"
STATUS_NAMES = {"0": "未参保", "1": "正常参保", "2": "暂停参保", "3": "无效", "4": "终止参保"}


def person_by_certificate(kind: str, number: str) -> Person | None:
    """Find a covered person by e-voucher token (01), ID number (02) or card number (03)."""
    column = {"01": "ec_token", "02": "id_number", "03": "card_no"}.get(kind)
    return Person.objects.filter(**{column: number}).first() if column and number else None


def check_certificate(person: Person, asked: dict[str, Any]) -> None:
    """Refuse a visit certificate that is another person's."""
    found = person_by_certificate(asked["mdtrt_cert_type"], asked["mdtrt_cert_no"])
    if found is None or found.pk != person.pk:
        raise Refusal("就诊凭证与参保人不符")


def coverage_of(call: Call, psn_no: str, insutype: str) -> Coverage:
    """Find the coverage of a person in a type of insurance, in the insured place that the message names."""
    person = Person.objects.filter(psn_no=psn_no).first()
    if person is None:
        raise Refusal(f"人员编号{psn_no}不存在")
    rows = list(person.coverages.select_related("person").filter(insutype=insutype).order_by("pk"))
    if not rows:
        raise Refusal(f"参保人没有险种{insutype}的参保信息")
    coverage = next((row for row in rows if row.area == call.insured_area), rows[0])
    check_insured_area(call, coverage)
    return coverage


def check_insured_area(call: Call, coverage: Coverage) -> None:
    """Refuse a message whose insured place is missing or is not the person's."""
    if not call.insured_area:
        raise Refusal("insuplc_admdvs不能为空")
    if call.insured_area != coverage.area:
        raise Refusal("参保地区划与参保信息不符")


def refuse_without_benefit(call: Call, coverage: Coverage) -> None:
    """Refuse a person whose coverage is not normal, or who is treated elsewhere without having filed."""
    if coverage.status != NORMAL:
        raise Refusal(f"参保状态为{STATUS_NAMES.get(coverage.status, '异常')}，不能享受医保待遇")
    kind = remote_kind(call, coverage)
    if kind and not any(kind in area.remote for area in _areas_of(coverage)):
        raise Refusal(NOT_FILED_ELSEWHERE)


def refuse_without_filing(coverage: Coverage, treatment: Treatment) -> None:
    """Refuse a treatment as chronic disease (门诊慢特病) that the insurer has not acknowledged."""
    if treatment.med_type != CHRONIC:
        return
    on = treatment.on
    filings = coverage.chronic_filings.filter(dise_codg=treatment.disease, begins_on__lte=on)
    if not filings.filter(Q(ends_on=None) | Q(ends_on__gt=on)).exists():
        raise Refusal(f"病种{treatment.disease}未办理门诊慢特病备案")


def remote_kind(call: Call, coverage: Coverage) -> str:
    """How treatment in another province was filed; empty at home."""
    if coverage.area[:2] == call.treatment_area[:2]:
        return ""
    return coverage.remote_kind if coverage.remote_filed else UNFILED


def claimant_of(coverage: Coverage, today: date) -> Claimant:
    """The person as the policy asks."""
    return Claimant(
        area=coverage.area,
        insutype=coverage.insutype,
        psn_type=coverage.psn_type,
        age=age_on(coverage.person.born_on, today),
        is_civil_servant=coverage.is_civil_servant,
        aid_category=coverage.aid_category,
    )


def _areas_of(coverage: Coverage) -> list[AreaPolicy]:
    return [area for area in shipped_policies() if coverage.area.startswith(area.area_prefix)]


def visit_of(call: Call, asked: dict[str, Any], *, lock: bool = False) -> Visit:
    """Find this hospital's visit of this person; with ``lock`` nobody else changes it meanwhile."""
    rows = Visit.objects.select_related("coverage__person")
    if lock:
        rows = rows.select_for_update(of=("self", "coverage"))
    visit = rows.filter(mdtrt_id=asked["mdtrt_id"], institution=call.institution_code).first()
    if visit is None:
        raise Refusal(f"就诊ID{asked['mdtrt_id']}不存在")
    if visit.coverage.person.psn_no != asked["psn_no"]:
        raise Refusal("人员编号与就诊信息不符")
    check_insured_area(call, visit.coverage)
    if visit.cancelled_at is not None:
        raise Refusal("就诊已撤销")
    return visit
