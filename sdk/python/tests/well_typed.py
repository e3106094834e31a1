"""Every exported name, used rightly and wrongly: what mypy must let pass, and what not. Nobody runs this.

`strict` makes an `ignore` that is not needed an error, so every one below stands for a mistake that mypy sees.
"""

from typing import Any, assert_type

from anti_social_engine import Amount, Ase, AseError, Expectation, Verdict, WebhookError, verify_webhook

amount = Amount("900.00", "EUR")
Amount(900, "EUR")  # type: ignore[arg-type]  # money is text, so that nothing is rounded
Amount("900.00")  # type: ignore[call-arg]
amount.value = "9000.00"  # type: ignore[misc]  # what was said stays as it is

expected = Expectation(event_id="evt-1", subject_id="user_42", action="payout.created", amount=amount)
Expectation(eventId="evt-1")  # type: ignore[call-arg]
Expectation("evt-1")  # type: ignore[call-arg]  # every field is named
Expectation(event_id="evt-1", amount="900.00")  # type: ignore[arg-type]

ase = Ase("https://ase.example", "ase_sk_x", timeout=1.5)
Ase("https://ase.example")  # type: ignore[call-arg]
Ase("https://ase.example", "ase_sk_x", 1.5)  # type: ignore[call-arg]
Ase("https://ase.example", "ase_sk_x", timeout="1.5")  # type: ignore[arg-type]

assert_type(ase.ingest({"id": "evt-1", "type": "payout.created", "subject": {"id": "user_42"}}), dict[str, Any])
ase.ingest("evt-1")  # type: ignore[arg-type]
assert_type(ase.session("ses_1"), dict[str, Any])
ase.session(7)  # type: ignore[arg-type]

verdict = ase.verify("a.b.c", expected, idempotency_key="once")
assert_type(verdict, Verdict)
assert_type(ase.verify_session("ses_1", expected), Verdict)
ase.verify("a.b.c")  # type: ignore[call-arg]  # an expectation is never left out
ase.verify("a.b.c", {"event_id": "evt-1"})  # type: ignore[arg-type]
ase.verify_session("ses_1")  # type: ignore[call-arg]
assert_type(verdict.proceed, bool)
assert_type(verdict.error, str | None)
verdict.proceed = True  # type: ignore[misc]  # a verdict cannot be changed
verdict.outcome  # type: ignore[attr-defined]

try:
    assert_type(verify_webhook(b"{}", {"webhook-id": "msg_1"}, ["whsec_x"], tolerance=60, now=0.0), Any)
    verify_webhook("{}", {}, "whsec_x")  # type: ignore[arg-type]  # what was signed are bytes
    verify_webhook(b"{}", {})  # type: ignore[call-arg]
except WebhookError as refused:
    refused.code  # type: ignore[attr-defined]
except AseError as failed:
    assert_type((failed.code, failed.status), tuple[str, int | None])
    assert_type((failed.pointer, failed.request_id), tuple[str | None, str | None])
    failed.status + 1  # type: ignore[operator]  # where no answer came there is none
