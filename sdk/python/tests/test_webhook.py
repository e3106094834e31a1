import base64
import unittest

from anti_social_engine import WebhookError, verify_webhook

# the example of the Standard Webhooks specification
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
NOW = 1614265330
OTHER = "whsec_" + base64.b64encode(bytes([7] * 24)).decode()


class Believing(unittest.TestCase):
    def test_the_published_example_is_believed(self):
        self.assertEqual(verify_webhook(BODY, HEADERS, SECRET, now=NOW), {"test": 2432232314})
        capitals = {name.title(): value for name, value in HEADERS.items()}
        self.assertTrue(verify_webhook(BODY, capitals, SECRET, now=NOW))

    def test_one_right_signature_among_several_is_enough_under_any_of_the_secrets(self):
        both = HEADERS | {"webhook-signature": "v1a,xyz v1,AAAA " + HEADERS["webhook-signature"]}
        self.assertTrue(verify_webhook(BODY, both, [OTHER, SECRET], now=NOW))

    def test_what_was_not_signed_so_is_not_believed(self):
        signature = HEADERS["webhook-signature"]
        wrong = [
            {"body": BODY + b" "},
            {"secrets": OTHER},
            {"now": NOW + 301},
            {"now": NOW - 301},
            {"now": float("nan")},
            {"headers": HEADERS | {"webhook-id": "msg_2"}},
            {"headers": HEADERS | {"webhook-timestamp": "1614265331"}},
            {"headers": HEADERS | {"webhook-timestamp": "soon"}},
            {"headers": HEADERS | {"webhook-signature": ""}},
            {"headers": HEADERS | {"webhook-signature": "v1,"}},
            {"headers": HEADERS | {"webhook-signature": signature.replace("v1,", "v2,")}},
            {"headers": HEADERS | {"Webhook-Signature": signature}},
            {"headers": {}},
        ]
        for change in wrong:
            request = {"body": BODY, "headers": HEADERS, "secrets": SECRET, "now": NOW} | change
            with self.subTest(change), self.assertRaises(WebhookError):
                verify_webhook(**request)

    def test_an_empty_or_short_secret_is_a_mistake_not_a_key(self):
        for secrets in ([], "", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", [None]):
            with self.subTest(secrets), self.assertRaises(ValueError):
                verify_webhook(BODY, HEADERS, secrets, now=NOW)


if __name__ == "__main__":
    unittest.main()
