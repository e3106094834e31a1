// Every exported name, used rightly and wrongly: what must compile, and what must not. `npm run types` looks at it.
import {
  Ase,
  AseError,
  verifyWebhook,
  WebhookError,
  type AseOptions,
  type Decision,
  type Event,
  type Expectation,
  type Money,
  type Refused,
  type Session,
  type Verdict,
  type Verified,
  type WebhookHeaders,
  type WebhookRequest,
} from "@anti-social-engine/node";

const options: AseOptions = { url: "https://ase.example", key: "ase_sk_x", timeout: 500, fetch: globalThis.fetch };
const ase: Ase = new Ase(options);
// @ts-expect-error a client without a key
new Ase({ url: "https://ase.example" });
// @ts-expect-error a time limit is a number of milliseconds
const patient: AseOptions = { ...options, timeout: "3s" };

const amount: Money = { value: "1.00", currency: "EUR" };
// @ts-expect-error money is text, so that nothing is rounded
const rounded: Money = { value: 1, currency: "EUR" };

const event: Event = { id: "evt-1", type: "payout.created", subject: { id: "user_42" }, action: { amount } };
// @ts-expect-error an event without an id cannot be repeated safely
const nameless: Event = { type: "payout.created", subject: { id: "user_42" } };
// @ts-expect-error nobody it is about
await ase.ingest({ id: "evt-1", type: "payout.created" });
const decision: Decision = await ase.ingest(event);
decision.session.challenge_url.trim();
// @ts-expect-error where a challenge is asked for, there is no token yet
decision.decision_token.trim();
// @ts-expect-error no such outcome
if (decision.outcome === "proceed") decision.score.toFixed();

const expected: Expectation = { event_id: "evt-1", subject_id: "user_42", action: "payout.created", amount };
// @ts-expect-error a misspelt expectation would expect nothing
const misspelt: Expectation = { eventId: "evt-1" };
const verdict: Verdict = await ase.verify("token", expected, { idempotencyKey: "once" });
// @ts-expect-error an expectation is never left out
await ase.verify("token");
// @ts-expect-error nor here
await ase.verifySession("ses_1");
(await ase.verifySession("ses_1", expected)).proceed satisfies boolean;
// @ts-expect-error only what was verified has an assurance
verdict.assurance.trim();
if (verdict.proceed) verdict satisfies Verified;
if (!verdict.valid) verdict satisfies Refused;
// @ts-expect-error a refusal lets nobody go on
const refused: Refused = { valid: false, proceed: true, error: "token_used" };
// @ts-expect-error a session has no such assurance
const verified: Pick<Verified, "assurance"> = { assurance: "password" };

const session: Session = await ase.session("ses_1");
session.decision_token?.trim();
// @ts-expect-error no such status
if (session.status === "open") session.stage.trim();

const headers: WebhookHeaders = { "webhook-id": "msg_1", "webhook-signature": ["v1,x"] };
// @ts-expect-error headers are text
const counted: WebhookHeaders = { "webhook-timestamp": 1614265330 };
const request: WebhookRequest = { body: new Uint8Array(), headers, secrets: ["whsec_x"], tolerance: 60, now: 0 };
verifyWebhook(request);
verifyWebhook({ body: "{}", headers: new Headers(), secrets: "whsec_x" });
// @ts-expect-error what was parsed is not what was signed
verifyWebhook({ ...request, body: {} });
// @ts-expect-error a request is never believed without a secret
const trusting: WebhookRequest = { body: "{}", headers };

const error: unknown = undefined;
if (error instanceof AseError) error.code.concat(error.pointer ?? "", error.requestId ?? "", error.status?.toFixed() ?? "");
// @ts-expect-error not every error has a status
if (error instanceof AseError) error.status.toFixed();
// @ts-expect-error what was thrown stays as it is
if (error instanceof AseError) error.code = "fine";
if (error instanceof WebhookError) error.message.trim();
// @ts-expect-error it says nothing but its message
if (error instanceof WebhookError) error.code;
