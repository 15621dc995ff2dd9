import { describe, expect, test } from 'vitest';
import type { AdObject } from '../../../dev/sync-engine/ad-object.ts';
import { flowAttributes } from '../../../dev/sync-engine/attribute-flow.ts';
import { defaultRules, type SyncRule } from '../../../dev/sync-engine/sync-rules.ts';
import { contact, group, user } from './ad-objects.ts';

const rules = defaultRules('userPrincipalName');
const flow = (
  connected: readonly AdObject[],
  given: readonly SyncRule[] = rules,
  resolve = (_dn: string): string | undefined => undefined,
) => {
  const values = flowAttributes(connected, given, resolve);
  return { values, value: (name: string) => values.get(name)?.value };
};

describe('one user', () => {
  test('most attributes flow directly, under their names in the Entra connector space', () => {
    const ann = user('ann', {
      sn: 'Ash',
      employeeID: '17',
      proxyAddresses: ['SMTP:ann@contoso.com', 'smtp:a@contoso.com'],
    });
    const { value, values } = flow([ann]);
    expect(value('userPrincipalName')).toBe('ann@contoso.com');
    expect(value('surname')).toBe('Ash');
    expect(value('employeeId')).toBe('17');
    expect(value('proxyAddresses')).toEqual(['SMTP:ann@contoso.com', 'smtp:a@contoso.com']);
    expect(values.get('proxyAddresses')).toMatchObject({
      flow: 'direct',
      source: 'proxyAddresses',
      rule: 'In from AD - User Common',
      from: ann,
    });
    expect(values.get('userPrincipalName')).toMatchObject({ flow: 'direct', rule: 'In from AD - User AccountEnabled' });
    expect(value('onPremisesDomainName')).toBe('contoso.com');
  });

  test('without a UPN the account name in the domain takes its place, by an expression', () => {
    const { values } = flow([user('ann', { userPrincipalName: [] })]);
    expect(values.get('userPrincipalName')).toMatchObject({
      value: 'ann@contoso.com',
      flow: 'expression',
      source: 'sAMAccountName',
    });
    expect(values.has('onPremisesUserPrincipalName')).toBe(false);
  });

  test('under an alternate login id the Entra user name comes from mail, and the AD UPN is still told', () => {
    const { values, value } = flow([user('ann', { mail: 'ann.ash@contoso.com' })], defaultRules('mail'));
    expect(values.get('userPrincipalName')).toMatchObject({
      value: 'ann.ash@contoso.com',
      flow: 'direct',
      source: 'mail',
    });
    expect(value('onPremisesUserPrincipalName')).toBe('ann@contoso.com');
  });

  test('a disabled account is synchronised as disabled', () => {
    expect(flow([user('ann', { userAccountControl: '514' })]).value('accountEnabled')).toBe(false);
  });

  test('the anchor is mS-DS-ConsistencyGuid where it has a value, and lineage says which one it was', () => {
    const stamped = flow([user('ann', { 'mS-DS-ConsistencyGuid': 'x4V0iaeB60KXxjftcwd7Hw==' })]).values.get(
      'sourceAnchor',
    );
    expect(stamped).toMatchObject({ value: 'x4V0iaeB60KXxjftcwd7Hw==', source: 'mS-DS-ConsistencyGuid' });
    expect(flow([user('bob')]).values.get('sourceAnchor')?.source).toBe('objectGUID');
  });

  test('a manager is a reference: its anchor, or nothing when it is not synchronised', () => {
    const ann = user('ann', { manager: 'CN=boss,DC=contoso,DC=com' });
    expect(flow([ann], rules, (dn) => (dn.startsWith('CN=boss') ? 'anchor of boss' : undefined)).value('manager')).toBe(
      'anchor of boss',
    );
    expect(flow([ann]).values.has('manager')).toBe(false);
  });
});

describe('one person in two forests', () => {
  test('sign-in attributes come from the enabled account, address attributes from the forest of the mailbox', () => {
    const mailbox = user(
      'ann',
      { userAccountControl: '514', msExchMailboxGuid: 'b', mail: 'ann@mail.com', displayName: 'Ann M' },
      'mail.com',
    );
    const account = user('ann.ash', { mail: 'old@account.com', displayName: 'Ann A' }, 'account.com');
    const { value, values } = flow([mailbox, account]);
    expect(value('userPrincipalName')).toBe('ann.ash@account.com');
    expect(value('mail')).toBe('ann@mail.com');
    expect(values.get('displayName')).toMatchObject({
      value: 'Ann M',
      rule: 'In from AD - User Common from Exchange',
      from: mailbox,
    });
  });

  test('the connector that was created first wins where nothing else decides', () => {
    expect(flow([user('one', {}, 'one.com'), user('two', {}, 'two.com')]).value('displayName')).toBe('one');
  });

  test('a linked mailbox contributes neither UPN nor anchor, even when it is alone', () => {
    const linked = user('ann', { msExchRecipientTypeDetails: '2', homeMDB: 'db', mail: 'ann@mail.com' }, 'mail.com');
    const { value, values } = flow([linked]);
    expect(value('mail')).toBe('ann@mail.com');
    expect(values.has('userPrincipalName')).toBe(false);
    expect(values.has('sourceAnchor')).toBe(false);
  });
});

test('a contact has no sign-in attributes', () => {
  const { value, values } = flow([contact('partner', { targetAddress: 'SMTP:p@fabrikam.com' })]);
  expect(value('targetAddress')).toBe('SMTP:p@fabrikam.com');
  expect(values.has('userPrincipalName')).toBe(false);
  expect(values.has('accountEnabled')).toBe(false);
});

test('the members of a group are the anchors of those that are synchronised', () => {
  const staff = group('staff', { member: ['CN=b', 'CN=a', 'CN=nobody'] });
  const anchors = new Map([
    ['CN=a', 'A'],
    ['CN=b', 'B'],
  ]);
  expect(flow([staff], rules, (dn) => anchors.get(dn)).value('members')).toEqual(['A', 'B']);
});

test('a group is a security group by its groupType, whether it has addresses or not', () => {
  const security = { groupType: '-2147483640', proxyAddresses: ['SMTP:staff@contoso.com'] };
  expect(flow([group('staff', security)]).values.get('securityEnabled')).toMatchObject({
    value: true,
    flow: 'expression',
    source: 'groupType',
  });
  expect(flow([group('list', { ...security, groupType: '8' })]).value('securityEnabled')).toBe(false);
});

test('a custom rule ahead of the default ones wins, and its flow is an expression', () => {
  const custom: SyncRule = {
    name: 'Lower mail',
    precedence: 0,
    objectType: 'user',
    scopingFilter: 'every object',
    flows: [{ target: 'mail', source: 'mail', expression: 'lowerCase' }],
  };
  expect(flow([user('ann', { mail: 'Ann@Contoso.com' })], [...rules, custom]).values.get('mail')).toMatchObject({
    value: 'ann@contoso.com',
    flow: 'expression',
    rule: 'Lower mail',
  });
});
