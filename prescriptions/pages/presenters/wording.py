"""A line of a prescription in plain words, in the reader's language."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.presentation import is_chinese
from prescriptions.errors import in_words
from prescriptions.models import Drug, Finding, PrescriptionLine
from prescriptions.models.choices import DoseUnit, Pack, Unit
from prescriptions.rules.dosing import plain
from prescriptions.rules.frequencies import FREQUENCIES

INSURANCE_CLASSES = {"01": "甲", "02": "乙", "03": "丙"}
HALF = Decimal("0.5")


def directions(line: PrescriptionLine) -> str:
    """``每日 1 次，每次 1 片（5 mg），早上``."""
    parts = [
        frequency_words(line.frequency),
        each_time(line.drug, line.dose),
        line.get_timing_display(),
        line.note,
    ]
    return ("，" if is_chinese() else ", ").join(str(part) for part in parts if part)


def each_time(drug: Drug, dose: Decimal) -> str:
    """``每次 1 片（5 mg）``; only the dose when it is not counted in units."""
    amount = amount_words(drug, dose)
    # Chinese sets a thin space before figures and none before words: 每次 1 片, 每次半片.
    lead = " " if is_chinese() and amount[0].isdigit() else ""
    return _("each time %(amount)s") % {"amount": lead + amount}


def amount_words(drug: Drug, dose: Decimal) -> str:
    """``1 片（5 mg）``, ``半片（2.5 mg）``, ``2 吸``, ``10 U``."""
    if drug.dose_unit == DoseUnit.PUFF:
        return counted(Unit.PUFF, dose)
    said = f"{plain(dose)} {drug.get_dose_unit_display()}"
    if drug.units_per_pack == 1:
        return said
    count = dose / drug.dose_per_unit
    units = (
        _("half a %(unit)s") % {"unit": drug.get_unit_display()}
        if count == HALF
        else counted(drug.unit, count)
    )
    return _("%(units)s (%(dose)s)") % {"units": units, "dose": said}


def counted(thing: str, count: Decimal | int) -> str:
    """``28 片``, ``2 盒``; English knows one and many."""
    number = Decimal(count)
    many = 1 if number == 1 else 2
    words = {
        Unit.TABLET: lambda: ngettext("%(count)s tablet", "%(count)s tablets", many),
        Unit.CAPSULE: lambda: ngettext("%(count)s capsule", "%(count)s capsules", many),
        Unit.PUFF: lambda: ngettext("%(count)s inhalation", "%(count)s inhalations", many),
        Unit.PEN: lambda: ngettext("%(count)s pen", "%(count)s pens", many),
        Unit.AMPOULE: lambda: ngettext("%(count)s ampoule", "%(count)s ampoules", many),
        Unit.PATCH: lambda: ngettext("%(count)s patch", "%(count)s patches", many),
        Pack.BOX: lambda: ngettext("%(count)s box", "%(count)s boxes", many),
        Pack.BOTTLE: lambda: ngettext("%(count)s bottle", "%(count)s bottles", many),
    }
    return words[thing]() % {"count": plain(number)}  # type: ignore[index]


def frequency_words(code: str) -> str:
    """``每日 1 次``; the code itself when the dictionary does not hold it."""
    frequency = FREQUENCIES.get(code)
    return in_words(frequency.words) if frequency else code


def packs_words(drug: Drug, packs: int) -> str:
    """``2 盒``."""
    return counted(drug.pack, packs)


def content_words(drug: Drug) -> str:
    """``5 mg × 28 片``."""
    if drug.units_per_pack == 1:
        return drug.strength
    return f"{drug.strength} × {counted(drug.unit, drug.units_per_pack)}"


def insurance_class_words(code: str) -> str:
    """``甲类``; nothing when the source does not say."""
    word = INSURANCE_CLASSES.get(code)
    return _("class %(word)s") % {"word": word} if word else ""


def finding_message(finding: Finding) -> str:
    """What a stored finding says."""
    return finding.message if is_chinese() else finding.message_en


def finding_source(finding: Finding) -> str:
    """What a stored finding rests on."""
    return finding.source if is_chinese() else finding.source_en
