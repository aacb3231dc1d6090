"""The mobile payment centre (医保移动支付中心): fee upload, payment order, query, refund, revocation."""
