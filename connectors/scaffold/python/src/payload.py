"""From the body to neutral events. What is missing or of another kind is absent: never empty, never zero."""

import json

from wit_world.exports.normalizer import (
    Action,
    Delivery,
    Destination,
    Device,
    Event,
    Link,
    Money,
    Outcome,
    Outcome_Events,
    Outcome_Ignored,
    RefusalReason,
    Subject,
)

from refusal import refuse

_TYPES = {"order.created": "order.created", "payout.account_changed": "payout.destination_changed"}


def outcome(input: Delivery) -> Outcome:
    """What an authentic delivery becomes."""
    try:
        body = json.loads(input.body.decode("utf-8"))
    except ValueError:
        raise refuse(RefusalReason.MALFORMED, "the body is not JSON") from None
    shop = next((setting.value for setting in input.settings if setting.name == "shop"), "")
    if shop and _text(body, "/shop") != shop:
        raise refuse(RefusalReason.UNAUTHENTICATED, "the delivery is of another shop", "/shop")
    topic = _demanded(body, "/type")
    event_type = _TYPES.get(topic)
    if event_type is None:
        return Outcome_Ignored(f"{topic}: of no concern")
    return Outcome_Events([_event(body, event_type)])


def _event(body: object, event_type: str) -> Event:
    ip = _text(body, "/data/ip")
    order = _text(body, "/data/order_id")
    return Event(
        id=_demanded(body, "/id"),
        type=event_type,
        occurred_at=_text(body, "/created_at"),
        subject=Subject(
            id=_demanded(body, "/data/customer/id"),
            email=_text(body, "/data/customer/email"),
            phone=None,
            name=_text(body, "/data/customer/name"),
            created_at=_text(body, "/data/customer/created_at"),
            locale=None,
        ),
        action=Action(_text(body, "/data/description"), _money(body), None, _destination(body)),
        device=Device(None, ip, None, None, None, None, None, []) if ip else None,
        billing=None,
        shipping=None,
        links=[Link("order", order)] if order else [],
        signals=[],
        changes=[],
        attributes=[],
        test=_at(body, "/test") is True,
        return_url=None,
    )


def _money(body: object) -> Money | None:
    """Both parts or nothing: an amount without its currency is unknown."""
    value, currency = _text(body, "/data/total"), _text(body, "/data/currency")
    return Money(value, currency) if value and currency else None


def _destination(body: object) -> Destination | None:
    found = _text(body, "/data/bank_account/id")
    return Destination(found, _text(body, "/data/bank_account/label"), None, None) if found else None


def _at(body: object, pointer: str) -> object:
    """What stands at a pointer, if anything does."""
    for name in pointer[1:].split("/"):
        body = body.get(name) if isinstance(body, dict) else None
    return body


def _text(body: object, pointer: str) -> str | None:
    """The text at a pointer, if there is one that says something."""
    found = _at(body, pointer)
    return found if isinstance(found, str) and found else None


def _demanded(body: object, pointer: str) -> str:
    """A text without which there is no event."""
    found = _text(body, pointer)
    if found is None:
        raise refuse(RefusalReason.MALFORMED, "a text is missing here", pointer)
    return found
