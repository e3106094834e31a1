"""What the platform is about to do. A token that is good for something else is good for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Amount:
    """As it is about to be paid: `Amount("900.00", "EUR")`."""

    value: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """At least the event or the subject must be named; whatever is given must be what was decided."""

    event_id: str | None = None
    subject_id: str | None = None
    action: str | None = None
    """The type of the event."""
    amount: Amount | None = None

    def __post_init__(self) -> None:
        for name in ("event_id", "subject_id", "action"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, str) or not value):
                raise TypeError(f"{name}: must be a string that is not empty")
        if self.event_id is None and self.subject_id is None:
            raise TypeError("expected: name at least the event_id or the subject_id")
        if self.amount is not None:
            parts = (getattr(self.amount, "value", None), getattr(self.amount, "currency", None))
            if not all(isinstance(part, str) and part for part in parts):
                raise TypeError('amount: must be Amount("900.00", "EUR")')

    def as_json(self) -> dict[str, Any]:
        """As the server takes it."""
        named = {"event_id": self.event_id, "subject_id": self.subject_id, "action": self.action}
        json: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
        if self.amount is not None:
            json["amount"] = {"value": self.amount.value, "currency": self.amount.currency}
        return json

    def lets(self, answer: Mapping[str, Any]) -> bool:
        """Whether an answer lets the platform go on, and is about what was asked.

        The server compares as well; this holds even where an answer belongs to another question.
        """
        pairs = [(self.event_id, "event_id"), (self.subject_id, "subject_id"), (self.action, "action")]
        about = all(value is None or answer.get(name) == value for value, name in pairs)
        allowed = answer.get("proceed") is True and answer.get("valid") is True
        return allowed and answer.get("outcome") == "allow" and about
