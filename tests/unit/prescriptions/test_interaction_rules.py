"""I1 to I30, contraindications, allergies and duplicates."""

from datetime import timedelta
from decimal import Decimal

import pytest

from prescriptions.rules import check
from prescriptions.rules.allergies import clauses_of
from prescriptions.rules.facts import DiagnosisFacts, RunningDrug
from prescriptions.rules.findings import Severity
from prescriptions.rules.interaction_table import INTERACTIONS
from prescriptions.rules.substances import mentioned_in
from tests.factories.prescription_facts import TODAY, facts, found, line, patient, visit

GRAVE, WARN = Severity.GRAVE, Severity.WARN

# Pair, rule and severity as the table of interactions (clinical rules, 2.6) sets them.
PAIRS = [
    ("simvastatin", "clarithromycin", "I1", GRAVE),
    ("rosuvastatin", "gemfibrozil", "I2", GRAVE),
    ("rosuvastatin", "ciclosporin", "I3", GRAVE),
    ("colchicine", "clarithromycin", "I4", GRAVE),
    ("febuxostat", "azathioprine", "I5", GRAVE),
    ("allopurinol", "mercaptopurine", "I5", GRAVE),
    ("ticagrelor", "ketoconazole", "I6", GRAVE),
    ("rivaroxaban", "rifampicin", "I7", GRAVE),
    ("clopidogrel", "aspirin", "I8", WARN),
    ("valsartan", "spironolactone", "I9", WARN),
    ("enalapril", "lithium", "I10", WARN),
    ("nifedipine", "grapefruit", "I12", WARN),
    ("gliclazide", "alcohol", "I13", WARN),
    ("acarbose", "pancreatin", "I14", WARN),
    ("atorvastatin", "warfarin", "I15", WARN),
    ("perindopril", "irbesartan", "I16", GRAVE),
    ("sacubitril", "benazepril", "I17", GRAVE),
    ("isosorbide_mononitrate", "sildenafil", "I18", GRAVE),
    ("metoprolol", "verapamil", "I19", GRAVE),
    ("clopidogrel", "omeprazole", "I20", WARN),
    ("digoxin", "amiodarone", "I21", GRAVE),
    ("warfarin", "levofloxacin", "I23", GRAVE),
    ("sertraline", "tramadol", "I24", GRAVE),
    ("valproate", "meropenem", "I25", GRAVE),
    ("theophylline", "cimetidine", "I26", WARN),
    ("levothyroxine", "calcium", "I27", WARN),
    ("metformin", "iodinated_contrast", "I28", GRAVE),
    ("repaglinide", "gemfibrozil", "I29", GRAVE),
    ("repaglinide", "clopidogrel", "I29", WARN),
    ("methotrexate", "cotrimoxazole", "I30", GRAVE),
]


@pytest.mark.parametrize(("one", "other", "rule", "severity"), PAIRS, ids=lambda value: str(value))
def test_a_pair_is_found_in_either_order(one: str, other: str, rule: str, severity: Severity) -> None:
    for first, second in ((one, other), (other, one)):
        (finding,) = found(facts(line(1, ingredients=first), line(2, ingredients=second)), rule)
        assert finding.severity is severity
        assert sorted(finding.lines) == [1, 2]


def test_every_number_of_the_table_is_tested_here() -> None:
    by_hand = {"I6", "I8", "I11", "I22"}
    assert {row.rule for row in INTERACTIONS} | {"I8"} == {
        rule for *_pair, rule, _severity in PAIRS
    } | by_hand


@pytest.mark.parametrize(("dose", "broken"), [("20", False), ("40", True)])
def test_i22_begins_above_20_mg_simvastatin_with_amlodipine(dose: str, broken: bool) -> None:
    statin = line(2, dose=dose, ingredients="simvastatin", dose_per_unit=Decimal(20), max_dose=Decimal(40))
    findings = found(facts(line(1), statin), "I22")
    assert bool(findings) is broken
    if broken:
        assert findings[0].reduce_to == Decimal(20)
        assert findings[0].swap_to == "atorvastatin"
        assert findings[0].basis.grade == "G"


@pytest.mark.parametrize(("dose", "broken"), [("100", False), ("200", True)])
def test_i6_warns_of_more_than_100_mg_aspirin_with_ticagrelor(dose: str, broken: bool) -> None:
    aspirin = line(1, dose=dose, ingredients="aspirin", dose_per_unit=Decimal(100), max_dose=Decimal(300))
    assert bool(found(facts(aspirin, line(2, ingredients="ticagrelor")), "I6")) is broken


def test_i8_becomes_grave_with_a_third_medicine() -> None:
    lines = [
        line(n, ingredients=name) for n, name in enumerate(("aspirin", "clopidogrel", "rivaroxaban"), start=1)
    ]
    (finding,) = found(facts(*lines), "I8")
    assert finding.severity is GRAVE
    assert finding.lines == (1, 2, 3)


def test_i11_concerns_diabetics_only() -> None:
    lines = (line(1, ingredients="telmisartan"), line(2, ingredients="aliskiren"))
    assert not found(facts(*lines), "I11")
    diabetic = visit(diagnoses=(DiagnosisFacts("E11.900", "2 型糖尿病"),), proven=("E11",))
    assert found(facts(*lines, visit=diabetic), "I11")


