"""One call: a time limit, no redirects (the key would go along), a limit on what is read, one retry."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .deadline import connected, starting
from .errors import AseError

ANSWER_MAX = 1 << 20
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# What says nothing about the request itself: the same may be asked once more.
PASSING = (500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, with which key, for how many seconds at most."""

    secure: bool
    host: str
    port: int | None
    path: str
    key: str = field(repr=False)
    timeout: float

    @classmethod
    def at(cls, url: str, key: str, timeout: float) -> "Server":
        """Reads an address: https, or http on loopback alone."""
        parts = urlsplit(url)
        host, loopback = parts.hostname, parts.hostname in LOOPBACK
        if not host or parts.scheme not in ("https", "http"):
            raise ValueError("url: give the address of the server, such as https://ase.example")
        if parts.scheme == "http" and not loopback:
            raise ValueError("url: must be https (http on loopback alone), or the key could be read on the way")
        if parts.username or parts.query or parts.fragment:
            raise ValueError("url: must have no user, query or fragment")
        return cls(parts.scheme == "https", host, parts.port, parts.path.rstrip("/"), key, timeout)

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Sends a request that may be sent twice, and returns the JSON of a good answer."""
        try:
            return self._once(method, path, body)
        except AseError as error:
            if error.status is not None and error.status not in PASSING:
                raise
        return self._once(method, path, body)

    def _once(self, method: str, path: str, body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        port = self.port or (http.client.HTTPS_PORT if self.secure else http.client.HTTP_PORT)
        try:
            with connected(self.host, port, self.secure, starting(self.timeout)) as connection:
                connection.request(method, self.path + path, content, headers)
                answer = connection.getresponse()
                return _checked(answer, _read(answer))
        except TimeoutError:
            raise AseError("timed_out", f"no answer in {self.timeout} s") from None
        except (OSError, http.client.HTTPException):
            # the cause could hold the request, so it is not passed on
            raise AseError("unreachable", "no answer came") from None


def _read(answer: http.client.HTTPResponse) -> bytes:
    """The body, up to a limit: a broken server must not fill the memory."""
    read = bytearray()
    while chunk := answer.read1(1 << 16):
        read += chunk
        if len(read) > ANSWER_MAX:
            raise AseError("malformed_answer", "the answer is too long", status=answer.status)
    return bytes(read)


def _checked(answer: http.client.HTTPResponse, text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    body: dict[str, Any] | None = value if isinstance(value, dict) else None
    request_id = answer.getheader("x-request-id")
    if 200 <= answer.status < 300:
        if body is not None:
            return body
        raise AseError("malformed_answer", "the answer is no JSON object", status=answer.status, request_id=request_id)
    code = body.get("code") if body else None
    if body is None or not isinstance(code, str):
        detail = f"status {answer.status}"
        raise AseError("unexpected_answer", detail, status=answer.status, request_id=request_id)
    pointer = body.get("pointer")
    raise AseError(
        code,
        str(body.get("detail", "")),
        status=answer.status,
        pointer=pointer if isinstance(pointer, str) and pointer else None,
        request_id=request_id,
    )
