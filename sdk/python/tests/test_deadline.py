"""Servers that send a byte now and then: the time limit is one for everything, and then nobody goes on."""

import json
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

from anti_social_engine import Ase, Expectation, Verdict, deadline

EXPECTED = Expectation(event_id="evt-1", subject_id="user_42")
GOOD = {"valid": True, "proceed": True, "outcome": "allow", "event_id": "evt-1", "subject_id": "user_42"}
BODY = json.dumps(GOOD).encode()
HEAD = f"HTTP/1.1 200 OK\r\ncontent-length: {len(BODY)}\r\n".encode()
LIMIT = 0.2
# Both tries, and what a busy machine takes.
BOTH = 2 * LIMIT + 0.9

Talk = Callable[[socket.socket, threading.Event], None]


@contextmanager
def talking(talk: Talk, scheme: str = "http") -> Iterator[str]:
    """A server that says to every connection what `talk` says, however little of HTTP that is."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                talk(connection, over)
            except OSError:
                pass

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()


def dripping(first: bytes, drop: bytes) -> Talk:
    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(first)
        while not over.wait(LIMIT / 6):
            connection.sendall(drop)

    return talk


@contextmanager
def deaf() -> Iterator[tuple[str, int]]:
    """The address of somebody who listens and takes nobody in, because the queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as waiting:
        for _ in range(4):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        yield full.getsockname()


def slowly(connection: socket.socket, over: threading.Event) -> None:
    """The whole answer in pieces, with a wait before each."""
    connection.recv(1 << 16)
    answer = HEAD + b"\r\n" + BODY
    for at in range(0, len(answer), 40):
        over.wait(0.02)
        connection.sendall(answer[at : at + 40])


class Waiting(unittest.TestCase):
    def redeemed(self, url: str, limit: float = LIMIT) -> Verdict:
        return Ase(url, "ase_sk_secret", timeout=limit).verify("a.b.c", EXPECTED)

    def assert_given_up(self, url: str) -> None:
        began = time.monotonic()
        verdict = self.redeemed(url)
        took = time.monotonic() - began
        self.assertEqual((verdict.proceed, verdict.error), (False, "timed_out"))
        self.assertLess(took, BOTH)
        self.assertGreater(took, 2 * LIMIT * 0.9)

    def test_whatever_is_dripped_is_not_waited_for(self):
        drips = {
            "nothing": dripping(b"", b""),
            "the status": dripping(b"HTTP/1.1 200 ", b"O"),
            "one header": dripping(HEAD + b"x-slow: ", b"x"),
            "many headers": dripping(HEAD, b"x: y\r\n"),
            "go on, for ever": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            "the body": dripping(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b" "),
            "the last chunk": dripping(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
            "after the last": dripping(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", b"x: y\r\n"),
        }
        for name, talk in drips.items():
            with self.subTest(name), talking(talk) as url:
                self.assert_given_up(url)

    def test_a_handshake_is_not_waited_for(self):
        hello = dripping(b"\x16\x03\x03\x40\x00\x02", b"\x00")
        for name, talk in {"silent": dripping(b"", b""), "dripped": hello}.items():
            with self.subTest(name), talking(talk, "https") as url:
                self.assert_given_up(url)

    def test_a_host_that_cannot_be_found_or_reached_is_not_waited_for(self):
        over = threading.Event()
        with mock.patch.object(socket, "getaddrinfo", lambda *_, **__: over.wait(9) and []):
            self.assert_given_up("https://ase.example")
        over.set()
        with deaf() as address:
            self.assert_given_up(f"http://127.0.0.1:{address[1]}")

    def test_a_dead_address_leaves_time_for_the_next(self):
        with talking(slowly) as url, deaf() as dead:
            addresses = dead, ("127.0.0.1", int(url.rsplit(":", 1)[1]))
            found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
            with mock.patch.object(socket, "getaddrinfo", lambda *_, **__: found):
                self.assertTrue(self.redeemed("http://localhost", 2.0).proceed)

    def test_a_slow_answer_in_time_is_taken(self):
        with talking(slowly) as url:
            self.assertTrue(self.redeemed(url, 3.0).proceed)

    def test_only_a_server_with_a_certificate_that_is_trusted_is_asked(self):
        with tempfile.TemporaryDirectory() as folder:
            named = certificate(folder, "IP:127.0.0.1"), certificate(folder, "DNS:ase.example")
            for server, trusted, error in [(0, 0, None), (0, 1, "unreachable"), (1, 1, "unreachable")]:
                with self.subTest(server=server, trusted=trusted), talking(inside(named[server]), "https") as url:
                    deadline._context.cache_clear()
                    with mock.patch.dict(os.environ, SSL_CERT_FILE=named[trusted]):
                        verdict = self.redeemed(url, 3.0)
                    self.assertEqual((verdict.proceed, verdict.error), (error is None, error))
        deadline._context.cache_clear()


def certificate(folder: str, name: str) -> str:
    """A file with a fresh key and a certificate for `name`, signed by itself."""
    file = os.path.join(folder, name.replace(":", "-"))
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=test"]
    command += ["-addext", f"subjectAltName={name}", "-keyout", f"{file}.key", "-out", f"{file}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    with open(file, "w") as both:
        for part in ("key", "crt"):
            with open(f"{file}.{part}") as text:
                both.write(text.read())
    return file


def inside(file: str) -> Talk:
    """The slow answer, within TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def talk(connection: socket.socket, over: threading.Event) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            slowly(secured, over)

    return talk


if __name__ == "__main__":
    unittest.main()
