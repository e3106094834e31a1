// The header `x-acme-signature: t=<seconds>,v1=<hexadecimal>`: HMAC-SHA-256 over `<t>.<body>`.
//
// It says what must be true. The host has the secret, computes and compares.
import { refuse } from './refuse.js';

export function claim(input) {
  const header = input.headers.find(({ name }) => name === 'x-acme-signature');
  if (!header) throw no('the x-acme-signature header is missing');
  const items = new TextDecoder().decode(header.value).split(',').map((item) => item.split('='));
  const time = items.filter(([name]) => name === 't').map(([, value]) => value).at(-1);
  const signatures = items.filter(([name]) => name === 'v1').map(([, value]) => bytes(value)).filter(Boolean);
  if (!/^[0-9]+$/.test(time ?? '') || signatures.length === 0) {
    throw no('the x-acme-signature header is not t=<seconds>,v1=<hexadecimal>');
  }
  return {
    algorithm: 'hmac-sha256',
    key: { tag: 'utf8' },
    // the characters of the time as they were sent, since these were signed
    message: [{ tag: 'literal', val: new TextEncoder().encode(`${time}.`) }, { tag: 'body' }],
    signatures,
    signedAt: Number(time),
  };
}

// Bytes of hexadecimal digits.
function bytes(digits) {
  if (!/^([0-9a-fA-F]{2})+$/.test(digits ?? '')) return null;
  return Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
}

function no(message) {
  return refuse('unauthenticated', message);
}
