// What must compile, and what must not. `npm run types` looks at it.
import { Ase, AseError, verifyWebhook, type Verdict } from "../src/index.js";

const ase = new Ase({ url: "https://ase.example", key: "ase_sk_x" });
const verdict: Verdict = await ase.verify("token", { event_id: "evt-1", amount: { value: "1.00", currency: "EUR" } });
if (verdict.proceed) verdict.assurance.toUpperCase();
else if (!verdict.valid) verdict.error.toUpperCase();
// @ts-expect-error an expectation is never left out
await ase.verify("token");
// @ts-expect-error a misspelt expectation would expect nothing
await ase.verify("token", { eventId: "evt-1" });
// @ts-expect-error an event without an id cannot be repeated safely
await ase.ingest({ type: "payout.created", subject: { id: "user_42" } });
try {
  (await ase.ingest({ id: "evt-1", type: "payout.created", subject: { id: "user_42" } })).session.challenge_url.trim();
} catch (error) {
  if (error instanceof AseError) error.code.trim();
}
verifyWebhook({ body: "{}", headers: new Headers(), secrets: ["whsec_x"] });
