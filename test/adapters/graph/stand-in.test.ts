import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGraph } from '../../../src/adapters/graph/graph.ts';
import type { Change } from '../../../src/domain/change.ts';
import { everyPermission, GraphUnderTest, token } from '../../dev/entra/graph/graph-client.ts';
import { Organisation } from '../../dev/entra/organisation.ts';

/** The adapter against the Graph stand-in: what one asks for, the other has to know. */
let under: GraphUnderTest;

beforeAll(async () => {
  under = await GraphUnderTest.start(new Organisation());
  setDefaultCACertificates([...getCACertificates('default'), under.tls.cert]);
});
afterAll(() => under.graph.stop());

function connect(roles: readonly string[] = everyPermission, expiresIn = '1h') {
  const getToken = async () => ({ token: await token(roles, expiresIn), expiresOnTimestamp: Date.now() + 3_600_000 });
  const clock = { now: () => new Date(under.organisation.clock.now()) };
  return createGraph({ baseUrl: under.graph.url, tenant: 'contoso', clock, credential: { getToken }, timeoutMs: 2000 });
}

const anchorOf = (number: number) => Buffer.alloc(16, number).toString('base64');

/** A synced user whose proxy address `wanted` loses against whoever has it. */
function quarantine(number: number, wanted: string): string {
  const name = `synced${number}@contoso.com`;
  const attributes = {
    userPrincipalName: name,
    displayName: `Synced ${number}`,
    mailNickname: `synced${number}`,
    proxyAddresses: [`SMTP:${name}`, `smtp:${wanted}`],
    onPremisesDistinguishedName: `CN=Synced ${number},OU=Staff,DC=contoso,DC=com`,
  };
  under.organisation.cycle('add', 'user', anchorOf(number), attributes);
  return under.organisation.bySourceAnchor(anchorOf(number)).id;
}

const renamed = (objectId: string, from: string, to: string): Change => ({
  target: 'entra',
  objectId,
  objectType: 'user',
  objectName: objectId,
  attribute: 'userPrincipalName',
  operation: 'replace',
  values: [to],
  before: { kind: 'single', value: from },
  after: { kind: 'single', value: to },
  stage: 'release',
});

describe('detection', () => {
  test.each([
    ['default', 3],
    ['needsConsistencyLevel', 6],
    ['unsupported', 9],
  ])('finds a quarantine when the filter is %s', async (form, calls) => {
    const wanted = `${form}@contoso.com`;
    under.organisation.cloudUser(wanted, { mail: wanted });
    const id = quarantine(calls, wanted);
    await under.organisation.set('entra.provisioningErrorFilter', form);
    const before = under.graph.calls.length;
    const read = await connect().source.read();
    expect(read).toMatchObject({ ok: true, value: { complete: true } });
    const seen = read.ok ? read.value.sightings.filter(({ identities }) => identities.cloudId === id) : [];
    expect(seen).toMatchObject([
      {
        code: 'QuarantinedProxyAddress',
        identities: { sourceAnchor: anchorOf(calls) },
        value: expect.stringContaining(wanted),
      },
    ]);
    expect(under.graph.calls.length - before).toBe(calls);
    await under.organisation.set('entra.provisioningErrorFilter', 'default');
  });
});

describe('holders', () => {
  test.each(["o'brien@contoso.com", 'sales#1@contoso.com', 'caf.e@contoso.com'])(
    '%s is found by its name',
    async (name) => {
      const { id } = under.organisation.cloudUser(name);
      const found = await connect().directory.findHolders(name);
      expect(found.ok ? found.value.map((holder) => holder.id) : found.failure).toEqual([id]);
    },
  );

  test('a deleted user is found and read with its deletion', async () => {
    const { id } = under.organisation.cloudUser('leaver@contoso.com');
    await under.send('DELETE', `/users/${id}`);
    const { directory } = connect();
    expect(await directory.findHolders('leaver@contoso.com')).toMatchObject({ ok: true, value: [{ id }] });
    expect(await directory.read('user', id)).toMatchObject({
      ok: true,
      value: { id, deletedDateTime: expect.any(String) },
    });
  });

  test('a user is found by source anchor and by employee id', async () => {
    const { directory } = connect();
    const id = quarantine(77, 'nobody77@contoso.com');
    const staff = under.organisation.cloudUser('staff@contoso.com', { employeeId: '0042' });
    under.organisation.clock.advance(5000);
    expect(await directory.readBySourceAnchor(anchorOf(77))).toMatchObject({ ok: true, value: { id } });
    expect(await directory.findByEmployeeId('0042')).toMatchObject({ ok: true, value: [{ id: staff.id }] });
  });

  test('without the permission for contacts nothing is claimed', async () => {
    const found = await connect(['User.Read.All', 'Group.Read.All']).directory.findHolders('nobody@contoso.com');
    expect(found).toMatchObject({ ok: false, failure: { kind: 'NotPermitted' } });
  });
});

