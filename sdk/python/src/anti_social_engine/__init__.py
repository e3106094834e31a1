"""Anti Social Engine for back ends: send the event before the action, redeem the token, act only on `proceed`."""

from .client import Ase, Verdict
from .errors import AseError
from .expectation import Amount, Expectation
from .webhook import WebhookError, verify_webhook

__all__ = ["Amount", "Ase", "AseError", "Expectation", "Verdict", "WebhookError", "verify_webhook"]
