import { describe, expect, test } from 'vitest';
import type { CloudObject } from '../../../src/domain/evidence.ts';
import { type Asked, graphError, list, notFound, ok, type Reply, startScriptedGraph } from './scripted-graph.ts';

const base = {
  displayName: 'Ann',
  proxyAddresses: [],
  otherMails: [],
  phones: [],
  groupTypes: [],
  enabledServices: [],
  provisioningErrors: [],
  onPremisesSyncEnabled: null,
};
const person: CloudObject = {
  ...base,
  id: 'u1',
  objectType: 'user',
  mail: 'ann@contoso.com',
  proxyAddresses: ['SMTP:ann@contoso.com'],
};
const synced: CloudObject = { ...person, onPremisesSyncEnabled: true, onPremisesImmutableId: 'AAA=' };

const roles = '/roleManagement/directory/roleAssignments';
const eligibility = '/roleManagement/directory/roleEligibilitySchedules';
const groups = '/users/u1/transitiveMemberOf';

const plain: Record<string, Reply> = {
  '/users/u1': ok({
    id: 'u1',
    signInActivity: {
      lastSignInDateTime: '2026-11-01T08:00:00Z',
      lastSuccessfulSignInDateTime: '2026-10-01T08:00:00Z',
      lastNonInteractiveSignInDateTime: '2026-11-20T08:00:00Z',
    },
  }),
  [roles]: list(),
  [eligibility]: list(),
  [groups]: list(),
  '/users/u1/mailboxSettings': ok({ userPurpose: 'user' }),
  '/users/u1/onPremisesSyncBehavior': ok({ id: 'u1', isCloudManaged: false }),
};

async function factsOf(object: CloudObject, answers: Record<string, Reply> = {}) {
  const graph = await startScriptedGraph({ route: ({ path }: Asked) => answers[path] ?? plain[path] ?? notFound });
  return { facts: await graph.directory.facts(object), asked: graph.asked };
}

const denied = graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges');

test('everything readable is known, with source and time', async () => {
  const { facts } = await factsOf(person);
  expect(facts).toMatchObject({
    lastSignIn: {
      state: 'known',
      value: '2026-11-20T08:00:00Z',
      source: 'Graph: signInActivity',
      at: '2026-11-25T10:00:00.000Z',
    },
    privileges: { state: 'known', value: [] },
    recipient: { state: 'known', value: 'user-mailbox' },
    isCloudManaged: { state: 'known', value: false },
    exchangeCloudManaged: { state: 'known', value: false },
    litigationHold: { state: 'unknown', remedy: expect.stringContaining('Exchange Online reader') },
  });
});

test('no sign-in on record is null, not never', async () => {
  const { facts } = await factsOf(person, { '/users/u1': ok({ id: 'u1' }) });
  expect(facts.lastSignIn).toMatchObject({ state: 'known', value: null });
});

test('Exchange mastering of a synchronised user is unknown to Graph', async () => {
  const { facts } = await factsOf(synced);
  expect(facts.exchangeCloudManaged).toMatchObject({
    state: 'unknown',
    remedy: expect.stringContaining('Exchange Online reader'),
  });
});

describe('a source that is missing makes its own fact unknown and no other', () => {
  test.each([
    ['lastSignIn', '/users/u1', ['AuditLog.Read.All', 'P1']],
    ['privileges', roles, ['RoleManagement.Read.Directory']],
    ['privileges', eligibility, ['RoleManagement.Read.Directory', 'P2']],
    ['privileges', groups, ['Group.Read.All']],
    ['isCloudManaged', '/users/u1/onPremisesSyncBehavior', ['User-OnPremisesSyncBehavior.ReadWrite.All']],
    ['recipient', '/users/u1/mailboxSettings', ['MailboxSettings.Read']],
  ] as const)('%s without %s', async (name, path, named) => {
    const { facts } = await factsOf(person, { [path]: denied });
    const states = Object.entries(facts)
      .filter(([, fact]) => fact.state === 'unknown')
      .map(([fact]) => fact);
    expect(states.toSorted()).toEqual([name, 'litigationHold'].toSorted());
    for (const word of named) expect(facts[name]).toMatchObject({ remedy: expect.stringContaining(word) });
  });

  test('when Graph is busy the remedy is time', async () => {
    const { facts } = await factsOf(person, { [roles]: graphError(503, 'ServiceUnavailable') });
    expect(facts.privileges).toMatchObject({
      state: 'unknown',
      remedy: 'Diagnose again when Microsoft Graph answers.',
    });
  });
});

