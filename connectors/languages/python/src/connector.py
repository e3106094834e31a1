"""GitHub security events, in Python: the component's face towards the host.

`signature` says what must be signed, `payload` reads the body, `event` writes the event. Nothing here holds a secret,
knows the time or reaches outside: the same delivery always gives the same answer. A refusal is raised as `Err`;
anything else that is raised is a fault of this connector.
"""

import re

from wit_world import exports
from wit_world.exports.normalizer import Claim, Delivery, Outcome, Outcome_Events, Outcome_Ignored, RefusalReason

from event import event
from payload import payload
from refusal import refuse
from request import header
from signature import claims
from topics import TOPICS

_TOPIC = re.compile("[a-z_]{1,64}")


class Normalizer(exports.Normalizer):
    """The interface `ase:connector/normalizer` of `wit/`."""

    def authenticate(self, input: Delivery) -> list[Claim]:
        """What must be true for the delivery to be authentic."""
        return claims(input)

    def normalize(self, input: Delivery) -> Outcome:
        """What an authentic delivery becomes."""
        topic = header(input, "x-github-event")
        if topic is None or not _TOPIC.fullmatch(topic):
            raise refuse(
                RefusalReason.UNSUPPORTED_TOPIC, "the X-GitHub-Event header is missing or names no event"
            )
        if topic == "ping":
            return _greeting(payload(input))
        actions = TOPICS.get(topic)
        if actions is None:
            return Outcome_Ignored(f"{topic}: of no concern")
        body = payload(input)
        action = body.get("action")
        if not isinstance(action, str):
            raise refuse(RefusalReason.MALFORMED, "the action is missing", "/action")
        known = actions.get(action)
        if known is None:
            return Outcome_Ignored(f"{topic}: another action is of no concern")
        return Outcome_Events([event(input, topic, known, body)])


def _greeting(body: dict) -> Outcome:
    """Headers are not signed. Only a real greeting has a hook in its body."""
    if not isinstance(body.get("hook_id"), float):
        raise refuse(RefusalReason.MALFORMED, "a ping without the id of its hook", "/hook_id")
    return Outcome_Ignored("ping")
