"""Bills beside the money that insurer and channel have moved for them, in one statement of SQL."""

# Bills of which anything happened on the day. A bill stands for its parts while it is settled, else for nothing. What
# lines that were given back have changed for each payer counts: by the return bills, or, before the first of them is
# made, as soon as the rest is settled again. What the channel has given back by a corrected price does not stand any
# more, either. What the hospital bears itself nobody else holds.
_MOVED = """
WITH touched AS (
    SELECT COALESCE(reverses_id, id) AS id FROM billing_bill WHERE settled_at >= %(begin)s AND settled_at < %(until)s
    UNION
    SELECT id FROM billing_bill WHERE refunded_at >= %(begin)s AND refunded_at < %(until)s
    UNION
    SELECT c.bill_id FROM insurance_settlement s JOIN insurance_claim c ON c.id = s.claim_id
    WHERE s.settled_at >= %(begin)s AND s.settled_at < %(until)s
    UNION
    SELECT bill_id FROM payments_paymentorder WHERE paid_at >= %(begin)s AND paid_at < %(until)s
    UNION
    SELECT o.bill_id FROM payments_refund r JOIN payments_paymentorder o ON o.id = r.order_id
    WHERE r.requested_at >= %(begin)s AND r.requested_at < %(until)s
), insured AS (
    SELECT c.bill_id, sum(s.fund_amount) AS fund, sum(s.account_amount) AS account
    FROM insurance_claim c JOIN insurance_settlement s ON s.claim_id = c.id
    WHERE c.bill_id IN (SELECT id FROM touched)
    GROUP BY c.bill_id
), paid AS (
    SELECT bill_id, sum(amount) AS cash FROM payments_paymentorder
    WHERE state IN ('paid', 'late') AND bill_id IN (SELECT id FROM touched)
    GROUP BY bill_id
), given_back AS (
    SELECT o.bill_id, sum(r.amount) AS cash FROM payments_refund r JOIN payments_paymentorder o ON o.id = r.order_id
    WHERE r.state = 'done' AND o.bill_id IN (SELECT id FROM touched)
    GROUP BY o.bill_id
), lowered AS (
    SELECT q.bill_id, sum(r.amount) AS cash FROM refunds_refundrequest q JOIN payments_refund r ON r.id = q.payment_refund_id
    WHERE q.situation = 'price_corrected' AND r.state = 'done' AND q.bill_id IN (SELECT id FROM touched)
    GROUP BY q.bill_id
), underway AS (
    SELECT DISTINCT o.bill_id FROM payments_refund r JOIN payments_paymentorder o ON o.id = r.order_id
    WHERE r.state IN ('requested', 'processing') AND o.bill_id IN (SELECT id FROM touched)
), returned AS (
    SELECT reverses_id AS bill_id, sum(fund_amount) AS fund, sum(account_amount + family_amount) AS account,
        sum(cash_amount) AS cash
    FROM billing_bill WHERE reverses_id IN (SELECT id FROM touched)
    GROUP BY reverses_id
), changed AS (
    SELECT c.bill_id, COALESCE(sum(r.fund_difference), 0) AS fund, COALESCE(sum(r.account_difference), 0) AS account,
        COALESCE(sum(r.cash_difference), 0) AS cash, bool_or(r.concluded_at IS NULL) AS is_open
    FROM insurance_linereturn r JOIN insurance_claim c ON c.id = r.claim_id
    WHERE c.bill_id IN (SELECT id FROM touched)
    GROUP BY c.bill_id
), moved AS (
    SELECT b.id, b.number, b.state, b.settled_at IS NOT NULL AND b.state = 'settled' AS stands,
        COALESCE(b.fund_amount, 0) + COALESCE(v.fund, n.fund, 0) AS fund,
        COALESCE(b.account_amount + b.family_amount, 0) + COALESCE(v.account, n.account, 0) AS account,
        COALESCE(b.cash_amount, 0) + COALESCE(v.cash, n.cash, 0) - COALESCE(w.cash, 0) AS cash,
        COALESCE(n.is_open, false) OR u.bill_id IS NOT NULL AS is_returning,
        COALESCE(i.fund, 0) AS their_fund, COALESCE(i.account, 0) AS their_account,
        COALESCE(p.cash, 0) - COALESCE(g.cash, 0) AS their_cash,
        COALESCE(k.state, '') AS checkout_state
    FROM touched t JOIN billing_bill b ON b.id = t.id
    LEFT JOIN insured i ON i.bill_id = b.id
    LEFT JOIN paid p ON p.bill_id = b.id
    LEFT JOIN given_back g ON g.bill_id = b.id
    LEFT JOIN returned v ON v.bill_id = b.id
    LEFT JOIN lowered w ON w.bill_id = b.id
    LEFT JOIN underway u ON u.bill_id = b.id
    LEFT JOIN changed n ON n.bill_id = b.id
    LEFT JOIN checkout_checkout k ON k.bill_id = b.id
)
"""

SUMS = f"{_MOVED} SELECT count(*), COALESCE(sum(fund + account + cash) FILTER (WHERE stands), 0) FROM moved"  # noqa: S608 - constants

CLASSIFY = f"""
{_MOVED}
INSERT INTO recon_found
SELECT 'bill', number, '',
    CASE WHEN is_returning OR checkout_state IN ('settling', 'reversing', 'refunding', 'paying') THEN 'unknown'
         WHEN stands AND their_fund = 0 AND their_account = 0 AND their_cash = 0 THEN 'only_us'
         WHEN stands THEN 'amount' ELSE 'only_them' END,
    NULL, NULL, NULL, NULL, id,
    CASE WHEN stands THEN fund + account + cash END, CASE WHEN stands THEN fund END,
    CASE WHEN stands THEN account END, CASE WHEN stands THEN cash END,
    their_fund + their_account + their_cash, their_fund, their_account, their_cash,
    state, checkout_state, ''
FROM moved
WHERE CASE WHEN stands THEN (fund, account, cash) <> (their_fund, their_account, their_cash)
           ELSE (their_fund, their_account, their_cash) <> (0, 0, 0) END
"""  # noqa: S608 - constants
