export interface Money {
  /** A decimal string: `"900.00"`. */
  value: string;
  /** ISO 4217. */
  currency: string;
}

/** An event as `POST /events/ingest` takes it; `/docs` of your server describes every field. */
export interface Event {
  id: string;
  type: string;
  subject: { id: string; email?: string; phone?: string; name?: string; created_at?: string; locale?: string };
  action?: { description?: string; amount?: Money; balance?: Money; destination?: Record<string, unknown> };
  device?: Record<string, unknown>;
  /** Below one of the organisation's registered return URLs. It also names the one page that may be handed the token. */
  return_url?: string;
  [field: string]: unknown;
}

export interface Decision {
  event_id: string;
  outcome: "allow" | "delay_verify" | "block_escalate";
  score: number;
  reasons: { code: string; points: number; detail: string }[];
  missing: string[];
  session: { id: string; status: "pending" | "resolved" | "expired"; challenge_url: string; expires_at: string };
  decision_token: string | null;
  duplicate: boolean;
  [field: string]: unknown;
}

/** What you are about to do. The token must have been issued for exactly this. */
export interface Expectation {
  event_id?: string;
  subject_id?: string;
  /** The type of the event. */
  action?: string;
  amount?: Money;
}

export interface Verified {
  valid: true;
  /** Act on this alone. */
  proceed: boolean;
  outcome: "allow" | "block";
  session_id: string;
  org_id: string;
  event_id: string;
  subject_id: string;
  action: string;
  assurance: "score_only" | "intent_only" | "email_otp" | "sms_otp";
  issued_at: string;
  expires_at: string;
  used_at: string;
}

export interface Refused {
  valid: false;
  proceed: false;
  /**
   * `token_malformed`, `token_invalid`, `token_expired`, `token_used`, `expectation_mismatch`, `session_revoked`;
   * `token_missing`; or why nothing could be asked: `timed_out`, `unreachable`, or the code of the server's problem.
   */
  error: string;
  used_at?: string;
}

export type Verdict = Verified | Refused;

export interface Session {
  id: string;
  status: "pending" | "resolved" | "expired";
  stage: string;
  outcome: "allow" | "block" | null;
  /** Only where the key has the scope `decisions:verify` as well, and the token was issued. */
  decision_token?: string | null;
  [field: string]: unknown;
}

export interface AseOptions {
  /** Address of the server: https, or http on loopback alone. */
  url: string;
  /** `ase_sk_...`, with the scopes `events:write`, `decisions:verify` and, for `verifySession`, `sessions:read`. */
  key: string;
  /** Milliseconds for each of at most two tries; 3000 unless said otherwise. */
  timeout?: number;
  fetch?: typeof globalThis.fetch;
}

export class Ase {
  constructor(options: AseOptions);
  /** Throws `AseError`: then do not go on. */
  ingest(event: Event): Promise<Decision>;
  /** Never rejects for what happens on the way: then `proceed` is false. A wrong `expected` is a `TypeError`. */
  verify(token: unknown, expected: Expectation, options?: { idempotencyKey?: string }): Promise<Verdict>;
  /** The same for a browser that brought no token: it is fetched with the key. */
  verifySession(sessionId: string, expected: Expectation, options?: { idempotencyKey?: string }): Promise<Verdict>;
  /** Throws `AseError`. */
  session(sessionId: string): Promise<Session>;
}

export class AseError extends Error {
  constructor(code: string, detail: string, more?: { status?: number; pointer?: string; requestId?: string });
  readonly code: string;
  readonly status: number | undefined;
  readonly pointer: string | undefined;
  readonly requestId: string | undefined;
}

export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>;

export interface WebhookRequest {
  /** As it came, byte for byte. */
  body: string | Uint8Array;
  headers: WebhookHeaders;
  /** `whsec_...`; several while one is being replaced. */
  secrets: string | string[];
  /** Seconds; 300 unless said otherwise. */
  tolerance?: number;
  /** Milliseconds since 1970; the clock of this machine unless said otherwise. */
  now?: number;
}

/** The JSON of a request whose signature and time are right (Standard Webhooks). Throws `WebhookError` otherwise. */
export function verifyWebhook(request: WebhookRequest): any;

export class WebhookError extends Error {}
