"""Standard Webhooks (https://www.standardwebhooks.com): who signed a request, and when."""

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

_PREFIX = "whsec_"
_SECRET_MIN = 24
_TIME = re.compile(r"[0-9]{1,12}")


class WebhookError(Exception):
    """A request that must not be believed. Answer it with 401."""


def verify_webhook(
    body: bytes,
    headers: Mapping[str, str],
    secrets: str | Sequence[str],
    *,
    tolerance: float = 300,
    now: float | None = None,
) -> Any:
    """The JSON of a request whose signature and time are right. `body` must be what came, byte for byte."""
    keys = [_key(secret) for secret in ([secrets] if isinstance(secrets, str) else secrets)]
    if not keys:
        raise ValueError("secrets: give at least one")
    message_id, signed_at = _header(headers, "webhook-id"), _header(headers, "webhook-timestamp")
    if not _TIME.fullmatch(signed_at):
        raise WebhookError("webhook-timestamp is not a time")
    clock = time.time() if now is None else now
    if not abs(clock - int(signed_at)) <= tolerance:
        raise WebhookError("the request is too old, or too new")
    signed = f"{message_id}.{signed_at}.".encode() + body
    given = [part[3:] for part in _header(headers, "webhook-signature").split(" ") if part.startswith("v1,")]
    signatures = [_decoded(text) for text in given]
    # every pair is compared, so that the time taken tells nothing
    right = [hmac.new(key, signed, hashlib.sha256).digest() for key in keys]
    if not any([hmac.compare_digest(mac, signature) for mac in right for signature in signatures]):
        raise WebhookError("no signature of the request is right")
    try:
        return json.loads(body)
    except ValueError:
        raise WebhookError("the body is no JSON") from None


def _key(secret: str) -> bytes:
    text = secret.removeprefix(_PREFIX) if isinstance(secret, str) and secret.startswith(_PREFIX) else ""
    key = _decoded(text)
    # an empty key would make every signature with an empty key right
    if len(key) < _SECRET_MIN:
        raise ValueError("secrets: must be whsec_ and 24 bytes or more in base64")
    return key


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _header(headers: Mapping[str, str], name: str) -> str:
    found = [value for given, value in headers.items() if given.lower() == name]
    if len(found) != 1 or not found[0]:
        raise WebhookError(f"{name} is missing, or there twice")
    return found[0]
