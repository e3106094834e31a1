// Against a real server: ASE_URL, ASE_KEY and what else a story of `tests/` sets up. It fails without them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { Ase, AseError, verifyWebhook } from "../src/index.js";

const set = JSON.parse(process.env.ASE_SET);
const ase = new Ase({ url: set.url, key: set.key });
const other = new Ase({ url: set.url, key: set.other_key });

function login() {
  const id = randomUUID();
  return { id, type: "login.succeeded", subject: { id: `user-${id}` } };
}

function payout() {
  const id = randomUUID();
  return {
    id,
    type: "payout.created",
    subject: { id: `user-${id}`, email: `${id}@example.com` },
    action: { amount: { value: "900.00", currency: "EUR" }, destination: { id: `iban:${id}` } },
    device: { id: `device-${id}`, flags: ["call_active"] },
  };
}

async function let_through() {
  const event = login();
  const decision = await ase.ingest(event);
  assert.equal(decision.outcome, "allow");
  return { event, token: decision.decision_token, expected: { event_id: event.id, subject_id: event.subject.id } };
}

test("a decision is repeated, and another event under its id refused", async () => {
  const event = login();
  const first = await ase.ingest(event);
  const again = await ase.ingest(event);
  assert.deepEqual([first.duplicate, again.duplicate, again.session.id], [false, true, first.session.id]);
  await assert.rejects(ase.ingest({ ...event, type: "login.failed" }), { name: "AseError", code: "event_conflict", status: 409 });
  await assert.rejects(ase.ingest({ ...login(), subject: {} }), { code: "invalid_field", status: 422, pointer: "/subject/id" });
});

test("a token is good once, also for many at the same time", async () => {
  const { token, expected } = await let_through();
  const verdicts = await Promise.all(Array.from({ length: 8 }, () => ase.verify(token, expected)));
  const [won, ...lost] = verdicts.sort((a, b) => Number(b.proceed) - Number(a.proceed));
  assert.deepEqual([won.proceed, won.outcome, won.assurance], [true, "allow", "score_only"]);
  assert.ok(lost.every((verdict) => !verdict.proceed && verdict.error === "token_used" && verdict.used_at === won.used_at));
});

test("the same try again gets the same answer", async () => {
  const { token, expected } = await let_through();
  const options = { idempotencyKey: randomUUID() };
  const first = await ase.verify(token, expected, options);
  assert.equal(first.proceed, true);
  assert.deepEqual(await ase.verify(token, expected, options), first);
});

test("a token for something else is good for nothing, and stays good for its own", async () => {
  const { token, expected } = await let_through();
  const swapped = [{ ...expected, event_id: "evt-2" }, { ...expected, subject_id: "x" }, { ...expected, action: "payout.created" },
    { ...expected, amount: { value: "9.00", currency: "EUR" } }];
  for (const expectation of swapped) {
    assert.equal((await ase.verify(token, expectation)).error, "expectation_mismatch");
  }
  assert.equal((await other.verify(token, expected)).error, "token_invalid");
  assert.equal((await ase.verify(`${token}x`, expected)).error, "token_invalid");
  assert.equal((await ase.verify("a.b", expected)).error, "token_malformed");
  assert.equal((await ase.verify(token, { ...expected, action: "login.succeeded" })).proceed, true);
});

test("a challenge lets nobody go on before it is passed", async () => {
  const event = payout();
  const decision = await ase.ingest(event);
  assert.deepEqual([decision.outcome, decision.decision_token], ["delay_verify", null]);
  const expected = { event_id: event.id, subject_id: event.subject.id };
  assert.equal((await ase.verifySession(decision.session.id, expected)).error, "token_missing");
  const answered = await fetch(`${set.url}/checkpoint/intent`, {
    method: "POST",
    headers: { authorization: `Bearer ${set.key}`, "content-type": "application/json" },
    body: JSON.stringify({ session_id: decision.session.id, intent: "guided" }),
  });
  assert.equal(answered.status, 200);
  const verdict = await ase.verifySession(decision.session.id, expected);
  assert.deepEqual([verdict.valid, verdict.proceed, verdict.outcome], [true, false, "block"]);
});

test("a challenge that was passed lets the platform go on, for what was asked", async () => {
  const { session_id, ...expected } = set.passed;
  assert.equal((await other.verifySession(session_id, expected)).error, "not_found");
  assert.equal((await ase.verifySession(session_id, { ...expected, amount: { value: "9000.00", currency: "EUR" } })).error, "expectation_mismatch");
  const verdict = await ase.verifySession(session_id, expected);
  assert.deepEqual([verdict.proceed, verdict.assurance], [true, "email_otp"]);
});

test("a key without the scope, or none at all, lets nobody go on", async () => {
  const { token, expected } = await let_through();
  const weak = new Ase({ url: set.url, key: set.weak_key });
  assert.equal((await weak.verify(token, expected)).error, "missing_scope");
  assert.equal((await new Ase({ url: set.url, key: "ase_sk_wrong" }).verify(token, expected)).error, "unauthorized");
  await assert.rejects(weak.session("ses_1"), (error) => error instanceof AseError && error.status === 403 && Boolean(error.requestId));
});

test("what the server believes to be signed, this believes as well", () => {
  const { body, headers, secret } = set.signed;
  assert.deepEqual(verifyWebhook({ body, headers, secrets: secret }), JSON.parse(body));
  assert.throws(() => verifyWebhook({ body: `${body} `, headers, secrets: secret }));
});
