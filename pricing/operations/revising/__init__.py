"""The life of proposed prices: drafted, submitted, reviewed by a second person, published, superseded."""

from pricing.operations.revising.checking import violations_of
from pricing.operations.revising.copying import copy_from_current, copy_version
from pricing.operations.revising.drafting import abandon, change_revision, create_revision
from pricing.operations.revising.importing import read_import, receive_import, take_import
from pricing.operations.revising.publishing import publish
from pricing.operations.revising.reviewing import approve, return_to_draft, submit
from pricing.operations.revising.rows import drop_row, put_row

__all__ = [
    "abandon",
    "approve",
    "change_revision",
    "copy_from_current",
    "copy_version",
    "create_revision",
    "drop_row",
    "publish",
    "put_row",
    "read_import",
    "receive_import",
    "return_to_draft",
    "submit",
    "take_import",
    "violations_of",
]
