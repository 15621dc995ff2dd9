import { expect, test } from 'vitest';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import { audit, cloud, holderNames, make, theFinding, user } from './organisation.ts';

const primary = (address: string) => ({ proxyAddresses: [`SMTP:${address}`] });

test('a new user takes over the cloud-only user with her primary address', () => {
  const finding = theFinding([user('Anna', primary('a@contoso.com')), cloud('Anna B', primary('a@contoso.com'))]);
  expect(finding).toMatchObject({
    rule: 'WouldSoftMatch',
    severity: 'warning',
    object: { name: 'Anna' },
    attribute: 'proxyAddresses',
    value: 'SMTP:a@contoso.com',
    message: expect.stringContaining('takes that object over'),
  });
  expect(holderNames(finding)).toEqual(['Anna', '(Anna B: would be soft-matched by Anna)']);
});

test('mail is the primary address of an object without one', () => {
  expect(theFinding([user('Anna', { mail: 'a@contoso.com' }), cloud('Anna', primary('a@contoso.com'))])).toMatchObject({
    rule: 'WouldSoftMatch',
    attribute: 'mail',
  });
});

test('the UPN matches when no address does', () => {
  expect(
    theFinding([
      user('Anna', { userPrincipalName: 'anna@contoso.com', ...primary('a@contoso.com') }),
      cloud('Anna', { userPrincipalName: 'Anna@contoso.com' }),
    ]),
  ).toMatchObject({
    rule: 'WouldSoftMatch',
    attribute: 'userPrincipalName',
    message: expect.stringContaining('userPrincipalName of Anna'),
  });
});

test('the address goes before the UPN; what the UPN shares with another then is a conflict', () => {
  const findings = audit([
    user('Anna', { userPrincipalName: 'anna@contoso.com', ...primary('a@contoso.com') }),
    cloud('By address', primary('a@contoso.com')),
    cloud('By name', { userPrincipalName: 'anna@contoso.com' }),
  ]);
  expect(findings.map((finding) => [finding.rule, holderNames(finding)])).toEqual([
    ['DuplicateAddress', ['Anna', 'By name']],
    ['WouldSoftMatch', ['Anna', '(By address: would be soft-matched by Anna)']],
  ]);
});

test('one finding for a pair that shares both names, and none for its aliases', () => {
  const shared = {
    userPrincipalName: 'anna@contoso.com',
    proxyAddresses: ['SMTP:a@contoso.com', 'smtp:info@contoso.com'],
  };
  expect(theFinding([user('Anna', shared), cloud('Anna', shared)]).attribute).toBe('proxyAddresses');
});

test('a privileged account blocks the match', () => {
  const finding = theFinding([
    user('Anna', primary('a@contoso.com')),
    cloud('Admin', primary('a@contoso.com'), { privileged: true }),
  ]);
  expect(finding).toMatchObject({ severity: 'error', message: expect.stringContaining('holds a directory role') });
});

test('another kind of object cannot be taken over', () => {
  const finding = theFinding([
    make('group', { displayName: 'Sales', ...primary('s@contoso.com') }),
    cloud('Sales mailbox', primary('s@contoso.com')),
  ]);
  expect(finding).toMatchObject({ severity: 'error', message: expect.stringContaining('ObjectTypeMismatch') });
});

test.each([
  ['names', { givenName: 'Anna', sn: 'Berg' }, { givenName: 'Arne', sn: 'Bach' }, 'Anna Berg and Arne Bach'],
  ['numbers', { employeeID: '1' }, { employeeID: '2' }, 'employeeIDs 1 and 2'],
])('two people by their %s: the account of one would become the account of the other', (_, one, other, words) => {
  const finding = theFinding([
    user('A', { ...one, ...primary('ab@contoso.com') }),
    cloud('B', { ...other, ...primary('ab@contoso.com') }),
  ]);
  expect(finding).toMatchObject({ severity: 'error', message: expect.stringContaining(words) });
});

test('the same employeeID speaks for one person, whatever the names are', () => {
  const finding = theFinding([
    user('A', { employeeID: '1', givenName: 'Anna', sn: 'Berg', ...primary('ab@contoso.com') }),
    cloud('B', { employeeID: '1', givenName: 'Anna', sn: 'Bach', ...primary('ab@contoso.com') }),
  ]);
  expect(finding.severity).toBe('warning');
});

test('an object that is synchronised already matches nothing any more', () => {
  const anna = user('Anna', primary('a@contoso.com'));
  const twin = cloud(
    'Anna',
    {},
    { kind: 'synchronised', onPremisesImmutableId: immutableIdOf(anna.objectGUID ?? '') ?? '' },
  );
  expect(theFinding([anna, twin, cloud('Bert', primary('a@contoso.com'))]).rule).toBe('DuplicateAddress');
});

test.each([
  ['a guest', { kind: 'guest' }],
  ['an object with a source anchor', { onPremisesImmutableId: 'x4V0iaeB60KXxjftcwd7Hw==' }],
  ['an object with an anchor of another attribute', { onPremisesImmutableId: 'employee-4711' }],
] as const)('%s is not matched', (_, facts) => {
  expect(theFinding([user('Anna', primary('a@contoso.com')), cloud('B', primary('a@contoso.com'), facts)]).rule).toBe(
    'DuplicateAddress',
  );
});

test('an alias of the cloud object alone does not match for certain: it is a duplicate', () => {
  const bert = cloud('Bert', { proxyAddresses: ['SMTP:b@contoso.com', 'smtp:a@contoso.com'] });
  expect(theFinding([user('Anna', primary('a@contoso.com')), bert]).rule).toBe('DuplicateAddress');
});

test('an object out of scope matches nothing', () => {
  const critical = user('Anna', { isCriticalSystemObject: true, ...primary('a@contoso.com') });
  expect(theFinding([critical, cloud('Bert', primary('a@contoso.com'))]).rule).toBe('JoinedDuplicate');
});

test('two that would match one: they are in conflict with each other', () => {
  const findings = audit([
    user('Anna', primary('a@contoso.com')),
    user('Bert', primary('a@contoso.com')),
    cloud('Target', primary('a@contoso.com')),
  ]);
  expect(findings.map(({ rule, message }) => [rule, message.slice(0, 60)])).toEqual([
    ['DuplicateAddress', 'The address a@contoso.com belongs to Anna and Bert.'],
    ['WouldSoftMatch', 'The primary SMTP address of Anna is that of Target, which exi'.slice(0, 60)],
    ['WouldSoftMatch', 'The primary SMTP address of Bert is that of Target, which exi'.slice(0, 60)],
  ]);
});
