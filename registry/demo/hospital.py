"""The demonstration hospital and its departments. Invented, and marked so (演示)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

INSTITUTION: dict[str, Any] = {
    "code": "H33010000001",
    "name": "演示市第一人民医院",
    "name_en": "Demo City First People's Hospital",
    "online_name": "演示市第一人民医院互联网医院",
    "online_name_en": "Demo City First People's Hospital, Internet Hospital",
    "region_code": "330100",
    "level": 3,
    "grade": "甲等",
    "ownership": "public",
    "licence_number": "演示 PDY10000133010017A1001",
    "licence_authority": "演示市卫生健康委员会",
    "licence_until": date(2034, 1, 1),
    "address": "演示市演示路 1 号",
    "address_en": "1 Demo Road, Demo City",
    "phone": "400-000-0000",
    "is_demonstration": True,
}


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """A department."""

    code: str
    name: str
    name_en: str
    introduction: str
    introduction_en: str
    is_open_online: bool = True


DEPARTMENTS = (
    DepartmentFacts(
        "A02",
        "全科医疗科",
        "General practice",
        "常见病、多发病复诊，慢病长期管理。",
        "Revisits for common illnesses and long-term care of chronic disease.",
    ),
    DepartmentFacts(
        "A03.04",
        "心血管内科",
        "Cardiology",
        "高血压、冠心病、心力衰竭、心律失常的复诊与用药调整。",
        "Revisits and medicine for hypertension, coronary disease, heart failure and arrhythmia.",
    ),
    DepartmentFacts(
        "A03.07",
        "内分泌科",
        "Endocrinology",
        "糖尿病、甲状腺疾病、骨质疏松的复诊与用药调整。",
        "Revisits and medicine for diabetes, thyroid disease and osteoporosis.",
    ),
    DepartmentFacts(
        "A03.10",
        "老年病科",
        "Geriatrics",
        "多种慢性病同时用药的老年人复诊。",
        "Revisits for older people who live with several chronic diseases.",
    ),
    DepartmentFacts(
        "A90",
        "药学部",
        "Pharmacy",
        "处方审核、调配与用药咨询。",
        "Review of prescriptions, dispensing and advice on medicines.",
        is_open_online=False,
    ),
)
