"""The connector's no: one sentence for the operator, and where in the body it is about."""

from componentize_py_types import Err
from wit_world.exports.normalizer import Refusal, RefusalReason


def refuse(reason: RefusalReason, message: str, pointer: str | None = None) -> Exception:
    """A refusal, to be raised."""
    return Err(Refusal(reason, message, pointer))
