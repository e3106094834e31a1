"""How this connector says no. A message never repeats what the sender wrote."""

from componentize_py_types import Err
from wit_world.exports.normalizer import Refusal, RefusalReason


def refuse(reason: RefusalReason, message: str, pointer: str | None = None) -> Err[Refusal]:
    """The interface's `refusal`, to be raised; `pointer` is an RFC 6901 pointer into the body."""
    return Err(Refusal(reason, message, pointer))
