"""A line of the other side's statement, as text that ``COPY`` takes."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,2})?")
_KEY = re.compile(r"[\x21-\x7e]{1,64}")
_BREAKING = str.maketrans({"\t": " ", "\n": " ", "\r": " ", "\\": "/", "\0": " "})
_REMARK_LENGTH = 200
NOT_SAID = "\\N"


class TheirLine(NamedTuple):
    """One record as the other side states it; amounts are yuan as text, empty where it does not say."""

    subject: str
    key: str
    other_key: str
    total: str
    fund: str
    account: str
    cash: str
    status: str
    verdict: str
    """What they say of the comparison with ours: ``same``, ``other``, or nothing."""
    remark: str


class StatementUnreadable(Exception):
    """A statement that is not what its description promises; nothing of it counts."""

    def __init__(self, reason: str, line: int = 0) -> None:
        """``line`` counts from 1; 0 is the file as a whole."""
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.line = line


def as_copy_text(lines: Iterable[TheirLine]) -> Iterator[str]:
    """Each line checked and written for ``COPY … FROM STDIN``, with its end of line.

    Raises:
        StatementUnreadable: a line has no number, or an amount that is none.
    """
    for number, line in enumerate(lines, start=1):
        subject, key, other_key, *amounts, status, verdict, remark = line
        if not _KEY.fullmatch(key):
            raise StatementUnreadable("no number of the record", number)
        for amount in amounts:
            if amount and not _AMOUNT.fullmatch(amount):
                raise StatementUnreadable(f"{amount[:20]!r} is no amount in yuan", number)
        if not amounts[0]:
            raise StatementUnreadable("no amount", number)
        said = "\t".join(amount or NOT_SAID for amount in amounts)
        words = "\t".join(
            text.translate(_BREAKING) for text in (status[:40], verdict, remark[:_REMARK_LENGTH])
        )
        yield f"{subject}\t{key.translate(_BREAKING)}\t{other_key[:64].translate(_BREAKING)}\t{said}\t{words}\n"
