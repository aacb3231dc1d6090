"""5201 就诊信息查询, 5206 人员累计信息查询 and 5301 人员慢特病备案查询."""

from typing import Any

from simulators.insurer.call import Call, Refusal, read_moment, write_moment
from simulators.insurer.models import ChronicFiling, Coverage, Cumulative, Person, Visit

from .lookups import check_insured_area

# cum_type_code is local: what of a counter is told. DEMONSTRATION.
TOLD = {"deducted": "起付线累计", "eligible": "政策范围内累计", "fund_paid": "基金支付累计"}


def query_visits(call: Call) -> dict[str, Any]:
    """Tell this hospital's visits of a person that began within a time, oldest first."""
    asked = call.input["data"]
    first, last = read_moment(asked["begntime"]), read_moment(asked["endtime"])
    if last < first:
        raise Refusal("endtime早于begntime")
    _coverages(call, asked["psn_no"])
    rows = Visit.objects.select_related("coverage__person").filter(
        coverage__person__psn_no=asked["psn_no"],
        institution=call.institution_code,
        begins_at__gte=first,
        begins_at__lte=last,
        cancelled_at=None,
    )
    for wire, column in (("med_type", "med_type"), ("mdtrt_id", "mdtrt_id")):
        if asked.get(wire):
            rows = rows.filter(**{column: asked[wire]})
    return {"mdtrtinfo": [_visit(call, row) for row in rows.order_by("pk")]}


def _visit(call: Call, row: Visit) -> dict[str, Any]:
    main = row.diagnoses.order_by("diag_srt_no").first()
    return {
        "mdtrt_id": row.mdtrt_id,
        "psn_no": row.coverage.person.psn_no,
        "insutype": row.coverage.insutype,
        "med_type": row.med_type or None,
        "begntime": write_moment(row.begins_at),
        "endtime": None,
        "ipt_otp_no": row.ipt_otp_no,
        "fixmedins_code": row.institution,
        "fixmedins_name": call.institution.name,
        "dise_codg": main.diag_code if main else None,
        "dise_name": main.diag_name if main else None,
        "main_cond_dscr": None,
    }


def query_accumulated(call: Call) -> dict[str, Any]:
    """Tell every counter of the year, this year's when no month is given; windows within a year are named."""
    asked = call.input["data"]
    month = asked.get("cum_ym") or f"{call.today:%Y%m}"
    rows = Cumulative.objects.filter(
        coverage__in=_coverages(call, asked["psn_no"]), year=int(month[:4])
    ).select_related("coverage")
    return {"cuminfo": [line for row in rows.order_by("pk") for line in _lines(row, month)]}


def _lines(row: Cumulative, month: str) -> list[dict[str, Any]]:
    return [
        {
            "insutype": row.coverage.insutype,
            "year": str(row.year),
            "cum_ym": month,
            "cum_type_code": f"{row.counter}:{column}"[:20],
            "cum_type_name": " ".join((name, row.window)).strip(),
            "cum": str(getattr(row, column)),
        }
        for column, name in TOLD.items()
    ]


def query_filings(call: Call) -> dict[str, Any]:
    """Tell every chronic disease that was ever acknowledged in the insured place that the message names."""
    coverages = _coverages(call, call.input["data"]["psn_no"])
    rows = ChronicFiling.objects.filter(coverage__in=coverages).order_by("pk")
    return {
        "feedetail": [
            {
                "opsp_dise_code": row.dise_codg,
                "opsp_dise_name": row.dise_name,
                "begndate": row.begins_on.isoformat(),
                "enddate": row.ends_on.isoformat() if row.ends_on else None,
            }
            for row in rows
        ]
    }


def _coverages(call: Call, psn_no: str) -> list[Coverage]:
    """Her coverages in the insured place that the message names."""
    person = Person.objects.filter(psn_no=psn_no).first()
    if person is None:
        raise Refusal(f"人员编号{psn_no}不存在")
    coverages = list(person.coverages.filter(area=call.insured_area))
    if not coverages:
        check_insured_area(call, person.coverages.get())
    return coverages
