import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Accidents } from './accidents.ts';
import { sweepUntil } from './cases.ts';
import { Organisation } from './organisation.ts';
import { addCloudUser, fresh, user } from './people.ts';
import { waitFor } from './wait-for.ts';

let organisation: Organisation;
const accidents = new Accidents();

beforeAll(async () => {
  organisation = await Organisation.start({ settings: accidents.settings });
});
afterEach(() => organisation.control({ 'relay.available': true, 'entra.faults': [] }));
afterAll(async () => {
  await organisation.stop();
  accidents.remove();
});

const ask = async (...objects: object[]) => organisation.api('reader', 'POST', '/api/preflight', { objects });

/** The answer for one object. */
async function answer(object: object) {
  const { status, body } = await ask(object);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.answers[0];
}

/** The same once Graph shows what was written just now: its filters lag behind writes. */
const answerOnceShown = (object: object) =>
  waitFor('the holder to be shown', async () => {
    const told = await answer(object);
    return told.problems.length > 0 && told;
  });

const joinerCalled = (alias: string, word: string) => ({
  attributes: {
    displayName: `New ${word}`,
    givenName: 'New',
    sn: word,
    sAMAccountName: `n.${word}`,
    userPrincipalName: `${alias}@contoso.com`,
    mail: `${alias}@contoso.com`,
    proxyAddresses: [`SMTP:${alias}@contoso.com`],
  },
});

describe('the address of a joiner', () => {
  test('is held by a user of Active Directory; the free one that is proposed is accepted by both directories', async () => {
    const word = fresh();
    await organisation.add(`Holder ${word}`, user(`clash.${word}`));
    await organisation.add(`Other ${word}`, user(`other.${word}`, { alsoReceives: [`new.${word}@contoso.com`] }));
    await organisation.cycle();
    const { verdict, problems, unknowns, readAt } = await answer(joinerCalled(`clash.${word}`, word));
    expect({ verdict, unknowns }).toEqual({ verdict: 'problems', unknowns: [] });
    expect(Date.parse(readAt)).not.toBeNaN();
    expect(problems).toMatchObject([
      {
        rule: 'DuplicateAddress',
        severity: 'error',
        message: expect.stringContaining(`Holder ${word} (user in contoso.com)`),
      },
    ]);
    const [{ inputs }] = problems;
    const proposed = Object.fromEntries(
      inputs.map(({ attribute, proposal }: { attribute: string; proposal: string }) => [attribute, proposal]),
    );
    expect(proposed).toEqual({
      userPrincipalName: `clash.${word}2@contoso.com`,
      mail: `clash.${word}2@contoso.com`,
      proxyAddresses: `SMTP:clash.${word}2@contoso.com`,
    });

    const wanted = joinerCalled(`clash.${word}`, word);
    const values = { ...wanted.attributes, ...proposed };
    expect(await answer({ attributes: { ...values, proxyAddresses: [proposed['proxyAddresses']] } })).toMatchObject({
      verdict: 'clear',
      problems: [],
    });
    await organisation.add(`New ${word}`, { objectClass: 'user', ...values });
    await organisation.cycle();
    const name = encodeURIComponent(`clash.${word}2@contoso.com`);
    const { body } = await organisation.graph(
      'GET',
      `/users/${name}?$select=proxyAddresses,onPremisesProvisioningErrors`,
    );
    expect(body).toMatchObject({
      proxyAddresses: [`SMTP:clash.${word}2@contoso.com`],
      onPremisesProvisioningErrors: [],
    });
  });

  test('is that of a cloud-only user, whom the joiner would take over', async () => {
    const word = fresh();
    const id = await addCloudUser(organisation, `Cloud ${word}`, `cloud.${word}@contoso.com`, {
      givenName: 'Carl',
      surname: word,
    });
    const { verdict, problems } = await answer(joinerCalled(`cloud.${word}`, word));
    expect(verdict).toBe('problems');
    expect(problems).toMatchObject([
      {
        rule: 'WouldSoftMatch',
        severity: 'error',
        wouldSoftMatch: { id },
        proposal: `new.${word}@contoso.com`,
        message: expect.stringContaining('different people'),
      },
    ]);
  });

  test('is that of a guest', async () => {
    const word = fresh();
    const invitation = {
      invitedUserEmailAddress: `guest.${word}@contoso.com`,
      inviteRedirectUrl: 'https://contoso.com',
      invitedUserDisplayName: `Guest ${word}`,
    };
    const { status } = await organisation.graph('POST', '/invitations', invitation);
    expect(status).toBe(201);
    const { problems } = await answerOnceShown(joinerCalled(`guest.${word}`, word));
    expect(problems).toMatchObject([
      {
        rule: 'DuplicateAddress',
        holders: [{ name: `Guest ${word}`, kind: 'guest' }],
        proposal: `new.${word}@contoso.com`,
      },
    ]);
  });

  test('is that of a soft-deleted user', async () => {
    const word = fresh();
    await organisation.add(`Gone ${word}`, user(`gone.${word}`));
    await organisation.cycle();
    const upn = encodeURIComponent(`gone.${word}@contoso.com`);
    const { body } = await organisation.graph('GET', `/users/${upn}`);
    expect((await organisation.graph('DELETE', `/users/${body.id}`)).status).toBe(204);
    const { problems } = await answer(joinerCalled(`gone.${word}`, word));
    expect(
      problems.flatMap(({ holders }: { holders: { kind?: string }[] }) => holders.map(({ kind }) => kind)),
    ).toContain('soft-deleted');
  });

  test('that nobody has is clear', async () => {
    const word = fresh();
    expect(await answer(joinerCalled(`free.${word}`, word))).toMatchObject({
      verdict: 'clear',
      problems: [],
      unknowns: [],
    });
  });
});

