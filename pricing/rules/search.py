"""Finding an item by Chinese name, pinyin, initials, English name or code."""

from functools import lru_cache
from typing import Any

from pypinyin import Style
from pypinyin.converter import DefaultConverter
from pypinyin.core import Pinyin

_LIMIT = 700


class _Remembering(DefaultConverter):
    """Remembers words: the names of a tariff are made of the same few thousand again and again."""

    @lru_cache(maxsize=50_000)  # noqa: B019  # there is one converter, and it lives as long as the process
    def convert(self, words: str, style: Style, heteronym: bool, errors: str, strict: bool) -> Any:  # noqa: FBT001
        """Syllables of one word, which nobody changes."""
        return super().convert(words, style, heteronym, errors, strict)


_PINYIN = Pinyin(_Remembering())


def search_key(code: str, name: str, name_en: str) -> str:
    """Lower-case text that holds code, names, full pinyin and initials, parted by spaces.

    ``普通门诊诊查费`` is found by ``putongmenzhen`` and by ``ptmz``.
    """
    syllables = _PINYIN.lazy_pinyin(name)
    initials = _PINYIN.lazy_pinyin(name, style=Style.FIRST_LETTER)
    words = (code, name, name_en, "".join(syllables), "".join(initials))
    return " ".join(words).lower()[:_LIMIT]


def search_term(typed: str) -> str:
    """What a person typed, in the form of the key: lower case, single spaces."""
    return " ".join(typed.lower().split())
