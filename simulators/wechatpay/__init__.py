"""A stand-in for WeChat Pay (APIv3): orders, refunds, notifications, and a cashier for a person."""
