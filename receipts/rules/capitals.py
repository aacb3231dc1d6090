"""Amounts in the characters that cannot be altered (大写金额); pure."""

from decimal import Decimal

from kernel.money import to_fen

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount: Decimal) -> str:
    """Yuan in capital characters: ``壹佰贰拾叁元肆角伍分``, ``叁佰元整``; ``负`` before a negative amount.

    Raises:
        ValueError: the amount has a fraction of a fen.

    Source: 支付结算办法 (银发〔1997〕393号), annex 1, articles 1 to 3: 整 after whole yuan, one 零 for zeros in a row,
    零 before the fen when there are no jiao. After jiao it leaves 整 free, and so does this.
    """
    fen = to_fen(abs(amount))
    yuan, (jiao, fen) = fen // 100, divmod(fen % 100, 10)
    sign = "负" if amount < 0 else ""
    whole = f"{_whole(yuan)}元" if yuan or not (jiao or fen) else ""
    if not jiao and not fen:
        return f"{sign}{whole}整"
    gap = "零" if whole and not jiao else ""
    return f"{sign}{whole}{gap}{_part(jiao, '角')}{_part(fen, '分')}"


def _part(digit: int, unit: str) -> str:
    return f"{_DIGITS[digit]}{unit}" if digit else ""


def _whole(yuan: int) -> str:
    """Whole yuan by groups of four digits."""
    if not yuan:
        return _DIGITS[0]
    said, rest, group = "", yuan, 0
    while rest:
        rest, four = divmod(rest, 10_000)
        if four:
            # A group that is not full (32 of 10032) is parted from what stands before it by one 零. After a group that
            # ends in zeros annex 1 leaves the 零 free; this does without.
            gap = "零" if rest and four < 1000 else ""
            said = f"{gap}{_four(four)}{_GROUPS[group]}{said}"
        elif said and not said.startswith("零"):
            said = f"零{said}"
        group += 1
    return said.removeprefix("零")


def _four(number: int) -> str:
    """A group of four digits, not zero; zeros inside it are one 零."""
    said = ""
    for place, digit in enumerate(reversed(f"{number:04d}")):
        if digit != "0":
            said = f"{_DIGITS[int(digit)]}{_PLACES[place]}{said}"
        elif said and not said.startswith("零"):
            said = f"零{said}"
    return said.removeprefix("零")
