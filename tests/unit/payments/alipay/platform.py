"""Keys of both sides, and answers as Alipay signs them."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa

from payments.gateway.signing import sign
from payments.gateway.trade import OrderRequest, RefundRequest

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
GATEWAY = "https://gateway.example/gateway.do"
APP = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PLATFORM = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ORDER = OrderRequest(
    "P26112300000001", "网络复诊诊查费", 700, "https://xinglin.example/n",
    expires_at=datetime(2026, 11, 23, 3, 15, tzinfo=UTC),
)  # fmt: skip
REFUND = RefundRequest("R26112300000001", "P26112300000001", 300, 700, "医生终止就诊")
PAID = {
    "code": "10000", "msg": "Success", "out_trade_no": ORDER.out_trade_no, "trade_no": "2026112322001",
    "trade_status": "TRADE_SUCCESS", "total_amount": "7.00", "buyer_pay_amount": "7.00",
    "send_pay_date": "2026-11-23 11:01:00",
}  # fmt: skip


def answer(
    method: str, fields: dict[str, Any], *, key: rsa.RSAPrivateKey | None = PLATFORM, node: str = ""
) -> httpx.Response:
    """As the platform answers: the text of the inner object is what is signed, with its slashes escaped."""
    inner = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
    tail = f',"sign":"{sign(key, inner.encode())}"' if key else ""
    name = node or method.replace(".", "_") + "_response"
    return httpx.Response(200, content=f'{{"{name}":{inner}{tail}}}'.encode())
