// The Acme connector: reads webhooks of Acme as neutral events.
//
// `signature.js` says what must be signed, `payload.js` reads the body. Nothing here holds a secret, knows the time or
// reaches outside: the same delivery always gives the same answer. A refusal is thrown as a plain object; an `Error`
// that is thrown is a fault of this connector.
import { claim } from './signature.js';
import { outcome } from './payload.js';

export const normalizer = {
  authenticate: (input) => [claim(input)],
  normalize: (input) => outcome(input),
};
