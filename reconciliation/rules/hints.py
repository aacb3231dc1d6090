"""What a difference usually comes from, and what to do first. General knowledge, no regulation."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text
from reconciliation.rules.kinds import CHANNELS, Kind, Source

_OF_A_CHANNEL: dict[Kind, Text] = {
    Kind.ONLY_US: _(
        "Often the channel counts it on the next day; then the next bill closes it. If not, ask the channel with the"
        " number of the order."
    ),
    Kind.ONLY_THEM: _(
        "Money arrived for an order that we do not hold. Find out from whom, and pay it back by the channel."
    ),
    Kind.AMOUNT: _("Look at the order at the channel; what really moved counts."),
    Kind.STATUS: _(
        "Money arrived for an order that was closed, or a refund did not go through. She must not lose it: pay it back."
    ),
    Kind.UNKNOWN: _("The channel is still being asked; compare the day again when it has answered."),
}

HINTS: dict[tuple[Source, Kind], Text] = {
    (Source.INSURER, Kind.ONLY_US): _(
        "Often the insurer dates it on the other side of midnight; then the next comparison closes it by itself. If not,"
        " ask the insurer with the number of the settlement."
    ),
    (Source.INSURER, Kind.ONLY_THEM): _(
        "The insurer has settled and we know nothing of it. Find the visit by the number of the message, and let the"
        " insurer take it back if no bill belongs to it."
    ),
    (Source.INSURER, Kind.AMOUNT): _(
        "Compare both records line by line. Usually the insurer calculated again; then its amounts count and are booked"
        " with us."
    ),
    (Source.INSURER, Kind.STATUS): _(
        "One side holds it as settled, the other as refused or taken back. Look at the messages of the settlement first."
    ),
    (Source.INSURER, Kind.UNKNOWN): _(
        "Our side still asks by itself. Ask the insurer once more, or undo it; both are done among the settlements."
    ),
    **{(source, kind): words for source in CHANNELS for kind, words in _OF_A_CHANNEL.items()},
    (Source.BOOKS, Kind.ONLY_US): _("The bill counts as paid, and no money has moved. Look at its payment."),
    (Source.BOOKS, Kind.ONLY_THEM): _(
        "Money has moved and the bill is not paid. It has to go back, or the bill to be settled."
    ),
    (Source.BOOKS, Kind.AMOUNT): _(
        "The parts of the bill are not what insurer and channel have moved. After a return her share may still have to"
        " be paid back."
    ),
    (Source.BOOKS, Kind.STATUS): _("Look at the bill and its payment."),
    (Source.BOOKS, Kind.UNKNOWN): _("The bill is still on its way; compare the day again when it has ended."),
}
"""Every source and kind has one."""