def test_a_medicine_she_says_she_takes_counts_too() -> None:
    (finding,) = found(
        facts(line(ingredients="simvastatin"), patient=patient(medicines_stated="上周开始吃克拉霉素")), "I1"
    )
    assert finding.lines == (1,)
    assert "患者自述" in finding.message.zh


def test_two_medicines_she_takes_already_are_not_our_prescription() -> None:
    assert not found(facts(line(), patient=patient(medicines_stated="华法林、胺碘酮")), "I23")


def test_a_longer_name_hides_the_shorter_one_in_it() -> None:
    assert mentioned_in("艾司奥美拉唑 20mg") == {"esomeprazole"}


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("无", ()), ("没有药物过敏", ()), ("None", ()), ("", ()), ("否认青霉素过敏，磺胺皮疹", ("磺胺皮疹",)),
        ("青霉素；海鲜", ("青霉素", "海鲜")),
    ],
)  # fmt: skip
def test_denied_allergies_are_left_out(text: str, clauses: tuple[str, ...]) -> None:
    assert clauses_of(text) == clauses


def test_a1_finds_the_substance_itself() -> None:
    (finding,) = found(facts(patient=patient(allergies="氨氯地平水肿")), "A1")
    assert finding.severity is GRAVE


@pytest.mark.parametrize(
    ("substance", "severity"), [("gliclazide", GRAVE), ("hydrochlorothiazide", WARN), ("indapamide", WARN)]
)
def test_a2_knows_what_cross_reacts_with_sulfonamides(substance: str, severity: Severity) -> None:
    (finding,) = found(
        facts(line(ingredients=substance), patient=patient(allergies="磺胺类过敏，皮疹 2019")), "A2"
    )
    assert finding.severity is severity


def test_a3_says_which_allergy_no_rule_knows() -> None:
    (finding,) = found(facts(patient=patient(allergies="芒果")), "A3")
    assert "芒果" in finding.message.zh
    assert not found(facts(patient=patient(allergies="青霉素")), "A3")
    assert not found(facts(patient=patient(allergies="磺胺类过敏，皮疹 2019")), "A3")


@pytest.mark.parametrize(
    ("age", "female", "pregnant", "severity"),
    [
        (14, True, None, None), (15, True, None, WARN), (49, True, None, WARN), (50, True, None, None),
        (30, False, None, None), (30, True, False, None), (30, True, True, GRAVE), (52, True, True, GRAVE),
    ],
)  # fmt: skip
def test_c1_asks_about_pregnancy(
    age: int, female: bool, pregnant: bool | None, severity: Severity | None
) -> None:
    who = patient(age=age, is_female=female, is_pregnant=pregnant)
    findings = found(facts(line(ingredients="valsartan"), patient=who), "C1")
    assert [finding.severity for finding in findings] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("substance", "code", "rule"),
    [
        ("valsartan", "I70.100", "C2"), ("aspirin", "K25.400", "C3"), ("atorvastatin", "K73.900", "C4"),
        ("gliclazide", "E10.900", "C5"), ("nifedipine", "R57.000", "C6"), ("aspirin", "J45.900", "C7"),
        ("bisoprolol", "I44.200", "C8"), ("trimetazidine", "G20.x00", "C8"),
    ],
)  # fmt: skip
def test_a_diagnosis_can_forbid_a_medicine(substance: str, code: str, rule: str) -> None:
    diagnoses = (DiagnosisFacts("I10.x00", "高血压"), DiagnosisFacts(code, "另一诊断"))
    assert found(facts(line(ingredients=substance), visit=visit(diagnoses=diagnoses)), rule)
    assert not found(facts(line(ingredients=substance)), rule)


def test_c9_keeps_medicines_for_men_from_women() -> None:
    assert found(facts(line(for_men_only=True)), "C9")
    assert not found(facts(line(for_men_only=True), patient=patient(is_female=False)), "C9")


def test_d1_finds_the_same_ingredient_twice() -> None:
    lines = (line(1, ingredients="valsartan"), line(2, ingredients="sacubitril valsartan"))
    (finding,) = found(facts(*lines), "D1")
    assert finding.severity is GRAVE


@pytest.mark.parametrize(("left", "severity"), [(0, None), (1, WARN), (7, WARN), (8, GRAVE)])
def test_d1_lets_a_refill_be_written_in_the_last_week(left: int, severity: Severity | None) -> None:
    running = RunningDrug("氨氯地平", "amlodipine", ("amlodipine",), "XC08CA", TODAY + timedelta(days=left))
    findings = found(facts(running=(running,)), "D1")
    assert [finding.severity for finding in findings] == ([severity] if severity else [])


def test_d2_warns_of_two_of_one_class_but_not_of_short_class_codes() -> None:
    same = (
        line(1, ingredients="valsartan", class_code="XC09CA"),
        line(2, ingredients="losartan", class_code="XC09CA"),
    )
    assert [finding.severity for finding in found(facts(*same), "D2")] == [WARN]
    short = (
        line(1, ingredients="febuxostat", class_code="XM04"),
        line(2, ingredients="colchicine", class_code="XM04"),
    )
    assert not found(facts(*short), "D2")


def test_every_clinical_finding_says_that_a_pharmacist_must_check_it() -> None:
    given = facts(
        line(1, ingredients="simvastatin"), line(2, ingredients="clarithromycin"),
        patient=patient(allergies="氯吡格雷"),
    )  # fmt: skip
    clinical = [finding for finding in check(given) if finding.rule[0] in "IACD"]
    assert clinical
    assert all("药师核对" in finding.basis.source.zh for finding in clinical)
