// The `X-Hub-Signature-256` header: what it claims to prove. It never computes or compares a signature.

import { refuse } from './refusal.js';
import { ascii, values } from './request.js';

const NAME = 'X-Hub-Signature-256';

/**
 * The claim of a delivery: HMAC-SHA-256 over the whole body, keyed with the secret's text.
 *
 * `X-Hub-Signature`, the SHA-1 of old, is never looked at: accepting it would be a downgrade. Source:
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function claims(input) {
  const given = values(input, 'x-hub-signature-256');
  if (given.length === 0) {
    throw refuse('unauthenticated', `the ${NAME} header is missing: give the webhook a secret`);
  }
  if (given.length > 1) {
    throw refuse('unauthenticated', `the ${NAME} header is given more than once`);
  }
  const found = /^sha256=([0-9a-fA-F]{64})$/.exec(ascii(given[0]) ?? '');
  if (found === null) {
    throw refuse('unauthenticated', `the ${NAME} header is not \`sha256=\` and 64 hexadecimal digits`);
  }
  return [
    {
      algorithm: 'hmac-sha256',
      key: { tag: 'utf8' },
      message: [{ tag: 'body' }],
      signatures: [bytes(found[1])],
      signedAt: undefined,
    },
  ];
}

function bytes(hex) {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
