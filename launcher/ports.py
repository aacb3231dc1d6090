"""Ports on this machine."""

import socket

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Say whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def any_free() -> int:
    """Return a port that was free a moment ago, chosen by the kernel."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def first_free(wanted: int, *, host: str = LOOPBACK, tries: int = 100) -> int:
    """Return the wanted port, or the next free one after it.

    Raises:
        OSError: none of the ``tries`` ports is free.
    """
    for port in range(wanted, min(wanted + tries, 65536)):
        if is_free(port, host):
            return port
    raise OSError(f"No free port between {wanted} and {wanted + tries - 1}. Choose another with PORT=.")
