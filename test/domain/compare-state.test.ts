import { expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import { compareState, stateOf } from '../../src/domain/compare-state.ts';

const common = {
  target: 'active-directory',
  objectId: 'g',
  objectType: 'user',
  objectName: 'n',
  stage: 'release',
} as const;
const primary = 'SMTP:bo@contoso.com';
const removal: Change = {
  ...common,
  attribute: 'proxyAddresses',
  operation: 'delete',
  values: ['smtp:shared@contoso.com'],
  before: { kind: 'multiple', present: ['smtp:shared@contoso.com'], absent: [], primary },
  after: { kind: 'multiple', present: [], absent: ['smtp:shared@contoso.com'], primary },
};
const rename: Change = {
  ...common,
  attribute: 'userPrincipalName',
  operation: 'replace',
  values: ['bo2@contoso.com'],
  before: { kind: 'single', value: 'bo@contoso.com' },
  after: { kind: 'single', value: 'bo2@contoso.com' },
};

test.each([
  ['as planned', [primary, 'smtp:shared@contoso.com'], false, 'write'],
  ['as planned, though an earlier attempt had begun', [primary, 'smtp:shared@contoso.com'], true, 'write'],
  ['with other values beside', [primary, 'X500:/o=a', 'smtp:SHARED@contoso.com'], false, 'write'],
  ['done by the earlier attempt', [primary], true, 'already'],
  ['done by somebody else', [primary], false, 'stale'],
  ['with another primary address', ['SMTP:new@contoso.com', 'smtp:shared@contoso.com'], false, 'stale'],
  ['with the value made primary', ['SMTP:shared@contoso.com', 'smtp:bo@contoso.com'], false, 'stale'],
  ['done, and with another primary address', ['SMTP:new@contoso.com'], true, 'stale'],
  ['empty', [], true, 'stale'],
])('an attribute found %s', (_story, values, begun, expected) => {
  expect(compareState(removal, stateOf(removal, values), begun)).toBe(expected);
});

test.each([
  ['bo@contoso.com', false, 'write'],
  ['bo2@contoso.com', false, 'stale'],
  ['bo2@contoso.com', true, 'already'],
  ['bo3@contoso.com', true, 'stale'],
  [null, true, 'stale'],
])('a name found as %s, begun: %s', (value, begun, expected) => {
  expect(compareState(rename, stateOf(rename, value === null ? [] : [value]), begun)).toBe(expected);
});

test('a state of the other form is stale, never written over', () => {
  expect(compareState(rename, stateOf(removal, []), false)).toBe('stale');
});
