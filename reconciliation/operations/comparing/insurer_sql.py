"""Settlements beside the insurer's detailed statement (3202), in three statements of SQL."""

# Sums by group, of all that the insurer dated on the day.
SUMS = """
SELECT insurance_type, clearing_type, clearing_agency, count(*), sum(total_amount), sum(fund_amount),
       sum(account_amount - CASE WHEN %(beside)s THEN mutual_aid_amount ELSE 0 END), sum(cash_amount)
FROM insurance_settlement
WHERE institution_id = %(institution)s AND settled_at >= %(begin)s AND settled_at < %(until)s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

# Rows for the file of 3202.
OUR_ROWS = """
SELECT s.number, r.visit_number, r.person_number, s.total_amount, s.fund_amount,
       s.account_amount - CASE WHEN %(beside)s THEN s.mutual_aid_amount ELSE 0 END, s.reverses_id IS NOT NULL
FROM insurance_settlement s
JOIN insurance_claim c ON c.id = s.claim_id
JOIN insurance_visitregistration r ON r.id = c.registration_id
WHERE s.institution_id = %(institution)s AND s.settled_at >= %(begin)s AND s.settled_at < %(until)s
  AND s.clearing_agency = %(agency)s AND s.clearing_type = %(clearing_type)s
ORDER BY s.id
"""

# Everything that is not the same on both sides; of a million records usually nothing. A result that names no record as
# the same lists only what differs: ours that it does not name are then the same. Two pooling areas may give the same
# number: the number of our message, or where they do not say it what the record holds, tells their records apart.
PAIRS = """
CREATE TEMPORARY TABLE recon_pairs ON COMMIT DROP AS
SELECT o.id AS our_id, t.*
FROM (
    SELECT id, number, msgid, count(*) OVER (PARTITION BY number) > 1 AS is_shared, reverses_id, total_amount,
           fund_amount,
           account_amount - CASE WHEN %(beside)s THEN mutual_aid_amount ELSE 0 END AS account_amount, cash_amount
    FROM insurance_settlement
    WHERE institution_id = %(institution)s AND settled_at >= %(begin)s AND settled_at < %(until)s
      AND clearing_agency || '/' || clearing_type = ANY(%(asked)s)
) o
FULL JOIN recon_theirs t ON t.key = o.number AND (
    t.other_key = o.msgid
    OR t.other_key = '' AND (NOT o.is_shared OR t.total = o.total_amount AND t.fund = o.fund_amount
                             AND t.account = o.account_amount))
WHERE o.id IS NULL OR t.key IS NULL AND %(lists_all)s OR t.verdict = 'other'
   OR t.total <> o.total_amount OR t.fund <> o.fund_amount OR t.account <> o.account_amount
   OR t.cash <> o.cash_amount
   OR t.status = 'refunded' AND o.reverses_id IS NULL
   OR t.status = 'in_force' AND o.reverses_id IS NOT NULL
"""

# What they hold is looked up by its number, then by the number of our message: whatever the day. A record of ours that
# they call different, with our own amounts, is one they do not hold: the result then repeats ours. The first record of a
# number is known by it; another one of the same number, of another area, by the number of the message as well.
CLASSIFY = """
INSERT INTO recon_found
SELECT f.subject, CASE WHEN f.kind = 'unknown' THEN f.other_key WHEN f.is_used THEN f.key || ' ' || f.message
                       ELSE f.key END,
       CASE WHEN f.kind = 'unknown' THEN f.key ELSE f.other_key END, f.kind,
       f.settlement_id, f.claim_id, NULL, NULL, f.bill_id,
       f.our_total, f.our_fund, f.our_account, f.our_cash,
       CASE WHEN f.kind <> 'only_us' THEN f.total END, CASE WHEN f.kind <> 'only_us' THEN f.fund END,
       CASE WHEN f.kind <> 'only_us' THEN f.account END, CASE WHEN f.kind <> 'only_us' THEN f.cash END,
       f.our_state, CASE WHEN f.kind <> 'only_us' THEN f.status ELSE '' END, f.remark
