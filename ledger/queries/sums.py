"""The sums that snapshots keep and balances are made of, in SQL; amounts in yuan, credits as positive numbers."""

DAILY = """
    SELECT entry.account_id, entry."on",
           sum(greatest(entry.posted, 0)) AS debit, -sum(least(entry.posted, 0)) AS credit,
           sum(entry.pending) AS pending
    FROM ledger_entry AS entry JOIN ledger_account AS account ON account.id = entry.account_id
    WHERE account.institution_id = %(institution)s AND entry."on" > %(after)s AND entry."on" <= %(through)s
    GROUP BY entry.account_id, entry."on"
"""
"""Of each account of an institution and each day with entries."""

THROUGH = """
    SELECT account.kind, account.party, account.category,
           sum(coalesce(kept.debit, 0) + coalesce(fresh.debit, 0)) AS debit,
           sum(coalesce(kept.credit, 0) + coalesce(fresh.credit, 0)) AS credit,
           sum(coalesce(kept.pending, 0) + coalesce(fresh.pending, 0)) AS pending
    FROM ledger_account AS account
    LEFT JOIN LATERAL (
        SELECT least(max("on"), %(through)s) AS "on" FROM ledger_closedday AS day
        WHERE day.institution_id = account.institution_id HAVING max("on") IS NOT NULL
    ) AS closed ON true
    LEFT JOIN LATERAL (
        SELECT snapshot.debit, snapshot.credit, snapshot.pending FROM ledger_snapshot AS snapshot
        WHERE snapshot.account_id = account.id AND snapshot."on" <= closed."on"
        ORDER BY snapshot."on" DESC LIMIT 1
    ) AS kept ON true
    LEFT JOIN LATERAL (
        SELECT sum(greatest(entry.posted, 0)) AS debit, -sum(least(entry.posted, 0)) AS credit,
               sum(entry.pending) AS pending
        FROM ledger_entry AS entry
        WHERE entry.account_id = account.id AND entry."on" > coalesce(closed."on", '-infinity')
          AND entry."on" <= %(through)s
    ) AS fresh ON true
    WHERE {which}
    GROUP BY account.kind, account.party, account.category
    ORDER BY account.kind, account.party, account.category
"""
"""Of each key through a day: the newest snapshot, and the entries since the last closed day on top."""
