"""What this connector knows: GitHub's event and action, the neutral type, and what a person reads of it.

The first word of a type decides how policies weigh it: `credential` for whatever opens a door by itself (keys, tokens,
leaked secrets), `account` for who may do what. So a policy needs no word of GitHub.
"""

from typing import NamedTuple


class Known(NamedTuple):
    """One action of which an event is made."""

    type: str
    phrase: str


# Event → action. Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads
TOPICS: dict[str, dict[str, Known]] = {
    "member": {
        "added": Known("account.member_added", "Give a person access to"),
        "edited": Known("account.member_edited", "Change a person's access to"),
        "removed": Known("account.member_removed", "Take away a person's access to"),
    },
    "organization": {
        "member_added": Known("account.organization_member_added", "Take a person into"),
        "member_removed": Known("account.organization_member_removed", "Remove a person from"),
    },
    "repository": {
        "deleted": Known("account.repository_deleted", "Delete"),
        "publicized": Known("account.repository_publicized", "Make public"),
        "transferred": Known("account.repository_transferred", "Transfer"),
    },
    "deploy_key": {
        "created": Known("credential.deploy_key_created", "Let a key into"),
    },
    "secret_scanning_alert": {
        "created": Known("credential.secret_found", "A secret was found in"),
        "publicly_leaked": Known("credential.secret_leaked", "A secret leaked from"),
        "reopened": Known("credential.secret_reopened", "Reopen the alert about a secret in"),
        "resolved": Known("credential.secret_resolved", "Close the alert about a secret in"),
        "validated": Known("credential.secret_validated", "A working secret was found in"),
    },
    "personal_access_token_request": {
        "approved": Known("credential.token_approved", "Let an access token into"),
        "cancelled": Known("credential.token_cancelled", "Withdraw the request for an access token to"),
        "created": Known("credential.token_requested", "Ask for an access token to"),
        "denied": Known("credential.token_denied", "Refuse an access token to"),
    },
}
