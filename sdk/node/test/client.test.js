import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { Ase, AseError } from "../src/index.js";
import { reply, serving } from "./server.js";

const KEY = "ase_sk_secret";
const expected = { event_id: "evt-1", subject_id: "user_42" };
const good = { valid: true, proceed: true, outcome: "allow", event_id: "evt-1", subject_id: "user_42", action: "payout.created" };
const client = (url, more = {}) => new Ase({ url, key: KEY, timeout: 2000, ...more });

test("a good token lets the platform go on", () =>
  serving((_, response) => reply(response, 200, good), async (url, asked) => {
    const verdict = await client(url).verify("a.b.c", expected);
    assert.equal(verdict.proceed, true);
    assert.equal(asked[0].headers.authorization, `Bearer ${KEY}`);
    assert.deepEqual(asked[0].json.expected, expected);
  }));

test("a try that got no answer is made once more, with the same idempotency key", async () => {
  for (const failing of [(response) => response.destroy(), (response) => reply(response, 503, { code: "unavailable" })]) {
    await serving((_, response, number) => (number === 1 ? failing(response) : reply(response, 200, good)), async (url, asked) => {
      assert.equal((await client(url).verify("a.b.c", expected)).proceed, true);
      assert.equal(asked.length, 2);
      assert.ok(asked[0].json.idempotency_key);
      assert.equal(asked[0].json.idempotency_key, asked[1].json.idempotency_key);
    });
  }
});

test("two calls do not share an idempotency key", () =>
  serving((_, response) => reply(response, 200, good), async (url, asked) => {
    await client(url).verify("a.b.c", expected);
    await client(url).verify("a.b.c", expected);
    assert.notEqual(asked[0].json.idempotency_key, asked[1].json.idempotency_key);
  }));

test("whatever goes wrong does not let anybody go on", async () => {
  const table = [
    ["timed_out", () => {}, 2],
    ["timed_out", (response) => { response.writeHead(200); response.write('{"valid":true,'); }, 2],
    ["unreachable", (response) => response.destroy(), 2],
    ["unavailable", (response) => reply(response, 503, { code: "unavailable", detail: "the store does not answer" }), 2],
    ["unexpected_answer", (response) => reply(response, 502, "<html>bad gateway</html>"), 2],
    ["unauthorized", (response) => reply(response, 401, { code: "unauthorized" }), 1],
    ["too_many_requests", (response) => reply(response, 429, { code: "too_many_requests" }), 1],
    ["unexpected_answer", (response) => reply(response, 302, "", { location: "http://127.0.0.1:1/" }), 1],
    ["malformed_answer", (response) => reply(response, 200, "proceed"), 1],
    ["malformed_answer", (response) => reply(response, 200, [good]), 1],
    ["malformed_answer", (response) => reply(response, 200, `{"pad":"${"x".repeat(1 << 20)}"}`), 1],
    ["token_used", (response) => reply(response, 200, { valid: false, proceed: false, error: "token_used" }), 1],
  ];
  for (const [error, answer, tries] of table) {
    await serving((_, response) => answer(response), async (url, asked) => {
      const verdict = await client(url, { timeout: error === "timed_out" ? 200 : 2000 }).verify("a.b.c", expected);
      assert.deepEqual([verdict.proceed, verdict.valid, verdict.error], [false, false, error]);
      assert.equal(asked.length, tries, error);
    });
  }
  const nobody = await client("http://127.0.0.1:9").verify("a.b.c", expected);
  assert.deepEqual(nobody, { valid: false, proceed: false, error: "unreachable" });
});

test("an answer about something else lets nobody go on", async () => {
  const wrong = [{ event_id: "evt-2" }, { subject_id: "user_43" }, { outcome: "block" }, { valid: false }, { valid: "true" }, { event_id: undefined }];
  for (const other of wrong) {
    await serving((_, response) => reply(response, 200, { ...good, ...other }), async (url) => {
      assert.equal((await client(url).verify("a.b.c", expected)).proceed, false, inspect(other));
    });
  }
  await serving((_, response) => reply(response, 200, { ...good, proceed: "yes" }), async (url) => {
    assert.equal((await client(url).verify("a.b.c", expected)).proceed, false);
  });
});

