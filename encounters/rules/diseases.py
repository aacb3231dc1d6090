"""Diseases: what counts as the same one, which are not for online care, how they are found."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypinyin import Style, lazy_pinyin

from kernel.errors import Text, Violation

_KEY_LENGTH = 400


def category_of(code: str) -> str:
    """ICD-10 category: the first three characters of a code, e.g. ``I10``."""
    return code[:3].upper()


def pinyin_key(*names: str) -> str:
    """Initials and full pinyin of every name, lower case, parted by spaces: ``gxy gaoxueya``."""
    words = [word for name in names for word in _words_of(name)]
    return " ".join(words)[:_KEY_LENGTH]


def _words_of(name: str) -> tuple[str, str]:
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return initials.lower(), "".join(lazy_pinyin(name)).lower()


def offline_way(phone: str) -> Text:
    """Where she can be treated instead; ``phone`` may be empty."""
    if not phone:
        return gettext_lazy("Please book at the hospital's outpatient department.")
    return _("Please book at the hospital's outpatient department, telephone %(phone)s.") % {"phone": phone}


def disease_violations(*, is_open_online: bool, phone: str) -> list[Violation]:
    """V-07: a disease that needs care at once is refused as soon as it is named."""
    if is_open_online:
        return []
    return [
        Violation(
            "V-07",
            gettext_lazy("This disease cannot be treated online: it has to be examined at the hospital."),
            _("In an emergency call 120 at once. %(way)s") % {"way": offline_way(phone)},
            field="disease_id",
            source="国卫医发〔2018〕25号 互联网诊疗监管细则（试行）: 终止条件; the list of diseases is ours",
        )
    ]
