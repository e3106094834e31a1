// From the body's bytes to its JSON object, in both forms that GitHub sends.

import { refuse } from './refusal.js';
import { header } from './request.js';

/** Nesting beyond this is no webhook, and would be a question to the engine's stack. */
const DEEPEST = 64;
/** Bytes turned into text at once: arguments of one call. */
const CHUNK = 8192;
/** Whatever is no bracket, strings whole. Their loop is unrolled: an engine remembers a way back for each turn. */
const BETWEEN = /"[^"\\]*(?:\\.[^"\\]*)*"?|[^"[\]{}]+/gs;

/** The JSON object of a delivery: the body itself, or the form field `payload`. */
export function payload(input) {
  let text = utf8(input.body);
  const type = header(input, 'content-type') ?? '';
  if (type.split(';')[0].trim().toLowerCase() === 'application/x-www-form-urlencoded') {
    text = field(text);
  }
  if (isTooDeep(text)) {
    throw refuse('malformed', `the body is nested deeper than ${DEEPEST}`, '');
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw sayIf(SyntaxError, error, 'the body is not JSON');
  }
  if (!isObject(body)) {
    throw refuse('malformed', 'the body is not a JSON object', '');
  }
  return body;
}

/** True of an object, and of nothing else that JSON has. */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Strict UTF-8. The engine has no `TextDecoder`; `escape` writes each byte as `decodeURIComponent` reads it. */
function utf8(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK));
  }
  try {
    return /^[\x00-\x7f]*$/.test(text) ? text : decodeURIComponent(escape(text));
  } catch (error) {
    throw sayIf(URIError, error, 'the body is not UTF-8');
  }
}

/** The one field `payload` of a form (WHATWG URL, application/x-www-form-urlencoded). */
function field(form) {
  const found = form.split('&').filter((pair) => pair.startsWith('payload='));
  if (found.length !== 1) {
    throw refuse('malformed', 'the form does not have exactly one field `payload`', '');
  }
  try {
    return decodeURIComponent(found[0].slice('payload='.length).replaceAll('+', ' '));
  } catch (error) {
    throw sayIf(URIError, error, 'the form field `payload` is not percent-encoded UTF-8');
  }
}

/** Whether brackets nest deeper than `DEEPEST`; those within strings do not count. */
function isTooDeep(text) {
  let depth = 0;
  for (const bracket of text.replace(BETWEEN, '')) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1;
    if (depth > DEEPEST) {
      return true;
    }
  }
  return false;
}

/** The refusal that an error of this kind means. Any other, such as too little memory, stays the fault that it is. */
function sayIf(kind, error, message) {
  return error instanceof kind ? refuse('malformed', message, '') : error;
}