describe('facts', () => {
  const factsOf = async (id: string) => {
    const { directory } = connect();
    const user = await directory.read('user', id);
    if (!user.ok) throw new Error(user.failure.message);
    return directory.facts(user.value);
  };

  test('of a licensed user who signed in', async () => {
    const { id } = under.organisation.cloudUser('worker@contoso.com', { mail: 'worker@contoso.com' });
    await under.organisation.set('entra.signIns', { [id]: '2026-11-20T08:00:00Z' });
    await under.organisation.set('entra.mailboxes', { [id]: 'shared' });
    expect(await factsOf(id)).toMatchObject({
      lastSignIn: { state: 'known', value: expect.stringContaining('2026-11-20') },
      recipient: { state: 'known', value: 'shared-mailbox' },
      privileges: { state: 'known', value: [] },
      isCloudManaged: { state: 'known', value: false },
    });
  });

  test('of an administrator, assigned, eligible and in a role-assignable group', async () => {
    const { id } = under.organisation.cloudUser('admin@contoso.com');
    const roles = { active: ['User Administrator'], eligible: ['Global Administrator'] };
    await under.organisation.set('entra.roleAssignments', { [id]: roles });
    const group = await under.send('POST', '/groups', {
      displayName: 'Tier 0',
      mailNickname: 'tier0',
      mailEnabled: false,
      securityEnabled: true,
      isAssignableToRole: true,
    });
    expect(group.status).toBe(201);
    const member = { '@odata.id': `${under.graph.url}/directoryObjects/${id}` };
    expect((await under.send('POST', `/groups/${group.body.id}/members/$ref`, member)).status).toBe(204);
    expect((await factsOf(id)).privileges).toMatchObject({
      state: 'known',
      value: [
        expect.stringMatching(/^assigned role /),
        expect.stringMatching(/^eligible for role /),
        'member of role-assignable group Tier 0',
      ],
    });
  });

  test('domains', async () => {
    expect(await connect().directory.verifiedDomains()).toMatchObject({
      state: 'known',
      value: expect.arrayContaining([
        { name: 'contoso.onmicrosoft.com', isInitial: true, authenticationType: 'Managed' },
        { name: 'contoso.com', isInitial: false, authenticationType: 'Managed' },
      ]),
    });
  });
});

describe('writes', () => {
  test('a name is changed once, and found there when asked again', async () => {
    const { id } = under.organisation.cloudUser('before@contoso.com');
    const change = renamed(id, 'before@contoso.com', 'after@contoso.com');
    const { target } = connect();
    expect(await target.apply([{ key: 'k', begun: false, change }])).toMatchObject([
      { outcome: 'Applied', alreadyThere: false },
    ]);
    expect(await target.apply([{ key: 'k', begun: true, change }])).toMatchObject([
      { outcome: 'Applied', alreadyThere: true },
    ]);
    expect(under.graph.writes.filter((write) => JSON.stringify(write).includes(id))).toHaveLength(1);
  });

  test('a synced user, a taken name, an unverified domain, a missing permission', async () => {
    const synced = quarantine(90, 'nobody90@contoso.com');
    const { id } = under.organisation.cloudUser('mover@contoso.com');
    under.organisation.cloudUser('taken@contoso.com');
    const apply = async (change: Change, roles?: string[]) =>
      (await connect(roles).target.apply([{ key: 'k', begun: false, change }]))[0];
    expect(await apply(renamed(synced, 'synced90@contoso.com', 'x@contoso.com'))).toMatchObject({
      code: 'OnPremisesMastered',
    });
    expect(await apply(renamed(id, 'mover@contoso.com', 'taken@contoso.com'))).toMatchObject({ code: 'ValueTaken' });
    expect(await apply(renamed(id, 'mover@contoso.com', 'mover@unverified.example'))).toMatchObject({
      outcome: 'Refused',
    });
    expect(await apply(renamed(id, 'mover@contoso.com', 'm2@contoso.com'), ['User.Read.All'])).toMatchObject({
      outcome: 'NotPermitted',
    });
  });

  test('an expired token is tried again', async () => {
    const { id } = under.organisation.cloudUser('patient@contoso.com');
    const change = renamed(id, 'patient@contoso.com', 'p2@contoso.com');
    expect(await connect(everyPermission, '-1h').target.apply([{ key: 'k', begun: false, change }])).toMatchObject([
      { outcome: 'TryAgain' },
    ]);
  });
});

test('every object is listed for the audit, with roles and deletions', async () => {
  const admin = under.organisation.cloudUser('audited.admin@contoso.com');
  await under.organisation.set('entra.roleAssignments', { [admin.id]: { active: ['User Administrator'] } });
  const leaver = under.organisation.cloudUser('audited.leaver@contoso.com');
  await under.send('DELETE', `/users/${leaver.id}`);
  const synced = quarantine(88, 'nobody88@contoso.com');
  const origins = new Map<string, object>();
  for await (const batch of connect().objects.read()) {
    if (batch.kind === 'failure') throw new Error(batch.failure.message);
    for (const { origin } of batch.objects) if (origin?.side === 'entra') origins.set(origin.id, origin);
  }
  expect(origins.get(admin.id)).toMatchObject({ kind: 'cloud-only', privileged: true });
  expect(origins.get(leaver.id)).toMatchObject({ kind: 'soft-deleted' });
  expect(origins.get(synced)).toMatchObject({ kind: 'synchronised', onPremisesImmutableId: anchorOf(88) });
});
