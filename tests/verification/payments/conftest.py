"""A merchant's two ends: the client that calls, and the address that is notified."""

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from payments.gateway.client import WeChatPayClient, WeChatPayConfig
from payments.gateway.messages import OrderRequest
from simulators import keys
from tests.verification.simulators import Simulators

SETTLED_WITHIN_SECONDS = 10


def wait_until(happened: Callable[[], bool]) -> None:
    """Poll until it has happened; fail when it does not."""
    until = time.monotonic() + SETTLED_WITHIN_SECONDS
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


@dataclass
class NotifyAddress:
    """Where the merchant is told. ``posts``: headers and bodies in the order they came.

    ``answers``: the statuses to answer with, in turn; 200 once they are used up.
    """

    url: str
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def wait_for(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """The posts, once there are so many."""
        wait_until(lambda: len(self.posts) >= count)
        return self.posts


@pytest.fixture
def notified() -> Iterator[NotifyAddress]:
    """A listening merchant."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            address.posts.append((dict(self.headers), body))
            self.send_response(address.answers.pop(0) if address.answers else 200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    address = NotifyAddress(url=f"http://127.0.0.1:{server.server_port}/notify")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()


def config_for(simulators: Simulators, *, read_timeout_seconds: float = 8.0) -> WeChatPayConfig:
    """The account of the demonstration, as the product is given it."""
    made, given = simulators.keys, simulators.keys.settings
    return WeChatPayConfig(
        base_url=f"{simulators.url}/wechatpay",
        mchid=given["WECHATPAY_MCHID"],
        appid=given["WECHATPAY_APPID"],
        merchant_serial=given["WECHATPAY_SERIAL"],
        merchant_private_key=made.pem(keys.MERCHANT_KEY),
        apiv3_key=given["WECHATPAY_APIV3_KEY"].encode(),
        public_key_id=given["WECHATPAY_PUBLIC_KEY_ID"],
        platform_public_keys={given["WECHATPAY_PUBLIC_KEY_ID"]: made.pem(keys.PUBLIC_KEY)},
        read_timeout_seconds=read_timeout_seconds,
    )


@pytest.fixture(scope="session")
def client(running_simulators: Simulators) -> Iterator[WeChatPayClient]:
    """Our client, in public-key mode."""
    opened = WeChatPayClient(config_for(running_simulators))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def impatient_client(running_simulators: Simulators) -> Iterator[WeChatPayClient]:
    """Our client, waiting half a second for an answer."""
    opened = WeChatPayClient(config_for(running_simulators, read_timeout_seconds=0.5))
    yield opened
    opened.close()


_run, _count = secrets.token_hex(6), itertools.count(1)


def number(prefix: str = "XL") -> str:
    """A number that no other test has used."""
    return f"{prefix}{_run}{next(_count):06d}"


@pytest.fixture
def order(notified: NotifyAddress) -> OrderRequest:
    """A consultation fee of seven yuan, not yet asked for."""
    return OrderRequest(
        out_trade_no=number(), description="网络复诊诊查费", amount_fen=700, notify_url=notified.url
    )