test('a mover is told by the directories as they are; herself she never meets', async () => {
  const word = fresh();
  const dn = await organisation.add(`Mover ${word}`, user(`mover.${word}`));
  await organisation.add(`Rival ${word}`, user(`rival.${word}`));
  await organisation.cycle();
  const existing = { distinguishedName: dn };
  const attributes = {
    mail: `moved.${word}@contoso.com`,
    proxyAddresses: [`SMTP:moved.${word}@contoso.com`, `smtp:mover.${word}@contoso.com`],
  };
  expect(await answer({ existing, attributes })).toMatchObject({ verdict: 'clear' });
  expect(await answer({ existing, attributes: { mail: `rival.${word}@contoso.com` } })).toMatchObject({
    problems: [{ rule: 'DuplicateAddress', holders: [{ name: `Rival ${word}` }, { side: 'entra' }] }],
  });
});

test('with the relay down the answer is unknown, and nothing is proposed', async () => {
  const word = fresh();
  const taken = `guest.${word}`;
  const invitation = { invitedUserEmailAddress: `${taken}@contoso.com`, inviteRedirectUrl: 'https://contoso.com' };
  await organisation.graph('POST', '/invitations', invitation);
  await answerOnceShown(joinerCalled(taken, word));
  await organisation.control({ 'relay.available': false });
  expect(await answer(joinerCalled(`free.${word}`, word))).toMatchObject({
    verdict: 'unknown',
    problems: [],
    unknowns: [{ what: 'who holds the values in Active Directory', because: expect.stringContaining('relay') }],
  });
  const told = await answer(joinerCalled(taken, word));
  expect(told).toMatchObject({ verdict: 'problems', problems: [{ rule: 'DuplicateAddress' }] });
  expect(JSON.stringify(told)).not.toContain('proposal');
});

test('a Graph that asks for patience is 503, and the answer says for how long', async () => {
  await organisation.control({
    'entra.faults': [{ kind: 'status', status: 429, retryAfterSeconds: 7, path: 'batch', times: 5 }],
  });
  const word = fresh();
  const { status, body } = await ask(joinerCalled(`free.${word}`, word));
  expect({ status, body }).toMatchObject({
    status: 503,
    body: { title: 'Throttled', detail: expect.stringContaining('7 seconds') },
  });
});

