"""One time limit for a whole exchange: finding the host, connecting, TLS, and every byte that is sent or read.

`http.client` limits each wait by itself, so a server that sends a byte now and then would be waited for without an end.
"""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

Left = Callable[[], float]
"""Seconds that are left; raises `TimeoutError` once there are none."""


def starting(seconds: float) -> Left:
    """A time limit that begins now."""
    end = time.monotonic() + seconds

    def left() -> float:
        rest = end - time.monotonic()
        if rest <= 0:
            raise TimeoutError
        return rest

    return left


@contextmanager
def connected(host: str, port: int, secure: bool, left: Left) -> Iterator[http.client.HTTPConnection]:
    """A connection whose every wait is held to `left`. It is gone when this ends."""
    sock = _socket(_addresses(host, port, left), left)
    try:
        if secure:
            # a handshake as a whole is held to the time limit of its socket
            sock.settimeout(left())
            sock = _context().wrap_socket(sock, server_hostname=host)
        connection = http.client.HTTPConnection(host, port)
        connection.default_port = http.client.HTTPS_PORT if secure else http.client.HTTP_PORT
        connection.sock = _Limited(sock, left)
        yield connection
    finally:
        sock.close()


@cache
def _context() -> ssl.SSLContext:
    """What the system trusts; read once, because that takes a while."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _addresses(host: str, port: int, left: Left) -> list[Any]:
    """Where the host is. Asking the system cannot be broken off, so a thread asks and nobody waits for it too long."""
    found: list[Any] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError("no name of a host"))

    asking = threading.Thread(target=ask, daemon=True)
    try:
        asking.start()
    except RuntimeError:
        raise OSError("the system starts no thread") from None
    asking.join(left())
    if failed:
        raise failed[0]
    # nothing was found in time
    if not found:
        raise TimeoutError
    return found


def _socket(addresses: list[Any], left: Left) -> socket.socket:
    """Connected to the first address that answers. Each gets its share of the time, so a dead one does not use it up."""
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(left() / (len(addresses) - number))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError:
            sock.close()
            if number + 1 == len(addresses):
                raise
    raise OSError("the host has no address")


class _Limited(io.RawIOBase):
    """A socket as far as `http.client` uses one. Closing it closes nothing: an answer may be read after that."""

    def __init__(self, sock: socket.socket, left: Left) -> None:
        self._sock = sock
        self._left = left

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(self._left())
            rest = rest[self._sock.send(rest) :]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._left())
        return self._sock.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What the answer is read from."""
        return io.BufferedReader(_Limited(self._sock, self._left))
