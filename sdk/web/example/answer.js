// Reading requests and writing answers, with nothing but Node.
import { readFile } from "node:fs/promises";

const BODY_MAX = 64 << 10;
const TYPES = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };
const file = (name) => readFile(new URL(`public/${name}`, import.meta.url), "utf8");

export function answer(response, status, text, headers = {}) {
  response.writeHead(status, { "x-content-type-options": "nosniff", "cache-control": "no-store", ...headers });
  response.end(text);
}

export function json(response, status, body) {
  answer(response, status, JSON.stringify(body), { "content-type": "application/json" });
}

export async function script(response, name) {
  answer(response, 200, await file(name), { "content-type": TYPES[name.split(".").at(-1)] });
}

// The page, under a policy without one exception: no inline script, no inline style, one foreign origin.
export async function page(response, { iban, sdk, aseOrigin, headers }) {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${aseOrigin}`,
    `connect-src 'self' ${aseOrigin}`,
    "style-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  const filled = { IBAN: iban, SDK_URL: sdk.url, SDK_INTEGRITY: sdk.integrity };
  const html = (await file("index.html")).replace(/\{\{(\w+)\}\}/g, (_, name) => escaped(filled[name]));
  answer(response, 200, html, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy, ...headers });
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

// A change must come from a page of ours; browsers say where a request comes from.
export function sameOrigin(request, origin) {
  return request.headers.origin === origin && request.headers["content-type"] === "application/json";
}

export async function readJson(request) {
  try {
    const body = JSON.parse(await read(request));
    if (body && typeof body === "object") return body;
  } catch (error) {
    if (error.status) throw error;
  }
  throw Object.assign(new Error("the body is no JSON object"), { status: 400 });
}

export async function readForm(request) {
  return Object.fromEntries(new URLSearchParams(await read(request)));
}

async function read(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > BODY_MAX) throw Object.assign(new Error("the body is too long"), { status: 413 });
  }
  return text;
}
