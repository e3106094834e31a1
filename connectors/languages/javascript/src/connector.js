// GitHub security events, in JavaScript: the component's face towards the host.
//
// `signature` says what must be signed, `payload` reads the body, `event` writes the event. Nothing here holds a
// secret, knows the time or reaches outside: the same delivery always gives the same answer. A refusal is thrown as
// the interface's record; anything else that is thrown is a fault of this connector.

import { event } from './event.js';
import { payload } from './payload.js';
import { header } from './request.js';
import { claims } from './signature.js';
import { refuse } from './refusal.js';
import { TOPICS } from './topics.js';

/** The interface `ase:connector/normalizer` of `wit/`. */
export const normalizer = {
  /** What must be true for the delivery to be authentic. */
  authenticate(input) {
    return claims(input);
  },

  /** What an authentic delivery becomes. */
  normalize(input) {
    const topic = header(input, 'x-github-event');
    if (topic === undefined || !/^[a-z_]{1,64}$/.test(topic)) {
      throw refuse('unsupported-topic', 'the X-GitHub-Event header is missing or names no event');
    }
    const actions = TOPICS.get(topic);
    if (actions === undefined && topic !== 'ping') {
      return ignored(`${topic}: of no concern`);
    }
    const body = payload(input);
    if (topic === 'ping') {
      // Headers are not signed. Only a real greeting has a hook in its body.
      if (typeof body.hook_id !== 'number') {
        throw refuse('malformed', 'a ping without the id of its hook', '/hook_id');
      }
      return ignored('ping');
    }
    if (typeof body.action !== 'string') {
      throw refuse('malformed', 'the action is missing', '/action');
    }
    const known = actions.get(body.action);
    if (known === undefined) {
      return ignored(`${topic}: another action is of no concern`);
    }
    return { tag: 'events', val: [event(input, topic, known, body)] };
  },
};

function ignored(reason) {
  return { tag: 'ignored', val: reason };
}
