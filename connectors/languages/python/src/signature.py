"""The `X-Hub-Signature-256` header: what it claims to prove. It never computes or compares a signature."""

import re

from wit_world.exports.normalizer import Algorithm, Claim, Delivery, KeyEncoding_Utf8, Part_Body, RefusalReason

from refusal import refuse
from request import values

_NAME = "X-Hub-Signature-256"
_SHAPE = re.compile(rb"sha256=([0-9a-fA-F]{64})")


def claims(input: Delivery) -> list[Claim]:
    """The claim of a delivery: HMAC-SHA-256 over the whole body, keyed with the secret's text.

    `X-Hub-Signature`, the SHA-1 of old, is never looked at: accepting it would be a downgrade. Source:
    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """
    given = values(input, "x-hub-signature-256")
    if not given:
        raise _no(f"the {_NAME} header is missing: give the webhook a secret")
    if len(given) > 1:
        raise _no(f"the {_NAME} header is given more than once")
    found = _SHAPE.fullmatch(given[0])
    if found is None:
        raise _no(f"the {_NAME} header is not `sha256=` and 64 hexadecimal digits")
    signature = bytes.fromhex(found[1].decode("ascii"))
    return [Claim(Algorithm.HMAC_SHA256, KeyEncoding_Utf8(), [Part_Body()], [signature], None)]


def _no(message: str) -> Exception:
    return refuse(RefusalReason.UNAUTHENTICATED, message)