describe('privileges', () => {
  const assignment = {
    id: 'a1',
    principalId: 'u1',
    roleDefinitionId: 'r1',
    roleDefinition: { displayName: 'User Administrator' },
  };

  test('name every assigned and eligible role and every role-assignable group', async () => {
    const { facts, asked } = await factsOf(person, {
      [roles]: list(assignment),
      [eligibility]: list({ id: 'e1', principalId: 'u1', roleDefinitionId: 'r2' }),
      [groups]: list(
        { id: 'g1', displayName: 'Admins', isAssignableToRole: true },
        { id: 'g2', displayName: 'Everyone', isAssignableToRole: null },
      ),
    });
    expect(facts.privileges).toMatchObject({
      state: 'known',
      value: ['assigned role User Administrator', 'eligible for role r2', 'member of role-assignable group Admins'],
    });
    const filters = asked
      .filter(({ path }) => path.startsWith('/roleManagement'))
      .map(({ query }) => query.get('$filter'));
    expect(filters).toEqual(["principalId eq 'u1'", "principalId eq 'u1'"]);
  });

  test('one found is enough, even when another part cannot be read', async () => {
    const { facts } = await factsOf(person, { [roles]: list(assignment), [eligibility]: denied });
    expect(facts.privileges).toMatchObject({ state: 'known', value: ['assigned role User Administrator'] });
  });

  test('a role-assignable group is privileged itself, a contact never is', async () => {
    const group: CloudObject = { ...base, id: 'g1', objectType: 'group', isAssignableToRole: true };
    const { facts } = await factsOf(group, { '/groups/g1/transitiveMemberOf': list() });
    expect(facts.privileges).toMatchObject({ state: 'known', value: ['is a role-assignable group'] });
    const { facts: ofContact } = await factsOf({ ...base, id: 'c1', objectType: 'contact' });
    expect(ofContact.privileges).toMatchObject({ state: 'known', value: [] });
  });
});

describe('the kind of recipient', () => {
  const settings = '/users/u1/mailboxSettings';
  const licensed: CloudObject = { ...person, enabledServices: ['exchange'] };
  const noMailbox = graphError(404, 'MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive or on-premise');
  const group = (more: Partial<CloudObject>): CloudObject => ({
    ...base,
    id: 'g1',
    objectType: 'group',
    mail: 't@contoso.com',
    ...more,
  });

  test.each<[string, CloudObject, Reply, object]>([
    ['a shared mailbox by its purpose', person, ok({ userPurpose: 'shared' }), { value: 'shared-mailbox' }],
    ['a room by its purpose', person, ok({ userPurpose: 'room' }), { value: 'room-mailbox' }],
    ['a licensed cloud user without the permission', licensed, denied, { value: 'user-mailbox' }],
    [
      'a licensed synchronised user without the permission',
      { ...licensed, onPremisesSyncEnabled: true },
      denied,
      { state: 'unknown' },
    ],
    ['a licensed user whose mailbox is not in the cloud', licensed, noMailbox, { state: 'unknown' }],
    ['an unlicensed user without the permission', person, denied, { state: 'unknown' }],
    ['a mailbox of another purpose', person, ok({ userPurpose: 'others' }), { state: 'unknown' }],
    ['a guest', { ...person, userType: 'Guest' }, noMailbox, { value: 'mail-user' }],
    ['a user without any address', { ...base, id: 'u1', objectType: 'user' }, denied, { value: 'none' }],
    [
      'a deleted user',
      { ...person, deletedDateTime: '2026-11-01T00:00:00Z' },
      ok({ userPurpose: 'user' }),
      { state: 'unknown' },
    ],
    [
      'a Microsoft 365 group',
      group({ groupTypes: ['Unified'], mailEnabled: true }),
      notFound,
      { value: 'microsoft-365-group' },
    ],
    ['a distribution group', group({ mailEnabled: true }), notFound, { value: 'distribution-group' }],
    ['a security group with a left-over address', group({ mailEnabled: false }), notFound, { value: 'none' }],
    [
      'a contact',
      { ...base, id: 'c1', objectType: 'contact', mail: 'x@fabrikam.com' },
      notFound,
      { value: 'mail-contact' },
    ],
  ])('%s', async (_, object, mailbox, expected) => {
    const { facts } = await factsOf(object, { [settings]: mailbox });
    expect(facts.recipient).toMatchObject({ ...('value' in expected ? { state: 'known' } : {}), ...expected });
  });
});
