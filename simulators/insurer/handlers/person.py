"""1101 人员信息获取."""

from datetime import date
from typing import Any

from simulators.insurer.call import Call, Refusal
from simulators.insurer.models import Coverage, Person
from simulators.insurer.people import age_on

from .lookups import person_by_certificate

NOT_FOUND = "未查到参保信息"
OTHER_STATUS = "99"  # the code list of special statuses was not found in any source
AID_NAMES = {"low_income": "低保对象"}


def read_person(call: Call) -> dict[str, Any]:
    """Tell who the person is and what she is insured for."""
    asked = call.input["data"]
    kind = asked["mdtrt_cert_type"]
    if kind == "03" and not asked.get("card_sn"):
        raise Refusal("card_sn不能为空")
    person = person_by_certificate(kind, asked.get("mdtrt_cert_no") or asked.get("certno") or "")
    if person is None or (asked.get("psn_name") or person.name) != person.name:
        raise Refusal(NOT_FOUND)
    coverages = person.coverages.order_by("pk")
    return {
        "baseinfo": base_info(person, call.today),
        "insuinfo": [_insurance(row) for row in coverages],
        "idetinfo": [_special_status(row) for row in coverages if row.aid_category],
    }


def base_info(person: Person, today: date) -> dict[str, Any]:
    """Write the node that says who a person is."""
    return {
        "psn_no": person.psn_no,
        "psn_cert_type": "01",
        "certno": person.id_number,
        "psn_name": person.name,
        "gend": person.gender,
        "naty": "01",
        "brdy": person.born_on.isoformat(),
        "age": f"{age_on(person.born_on, today)}.0",
    }


def _insurance(row: Coverage) -> dict[str, Any]:
    return {
        "balc": str(row.balance),
        "insutype": row.insutype,
        "psn_type": row.psn_type,
        "psn_insu_stas": row.status,
        "psn_insu_date": row.insured_on.isoformat(),
        "paus_insu_date": row.suspended_on.isoformat() if row.suspended_on else None,
        "cvlserv_flag": "1" if row.is_civil_servant else "0",
        "insuplc_admdvs": row.area,
        "emp_name": row.employer or None,
    }


def _special_status(row: Coverage) -> dict[str, Any]:
    return {
        "psn_idet_type": OTHER_STATUS,
        "psn_type_lv": None,
        "memo": AID_NAMES.get(row.aid_category, row.aid_category),
        "begntime": f"{row.insured_on} 00:00:00",
        "endtime": None,
    }
