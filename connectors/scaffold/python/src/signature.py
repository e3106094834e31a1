"""The header `x-acme-signature: t=<seconds>,v1=<hexadecimal>`: HMAC-SHA-256 over `<t>.<body>`.

It says what must be true. The host has the secret, computes and compares.
"""

import re

from wit_world.exports.normalizer import (
    Algorithm,
    Claim,
    Delivery,
    KeyEncoding_Utf8,
    Part_Body,
    Part_Literal,
    RefusalReason,
)

from refusal import refuse

_TIME = re.compile("[0-9]+")
_HEXADECIMAL = re.compile("([0-9a-fA-F]{2})+")


def claim(input: Delivery) -> Claim:
    """The one claim of a delivery."""
    header = next((header for header in input.headers if header.name == "x-acme-signature"), None)
    if header is None:
        raise _no("the x-acme-signature header is missing")
    text = header.value.decode("utf-8", "replace")
    items = [item.partition("=")[::2] for item in text.split(",")]
    time = next((value for name, value in reversed(items) if name == "t"), "")
    signatures = [bytes.fromhex(value) for name, value in items if name == "v1" and _HEXADECIMAL.fullmatch(value)]
    if not _TIME.fullmatch(time) or not signatures:
        raise _no("the x-acme-signature header is not t=<seconds>,v1=<hexadecimal>")
    # the characters of the time as they were sent, since these were signed
    message = [Part_Literal(f"{time}.".encode()), Part_Body()]
    return Claim(Algorithm.HMAC_SHA256, KeyEncoding_Utf8(), message, signatures, float(time))


def _no(message: str) -> Exception:
    return refuse(RefusalReason.UNAUTHENTICATED, message)
