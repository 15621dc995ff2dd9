import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical-json.ts';
import type { Change } from '../../src/domain/change.ts';
import { planHash } from '../../src/domain/plan-hash.ts';
import { sha256 } from '../../src/domain/sha256.ts';

const change: Change = {
  target: 'active-directory',
  objectId: 'guid',
  objectType: 'user',
  objectName: 'CN=Anna',
  attribute: 'mail',
  operation: 'replace',
  values: ['b@contoso.com'],
  before: { kind: 'single', value: 'a@contoso.com' },
  after: { kind: 'single', value: 'b@contoso.com' },
  stage: 'release',
};

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('the digest of %j is the one of FIPS 180-4', (text, expected) => {
  expect(sha256(text)).toBe(expected);
});

test('a digest is taken of the UTF-8 form', async () => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('jörg 🙂'));
  expect(sha256('jörg 🙂')).toBe(Buffer.from(digest).toString('hex'));
});

test('the hash is 64 hex digits and does not depend on the order of keys', () => {
  const turned = Object.fromEntries(Object.entries(change).reverse()) as Change;
  expect(planHash([change])).toMatch(/^[0-9a-f]{64}$/);
  expect(planHash([turned])).toBe(planHash([change]));
});

test('the hash depends on every part of a change, and on the order of changes', () => {
  const other: Change = { ...change, attribute: 'userPrincipalName' };
  const variants: Change[][] = [
    [],
    [other],
    [{ ...change, values: ['c@contoso.com'] }],
    [{ ...change, before: { kind: 'single', value: null } }],
    [{ ...change, stage: 'claim' }],
    [change, other],
    [other, change],
  ];
  const hashes = [change, ...variants].map((variant) => planHash(Array.isArray(variant) ? variant : [variant]));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('canonical JSON says the same as JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
