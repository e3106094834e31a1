"""The Acme connector: reads webhooks of Acme as neutral events.

`signature` says what must be signed, `payload` reads the body. Nothing here holds a secret, knows the time or reaches
outside: the same delivery always gives the same answer. A refusal is raised as `Err`; anything else that is raised is
a fault of this connector.
"""

from wit_world import exports
from wit_world.exports.normalizer import Claim, Delivery, Outcome

from payload import outcome
from signature import claim


class Normalizer(exports.Normalizer):
    """The interface `ase:connector/normalizer` of `wit/`."""

    def authenticate(self, input: Delivery) -> list[Claim]:
        """What must be true for the delivery to be authentic."""
        return [claim(input)]

    def normalize(self, input: Delivery) -> Outcome:
        """What an authentic delivery becomes."""
        return outcome(input)
