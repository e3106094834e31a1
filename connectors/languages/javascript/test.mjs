// Every case of ../cases.json against the sources themselves, without WebAssembly: `node --test`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { normalizer } from './src/connector.js';

const cases = JSON.parse(readFileSync(new URL('../cases.json', import.meta.url)));

/** What `call` returns or throws; a fault of the connector is thrown on. */
function answer(call) {
  try {
    return call();
  } catch (refusal) {
    if (refusal instanceof Error) {
      throw refusal;
    }
    return { refused: refusal };
  }
}

/** An outcome as the cases write it: without what is absent. */
function written(said) {
  const events = (list) => ({ events: list.map((event) => JSON.parse(JSON.stringify(event, rename))) });
  const shown = said.refused ? said : said.tag === 'events' ? events(said.val) : { [said.tag]: said.val };
  return JSON.parse(JSON.stringify(shown));
}

/** Attributes as the object that the host makes of them, and the two names that differ. */
function rename(key, value) {
  if (key === 'attributes') {
    return Object.fromEntries(value.map(({ name, value }) => [name, value]));
  }
  if (key === '' && value.occurredAt !== undefined) {
    const { occurredAt, ...rest } = value;
    return { ...rest, occurred_at: occurredAt };
  }
  return value;
}

function delivery({ headers, body }) {
  const bytes = (text) => new TextEncoder().encode(text);
  const list = Object.entries(headers).map(([name, value]) => ({ name, value: bytes(value) }));
  return { id: 'case', receivedAt: 0, headers: list, query: '', body: bytes(body), settings: [] };
}

for (const given of cases) {
  test(given.name, () => {
    const said = () => written(answer(() => normalizer.normalize(delivery(given))));
    assert.deepEqual(said(), given.expect);
    assert.deepEqual(said(), said(), 'the same again');
  });
}

test('a signature becomes a claim over the whole body', () => {
  const signed = (value) => delivery({ headers: { 'x-hub-signature-256': value }, body: '' });
  const [claim] = normalizer.authenticate(signed(`sha256=${'0aF9'.repeat(16)}`));
  assert.equal(Buffer.from(claim.signatures[0]).toString('hex'), '0af9'.repeat(16));
  assert.deepEqual([claim.algorithm, claim.message], ['hmac-sha256', [{ tag: 'body' }]]);
  for (const wrong of ['', 'sha256=', `sha1=${'0'.repeat(40)}`, `sha256=${'0'.repeat(63)}g`, `sha256=${'0'.repeat(65)}`]) {
    const { refused } = answer(() => normalizer.authenticate(signed(wrong)));
    assert.equal(refused.reason, 'unauthenticated', wrong);
  }
  const unsigned = answer(() => normalizer.authenticate(delivery({ headers: {}, body: '' })));
  assert.equal(unsigned.refused.reason, 'unauthenticated');
});
