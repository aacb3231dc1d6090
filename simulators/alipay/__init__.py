"""The simulated Alipay: the open platform's gateway, a cashier, notifications, the bill of a day."""
