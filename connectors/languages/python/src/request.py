"""The delivery by the names of its headers."""

import re

from wit_world.exports.normalizer import Delivery

_PRINTABLE = re.compile(rb"[\x20-\x7e]*")


def values(input: Delivery, name: str) -> list[bytes]:
    """Every value of a header, as bytes; `name` is in lower case, as the host writes them."""
    return [header.value for header in input.headers if header.name == name]


def header(input: Delivery, name: str) -> str | None:
    """The first header of this name when it is printable ASCII."""
    found = values(input, name)
    return found[0].decode("ascii") if found and _PRINTABLE.fullmatch(found[0]) else None
