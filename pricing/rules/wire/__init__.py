"""The quote as machines ask for it and get it, at the command line and over HTTP."""

from pricing.rules.wire.answer import quote_document
from pricing.rules.wire.request import QuoteRequest, RequestRefused, read_request

__all__ = ["QuoteRequest", "RequestRefused", "quote_document", "read_request"]
