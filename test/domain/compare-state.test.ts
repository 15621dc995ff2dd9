import { expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import { compareState, stateOf, stillShows } from '../../src/domain/compare-state.ts';

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

const toLowerCase: Change = {
  ...rename,
  before: { kind: 'single', value: 'Bo2@contoso.com' },
  after: { kind: 'single', value: 'bo2@contoso.com' },
};
const cleared: Change = { ...rename, values: [], after: { kind: 'single', value: null } };

test.each([
  ['a removed address', removal, [primary], true],
  ['a removed address beside new ones', removal, [primary, 'X500:/o=a'], true],
  ['a primary address in another case', removal, ['SMTP:Bo@Contoso.com'], true],
  ['a removed address that is back, in another case', removal, [primary, 'smtp:SHARED@contoso.com'], false],
  [
    'a removed address that is back as the primary one',
    removal,
    ['smtp:bo@contoso.com', 'SMTP:shared@contoso.com'],
    false,
  ],
  ['a new name', rename, ['bo2@contoso.com'], true],
  ['a new name in another case', rename, ['BO2@Contoso.com'], true],
  ['the former name', rename, ['bo@contoso.com'], false],
  ['a third name', rename, ['bo3@contoso.com'], false],
  ['no name', rename, [], false],
  ['the former name, which differs in case alone', toLowerCase, ['Bo2@contoso.com'], false],
  ['a third way to write a name', toLowerCase, ['BO2@contoso.com'], true],
  ['a cleared attribute', cleared, [], true],
  ['a cleared attribute that was set again', cleared, ['bo@contoso.com'], false],
])('an applied change still shows: %s', (_story, change, values, expected) => {
  expect(stillShows(change, stateOf(change, values))).toBe(expected);
});