test('25 objects are accepted, worked off, and read in pages', async () => {
  const word = fresh();
  await organisation.add(`Holder ${word}`, user(`m7.${word}`));
  const objects = Array.from({ length: 25 }, (_, index) => ({
    key: `hr-${index}`,
    attributes: {
      userPrincipalName: `m${index}.${word}@contoso.com`,
      sAMAccountName: `m${index}.${word}`,
      displayName: `M ${index}`,
    },
  }));
  const { status, body } = await ask(...objects);
  expect({ status, body }).toMatchObject({ status: 202, body: { state: 'queued', done: 0, total: 25 } });
  const path = `/api/preflight/${body.id}`;
  await waitFor('all answers', async () => {
    const read = await organisation.api('reader', 'GET', path);
    expect(read.status).toBe(200);
    return read.body.state === 'completed';
  });
  const first = await organisation.api('reader', 'GET', `${path}?pageSize=10`);
  expect(first.body.answers).toHaveLength(10);
  expect(first.body.answers[7]).toMatchObject({ key: 'hr-7', verdict: 'problems', readAt: expect.any(String) });
  expect(first.body.answers[8]).toMatchObject({ key: 'hr-8', verdict: 'clear' });
  const rest = await organisation.api('reader', 'GET', `${first.body.next.replace('pageSize=10', 'pageSize=200')}`);
  expect(rest.body.answers.map(({ key }: { key: string }) => key)).toEqual(objects.slice(10).map(({ key }) => key));
  expect(rest.body.next).toBeUndefined();
  const { serviceBus } = organisation.stack;
  expect(serviceBus.messages('rejected')).toEqual([]);
});

test.each([
  ['before a part is put aside', 'asked', 'PUT .*/preflight/.*answers-00020'],
  ['after a part is put aside, before that is recorded', 'answered', 'PUT .*/preflight/.*answers-00020'],
] as const)('a worker that is killed %s goes on where it stood', async (name, moment, pattern) => {
  const word = fresh();
  const objects = Array.from({ length: 45 }, (_, index) => ({
    attributes: { userPrincipalName: `k${index}.${word}@contoso.com`, sAMAccountName: `k${index}.${word}` },
  }));
  const before = accidents.happened.length;
  accidents.plan([{ name, kind: 'kill', moment, request: pattern, times: 1 }]);
  const { body } = await ask(...objects);
  await waitFor('the worker to be killed', () => accidents.happened.length > before);
  const read = () => organisation.api('reader', 'GET', `/api/preflight/${body.id}?pageSize=200`);
  expect((await read()).body).toMatchObject({ state: 'running', done: 20 });
  // The host uses up the deliveries of the message while no worker is there.
  const { body: last } = await sweepUntil(organisation, 'all answers', async () => {
    const reply = await read();
    if (reply.body.state === 'running') await organisation.advance(31);
    return reply.body.state === 'completed' && reply;
  });
  expect(last.answers.map(({ verdict }: { verdict: string }) => verdict)).toEqual(objects.map(() => 'clear'));
});

test('leavers are listed by both sides with what they hold, and a shared mailbox is not', async () => {
  const word = fresh();
  const left = { userAccountControl: '514' };
  await organisation.add(`Left ${word}`, user(`left.${word}`, { more: left }));
  await organisation.add(`Here ${word}`, user(`here.${word}`, { more: { userAccountControl: '512' } }));
  await organisation.add(`Shared ${word}`, user(`shared.${word}`, { more: left }));
  const cloudId = await addCloudUser(organisation, `Cloud ${word}`, `cloud.${word}@contoso.com`, {
    accountEnabled: false,
  });
  await organisation.cycle();
  await organisation.control({
    'entra.mailboxes': {
      [`shared.${word}@contoso.com`]: 'shared',
      [`left.${word}@contoso.com`]: 'user',
      [cloudId]: 'user',
    },
    'entra.licences': { [cloudId]: true, [`shared.${word}@contoso.com`]: true },
  });
  await organisation.run('auditFull');
  await waitFor('a report of the audit', async () => {
    const { body } = await organisation.api('reader', 'GET', '/api/audits');
    return body.value.some(({ reported }: { reported?: number }) => reported !== undefined);
  });

  const listed: { name: string; side: string; holds: object }[] = [];
  let next = '';
  do {
    const { status, body } = await organisation.api('reader', 'GET', `/api/leavers?pageSize=20${next}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    listed.push(...body.value);
    next =
      body.continuationToken === undefined ? '' : `&continuationToken=${encodeURIComponent(body.continuationToken)}`;
  } while (next !== '');
  expect(listed.filter(({ name }) => name.endsWith(word))).toMatchObject([
    {
      name: `Left ${word}`,
      side: 'active-directory',
      because: 'disabled',
      holds: { addresses: [`SMTP:left.${word}@contoso.com`] },
    },
    { name: `Cloud ${word}`, side: 'entra', because: 'disabled', holds: { licensed: true } },
  ]);
});
