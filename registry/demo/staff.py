"""The staff of the demonstration hospital. Invented people; the password is public on purpose."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Role
from registry.models.practitioners import Profession, Title

PASSWORD = "Xinglin-demo-2026"  # noqa: S105 - printed for whoever tries the demonstration


@dataclass(frozen=True, slots=True)
class PractitionerFacts:
    """A doctor or pharmacist; ``first_17`` are the digits of the identity number before the check character."""

    username: str
    profession: Profession
    title: Title
    department: str
    name: str
    name_en: str
    insurance_code: str
    first_17: str
    practising_since: date
    speciality: str = ""
    speciality_en: str = ""


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """A member of staff who treats nobody."""

    username: str
    role: Role
    name: str
    may_administrate: bool = False


PRACTITIONERS = (
    PractitionerFacts(
        "doctor01",
        Profession.DOCTOR,
        Title.CHIEF_PHYSICIAN,
        "A03.04",
        "林致远",
        "Lin Zhiyuan",
        "D330100000001",
        "33010619680214711",
        date(1993, 8, 1),
        "高血压、冠心病、心力衰竭",
        "Hypertension, coronary disease, heart failure",
    ),
    PractitionerFacts(
        "doctor02",
        Profession.DOCTOR,
        Title.ASSOCIATE_CHIEF_PHYSICIAN,
        "A03.07",
        "周敏",
        "Zhou Min",
        "D330100000002",
        "33010619760923712",
        date(2002, 8, 1),
        "2 型糖尿病、甲状腺疾病",
        "Type 2 diabetes, thyroid disease",
    ),
    PractitionerFacts(
        "doctor03",
        Profession.DOCTOR,
        Title.ATTENDING_PHYSICIAN,
        "A02",
        "陈立",
        "Chen Li",
        "D330100000003",
        "33010619880612713",
        date(2014, 8, 1),
        "慢病管理、常见病复诊",
        "Chronic disease management, common illnesses",
    ),
    PractitionerFacts(
        "doctor04",
        Profession.DOCTOR,
        Title.CHIEF_PHYSICIAN,
        "A03.10",
        "孙悦",
        "Sun Yue",
        "D330100000004",
        "33010619701105714",
        date(1996, 8, 1),
        "老年高血压、多重用药",
        "Hypertension in old age, many medicines at once",
    ),
    PractitionerFacts(
        "pharmacist01",
        Profession.PHARMACIST,
        Title.PHARMACIST_IN_CHARGE,
        "A90",
        "何静",
        "He Jing",
        "Y330100000001",
        "33010619820418722",
        date(2006, 8, 1),
    ),
    PractitionerFacts(
        "pharmacist02",
        Profession.PHARMACIST,
        Title.PHARMACIST,
        "A90",
        "吴刚",
        "Wu Gang",
        "Y330100000002",
        "33010619910927731",
        date(2015, 8, 1),
    ),
)

OFFICES = (
    OfficeFacts("admin01", Role.ADMINISTRATOR, "系统管理员", may_administrate=True),
    OfficeFacts("admin02", Role.ADMINISTRATOR, "价格审核员", may_administrate=True),
    OfficeFacts("insurance01", Role.INSURANCE_OFFICE, "医保办"),
    OfficeFacts("insurance02", Role.INSURANCE_OFFICE, "医保审核员"),
    OfficeFacts("finance01", Role.FINANCE, "财务科"),
    OfficeFacts("finance02", Role.FINANCE, "财务复核员"),
    OfficeFacts("regulator01", Role.REGULATOR, "监管人员"),
)
