// Standard Webhooks (https://www.standardwebhooks.com): who signed a request, and when.
import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE = 300;
const PREFIX = "whsec_";
const SECRET_MIN = 24;

/** A request that must not be believed. Answer it with 401. */
export class WebhookError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "WebhookError";
  }
}

/**
 * The JSON of a request whose signature and time are right. `body` must be what came, byte for byte.
 * @param {import("./index.js").WebhookRequest} request
 * @returns {any}
 */
export function verifyWebhook({ body, headers, secrets, tolerance = TOLERANCE, now = Date.now() }) {
  const keys = (Array.isArray(secrets) ? secrets : [secrets]).map(key);
  if (keys.length === 0) throw new TypeError("secrets: give at least one");
  const id = header(headers, "webhook-id");
  const time = header(headers, "webhook-timestamp");
  if (!/^\d{1,12}$/.test(time)) throw new WebhookError("webhook-timestamp is not a time");
  if (!(Math.abs(now / 1000 - Number(time)) <= tolerance)) throw new WebhookError("the request is too old, or too new");
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : Buffer.from(body);
  const signed = Buffer.concat([Buffer.from(`${id}.${time}.`, "utf8"), bytes]);
  const given = header(headers, "webhook-signature").split(" ");
  const signatures = given.filter((part) => part.startsWith("v1,")).map((part) => Buffer.from(part.slice(3), "base64"));
  const right = keys.map((secret) => createHmac("sha256", secret).update(signed).digest());
  // every pair is compared, so that the time taken tells nothing
  let good = false;
  for (const mac of right) {
    for (const signature of signatures) {
      if (signature.length === mac.length && timingSafeEqual(signature, mac)) good = true;
    }
  }
  if (!good) throw new WebhookError("no signature of the request is right");
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new WebhookError("the body is no JSON");
  }
}

/** @param {string} secret */
function key(secret) {
  const text = typeof secret === "string" && secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : "";
  const bytes = Buffer.from(text, "base64");
  // an empty key would make every signature with an empty key right
  if (bytes.length < SECRET_MIN) throw new TypeError("secrets: must be whsec_ and 24 bytes or more in base64");
  return bytes;
}

/**
 * @param {import("./index.js").WebhookHeaders} headers
 * @param {string} name
 */
function header(headers, name) {
  const plain = /** @type {Record<string, string | string[] | undefined>} */ (headers);
  const value = headers instanceof Headers ? headers.get(name) : plain[name];
  if (typeof value !== "string" || !value) throw new WebhookError(`${name} is missing, or there twice`);
  return value;
}
