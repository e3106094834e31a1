"""What this connector knows: GitHub's event and action, the neutral type, and what a person reads of it.

Types name what happened and not who says so. The first word decides how policies weigh it: `credential` is whatever
opens a door. So a policy needs no word of GitHub.
"""

from typing import NamedTuple


class Known(NamedTuple):
    """One action of which an event is made."""

    type: str
    phrase: str


# Event → action. Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads
TOPICS: dict[str, dict[str, Known]] = {
    "member": {
        "added": Known("credential.access_granted", "Give a person access to"),
        "edited": Known("credential.access_changed", "Change a person's access to"),
        "removed": Known("credential.access_revoked", "Take away a person's access to"),
    },
    "organization": {
        "member_added": Known("credential.access_granted", "Take a person into"),
        "member_removed": Known("credential.access_revoked", "Remove a person from"),
    },
    "repository": {
        "deleted": Known("repository.deleted", "Delete"),
        "publicized": Known("repository.publicized", "Make public"),
        "transferred": Known("repository.transferred", "Transfer"),
    },
    "deploy_key": {
        "created": Known("credential.deploy_key_added", "Let a key into"),
    },
    "secret_scanning_alert": {
        "created": Known("secret.leaked", "A secret was found in"),
        "publicly_leaked": Known("secret.leaked", "A secret leaked from"),
        "reopened": Known("secret.leaked", "Reopen the alert about a secret in"),
        "resolved": Known("secret.resolved", "Close the alert about a secret in"),
        "validated": Known("secret.updated", "A working secret was found in"),
    },
    "personal_access_token_request": {
        "approved": Known("credential.token_granted", "Let an access token into"),
        "cancelled": Known("credential.token_request_closed", "Withdraw the request for an access token to"),
        "created": Known("credential.token_requested", "Ask for an access token to"),
        "denied": Known("credential.token_request_closed", "Refuse an access token to"),
    },
}
