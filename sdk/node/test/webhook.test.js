import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { WebhookError, verifyWebhook } from "../src/index.js";

// the example of the Standard Webhooks specification
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = '{"test": 2432232314}';
const headers = {
  "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
  "webhook-timestamp": "1614265330",
  "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const now = 1614265330_000;
const other = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const request = { body, headers, secrets: SECRET, now };

test("the published example is believed", () => {
  assert.deepEqual(verifyWebhook(request), { test: 2432232314 });
  assert.deepEqual(verifyWebhook({ ...request, body: Buffer.from(body), headers: new Headers(headers) }), { test: 2432232314 });
});

test("one right signature among several is enough, under any of the secrets", () => {
  const both = { ...headers, "webhook-signature": `v1a,xyz v1,AAAA ${headers["webhook-signature"]}` };
  assert.ok(verifyWebhook({ ...request, headers: both, secrets: [other, SECRET] }));
});

test("what was not signed so is not believed", () => {
  const wrong = [
    { body: `${body} ` },
    { secrets: other },
    { now: now + 301_000 },
    { now: now - 301_000 },
    { now: Number.NaN },
    { headers: { ...headers, "webhook-id": "msg_2" } },
    { headers: { ...headers, "webhook-timestamp": "1614265331" } },
    { headers: { ...headers, "webhook-timestamp": "soon" } },
    { headers: { ...headers, "webhook-signature": "" } },
    { headers: { ...headers, "webhook-signature": "v1," } },
    { headers: { ...headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,") } },
    { headers: { ...headers, "webhook-signature": [headers["webhook-signature"], "v1,x"] } },
    { headers: {} },
  ];
  for (const change of wrong) assert.throws(() => verifyWebhook({ ...request, ...change }), WebhookError, JSON.stringify(change));
});

test("an empty or short secret is a mistake, not a key", () => {
  for (const secrets of [[], "", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", undefined]) {
    assert.throws(() => verifyWebhook({ ...request, secrets }), TypeError);
  }
});

test("a signed body that is no JSON is refused", () => {
  const mac = createHmac("sha256", Buffer.from(SECRET.slice(6), "base64")).update("m.1614265330.hello").digest("base64");
  const signed = { "webhook-id": "m", "webhook-timestamp": "1614265330", "webhook-signature": `v1,${mac}` };
  assert.throws(() => verifyWebhook({ ...request, body: "hello", headers: signed }), /no JSON/);
});
