"""Which answers of Alipay are a no, and which say nothing about what happened."""

from payments.gateway.alipay.signing import Answer
from payments.gateway.port import PaymentRefused, PaymentUnanswered

# 20000: the service cannot say; 40005: called too often. Both ask to call again with the same words.
_ASK_AGAIN = frozenset({"20000", "40005"})
_UNKNOWN = frozenset({"ACQ.TRADE_NOT_EXIST"})
_BUSINESS = "40004"


def believed_refusal(answer: Answer, *, is_signed: bool) -> PaymentRefused | PaymentUnanswered:
    """A no that is final, or one that says nothing.

    The gateway's own no (a wrong app, a wrong signature) comes unsigned and may be read; a no about the matter must be
    signed like a yes, and a signature that is there must be right.
    """
    code = str(answer.fields.get("code") or "")
    sub_code = str(answer.fields.get("sub_code") or code)
    words = f"{code} {sub_code} {answer.fields.get('sub_msg') or answer.fields.get('msg') or ''}".strip()
    if not is_signed and (answer.signature or code in ("10000", _BUSINESS)):
        return PaymentUnanswered(f"the answer cannot be believed: {words}")
    if not code or code in _ASK_AGAIN or sub_code.endswith("SYSTEM_ERROR"):
        return PaymentUnanswered(words)
    return PaymentRefused(sub_code, words, status=404 if sub_code in _UNKNOWN else 400)
