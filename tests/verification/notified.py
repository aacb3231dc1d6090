"""The address where a merchant is told, and numbers that no other test has used."""

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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

    ``answers``: the statuses to answer with, in turn; 200 once they are used up. ``words``: the body of
    every answer.
    """

    url: str
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    words: bytes = b"success"

    def wait_for(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """The posts, once there are so many."""
        wait_until(lambda: len(self.posts) >= count)
        return self.posts


@contextmanager
def listening() -> Iterator[NotifyAddress]:
    """A listening merchant."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            address.posts.append((dict(self.headers), body))
            status = address.answers.pop(0) if address.answers else 200
            self.send_response(status)
            self.end_headers()
            if status != 204:
                self.wfile.write(address.words)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    address = NotifyAddress(url=f"http://127.0.0.1:{server.server_port}/notify")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


_run, _count = secrets.token_hex(6), itertools.count(1)


def number(prefix: str = "XL") -> str:
    """A number that no other test has used."""
    return f"{prefix}{_run}{next(_count):06d}"
