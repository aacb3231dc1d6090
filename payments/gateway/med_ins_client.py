"""The insurance side of WeChat Pay over HTTP."""

import base64
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1

from payments.gateway import med_ins, messages
from payments.gateway.client import WeChatPayClient
from payments.gateway.med_ins import MedInsOrder, MedInsRefund, MedInsState
from payments.gateway.port import PaymentUnanswered
from payments.gateway.signing import MalformedMessage


class MedInsClient(WeChatPayClient):
    """``WeChatPayClient`` that also knows the orders of which the insurance pays a part.

    Every verb may raise ``PaymentRefused`` or ``PaymentUnanswered``, and calls out: never inside a transaction.
    """

    def place_med_ins_order(self, order: MedInsOrder) -> MedInsState:
        """Ask for an order; the same number with the same words is the same order."""
        fields = med_ins.order_fields(
            order,
            appid=self._config.appid,
            name=self._sealed(order.payer_name),
            digest=self._sealed(med_ins.id_digest(order.payer_id_number)),
        )
        return self._state("POST", "/v3/med-ins/orders", messages.encode_json(fields), order.out_trade_no)

    def query_med_ins_order(self, out_trade_no: str) -> MedInsState:
        """What became of it. ``PaymentRefused.is_unknown``: it was never placed."""
        path = f"/v3/med-ins/orders/out-trade-no/{quote(out_trade_no, safe='')}"
        return self._state("GET", path, b"", out_trade_no)

    def tell_med_ins_refund(self, refund: MedInsRefund) -> None:
        """Tell that the insurance part was given back at the centre, so that WeChat shows it; twice tells once."""
        path = f"/v3/med-ins/refunds/notify?mix_trade_no={quote(refund.mix_trade_no, safe='')}"
        self._request("POST", path, messages.encode_json(med_ins.refund_fields(refund)))

    def _state(self, method: str, path: str, body: bytes, out_trade_no: str) -> MedInsState:
        try:
            found = med_ins.state(self._request(method, path, body))
        except MalformedMessage as error:
            raise PaymentUnanswered(f"unreadable answer: {error}") from error
        if found.out_trade_no != out_trade_no:
            raise PaymentUnanswered("the answer speaks of another order")
        return found

    def _sealed(self, text: str) -> str:
        """A personal datum, for the platform's eyes only (RSA-OAEP with SHA-1, as APIv3 prescribes)."""
        key = self._believed[self._config.public_key_id]
        padding = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)  # noqa: S303
        return base64.b64encode(key.encrypt(text.encode(), padding)).decode()
