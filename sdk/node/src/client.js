import { randomUUID } from "node:crypto";

import { AseError } from "./error.js";
import { checked, lets } from "./expectation.js";
import { call, serverUrl } from "./http.js";

/** In milliseconds, for each of at most two tries. */
const TIMEOUT = 3000;

/** A server and a key. */
export class Ase {
  // private, so that no log of the object shows the key
  #server;

  /** @param {import("./index.js").AseOptions} options */
  constructor({ url, key, timeout = TIMEOUT, fetch = globalThis.fetch }) {
    if (typeof key !== "string" || !/^[\x21-\x7e]+$/.test(key)) throw new TypeError("key: give an API key, ase_sk_...");
    if (!(timeout > 0)) throw new TypeError("timeout: must be more than 0 milliseconds");
    this.#server = { url: serverUrl(url), key, timeout, fetch };
  }

  /**
   * Sends an event before the action it tells of. The same event may be sent again: the decision stays the same.
   * @param {import("./index.js").Event} event
   * @returns {Promise<any>}
   */
  async ingest(event) {
    if (typeof event?.id !== "string" || !event.id) {
      throw new TypeError("event.id: give each event an id of its own; it is what makes a repeat safe");
    }
    return call(this.#server, "POST", "/events/ingest", event);
  }

  /**
   * Redeems a token. Never throws on anything that happens on the way: then `proceed` is false.
   * @param {unknown} token
   * @param {import("./index.js").Expectation} expected
   * @param {{ idempotencyKey?: string }} [options]
   * @returns {Promise<any>}
   */
  async verify(token, expected, { idempotencyKey = randomUUID() } = {}) {
    checked(expected);
    if (typeof token !== "string" || !token) return closed("token_missing");
    const ask = { token, expected, idempotency_key: idempotencyKey };
    try {
      const answer = await call(this.#server, "POST", "/decisions/verify", ask);
      if (answer.proceed !== true || lets(answer, expected)) return { ...answer, proceed: answer.proceed === true };
      return closed("expectation_mismatch");
    } catch (error) {
      return closed(error instanceof AseError ? error.code : "unreachable");
    }
  }

  /**
   * Redeems the token of a session, for when the browser brought none: it fetches the token with the key.
   * @param {string} sessionId
   * @param {import("./index.js").Expectation} expected
   * @param {{ idempotencyKey?: string }} [options]
   * @returns {Promise<any>}
   */
  async verifySession(sessionId, expected, options) {
    checked(expected);
    try {
      const session = await this.session(sessionId);
      // a session that is open has no token, and nobody may go on
      return await this.verify(session.decision_token, expected, options);
    } catch (error) {
      return closed(error instanceof AseError ? error.code : "unreachable");
    }
  }

  /**
   * Where a session stands.
   * @param {string} sessionId
   * @returns {Promise<any>}
   */
  async session(sessionId) {
    if (typeof sessionId !== "string" || !sessionId) throw new AseError("not_found", "there is no session without an id");
    return call(this.#server, "GET", `/sessions/${encodeURIComponent(sessionId)}`);
  }
}

/** @param {string} error */
function closed(error) {
  return { valid: false, proceed: false, error };
}
