"""Alipay's open platform: one address, one method name for every verb, forms and JSON signed with RSA2."""
