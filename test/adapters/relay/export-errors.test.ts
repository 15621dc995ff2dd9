import { expect, test } from 'vitest';
import { sighting } from '../../../src/domain/sighting.ts';
import { ok, problem, startScriptedRelay, tenant } from './scripted-relay.ts';

const error = {
  csObjectId: '897485c7-81a7-42eb-97c6-37ed73077b1f',
  connectorName: 'contoso.onmicrosoft.com - AAD',
  distinguishedName: 'CN={783456}',
  objectType: 'user',
  sourceAnchor: 'x4V0iaeB60KXxjftcwd7Hw==',
  onPremisesDistinguishedName: 'CN=Ann,DC=contoso,DC=com',
  errorType: 'AttributeValueMustBeUnique',
  errorCode: '0x8023134a',
  errorMessage: 'Unable to update this object because …',
  extraDetails: [
    { Key: 'AttributeConflictName', Value: ['ProxyAddresses'] },
    { Key: 'AttributeConflictValues', Value: ['smtp:ann@contoso.com', 'smtp:a@contoso.com'] },
  ],
  dateOccurred: '2026-11-25T09:00:00+01:00',
  firstOccurred: '2026-11-24T09:00:00Z',
  retryCount: 3,
  displayName: 'Ann',
};

const sightings = async (...errors: object[]) => {
  const relay = await startScriptedRelay(() => ok({ errors }));
  const read = await relay.source.read();
  if (!read.ok) throw new Error(read.failure.message);
  expect(read.value).toMatchObject({ complete: true, problems: [] });
  for (const seen of read.value.sightings) sighting.parse(seen);
  return read.value.sightings;
};

test('an export error is one sighting a conflicting value, of the family of quarantines', async () => {
  const [first, second, ...more] = await sightings(error);
  expect(more).toEqual([]);
  expect(second).toEqual({ ...first, value: 'smtp:a@contoso.com' });
  expect(first).toEqual({
    v: 1,
    tenant,
    source: 'sync-engine',
    code: 'NotUnderstood',
    family: 'DuplicateValue',
    originalCode: 'AttributeValueMustBeUnique',
    objectType: 'user',
    displayName: 'Ann',
    identities: { sourceAnchor: error.sourceAnchor, distinguishedName: error.onPremisesDistinguishedName },
    attribute: 'proxyAddresses',
    value: 'smtp:ann@contoso.com',
    occurredAt: '2026-11-25T08:00:00.000Z',
    raw: error,
  });
});

test('an error that names nothing is kept whole', async () => {
  const bare = {
    ...error,
    errorType: 'FutureError',
    objectType: 'device',
    extraDetails: [],
    dateOccurred: 'long ago',
    displayName: null,
    onPremisesDistinguishedName: null,
  };
  const [seen] = await sightings(bare);
  expect(seen).toMatchObject({
    code: 'NotUnderstood',
    family: 'FutureError',
    objectType: 'unknown',
    displayName: 'CN={783456}',
    raw: bare,
  });
  expect(seen).not.toHaveProperty('value');
  expect(seen).not.toHaveProperty('occurredAt');
});

test('no errors is a complete read, an engine that is not reached is none', async () => {
  expect(await sightings()).toEqual([]);
  const relay = await startScriptedRelay(() => problem(503, 'EngineBusy', 'The script timed out'));
  expect(relay.source.name).toBe('sync-engine');
  expect(await relay.source.read()).toMatchObject({ ok: false, failure: { kind: 'TryAgain' } });
});
