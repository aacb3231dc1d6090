"""What the refunds app keeps."""

from refunds.models.policies import RefundPolicy
from refunds.models.requests import RefundLine, RefundRequest, Scope

__all__ = ["RefundLine", "RefundPolicy", "RefundRequest", "Scope"]
