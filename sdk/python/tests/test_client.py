import socket
import threading
import unittest

from anti_social_engine import Amount, Ase, AseError, Expectation
from server import Handler, serving

KEY = "ase_sk_secret"
EXPECTED = Expectation(event_id="evt-1", subject_id="user_42")
GOOD = {"valid": True, "proceed": True, "outcome": "allow", "event_id": "evt-1", "subject_id": "user_42"}


def always(status, body, **headers):
    return lambda handler, number: handler.reply(status, body, **headers)


def hang_up(handler: Handler, number: int = 0) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


class Verifying(unittest.TestCase):
    def test_a_good_token_lets_the_platform_go_on(self):
        with serving(always(200, GOOD)) as (url, asked):
            verdict = Ase(url, KEY).verify("a.b.c", EXPECTED)
        self.assertTrue(verdict and verdict.proceed and verdict.valid)
        self.assertEqual(asked[0]["headers"]["Authorization"], f"Bearer {KEY}")
        self.assertEqual(asked[0]["json"]["expected"], {"event_id": "evt-1", "subject_id": "user_42"})

    def test_a_try_that_got_no_answer_is_made_once_more_with_the_same_idempotency_key(self):
        for failing in (hang_up, always(503, {"code": "unavailable"})):
            with serving(lambda handler, number: (failing if number == 1 else always(200, GOOD))(handler, number)) as (
                url,
                asked,
            ):
                self.assertTrue(Ase(url, KEY).verify("a.b.c", EXPECTED).proceed)
            keys = [ask["json"]["idempotency_key"] for ask in asked]
            self.assertEqual((len(keys), len(set(keys))), (2, 1))

    def test_whatever_goes_wrong_does_not_let_anybody_go_on(self):
        over = threading.Event()

        def drip(handler, number):
            handler.send_response(200)
            handler.end_headers()
            while not over.wait(0.05):
                try:
                    handler.wfile.write(b" ")
                except OSError:
                    return

        table = [
            ("timed_out", lambda handler, number: over.wait(5), 2),
            ("timed_out", drip, 2),
            ("unreachable", hang_up, 2),
            ("unavailable", always(503, {"code": "unavailable", "detail": "the store does not answer"}), 2),
            ("unexpected_answer", always(502, "<html>bad gateway</html>"), 2),
            ("unauthorized", always(401, {"code": "unauthorized"}), 1),
            ("unexpected_answer", always(302, "", location="http://127.0.0.1:1/"), 1),
            ("malformed_answer", always(200, "proceed"), 1),
            ("malformed_answer", always(200, [GOOD]), 1),
            ("malformed_answer", always(200, {"pad": "x" * (1 << 20)}), 1),
            ("token_used", always(200, {"valid": False, "proceed": False, "error": "token_used"}), 1),
        ]
        for error, answer, tries in table:
            with self.subTest(error), serving(answer) as (url, asked):
                timeout = 0.2 if error == "timed_out" else 2.0
                verdict = Ase(url, KEY, timeout=timeout).verify("a.b.c", EXPECTED)
                self.assertEqual((verdict.proceed, bool(verdict), verdict.error), (False, False, error))
                self.assertEqual(len(asked), tries)
        over.set()
        self.assertEqual(Ase("http://127.0.0.1:9", KEY).verify("a.b.c", EXPECTED).error, "unreachable")

    def test_an_answer_about_something_else_lets_nobody_go_on(self):
        wrong = [{"event_id": "evt-2"}, {"subject_id": "user_43"}, {"outcome": "block"}, {"valid": False}]
        wrong += [{"valid": "true"}, {"proceed": "yes"}, {"proceed": 1}, {"event_id": None}]
        for other in wrong:
            with self.subTest(other), serving(always(200, GOOD | other)) as (url, _):
                self.assertFalse(Ase(url, KEY).verify("a.b.c", EXPECTED).proceed)

    def test_a_token_is_never_redeemed_without_saying_for_what(self):
        for fields in ({}, {"event_id": ""}, {"action": "x"}, {"eventId": "evt-1"}, {"event_id": "x", "amount": 9}):
            with self.subTest(fields), self.assertRaises(TypeError):
                Expectation(**fields)
        with serving(always(200, GOOD)) as (url, asked):
            for expected in (None, {}, {"event_id": "evt-1"}):
                with self.assertRaises(TypeError):
                    Ase(url, KEY).verify("a.b.c", expected)
                with self.assertRaises(TypeError):
                    Ase(url, KEY).verify_session("ses_1", expected)
        self.assertEqual(asked, [])

    def test_no_token_no_call(self):
        with serving(always(200, GOOD)) as (url, asked):
            for token in (None, "", 7, ["a.b.c"]):
                self.assertEqual(Ase(url, KEY).verify(token, EXPECTED).error, "token_missing")
        self.assertEqual(asked, [])

    def test_a_session_without_a_token_lets_nobody_go_on(self):
        with serving(always(200, {"status": "pending", "decision_token": None})) as (url, asked):
            self.assertEqual(Ase(url, KEY).verify_session("../reports?x#", EXPECTED).error, "token_missing")
        self.assertEqual(asked[0]["path"], "/sessions/..%2Freports%3Fx%23")
        with serving(always(404, {"code": "not_found"})) as (url, _):
            self.assertEqual(Ase(url, KEY).verify_session("ses_1", EXPECTED).error, "not_found")

    def test_an_amount_goes_along_as_text(self):
        with serving(always(200, GOOD)) as (url, asked):
            Ase(url, KEY).verify("a.b.c", Expectation(event_id="evt-1", amount=Amount("900.00", "EUR")))
        self.assertEqual(asked[0]["json"]["expected"]["amount"], {"value": "900.00", "currency": "EUR"})


class Calling(unittest.TestCase):
    def test_ingesting_says_what_the_server_refused_and_repeats_what_it_could_not_answer(self):
        problem = {"code": "invalid_field", "detail": "x", "pointer": "/type"}
        with serving(always(422, problem, x_request_id="req_1")) as (url, asked):
            with self.assertRaises(AseError) as caught:
                Ase(url, KEY).ingest({"id": "evt-1"})
            error = caught.exception
            told = (error.code, error.status, error.pointer, error.request_id)
            self.assertEqual((told, len(asked)), (("invalid_field", 422, "/type", "req_1"), 1))
        with serving(lambda handler, number: handler.reply(500 if number == 1 else 201, {"outcome": "allow"})) as (
            url,
            asked,
        ):
            self.assertEqual(Ase(url, KEY).ingest({"id": "evt-1"})["outcome"], "allow")
            self.assertEqual(asked[0]["json"], asked[1]["json"])
        with self.assertRaises(TypeError):
            Ase("http://127.0.0.1:9", KEY).ingest({"type": "x"})

    def test_the_key_shows_nowhere_and_never_goes_where_it_could_be_read(self):
        ase = Ase("http://127.0.0.1:9", KEY)
        self.assertNotIn(KEY, repr(ase) + repr(ase._server))
        with self.assertRaises(AseError) as caught:
            ase.ingest({"id": "evt-1"})
        self.assertNotIn(KEY, repr(caught.exception))
        self.assertTrue(caught.exception.__suppress_context__)
        bad = ("http://ase.example", "ase.example", "ftp://127.0.0.1", "https://u:p@ase.example", "https://ase.example/?x")
        for url in bad:
            with self.subTest(url), self.assertRaises(ValueError):
                Ase(url, KEY)
        for key in ("", "a b", "a\nb", None):
            with self.subTest(key), self.assertRaises(ValueError):
                Ase("https://ase.example", key)


if __name__ == "__main__":
    unittest.main()
