"""From GitHub's object to one neutral event. What is missing or of another kind is absent; only what makes an event
(its id, the person who acted) is demanded."""

import re

from wit_world.exports.normalizer import (
    Action,
    Attribute,
    Change,
    Delivery,
    Event,
    Link,
    RefusalReason,
    Subject,
)

from refusal import refuse
from request import header
from topics import Known

# Characters of a text; GitHub's own names are far shorter.
_LONGEST = 255
# Members of the list of changes.
_MOST_CHANGES = 16
_DELIVERY = re.compile("[0-9A-Za-z-]{1,64}")
_FIELD = re.compile("[a-z][a-z_]{0,63}")
_MADE = {
    "deploy_key": "key",
    "secret_scanning_alert": "alert",
    "personal_access_token_request": "personal_access_token_request",
}


def event(input: Delivery, topic: str, known: Known, body: dict) -> Event:
    """The event of a delivery: `topic` is the value of X-GitHub-Event, `known` its entry in the table of topics,
    `body` GitHub's object."""
    sender = _object(body, "sender")
    repository = _object(body, "repository")
    organization = _object(body, "organization")
    where = _text(repository, "full_name") or _text(organization, "login")
    description = f"{known.phrase} {where}" if where else None
    return Event(
        id=_delivery_id(input),
        type=known.type,
        occurred_at=_occurred_at(topic, body),
        subject=Subject(_demanded(sender, "id", "/sender/id"), None, None, _text(sender, "login"), None, None),
        action=Action(description, None, None, None),
        device=None,
        billing=None,
        shipping=None,
        links=_links(body, repository, organization),
        signals=[],
        changes=_changes(topic, body),
        attributes=_attributes(body, repository, organization),
        test=False,
        return_url=None,
    )


def _delivery_id(input: Delivery) -> str:
    """GitHub gives every delivery a GUID and repeats it when it is delivered again."""
    found = header(input, "x-github-delivery")
    if found is None or not _DELIVERY.fullmatch(found):
        raise refuse(RefusalReason.MALFORMED, "the X-GitHub-Delivery header is missing or is no id")
    return found


def _occurred_at(topic: str, body: dict) -> str | None:
    """When it happened, where the object that was made says so."""
    if body["action"] != "created":
        return None
    return _text(_object(body, _MADE[topic]), "created_at")


def _links(body: dict, repository: dict, organization: dict) -> list[Link]:
    found = [
        ("repository", _id(repository, "id")),
        ("organization", _id(organization, "id")),
        ("member", _id(_member(body), "id")),
        ("key", _id(_object(body, "key"), "id")),
        ("token_request", _id(_object(body, "personal_access_token_request"), "id")),
    ]
    return [Link(type, id) for type, id in found if id is not None]


def _changes(topic: str, body: dict) -> list[Change]:
    """Names of what changed: GitHub's own list, or what the event itself means."""
    if topic == "repository" and body["action"] == "publicized":
        return [Change("visibility")]
    names = sorted(name for name in _object(body, "changes") if _FIELD.fullmatch(name))
    return [Change(name) for name in names[:_MOST_CHANGES]]


def _attributes(body: dict, repository: dict, organization: dict) -> list[Attribute]:
    changed = _object(body, "changes")
    permission = _object(changed, "permission")
    found = [
        ("action", _text(body, "action")),
        ("repository", _text(repository, "full_name")),
        ("organization", _text(organization, "login")),
        ("private", _flag(repository, "private")),
        ("member", _text(_member(body), "login")),
        ("role", _text(_object(body, "membership"), "role") or _text(_object(changed, "role_name"), "to")),
        ("permission", _text(permission, "to")),
        ("permission_before", _text(permission, "from")),
        ("read_only", _flag(_object(body, "key"), "read_only")),
        ("secret_type", _text(_object(body, "alert"), "secret_type")),
        ("resolution", _text(_object(body, "alert"), "resolution")),
    ]
    return [Attribute(name, value) for name, value in found if value is not None]


def _member(body: dict) -> dict:
    """Who was given or lost access: of a repository, or of an organization."""
    member = _object(body, "member")
    return _object(_object(body, "membership"), "user") if _id(member, "id") is None else member


def _object(parent: dict, name: str) -> dict:
    """The object of this name; an empty one when there is none."""
    found = parent.get(name)
    return found if isinstance(found, dict) else {}


def _text(parent: dict, name: str) -> str | None:
    """A text of usual length with whole characters."""
    found = parent.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST:
        return None
    # Half of a surrogate pair is no character and cannot leave as UTF-8.
    return None if any("\ud800" <= character <= "\udfff" for character in found) else found


def _flag(parent: dict, name: str) -> str | None:
    found = parent.get(name)
    return str(found).lower() if isinstance(found, bool) else None


def _id(parent: dict, name: str) -> str | None:
    """A whole number as text. Beyond 2^53 a float may hold a neighbour, and nobody's id is better than another's."""
    found = parent.get(name)
    whole = isinstance(found, float) and found.is_integer() and 0 < found < 2**53
    return str(int(found)) if whole else None


def _demanded(parent: dict, name: str, pointer: str) -> str:
    found = _id(parent, name)
    if found is None:
        raise refuse(RefusalReason.MALFORMED, "the id is missing or not a whole number below 2^53", pointer)
    return found
