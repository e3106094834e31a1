"""A server and a key."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .errors import AseError
from .expectation import Expectation
from .http import Server

_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Act on `proceed` alone; a verdict is also true or false by itself, and then means the same."""

    proceed: bool
    valid: bool
    error: str | None = None
    """`token_malformed`, `token_invalid`, `token_expired`, `token_used`, `expectation_mismatch`, `session_revoked`;
    `token_missing`; or why nothing could be asked: `timed_out`, `unreachable`, or the code of the server's problem."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """The whole answer: outcome, assurance, times."""

    def __bool__(self) -> bool:
        return self.proceed


class Ase:
    """Asks one server. It may be shared by threads."""

    __slots__ = ("_server",)

    def __init__(self, url: str, key: str, *, timeout: float = 3.0) -> None:
        """`timeout` is in seconds, for each of at most two tries.

        The key needs the scopes `events:write`, `decisions:verify` and, for `verify_session`, `sessions:read`.
        """
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise ValueError("key: give an API key, ase_sk_...")
        if not timeout > 0:
            raise ValueError("timeout: must be more than 0 seconds")
        self._server = Server.at(url, key, timeout)

    def ingest(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Sends an event before the action it tells of. Raises `AseError`: then do not go on.

        The same event may be sent again: the decision stays the same.
        """
        if not isinstance(event.get("id"), str) or not event["id"]:
            raise TypeError("event id: give each event an id of its own; it is what makes a repeat safe")
        return self._server.call("POST", "/events/ingest", dict(event))

    def verify(self, token: object, expected: Expectation, *, idempotency_key: str | None = None) -> Verdict:
        """Redeems a token. Raises nothing for what happens on the way: then `proceed` is false."""
        if not isinstance(expected, Expectation):
            raise TypeError("expected: say what you are about to do: Expectation(event_id=..., subject_id=...)")
        if not isinstance(token, str) or not token:
            return _closed("token_missing")
        key = idempotency_key or str(uuid.uuid4())
        ask = {"token": token, "expected": expected.as_json(), "idempotency_key": key}
        try:
            answer = self._server.call("POST", "/decisions/verify", ask)
        except AseError as error:
            return _closed(error.code)
        if expected.lets(answer):
            return Verdict(proceed=True, valid=True, details=answer)
        if answer.get("proceed") is True:
            return _closed("expectation_mismatch")
        error_code = answer.get("error")
        said = error_code if isinstance(error_code, str) else None
        return Verdict(proceed=False, valid=answer.get("valid") is True, error=said, details=answer)

    def verify_session(
        self, session_id: str, expected: Expectation, *, idempotency_key: str | None = None
    ) -> Verdict:
        """Redeems the token of a session, for when the browser brought none: it fetches the token with the key."""
        if not isinstance(expected, Expectation):
            raise TypeError("expected: say what you are about to do: Expectation(event_id=..., subject_id=...)")
        try:
            session = self.session(session_id)
        except AseError as error:
            return _closed(error.code)
        # a session that is open has no token, and nobody may go on
        return self.verify(session.get("decision_token"), expected, idempotency_key=idempotency_key)

    def session(self, session_id: str) -> dict[str, Any]:
        """Where a session stands. Raises `AseError`."""
        if not isinstance(session_id, str) or not session_id:
            raise AseError("not_found", "there is no session without an id")
        return self._server.call("GET", f"/sessions/{quote(session_id, safe='')}")


def _closed(error: str) -> Verdict:
    return Verdict(proceed=False, valid=False, error=error)
