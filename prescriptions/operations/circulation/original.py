"""The original of a prescription as a file (处方原件): what doctor and pharmacist have signed, on one page."""

from django.utils.timezone import localtime
from django.utils.translation import override

from prescriptions.models import Circulation, PrescriptionLine
from prescriptions.operations.circulation.paper import TextLine, write_page
from prescriptions.operations.circulation.reading import CHINESE, codes_of, signed_at_of
from prescriptions.rules.dosing import plain
from prescriptions.rules.frequencies import FREQUENCIES


def original_file(circulation: Circulation) -> bytes:
    """The PDF of a circulation, in Chinese whatever language is active."""
    with override(CHINESE):
        return write_page([*_head(circulation), *_medicines(circulation), *_foot(circulation)])


def _head(circulation: Circulation) -> list[TextLine]:
    prescription = circulation.prescription
    encounter = prescription.encounter
    patient, diagnoses = encounter.patient, "；".join(code.insurance_name for code in codes_of(circulation))
    signed = localtime(signed_at_of(circulation))
    return [
        TextLine(f"{encounter.institution.name} 处方笺", 15),
        TextLine(
            f"处方编号 {prescription.number}/{prescription.version}　医保处方编号 {circulation.centre_number}",
            8,
        ),
        TextLine(rule=True),
        TextLine(
            f"姓名 {patient.name}　性别 {patient.get_gender_display()}　年龄 {patient.age_on(encounter.service_on)} 岁"
        ),
        TextLine(f"科室 {encounter.department.name}　就诊号 {encounter.number}　费别 医保"),
        TextLine(f"临床诊断 {diagnoses}　过敏史 {encounter.allergies or '未述'}"),
        TextLine(f"开具时间 {signed:%Y-%m-%d %H:%M:%S}　有效 {prescription.validity_days} 天"),
        TextLine(rule=True),
        TextLine("Rp", 13),
    ]


def _medicines(circulation: Circulation) -> list[TextLine]:
    lines = circulation.prescription.lines.select_related("drug")
    return [text for line in lines for text in _medicine(line)]


def _medicine(line: PrescriptionLine) -> tuple[TextLine, TextLine]:
    drug, frequency = line.drug, FREQUENCIES.get(line.frequency)
    often = frequency.words.zh if frequency else line.frequency
    usage = f"用法 {drug.get_route_display()}，{often}，每次 {plain(line.dose)} {drug.get_dose_unit_display()}，{line.days} 天"
    return (
        TextLine(
            f"{line.number}. {drug.generic_name} {drug.strength} × {line.packs} {drug.get_pack_display()}"
        ),
        TextLine(f"　 {usage}{'，' + line.note if line.note else ''}", 9),
    )


def _foot(circulation: Circulation) -> list[TextLine]:
    prescription = circulation.prescription
    review = prescription.review
    reviewed = localtime(review.reviewed_at)
    return [
        TextLine(rule=True),
        TextLine(f"医师 {prescription.prescriber.name}（{prescription.prescriber.insurance_code}）"),
        TextLine(
            f"审方药师 {review.reviewer.name}（{review.reviewer.insurance_code}）{reviewed:%Y-%m-%d %H:%M:%S}"
        ),
        TextLine("本处方经医师和药师电子签名；互联网复诊开具，首诊不予开方。", 8),
    ]
