"""The people this insurer covers. DEMONSTRATION: every one of them is invented.

The ID numbers carry a valid check digit so that the hospital's own check can be shown.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .reading import Reader

EMPLOYEE = "310"  # 职工基本医疗保险
RESIDENT = "390"  # 城乡居民基本医疗保险


@dataclass(frozen=True)
class DemoPerson:
    """One insurance of a person. ``balance`` and ``deducted`` (towards this year's deductible) are yuan.

    ``balance_of_year`` is the part of the account paid in this year; ``chronic`` are acknowledged diseases by code;
    ``family_payer`` is the ID number of the relative whose account helps out.
    """

    name: str
    id_number: str
    gender: str  # 1 male, 2 female
    born_on: date
    psn_no: str
    insutype: str
    psn_type: str
    balance: Decimal
    deducted: Decimal
    status: str  # 1 normal, 2 suspended
    area: str  # where the person is insured
    card_no: str
    remote_filed: bool = False  # has filed for treatment outside the insured place
    remote_kind: str = "long_term"
    balance_of_year: Decimal = Decimal("0.00")
    is_civil_servant: bool = False
    aid_category: str = ""
    employer: str = ""
    suspended_on: date | None = None
    chronic: tuple[tuple[str, str], ...] = ()
    family_payer: str = ""


# The first one's account is nearly empty, so that a demonstration bill shows all three payers.
PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        name="张秀英", id_number="330106195603089829", gender="2", born_on=date(1956, 3, 8),
        psn_no="33010000000000000001", insutype=EMPLOYEE, psn_type="1201",
        balance=Decimal("2.00"), deducted=Decimal("300.00"), status="1", area="330100", card_no="DA0000001",
    ),
    DemoPerson(
        name="张建国", id_number="330106195306159712", gender="1", born_on=date(1953, 6, 15),
        psn_no="33010000000000000002", insutype=RESIDENT, psn_type="1601",
        balance=Decimal("0.00"), deducted=Decimal("100.00"), status="1", area="330100", card_no="DA0000002",
    ),
    DemoPerson(
        name="李小明", id_number="330106201809019939", gender="1", born_on=date(2018, 9, 1),
        psn_no="33010000000000000003", insutype=RESIDENT, psn_type="1403",
        balance=Decimal("0.00"), deducted=Decimal("100.00"), status="1", area="330100", card_no="DA0000003",
    ),
    DemoPerson(
        name="王海燕", id_number="330106197905209848", gender="2", born_on=date(1979, 5, 20),
        psn_no="33010000000000000004", insutype=EMPLOYEE, psn_type="1101",
        balance=Decimal("3560.40"), deducted=Decimal("600.00"), status="1", area="330100", card_no="DA0000004",
    ),
    DemoPerson(
        name="赵志强", id_number="330106197011129750", gender="1", born_on=date(1970, 11, 12),
        psn_no="33010000000000000005", insutype=EMPLOYEE, psn_type="1101",
        balance=Decimal("812.05"), deducted=Decimal("600.00"), status="2", area="330100", card_no="DA0000005",
    ),
    DemoPerson(
        name="陈静", id_number="330106198810219861", gender="2", born_on=date(1988, 10, 21),
        psn_no="11010000000000000006", insutype=EMPLOYEE, psn_type="1101",
        balance=Decimal("2080.66"), deducted=Decimal("1800.00"), status="1", area="110100", card_no="DA0000006",
        remote_filed=True,
    ),
)  # fmt: skip

HYPERTENSION, DIABETES = ("M03900", "高血压"), ("M01600", "糖尿病")

# For what the first ones do not show: two insurances, top-up funds, family account, treatment far from home.
LATER_PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        name="周国平", id_number="330106195808129716", gender="1", born_on=date(1958, 8, 12),
        psn_no="33010000000000000007", insutype=EMPLOYEE, psn_type="1103",
        balance=Decimal("120.00"), deducted=Decimal("0.00"), status="2", area="330100", card_no="DA0000007",
        suspended_on=date(2026, 1, 31),
    ),
    DemoPerson(
        name="周国平", id_number="330106195808129716", gender="1", born_on=date(1958, 8, 12),
        psn_no="33010000000000000007", insutype=RESIDENT, psn_type="1601",
        balance=Decimal("0.00"), deducted=Decimal("100.00"), status="1", area="330100", card_no="DA0000007",
        chronic=(HYPERTENSION,),
    ),
    DemoPerson(
        name="吴慧敏", id_number="330106196104179824", gender="2", born_on=date(1961, 4, 17),
        psn_no="33010000000000000008", insutype=EMPLOYEE, psn_type="1202",
        balance=Decimal("500.00"), deducted=Decimal("300.00"), status="1", area="330100", card_no="DA0000008",
        is_civil_servant=True, employer="演示市档案馆", chronic=(HYPERTENSION, DIABETES),
    ),
    DemoPerson(
        name="郑小兰", id_number="330106197902289846", gender="2", born_on=date(1979, 2, 28),
        psn_no="33010000000000000009", insutype=RESIDENT, psn_type="1501",
        balance=Decimal("0.00"), deducted=Decimal("100.00"), status="1", area="330100", card_no="DA0000009",
        aid_category="low_income",
    ),
    DemoPerson(
        name="孙悦", id_number="330106201906139860", gender="2", born_on=date(2019, 6, 13),
        psn_no="33010000000000000010", insutype=RESIDENT, psn_type="1402",
        balance=Decimal("0.00"), deducted=Decimal("100.00"), status="1", area="330100", card_no="DA0000010",
        family_payer="330106197905209848",
    ),
    DemoPerson(
        name="顾建平", id_number="310105198009269759", gender="1", born_on=date(1980, 9, 26),
        psn_no="31010500000000000011", insutype=EMPLOYEE, psn_type="1101",
        balance=Decimal("1500.00"), balance_of_year=Decimal("300.00"), deducted=Decimal("0.00"), status="1",
        area="310105", card_no="DA0000011", remote_filed=True,
    ),
    DemoPerson(
        name="何俊", id_number="420106198507199732", gender="1", born_on=date(1985, 7, 19),
        psn_no="42010000000000000012", insutype=EMPLOYEE, psn_type="1101",
        balance=Decimal("0.00"), deducted=Decimal("0.00"), status="1", area="420100", card_no="DA0000012",
    ),
    DemoPerson(
        name="马丽娜", id_number="610602196405059884", gender="2", born_on=date(1964, 5, 5),
        psn_no="61060000000000000013", insutype=RESIDENT, psn_type="1501",
        balance=Decimal("0.00"), deducted=Decimal("0.00"), status="1", area="610600", card_no="DA0000013",
        remote_filed=True, remote_kind="transfer", chronic=(HYPERTENSION,),
    ),
)  # fmt: skip

NUMBER_LENGTH = 18


def age_on(born_on: date, today: date) -> int:
    """Full years of age."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def insured_person(reader: Reader) -> DemoPerson:
    """Read a person to be insured; sex and day of birth are those of the ID number. Faults stay with the reader."""
    number = reader.text("id_number")
    born_on, gender = date(1970, 1, 1), "1"
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        gender = "1" if int(number[16]) % 2 else "2"
    except (ValueError, IndexError):
        reader.refuse("id_number", "应为18位公民身份号码")
    if len(number) != NUMBER_LENGTH:
        reader.refuse("id_number", "应为18位公民身份号码")
    return DemoPerson(
        name=reader.text("name"),
        id_number=number,
        gender=gender,
        born_on=born_on,
        psn_no=reader.text("psn_no", f"PSN{number}"),
        insutype=reader.text("insutype", EMPLOYEE, choices=(EMPLOYEE, RESIDENT)),
        psn_type=reader.text("psn_type", "1101"),
        balance=reader.amount("balance", Decimal("0.00")),
        balance_of_year=reader.amount("balance_of_year", Decimal("0.00")),
        deducted=reader.amount("deducted", Decimal("0.00")),
        status=reader.text("status", "1", choices=("0", "1", "2", "3", "4")),
        area=reader.text("area", "330100"),
        card_no=reader.text("card_no", f"DA{number}"),
    )
