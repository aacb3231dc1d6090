"""The other sides: each fetches its statement (calls out), then writes what differs into ``recon_found``."""

from reconciliation.operations.sides.books import BooksSide
from reconciliation.operations.sides.channel import ChannelSide
from reconciliation.operations.sides.common import Compared, Side
from reconciliation.operations.sides.insurer import InsurerSide
from reconciliation.rules.kinds import Source

SIDES: dict[Source, type[Side]] = {
    Source.INSURER: InsurerSide,
    Source.CHANNEL: ChannelSide,
    Source.ALIPAY: ChannelSide,
    Source.BOOKS: BooksSide,
}

__all__ = ["SIDES", "Compared", "Side"]