test("a token is never redeemed without saying for what", () =>
  serving((_, response) => reply(response, 200, good), async (url, asked) => {
    const ase = client(url);
    const nothing = [undefined, null, {}, { eventId: "evt-1" }, { event_id: undefined }, { event_id: "" }, { action: "x" },
      { ...expected, amount: { value: 9, currency: "EUR" } }, { ...expected, amount: undefined }];
    for (const expectation of nothing) {
      await assert.rejects(ase.verify("a.b.c", expectation), TypeError, inspect(expectation));
      await assert.rejects(ase.verifySession("ses_1", expectation), TypeError, inspect(expectation));
    }
    assert.equal(asked.length, 0);
  }));

test("no token, no call", () =>
  serving((_, response) => reply(response, 200, good), async (url, asked) => {
    for (const token of [undefined, null, "", 7, ["a.b.c"]]) {
      assert.deepEqual(await client(url).verify(token, expected), { valid: false, proceed: false, error: "token_missing" });
    }
    assert.equal(asked.length, 0);
  }));

test("a session without a token lets nobody go on", async () => {
  await serving((_, response) => reply(response, 200, { id: "ses_1", status: "pending", decision_token: null }), async (url) => {
    assert.equal((await client(url).verifySession("ses_1", expected)).error, "token_missing");
  });
  await serving((_, response) => reply(response, 404, { code: "not_found", detail: "nothing" }), async (url) => {
    assert.equal((await client(url).verifySession("../x", expected)).error, "not_found");
    assert.equal((await client(url).verifySession("", expected)).error, "not_found");
  });
});

test("a session's id cannot lead elsewhere", () =>
  serving((_, response) => reply(response, 404, { code: "not_found" }), async (url, asked) => {
    await assert.rejects(client(url).session("../reports?x=1#"), AseError);
    assert.equal(asked[0].url, "/sessions/..%2Freports%3Fx%3D1%23");
  }));

test("ingesting says what the server refused, and repeats what it could not answer", async () => {
  await serving((_, response) => reply(response, 422, { code: "invalid_field", detail: "x", pointer: "/type" }, { "x-request-id": "req_1" }), async (url, asked) => {
    const refused = { name: "AseError", code: "invalid_field", status: 422, pointer: "/type", requestId: "req_1" };
    await assert.rejects(client(url).ingest({ id: "evt-1" }), refused);
    assert.equal(asked.length, 1);
  });
  await serving((_, response, number) => reply(response, number === 1 ? 500 : 201, { outcome: "allow" }), async (url, asked) => {
    assert.equal((await client(url).ingest({ id: "evt-1", type: "x" })).outcome, "allow");
    assert.deepEqual(asked[0].json, asked[1].json);
  });
  await assert.rejects(client("http://127.0.0.1:9").ingest({ type: "x" }), TypeError);
});

test("the key shows nowhere, and never goes where it could be read", async () => {
  assert.ok(!inspect(client("http://127.0.0.1:9"), { depth: 9, showHidden: true }).includes(KEY));
  const error = await client("http://127.0.0.1:9").ingest({ id: "evt-1" }).catch((caught) => caught);
  assert.ok(error instanceof AseError && !inspect(error, { depth: 9 }).includes(KEY) && error.cause === undefined);
  const bad = ["http://ase.example", "ase.example", "ftp://127.0.0.1", "https://u:p@ase.example", "https://ase.example/?x", undefined];
  for (const url of bad) assert.throws(() => client(url), TypeError, url);
  for (const key of [undefined, "", "a b", "a\nb"]) assert.throws(() => new Ase({ url: "https://ase.example", key }), TypeError);
});
