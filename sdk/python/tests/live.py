"""Against a real server: ASE_SET, which a story of `tests/` sets up. It fails without it."""

import json
import os
import unittest
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from anti_social_engine import Amount, Ase, AseError, Expectation, WebhookError, verify_webhook

SET: dict[str, Any] = json.loads(os.environ["ASE_SET"])
ASE = Ase(SET["url"], SET["key"])
OTHER = Ase(SET["url"], SET["other_key"])


def login() -> dict[str, Any]:
    event_id = str(uuid.uuid4())
    return {"id": event_id, "type": "login.succeeded", "subject": {"id": f"user-{event_id}"}}


def payout() -> dict[str, Any]:
    event_id = str(uuid.uuid4())
    return {
        "id": event_id,
        "type": "payout.created",
        "subject": {"id": f"user-{event_id}", "email": f"{event_id}@example.com"},
        "action": {"amount": {"value": "900.00", "currency": "EUR"}, "destination": {"id": f"iban:{event_id}"}},
        "device": {"id": f"device-{event_id}", "flags": ["call_active"]},
    }


def of(event: dict[str, Any], **more: Any) -> Expectation:
    return Expectation(**({"event_id": event["id"], "subject_id": event["subject"]["id"]} | more))


class Live(unittest.TestCase):
    def let_through(self) -> tuple[dict[str, Any], str]:
        event = login()
        decision = ASE.ingest(event)
        self.assertEqual(decision["outcome"], "allow")
        return event, decision["decision_token"]

    def test_a_decision_is_repeated_and_another_event_under_its_id_refused(self):
        event = login()
        first, again = ASE.ingest(event), ASE.ingest(event)
        self.assertEqual((first["duplicate"], again["duplicate"]), (False, True))
        self.assertEqual(first["session"]["id"], again["session"]["id"])
        for wrong, told in [
            (event | {"type": "login.failed"}, ("event_conflict", 409, None)),
            (login() | {"subject": {}}, ("invalid_field", 422, "/subject/id")),
        ]:
            with self.assertRaises(AseError) as caught:
                ASE.ingest(wrong)
            self.assertEqual((caught.exception.code, caught.exception.status, caught.exception.pointer), told)

    def test_a_token_is_good_once_also_for_many_at_the_same_time(self):
        event, token = self.let_through()
        with ThreadPoolExecutor(8) as pool:
            verdicts = list(pool.map(lambda _: ASE.verify(token, of(event)), range(8)))
        won = [verdict for verdict in verdicts if verdict]
        self.assertEqual([verdict.details["assurance"] for verdict in won], ["score_only"])
        lost = {(verdict.error, verdict.details["used_at"]) for verdict in verdicts if not verdict}
        self.assertEqual(lost, {("token_used", won[0].details["used_at"])})

    def test_the_same_try_again_gets_the_same_answer(self):
        event, token = self.let_through()
        key = str(uuid.uuid4())
        first = ASE.verify(token, of(event), idempotency_key=key)
        self.assertTrue(first.proceed)
        self.assertEqual(ASE.verify(token, of(event), idempotency_key=key), first)

    def test_a_token_for_something_else_is_good_for_nothing_and_stays_good_for_its_own(self):
        event, token = self.let_through()
        swapped = [{"event_id": "evt-2"}, {"subject_id": "x"}, {"action": "payout.created"}]
        swapped += [{"amount": Amount("9.00", "EUR")}]
        for more in swapped:
            self.assertEqual(ASE.verify(token, of(event, **more)).error, "expectation_mismatch")
        self.assertEqual(OTHER.verify(token, of(event)).error, "token_invalid")
        self.assertEqual(ASE.verify(token + "x", of(event)).error, "token_invalid")
        self.assertEqual(ASE.verify("a.b", of(event)).error, "token_malformed")
        self.assertTrue(ASE.verify(token, of(event, action="login.succeeded")).proceed)

    def test_a_challenge_lets_nobody_go_on_before_it_is_passed(self):
        event = payout()
        decision = ASE.ingest(event)
        self.assertEqual((decision["outcome"], decision["decision_token"]), ("delay_verify", None))
        session = decision["session"]["id"]
        self.assertEqual(ASE.verify_session(session, of(event)).error, "token_missing")
        answer = json.dumps({"session_id": session, "intent": "guided"}).encode()
        headers = {"Authorization": f"Bearer {SET['key']}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{SET['url']}/checkpoint/intent", answer, headers)
        with urllib.request.urlopen(request) as answered:
            self.assertEqual(answered.status, 200)
        verdict = ASE.verify_session(session, of(event))
        self.assertEqual((verdict.valid, verdict.proceed, verdict.details["outcome"]), (True, False, "block"))

    def test_a_challenge_that_was_passed_lets_the_platform_go_on_for_what_was_asked(self):
        passed = dict(SET["passed"])
        session, amount = passed.pop("session_id"), Amount(**passed.pop("amount"))
        right = Expectation(**passed, amount=amount)
        self.assertEqual(OTHER.verify_session(session, right).error, "not_found")
        more = Expectation(**passed, amount=Amount("9000.00", "EUR"))
        self.assertEqual(ASE.verify_session(session, more).error, "expectation_mismatch")
        verdict = ASE.verify_session(session, right)
        self.assertEqual((verdict.proceed, verdict.details["assurance"]), (True, "email_otp"))

    def test_a_key_without_the_scope_or_none_at_all_lets_nobody_go_on(self):
        event, token = self.let_through()
        weak = Ase(SET["url"], SET["weak_key"])
        self.assertEqual(weak.verify(token, of(event)).error, "missing_scope")
        self.assertEqual(Ase(SET["url"], "ase_sk_wrong").verify(token, of(event)).error, "unauthorized")
        with self.assertRaises(AseError) as caught:
            weak.session("ses_1")
        self.assertTrue(caught.exception.status == 403 and caught.exception.request_id)

    def test_what_the_server_believes_to_be_signed_this_believes_as_well(self):
        signed = SET["signed"]
        body = signed["body"].encode()
        self.assertEqual(verify_webhook(body, signed["headers"], signed["secret"]), json.loads(body))
        with self.assertRaises(WebhookError):
            verify_webhook(body + b" ", signed["headers"], signed["secret"])


if __name__ == "__main__":
    unittest.main()
