"""Accounts, postings and their entries; nothing here is ever changed or deleted."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from kernel.protection import never_emptied
from ledger.rules import AccountKey, AccountKind
from ledger.states import Phase
from registry.models import Institution


class Kept(models.Model):
    """A row that is added and stays as it is; emptying its table is refused, too."""

    class Meta:
        """Whatever is said to the database, in whatever words."""

        abstract = True
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("ledger"),
        ]

    def __str__(self) -> str:
        """Table and number."""
        return f"{self._meta.label} {self.pk}"


class Account(Kept):
    """An account of an institution; made when something is first posted to it."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    party = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=60, blank=True)

    class Meta(Kept.Meta):
        """One for a key."""

        constraints = [
            models.UniqueConstraint(fields=["institution", "kind", "party", "category"], name="account_once")
        ]

    def __str__(self) -> str:
        """Its key."""
        return "/".join(filter(None, [self.kind, self.party, self.category]))

    @property
    def key(self) -> AccountKey:
        """What it is asked for by."""
        return AccountKey(AccountKind(self.kind), self.party, self.category)


_NOT_INTO_A_CLOSED_DAY = """
IF NEW."on" < ledger_open_day(NEW.institution_id, NEW."on") THEN
    RAISE EXCEPTION 'ledger: the books of % are closed', NEW."on" USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

_BALANCED = """
IF NOT (
    SELECT count(*) = NEW.entry_count AND count(*) > 1 AND sum(entry.posted) = 0 AND sum(entry.pending) = 0
       AND bool_and(entry."on" = NEW."on" AND account.institution_id = NEW.institution_id)
    FROM ledger_entry AS entry JOIN ledger_account AS account ON account.id = entry.account_id
    WHERE entry.posting_id = NEW.id
) THEN
    RAISE EXCEPTION 'ledger: posting % does not balance', NEW.key USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""

_NO_MORE_THAN_TOLD = """
IF EXISTS (
    SELECT FROM (SELECT DISTINCT posting_id FROM new_rows) AS touched
    JOIN ledger_posting AS posting ON posting.id = touched.posting_id
    WHERE (SELECT count(*) FROM ledger_entry WHERE posting_id = touched.posting_id) > posting.entry_count
) THEN
    RAISE EXCEPTION 'ledger: a posting takes no further entries' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class Posting(Kept):
    """One event in the books: entries that balance, and what they are about.

    A pending posting announces; a further one confirms or voids it. A reversal takes back what counted.
    """

    key = models.CharField(
        max_length=120, unique=True, help_text="names the event; the same again is the same posting"
    )
    kind = models.CharField(max_length=40)
    phase = models.CharField(max_length=10)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=40, blank=True, db_index=True)
    reason = models.CharField(max_length=200, blank=True)
    resolves = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="resolution"
    )
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversal"
    )

    on = models.DateField(help_text="the day of the books it counts in")
    entry_count = models.PositiveSmallIntegerField()

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Kept.Meta):
        """Balanced at commit, never into a closed day; what resolves has something to resolve."""

        constraints = [
            models.CheckConstraint(
                condition=Q(phase=Phase.POSTED)
                | Q(phase=Phase.PENDING, resolves__isnull=True)
                | Q(phase=Phase.VOIDED, resolves__isnull=False),
                name="posting_phase_fits",
            )
        ]
        indexes = [
            models.Index(fields=["institution", "on"], name="posting_of_a_day"),
            models.Index(fields=["at"], condition=Q(phase=Phase.PENDING), name="posting_pending"),
        ]
        triggers = [
            *Kept.Meta.triggers,
            pgtrigger.Trigger(
                name="open_day",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_NOT_INTO_A_CLOSED_DAY,
            ),
            pgtrigger.Trigger(
                name="balanced",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_BALANCED,
            ),
        ]

    def __str__(self) -> str:
        """Its key."""
        return self.key


class Entry(Kept):
    """One line of a posting; amounts in yuan, above zero debits, below zero credits.

    ``posted`` counts; ``pending`` is announced, and goes down again when the announcement is resolved. So both
    balances of an account are plain sums.
    """

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    on = models.DateField(help_text="that of the posting, for sums of an account")
    posted = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    pending = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))

    class Meta(Kept.Meta):
        """In order of the lines."""

        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(posted=0, pending=0), name="entry_of_something"),
        ]
        indexes = [
            models.Index(fields=["account", "on"], include=["posted", "pending"], name="entry_sums"),
        ]
        triggers = [
            *Kept.Meta.triggers,
            pgtrigger.Trigger(
                name="no_more_than_told",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
                func=_NO_MORE_THAN_TOLD,
            ),
        ]


class ClosedDay(Kept):
    """The books of an institution are closed through this day, and the snapshots of its accounts are made."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    closed_at = models.DateTimeField()

    class Meta(Kept.Meta):
        """Each day once."""

        constraints = [models.UniqueConstraint(fields=["institution", "on"], name="closed_day_once")]


class Snapshot(Kept):
    """All that was ever posted to an account through a closed day, in yuan; only for days with entries."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="snapshots", db_index=False)
    on = models.DateField()
    debit = models.DecimalField(max_digits=16, decimal_places=2)
    credit = models.DecimalField(max_digits=16, decimal_places=2)
    pending = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta(Kept.Meta):
        """One for an account and a day."""

        constraints = [models.UniqueConstraint(fields=["account", "on"], name="snapshot_once")]
