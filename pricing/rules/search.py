"""Finding an item by Chinese name, pinyin, initials, English name or code."""

from pypinyin import Style, lazy_pinyin

_LIMIT = 700


def search_key(code: str, name: str, name_en: str) -> str:
    """Lower-case text that holds code, names, full pinyin and initials, parted by spaces.

    ``普通门诊诊查费`` is found by ``putongmenzhen`` and by ``ptmz``.
    """
    syllables = lazy_pinyin(name)
    initials = lazy_pinyin(name, style=Style.FIRST_LETTER)
    words = (code, name, name_en, "".join(syllables), "".join(initials))
    return " ".join(words).lower()[:_LIMIT]


def search_term(typed: str) -> str:
    """What a person typed, in the form of the key: lower case, single spaces."""
    return " ".join(typed.lower().split())
