"""Claims that are settled through the mobile payment centre (医保移动支付)."""
