"""SC-04 and SC-05: which files a rule takes."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from screening.rules.kinds import WITH_POINTS, Kind


def sc04_takes_points(kind: Kind) -> Iterator[Violation]:
    """Only a rule that is a list of knowledge points takes a file.

    Source: ours.
    """
    if kind not in WITH_POINTS:
        yield Violation(
            "SC-04", _("This rule is no list of knowledge points: it has thresholds instead."), field="file"
        )


def sc05_batch_of_rule(batch: str, batches: str) -> Iterator[Violation]:
    """A file belongs to one of the batches of its rule.

    Source: ours (numbers of points count within a batch).
    """
    if batch not in batches.split():
        yield Violation("SC-05", _("Choose the batch that the file is of."), field="batch")
