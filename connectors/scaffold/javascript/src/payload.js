// From the body to neutral events. What is missing or of another kind is absent: never empty, never zero.
import { refuse } from './refuse.js';

const TYPES = new Map([
  ['order.created', 'order.created'],
  ['payout.account_changed', 'payout.destination_changed'],
]);

export function outcome(input) {
  const body = parsed(input.body);
  const shop = input.settings.find(({ name }) => name === 'shop')?.value;
  if (shop && text(body, '/shop') !== shop) {
    throw refuse('unauthenticated', 'the delivery is of another shop', '/shop');
  }
  const topic = demanded(body, '/type');
  const type = TYPES.get(topic);
  if (!type) return { tag: 'ignored', val: `${topic}: of no concern` };
  return { tag: 'events', val: [event(body, type)] };
}

function parsed(body) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw refuse('malformed', 'the body is not JSON');
  }
}

function event(body, type) {
  const ip = text(body, '/data/ip');
  const order = text(body, '/data/order_id');
  return {
    id: demanded(body, '/id'),
    type,
    occurredAt: text(body, '/created_at'),
    subject: {
      id: demanded(body, '/data/customer/id'),
      email: text(body, '/data/customer/email'),
      name: text(body, '/data/customer/name'),
      createdAt: text(body, '/data/customer/created_at'),
    },
    action: {
      description: text(body, '/data/description'),
      amount: money(body),
      destination: destination(body),
    },
    device: ip && { ip, flags: [] },
    links: order ? [{ type: 'order', id: order }] : [],
    signals: [],
    changes: [],
    attributes: [],
    test: at(body, '/test') === true,
  };
}

// Both parts or nothing: an amount without its currency is unknown.
function money(body) {
  const value = text(body, '/data/total');
  const currency = text(body, '/data/currency');
  return value && currency ? { value, currency } : undefined;
}

function destination(body) {
  const id = text(body, '/data/bank_account/id');
  return id && { id, label: text(body, '/data/bank_account/label') };
}

// What stands at a pointer, if anything does.
function at(body, pointer) {
  const own = (value, name) => (value instanceof Object && Object.hasOwn(value, name) ? value[name] : undefined);
  return pointer.slice(1).split('/').reduce(own, body);
}

// The text at a pointer, if there is one that says something.
function text(body, pointer) {
  const found = at(body, pointer);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

// A text without which there is no event.
function demanded(body, pointer) {
  const found = text(body, pointer);
  if (found === undefined) throw refuse('malformed', 'a text is missing here', pointer);
  return found;
}
