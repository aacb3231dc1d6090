"""What a rule says of an order."""

from dataclasses import dataclass

from screening.rules.facts import NOTHING, OrderLine, RuleFact, Words
from screening.rules.kinds import Effect

INSURER = "insurer"
LOCAL = "local"
_LONGEST_KEY = 60


@dataclass(frozen=True, slots=True)
class Found:
    """One point of one order."""

    rule: str
    effect: Effect
    message: Words
    source: Words
    grade: str = ""
    way_on: Words = NOTHING
    lines: tuple[int, ...] = ()
    """Numbers of the lines concerned, in order."""
    subject: str = ""
    """Tells two findings of one rule on the same lines apart."""
    origin: str = LOCAL
    warning_id: str = ""
    """The insurer's number of the finding (jr_id), to be answered by 3103."""

    @property
    def key(self) -> str:
        """The same for the same point of the same lines."""
        parts = [self.rule, *map(str, self.lines), *([self.subject] if self.subject else [])]
        return ":".join(parts)[:_LONGEST_KEY]


def of_line(
    rule: RuleFact, line: OrderLine, zh: str, en: str, *, way_on: Words = NOTHING, subject: str = ""
) -> Found:
    """A finding on one line; ``{name}`` in the texts is what is ordered."""
    message = Words(zh.replace("{name}", line.words.zh), en.replace("{name}", line.words.en))
    return Found(rule.number, rule.effect, message, rule.source, rule.grade, way_on, (line.number,), subject)


def of_order(
    rule: RuleFact,
    zh: str,
    en: str,
    *,
    way_on: Words = NOTHING,
    lines: tuple[int, ...] = (),
    subject: str = "",
) -> Found:
    """A finding on several lines, or on the whole order."""
    return Found(rule.number, rule.effect, Words(zh, en), rule.source, rule.grade, way_on, lines, subject)


PAY_HERSELF = Words(
    "请换药，或请患者到医院按规定使用；她也可以选择自费。",
    "Choose another one, or let her get it at the hospital by its rule; she may also choose to pay it herself.",
)
SAY_WHY = Words("请核对；确需使用时写明理由。", "Check it; when it is needed, write why.")
