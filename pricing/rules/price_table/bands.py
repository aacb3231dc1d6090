"""Bands in one cell: ``0-3:130;3-:200`` or ``头部:180;颈部:200``."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

_BAND = re.compile(r"(?P<above>[\d.]*)-(?P<up_to>[\d.]*)")
_DASHES = str.maketrans({"–": "-", "—": "-", "~": "-", "～": "-", "至": "-", "：": ":", "；": ";", "\n": ";"})


def bands_text(rows: Sequence[Mapping[str, str]]) -> str:
    """Bands as the cell has them.

    >>> bands_text([{"above": "0", "up_to": "3", "amount": "130"}, {"above": "3", "amount": "200"}])
    '0-3:130;3-:200'
    """
    return ";".join(
        f"{row['key'] if row.get('key') else _bounds(row)}:{plain(Decimal(row['amount']))}" for row in rows
    )


def _bounds(row: Mapping[str, str]) -> str:
    return "-".join(plain(Decimal(row[name])) if row.get(name) else "" for name in ("above", "up_to"))


def bands_of(text: str) -> list[dict[str, str]]:
    """The other way round.

    Raises:
        ValueError: it is not written like bands.
    """
    parts = [part.strip() for part in text.translate(_DASHES).split(";")]
    rows = [_band(part) for part in parts if part]
    if not rows:
        raise ValueError(text)
    return rows


def _band(part: str) -> dict[str, str]:
    said, colon, amount = part.rpartition(":")
    if not colon or not said.strip():
        raise ValueError(part)
    try:
        price = plain(Decimal(amount.strip().removesuffix("元").strip()))
        bounds = _BAND.fullmatch(re.sub(r"\s", "", said))
        if bounds is None:
            return {"key": said.strip(), "amount": price}
        numbers = {name: plain(Decimal(text)) for name, text in bounds.groupdict().items() if text}
    except InvalidOperation as error:
        raise ValueError(part) from error
    return {**numbers, "amount": price}


def plain(number: Decimal) -> str:
    """Without needless zeros: 10.000000 is 10.

    >>> plain(Decimal("10.500"))
    '10.5'
    """
    if not number.is_finite():
        raise InvalidOperation
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text
