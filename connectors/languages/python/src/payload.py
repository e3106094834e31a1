"""From the body's bytes to its JSON object, in both forms that GitHub sends."""

import json
import re
from urllib.parse import unquote_to_bytes

from wit_world.exports.normalizer import Delivery, RefusalReason

from refusal import refuse
from request import header

# Nesting beyond this is no webhook, and would be a question to the engine's stack.
_DEEPEST = 64
# Whatever is no bracket, strings whole. Their loop is unrolled: the engine remembers a way back for each turn.
_BETWEEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[^"\[\]{}]+', re.DOTALL)
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


def payload(input: Delivery) -> dict:
    """The JSON object of a delivery: the body itself, or the form field `payload`. Every number is a float, the one
    kind that JSON has in every language."""
    try:
        text = input.body.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("the body is not UTF-8") from None
    kind = (header(input, "content-type") or "").split(";")[0].strip(" ").lower()
    if kind == "application/x-www-form-urlencoded":
        text = _field(text)
    if _is_too_deep(text):
        raise _malformed(f"the body is nested deeper than {_DEEPEST}")
    try:
        # Left alone, the module would take NaN and Infinity, and refuse whole numbers of many digits.
        body = json.loads(text, parse_int=float, parse_constant=_no_constant)
    except ValueError:
        raise _malformed("the body is not JSON") from None
    if not isinstance(body, dict):
        raise _malformed("the body is not a JSON object")
    return body


def _field(form: str) -> str:
    """The one field `payload` of a form (WHATWG URL, application/x-www-form-urlencoded)."""
    found = [pair for pair in form.split("&") if pair.startswith("payload=")]
    if len(found) != 1:
        raise _malformed("the form does not have exactly one field `payload`")
    value = found[0].removeprefix("payload=").replace("+", " ")
    try:
        if _BROKEN_ESCAPE.search(value):
            raise ValueError(value)
        return unquote_to_bytes(value).decode("utf-8")
    except ValueError:
        raise _malformed("the form field `payload` is not percent-encoded UTF-8") from None


def _is_too_deep(text: str) -> bool:
    """Whether brackets nest deeper than `_DEEPEST`; those within strings do not count."""
    depth = 0
    for bracket in _BETWEEN.sub("", text):
        depth += 1 if bracket in "{[" else -1
        if depth > _DEEPEST:
            return True
    return False


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _malformed(message: str) -> Exception:
    return refuse(RefusalReason.MALFORMED, message, "")