FROM (
    SELECT g.*, row_number() OVER (PARTITION BY g.subject, g.key ORDER BY g.settlement_id, g.other_key) > 1
        OR EXISTS (SELECT 1 FROM insurance_settlement e
                   WHERE e.number = g.key AND e.institution_id = %(institution)s
                     AND (g.settlement_id IS NULL OR e.id < g.settlement_id)) AS is_used
    FROM (
    SELECT
        CASE WHEN s.id IS NOT NULL THEN CASE WHEN s.reverses_id IS NULL THEN 'settlement' ELSE 'reversal' END
             ELSE p.subject END AS subject,
        COALESCE(p.key, s.number) AS key, COALESCE(p.other_key, s.msgid) AS other_key,
        COALESCE(NULLIF(p.other_key, ''), s.msgid, '') AS message,
        CASE
            WHEN p.key IS NULL THEN 'only_us'
            WHEN s.id IS NULL AND c.id IS NULL THEN 'only_them'
            WHEN s.id IS NULL AND c.state = ANY(%(unknown)s) THEN 'unknown'
            WHEN s.id IS NULL THEN 'status'
            WHEN p.total <> s.total_amount OR p.fund <> s.fund_amount OR p.account <> s.our_account
                 OR p.cash <> s.cash_amount THEN 'amount'
            WHEN p.status = 'refunded' AND s.reverses_id IS NULL AND NOT EXISTS (
                 SELECT 1 FROM insurance_settlement back WHERE back.reverses_id = s.id) THEN 'status'
            WHEN p.status = 'in_force' AND s.reverses_id IS NOT NULL THEN 'status'
            WHEN p.verdict = 'other' AND p.our_id IS NOT NULL THEN 'only_us'
        END AS kind,
        s.id AS settlement_id, c.id AS claim_id, c.bill_id,
        s.total_amount AS our_total, s.fund_amount AS our_fund, s.our_account, s.cash_amount AS our_cash,
        p.total, p.fund, p.account,
        COALESCE(p.cash, p.total - p.fund - p.account
                 - CASE WHEN %(beside)s THEN COALESCE(s.mutual_aid_amount, 0) ELSE 0 END) AS cash,
        COALESCE(c.state, '') AS our_state, COALESCE(p.status, '') AS status,
        COALESCE(p.remark, '') AS remark
    FROM recon_pairs p
    LEFT JOIN LATERAL (
        SELECT *, account_amount - CASE WHEN %(beside)s THEN mutual_aid_amount ELSE 0 END AS our_account
        FROM insurance_settlement WHERE id = p.our_id
        UNION ALL
        SELECT *, account_amount - CASE WHEN %(beside)s THEN mutual_aid_amount ELSE 0 END
        FROM insurance_settlement WHERE p.our_id IS NULL AND number = p.key AND institution_id = %(institution)s
          AND p.other_key IN ('', msgid)
        LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT * FROM insurance_claim WHERE id = s.claim_id
        UNION ALL
        SELECT * FROM insurance_claim WHERE s.id IS NULL AND p.other_key <> '' AND settle_msgid = p.other_key
        UNION ALL
        SELECT * FROM insurance_claim WHERE s.id IS NULL AND p.other_key <> '' AND reverse_msgid = p.other_key
        LIMIT 1
    ) c ON true
) g
WHERE g.kind IS NOT NULL
) f
"""

# Claims of the day whose outcome nobody knows, where the insurer's statement holds nothing of them either.
UNKNOWN = """
INSERT INTO recon_found
SELECT CASE WHEN u.is_reversal THEN 'reversal' ELSE 'settlement' END, u.msgid, '', 'unknown',
       NULL, u.id, NULL, NULL, u.bill_id,
       u.sign * (u.fund_amount + u.account_amount + u.cash_amount), u.sign * u.fund_amount,
       u.sign * u.account_amount, u.sign * u.cash_amount, NULL, NULL, NULL, NULL, u.state, '', ''
FROM (
    SELECT c.*, c.state LIKE 'revers%%' AS is_reversal,
           CASE WHEN c.state LIKE 'revers%%' THEN -1 ELSE 1 END AS sign,
           CASE WHEN c.state LIKE 'revers%%' THEN c.reverse_msgid ELSE c.settle_msgid END AS msgid
    FROM insurance_claim c
    JOIN insurance_visitregistration r ON r.id = c.registration_id
    JOIN encounters_encounter e ON e.id = r.encounter_id
    WHERE e.institution_id = %(institution)s AND c.state = ANY(%(unknown)s)
      AND COALESCE(c.unknown_since, c.submitted_at, c.opened_at) >= %(begin)s
      AND COALESCE(c.unknown_since, c.submitted_at, c.opened_at) < %(until)s
) u
WHERE u.msgid IS NOT NULL
ON CONFLICT DO NOTHING
"""
