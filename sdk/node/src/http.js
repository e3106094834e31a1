// One call: a time limit, no redirects (the key would go along), a limit on what is read, one retry.
import { AseError } from "./error.js";

const ANSWER_MAX = 1 << 20;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
// What says nothing about the request itself: the same may be asked once more.
const PASSING = [500, 502, 503, 504];

/**
 * The server's address without a slash at its end: https, or http on loopback alone.
 * @param {unknown} text
 */
export function serverUrl(text) {
  let url;
  try {
    url = new URL(String(text));
  } catch {
    throw new TypeError("url: give the address of the server, such as https://ase.example");
  }
  const secure = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.includes(url.hostname));
  if (!secure) throw new TypeError("url: must be https (http on loopback alone), or the key could be read on the way");
  if (url.username || url.search || url.hash) throw new TypeError("url: must have no user, query or fragment");
  return url.href.replace(/\/+$/, "");
}

/**
 * Sends a request that may be sent twice, and returns the JSON of a good answer.
 * @param {{ url: string, key: string, timeout: number, fetch: typeof fetch }} server
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
export async function call(server, method, path, body) {
  try {
    return await once(server, method, path, body);
  } catch (error) {
    const again = error instanceof AseError && (error.status === undefined || PASSING.includes(error.status));
    if (!again) throw error;
    return once(server, method, path, body);
  }
}

/**
 * @param {{ url: string, key: string, timeout: number, fetch: typeof fetch }} server
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 */
async function once(server, method, path, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), server.timeout);
  try {
    const answer = await server.fetch(server.url + path, {
      method,
      redirect: "manual",
      signal: stop.signal,
      headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json", accept: "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = parse(await read(answer));
    if (answer.ok && json !== undefined) return json;
    throw refusal(answer, json);
  } catch (error) {
    if (error instanceof AseError) throw error;
    const late = stop.signal.aborted;
    // the cause could hold the request, so it is not passed on
    throw new AseError(late ? "timed_out" : "unreachable", late ? `no answer in ${server.timeout} ms` : "no answer came");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The body as text, up to a limit: a broken server must not fill the memory.
 * @param {Response} answer
 */
async function read(answer) {
  const chunks = [];
  let size = 0;
  const body = /** @type {AsyncIterable<Uint8Array> | null} */ (/** @type {unknown} */ (answer.body));
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > ANSWER_MAX) throw new AseError("malformed_answer", "the answer is too long", { status: answer.status });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * The JSON object of a text; undefined where it is none.
 * @param {string} text
 * @returns {Record<string, any> | undefined}
 */
function parse(text) {
  try {
    const json = JSON.parse(text);
    return json && typeof json === "object" && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {Response} answer
 * @param {Record<string, any> | undefined} json
 */
function refusal(answer, json) {
  const more = { status: answer.status, requestId: answer.headers.get("x-request-id") ?? undefined };
  if (answer.ok) return new AseError("malformed_answer", "the answer is no JSON object", more);
  if (typeof json?.code !== "string") return new AseError("unexpected_answer", `status ${answer.status}`, more);
  const pointer = typeof json.pointer === "string" && json.pointer ? json.pointer : undefined;
  return new AseError(json.code, String(json.detail ?? ""), { ...more, pointer });
}
