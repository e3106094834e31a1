// The seller's account: where payouts go, and changes that wait for a decision.
import { randomUUID } from "node:crypto";

const SELLER = { id: "seller-ana", email: "ana@example.com", name: "Ana Lovelace" };
const TYPE = "payout.destination_changed";
const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

export class Account {
  iban = "DE02120300000000202051";
  #ase;
  #returnUrl;
  #changes = new Map();

  constructor(ase, returnUrl) {
    this.#ase = ase;
    this.#returnUrl = returnUrl;
  }

  // Tells of the change before it is made.
  async ask(given, device) {
    const iban = String(given ?? "").replace(/\s/g, "").toUpperCase();
    if (!IBAN.test(iban)) return { status: "refused", error: "This is not an IBAN." };
    const change = { id: `change-${randomUUID()}`, iban, done: false };
    const decision = await this.#ase.ingest({
      id: change.id,
      type: TYPE,
      subject: SELLER,
      action: {
        description: `Send payouts to ${hidden(iban)}`,
        destination: { id: `iban:${iban}`, label: hidden(iban), created_at: new Date().toISOString() },
      },
      ...(device ? { device: { id: device } } : {}),
      return_url: this.#returnUrl,
    });
    change.session = decision.session.id;
    this.#changes.set(change.id, change);
    if (decision.outcome === "delay_verify") {
      return { status: "ask", change: change.id, url: decision.session.challenge_url };
    }
    // let through or blocked at once: the token says which, and is redeemed like any other
    return this.#decide(change, (expected) => this.#ase.verify(decision.decision_token, expected));
  }

  async confirm(id, token) {
    const change = this.#changes.get(id);
    if (!change) return { status: "refused" };
    if (token) return this.#decide(change, (expected) => this.#ase.verify(token, expected));
    return this.#decide(change, (expected) => this.#ase.verifySession(change.session, expected));
  }

  async confirmSession(session, token) {
    const change = [...this.#changes.values()].find((change) => change.session === session);
    if (change) await this.confirm(change.id, token);
  }

  // The window's own form and the page's question can come at the same moment, and a token is good once: the second waits
  // for the first, and finds what came of it.
  #decide(change, redeem) {
    const before = change.turn ?? Promise.resolve();
    change.turn = before.catch(() => {}).then(() => this.#redeem(change, redeem));
    return change.turn;
  }

  // The one place where the account changes: the token must be good for this very change, and is good once.
  async #redeem(change, redeem) {
    if (change.done) return { status: "changed" };
    const verdict = await redeem({ event_id: change.id, subject_id: SELLER.id, action: TYPE });
    if (verdict.proceed !== true) return { status: "refused" };
    change.done = true;
    this.iban = change.iban;
    return { status: "changed" };
  }
}

function hidden(iban) {
  return `${iban.slice(0, 4)} … ${iban.slice(-4)}`;
}
