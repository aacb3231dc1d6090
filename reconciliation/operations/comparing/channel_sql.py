"""Payments and refunds beside the channel's bill, in three statements of SQL. What was paid too late moved all the same."""

SUMS = """
SELECT count(*), COALESCE(sum(amount), 0) FROM (
    SELECT amount FROM payments_paymentorder
    WHERE state IN ('paid', 'late') AND channel = %(channel)s AND paid_at >= %(begin)s AND paid_at < %(until)s
    UNION ALL
    SELECT -r.amount FROM payments_refund r JOIN payments_paymentorder o ON o.id = r.order_id
    WHERE r.state IN ('processing', 'done') AND o.channel = %(channel)s
      AND r.requested_at >= %(begin)s AND r.requested_at < %(until)s
) moved
"""

# A refund stands in the bill of the day on which the channel took it on.
PAIRS = """
CREATE TEMPORARY TABLE recon_pairs ON COMMIT DROP AS
SELECT o.order_id AS our_order_id, o.refund_id AS our_refund_id, t.*
FROM (
    SELECT 'payment' AS subject, id AS order_id, NULL::bigint AS refund_id, number, amount, state,
           COALESCE(transaction_id, '') AS other_key
    FROM payments_paymentorder
    WHERE state IN ('paid', 'late') AND channel = %(channel)s AND paid_at >= %(begin)s AND paid_at < %(until)s
    UNION ALL
    SELECT 'refund', r.order_id, r.id, r.number, -r.amount, r.state, r.channel_refund_id
    FROM payments_refund r JOIN payments_paymentorder o ON o.id = r.order_id
    WHERE r.state IN ('processing', 'done') AND o.channel = %(channel)s
      AND r.requested_at >= %(begin)s AND r.requested_at < %(until)s
) o
FULL JOIN recon_theirs t ON t.subject = o.subject AND t.key = o.number
WHERE o.number IS NULL OR t.key IS NULL OR t.total <> o.amount
   OR o.other_key <> '' AND t.other_key <> o.other_key
   OR o.subject = 'refund' AND (o.state = 'done') <> (t.status = 'SUCCESS')
"""

CLASSIFY = """
INSERT INTO recon_found
SELECT f.subject, f.key, f.other_key, f.kind, NULL, NULL, f.order_id, f.refund_id, f.bill_id,
       f.amount, NULL, NULL, f.amount, f.total, NULL, NULL, f.total, f.our_state, f.status, f.remark
FROM (
    SELECT COALESCE(p.subject, CASE WHEN r.id IS NULL THEN 'payment' ELSE 'refund' END) AS subject,
        COALESCE(p.key, r.number, o.number) AS key,
        COALESCE(p.other_key, r.channel_refund_id, o.transaction_id, '') AS other_key,
        CASE
            WHEN p.key IS NULL THEN 'only_us'
            WHEN p.subject = 'payment' THEN CASE
                WHEN o.id IS NULL THEN 'only_them'
                WHEN o.state IN ('created', 'placed') THEN 'unknown'
                WHEN o.state NOT IN ('paid', 'late') THEN 'status'
                WHEN p.total <> o.amount THEN 'amount'
                WHEN o.transaction_id IS NOT NULL AND o.transaction_id <> p.other_key THEN 'status' END
            ELSE CASE
                WHEN r.id IS NULL THEN 'only_them'
                WHEN r.state = 'requested' THEN 'unknown'
                WHEN p.total <> -r.amount THEN 'amount'
                WHEN (r.state = 'done') <> (p.status = 'SUCCESS') THEN 'status'
                WHEN r.channel_refund_id <> '' AND r.channel_refund_id <> p.other_key THEN 'status' END
        END AS kind,
        o.id AS order_id, r.id AS refund_id, o.bill_id,
        CASE WHEN COALESCE(p.subject, '') = 'refund' OR r.id IS NOT NULL THEN -r.amount ELSE o.amount END AS amount,
        p.total, CASE WHEN r.id IS NOT NULL THEN r.state ELSE COALESCE(o.state, '') END AS our_state,
        COALESCE(p.status, '') AS status, COALESCE(p.remark, '') AS remark
    FROM recon_pairs p
    LEFT JOIN LATERAL (
        SELECT * FROM payments_refund WHERE id = p.our_refund_id
        UNION ALL
        SELECT * FROM payments_refund WHERE p.our_refund_id IS NULL AND p.subject = 'refund' AND number = p.key
    ) r ON true
    LEFT JOIN LATERAL (
        SELECT * FROM payments_paymentorder WHERE id = COALESCE(p.our_order_id, r.order_id)
        UNION ALL
        SELECT * FROM payments_paymentorder
        WHERE p.our_order_id IS NULL AND p.subject = 'payment' AND number = p.key
    ) o ON true
) f
WHERE f.kind IS NOT NULL
"""

# Of the day, still without an answer although the time to pay is over, and not in the channel's bill.
UNKNOWN = """
INSERT INTO recon_found
SELECT u.subject, u.number, '', 'unknown', NULL, NULL, u.order_id, u.refund_id, u.bill_id,
       u.amount, NULL, NULL, u.amount, NULL, NULL, NULL, NULL, u.state, '', ''
FROM (
    SELECT 'payment' AS subject, number, id AS order_id, NULL::bigint AS refund_id, bill_id, amount, state
    FROM payments_paymentorder
    WHERE state IN ('created', 'placed') AND channel = %(channel)s AND expires_at < %(now)s
      AND created_at >= %(begin)s AND created_at < %(until)s
    UNION ALL
    SELECT 'refund', r.number, o.id, r.id, o.bill_id, -r.amount, r.state
    FROM payments_refund r JOIN payments_paymentorder o ON o.id = r.order_id
    WHERE r.state = 'requested' AND o.channel = %(channel)s
      AND r.requested_at >= %(begin)s AND r.requested_at < %(until)s
) u
ON CONFLICT DO NOTHING
"""
