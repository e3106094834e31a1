// From GitHub's object to one neutral event. What is missing or of another kind is absent; only what makes an event
// (its id, the person who acted) is demanded.

import { isObject } from './payload.js';
import { refuse } from './refusal.js';
import { header } from './request.js';

/** Characters of a text; GitHub's own names are far shorter. */
const LONGEST = 255;
/** Members of the list of changes. */
const MOST_CHANGES = 16;

/**
 * The event of a delivery.
 *
 * @param topic the value of X-GitHub-Event
 * @param known its entry in the table of topics
 * @param body GitHub's object
 */
export function event(input, topic, known, body) {
  const sender = object(body, 'sender');
  const repository = object(body, 'repository');
  const organization = object(body, 'organization');
  const where = text(repository, 'full_name') ?? text(organization, 'login');
  return {
    id: deliveryId(input),
    type: known.type,
    occurredAt: occurredAt(topic, body),
    subject: {
      id: demanded(sender, 'id', '/sender/id'),
      email: undefined,
      phone: undefined,
      name: text(sender, 'login'),
      createdAt: undefined,
      locale: undefined,
    },
    action: {
      description: where === undefined ? undefined : `${known.phrase} ${where}`,
      amount: undefined,
      balance: undefined,
      destination: undefined,
    },
    device: undefined,
    billing: undefined,
    shipping: undefined,
    links: links(body, repository, organization),
    signals: [],
    changes: changes(topic, body),
    attributes: attributes(body, repository, organization),
    test: false,
    returnUrl: undefined,
  };
}

/** GitHub gives every delivery a GUID and repeats it when it is delivered again. */
function deliveryId(input) {
  const id = header(input, 'x-github-delivery');
  if (id === undefined || !/^[0-9A-Za-z-]{1,64}$/.test(id)) {
    throw refuse('malformed', 'the X-GitHub-Delivery header is missing or is no id');
  }
  return id;
}

/** When it happened, where the object that was made says so. */
function occurredAt(topic, body) {
  if (body.action !== 'created') {
    return undefined;
  }
  const made = { deploy_key: 'key', secret_scanning_alert: 'alert', personal_access_token_request: topic }[topic];
  return text(object(body, made), 'created_at');
}

function links(body, repository, organization) {
  const found = [
    ['repository', id(repository, 'id')],
    ['organization', id(organization, 'id')],
    ['member', id(member(body), 'id')],
    ['key', id(object(body, 'key'), 'id')],
    ['token_request', id(object(body, 'personal_access_token_request'), 'id')],
  ];
  return found.filter(([, id]) => id !== undefined).map(([type, id]) => ({ type, id }));
}

/** Names of what changed: GitHub's own list, or what the event itself means. */
function changes(topic, body) {
  if (topic === 'repository' && body.action === 'publicized') {
    return [{ field: 'visibility' }];
  }
  const names = Object.keys(object(body, 'changes')).filter((name) => /^[a-z][a-z_]{0,63}$/.test(name));
  return names.sort().slice(0, MOST_CHANGES).map((field) => ({ field }));
}

function attributes(body, repository, organization) {
  const changed = object(body, 'changes');
  const found = [
    ['action', text(body, 'action')],
    ['repository', text(repository, 'full_name')],
    ['organization', text(organization, 'login')],
    ['private', flag(repository, 'private')],
    ['member', text(member(body), 'login')],
    ['role', text(object(body, 'membership'), 'role') ?? text(object(changed, 'role_name'), 'to')],
    ['permission', text(object(changed, 'permission'), 'to')],
    ['permission_before', text(object(changed, 'permission'), 'from')],
    ['read_only', flag(object(body, 'key'), 'read_only')],
    ['secret_type', text(object(body, 'alert'), 'secret_type')],
    ['resolution', text(object(body, 'alert'), 'resolution')],
  ];
  return found.filter(([, value]) => value !== undefined).map(([name, value]) => ({ name, value }));
}

/** Who was given or lost access: of a repository, or of an organization. */
function member(body) {
  const member = object(body, 'member');
  return id(member, 'id') === undefined ? object(object(body, 'membership'), 'user') : member;
}

/** The object of this name; an empty one when there is none. */
function object(parent, name) {
  const found = parent[name];
  return isObject(found) ? found : {};
}

/** A text of usual length with whole characters. */
function text(parent, name) {
  const found = parent[name];
  const usual = typeof found === 'string' && found !== '' && found.isWellFormed() && [...found].length <= LONGEST;
  return usual ? found : undefined;
}

function flag(parent, name) {
  return typeof parent[name] === 'boolean' ? String(parent[name]) : undefined;
}

/** A whole number as text. Beyond 2^53 a double may hold a neighbour, and nobody's id is better than another's. */
function id(parent, name) {
  return Number.isSafeInteger(parent[name]) && parent[name] > 0 ? String(parent[name]) : undefined;
}

function demanded(parent, name, pointer) {
  const found = id(parent, name);
  if (found === undefined) {
    throw refuse('malformed', 'the id is missing or not a whole number below 2^53', pointer);
  }
  return found;
}
