import { describe, expect, test } from 'vitest';
import { sightingKeys } from '../../src/domain/sighting-keys.ts';
import { guid, sightingOf } from './evidence-builder.ts';

const anchor = 'q83vEjRWeJCrze8SNFZ4kA==';

describe('sightings of one fault', () => {
  test('have one key for each identity, the most durable first', () => {
    const all = sightingKeys(
      sightingOf({ identities: { distinguishedName: 'CN=Anna', cloudId: guid(1), sourceAnchor: anchor } }),
    );
    expect(all).toHaveLength(3);
    expect(sightingKeys(sightingOf({ identities: { sourceAnchor: anchor } }))).toEqual([all[0]]);
    expect(sightingKeys(sightingOf({ identities: { cloudId: guid(1) } }))).toEqual([all[1]]);
    expect(sightingKeys(sightingOf({ identities: { distinguishedName: 'CN=Anna' } }))).toEqual([all[2]]);
  });

  test.each([
    ['case and prefix of the value', { value: 'SMTP:Shared@Contoso.com' }],
    ['case of the cloud id', { identities: { cloudId: guid(1).toUpperCase() } }],
    ["the source's own word", { originalCode: 'AttributeValueMustBeUnique' }],
    ['the source', { source: 'sync-engine' as const }],
    ['when it occurred', { occurredAt: '2026-01-01T00:00:00.000Z' }],
  ])('share their key whatever the %s', (_what, properties) => {
    expect(sightingKeys(sightingOf(properties))).toEqual(sightingKeys(sightingOf()));
  });
});

test.each([
  ['tenant', { tenant: 'another' }],
  ['family', { family: 'LargeObject' }],
  ['object', { identities: { cloudId: guid(2) } }],
  ['attribute', { attribute: 'userPrincipalName', value: 'shared@contoso.com' }],
  ['value', { value: 'smtp:other@contoso.com' }],
])('another %s is another fault', (_what, properties) => {
  expect(sightingKeys(sightingOf(properties))).not.toEqual(sightingKeys(sightingOf()));
});

test('a source anchor keeps its case, which tells two of them apart', () => {
  const [upper] = sightingKeys(sightingOf({ identities: { sourceAnchor: anchor } }));
  expect(sightingKeys(sightingOf({ identities: { sourceAnchor: anchor.toLowerCase() } }))).not.toEqual([upper]);
});

test("without a value the source's own code tells two faults of one object apart", () => {
  const { attribute: _a, value: _v, ...bare } = sightingOf();
  expect(sightingKeys({ ...bare, originalCode: 'LargeObject' })).not.toEqual(
    sightingKeys({ ...bare, originalCode: 'DataValidationFailed' }),
  );
});
