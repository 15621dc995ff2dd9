import { beforeEach, describe, expect, test } from 'vitest';
import type { AskedForm } from '../../src/domain/preflight.ts';
import { type Failure, succeeded } from '../../src/domain/result.ts';
import { askPreflight, type JobPorts } from '../../src/pipeline/ask-preflight.ts';
import { usualAuditPolicy } from '../../src/pipeline/audit-policy.ts';
import { continuePreflight } from '../../src/pipeline/continue-preflight.ts';
import type { PreflightMessage } from '../../src/pipeline/preflight-message.ts';
import { readPreflight } from '../../src/pipeline/read-preflight.ts';
import { resendDeadPreflights } from '../../src/pipeline/resend-preflights.ts';
import { type PreflightStore, StoreUnavailable } from '../../src/ports.ts';
import { adUser, cloudUser, guid, plainFacts, twinOf, unknown } from '../domain/evidence-builder.ts';
import { InMemoryPreflights } from './in-memory-preflights.ts';
import { World } from './world.ts';

const id = 'f'.repeat(32);
let world: World;
let preflights: InMemoryPreflights;
let ports: JobPorts;

beforeEach(() => {
  world = new World();
  preflights = new InMemoryPreflights();
  ports = { ...world.ports, preflights };
});

const asked = (attributes: AskedForm['attributes'], more: Partial<AskedForm> = {}): AskedForm => ({
  objectType: 'user',
  createIn: 'active-directory',
  attributes,
  ...more,
});
const joiner = (name: string, more: Partial<AskedForm> = {}): AskedForm =>
  asked({ givenName: 'Anna', sn: 'Berg', sAMAccountName: name, userPrincipalName: `${name}@contoso.com` }, more);
const many = (count: number): AskedForm[] => Array.from({ length: count }, (_, index) => joiner(`user${index}`));

const ask = (...objects: AskedForm[]) => askPreflight(ports, usualAuditPolicy, objects, id);

async function answers(...objects: AskedForm[]) {
  const outcome = await ask(...objects);
  if (outcome.outcome !== 'answered') throw new Error(JSON.stringify(outcome));
  return outcome.answers;
}

/** Delivers what is due. */
async function work(store: PreflightStore = preflights): Promise<void> {
  for (const { body } of world.messages.takeDue(world.clock.now()))
    await continuePreflight({ ...ports, preflights: store }, usualAuditPolicy, body as unknown as PreflightMessage);
}

describe('a short request', () => {
  test('is answered at once, with the moment of reading', async () => {
    expect(await answers(joiner('anna'))).toEqual([
      { key: '0', verdict: 'clear', problems: [], unknowns: [], readAt: world.clock.now().toISOString() },
    ]);
  });

  test('names who has the value, on both sides, and a name that both sides call free', async () => {
    world.directories.ads = [adUser({ objectGuid: guid(1), displayName: 'Old', mail: 'anna@contoso.com' })];
    world.directories.clouds = [cloudUser({ id: guid(2), mail: 'anna.berg@contoso.com' })];
    expect(await answers(joiner('anna'))).toMatchObject([
      { problems: [{ rule: 'DuplicateAddress', proposal: 'anna2@contoso.com', holders: [{ name: 'Old' }] }] },
    ]);
  });

  test('finds the account name taken', async () => {
    world.directories.ads = [adUser({ objectGuid: guid(1), displayName: 'Old', sAMAccountName: 'ANNA' })];
    expect(await answers(joiner('anna'))).toMatchObject([
      { problems: [{ rule: 'DuplicateSamAccountName', proposal: 'anna.berg' }] },
    ]);
  });

  test('finds the distinguished name taken', async () => {
    const old = adUser({ objectGuid: guid(1), displayName: 'Anna Berg' });
    world.directories.ads = [old];
    const wanted = asked({ distinguishedName: old.distinguishedName, userPrincipalName: 'x@contoso.com' });
    expect(await answers(wanted)).toMatchObject([{ problems: [{ rule: 'DistinguishedNameTaken' }] }]);
  });

  test('looks whether a user who would be taken over holds a role, and says when it cannot', async () => {
    const old = cloudUser({ id: guid(2), displayName: 'Old', userPrincipalName: 'anna@contoso.com' });
    world.directories.clouds = [old];
    world.directories.facts.set(
      old.id,
      plainFacts({ privileges: { state: 'known', value: ['admin'], source: '', at: '' } }),
    );
    expect(await answers(joiner('anna'))).toMatchObject([
      { problems: [{ rule: 'WouldSoftMatch', severity: 'error', message: expect.stringContaining('directory role') }] },
    ]);
    world.directories.facts.set(old.id, plainFacts({ privileges: unknown() }));
    expect(await answers(joiner('anna'))).toMatchObject([
      { problems: [{ rule: 'WouldSoftMatch', severity: 'warning' }], unknowns: [{ remedy: 'grant Some.Read.All' }] },
    ]);
  });

  test('asks for each value once, and for no more than 25 new ones of an object', async () => {
    const texts: string[] = [];
    const { onPremises } = ports;
    ports = {
      ...ports,
      onPremises: {
        ...onPremises,
        findHolders: async (address) => {
          texts.push(address);
          return onPremises.findHolders(address);
        },
      },
    };
    const proxyAddresses = Array.from({ length: 40 }, (_, index) => `smtp:a${index}@contoso.com`);
    const [answer] = await answers(asked({ proxyAddresses, userPrincipalName: 'a0@contoso.com', sAMAccountName: 'a' }));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.length).toBeLessThanOrEqual(25);
    expect(answer).toMatchObject({
      verdict: 'unknown',
      unknowns: [{ remedy: expect.stringContaining('other values') }],
    });
  });

  test('gives up after so many names that are taken, without one', async () => {
    const local = ['anna', 'anna.berg', ...[2, 3, 4, 5, 6, 7].flatMap((n) => [`anna${n}`, `anna.berg${n}`])];
    world.directories.clouds = local.map((name, index) =>
      cloudUser({ id: guid(index), userType: 'Guest', mail: `${name}@contoso.com` }),
    );
    const [answer] = await answers(joiner('anna'));
    expect(answer?.problems[0]).toMatchObject({ rule: 'DuplicateAddress' });
    expect(answer?.problems[0]).not.toHaveProperty('proposal');
  });

  test('is refused with the field when an attribute is none', async () => {
    expect(await ask(joiner('anna'), asked({ proxyAddress: 'x' }))).toMatchObject({
      outcome: 'malformed',
      problems: [{ field: 'objects.1.attributes.proxyAddress' }],
    });
  });
});

describe('a source that does not answer', () => {
  test('the relay: unknown with the remedy, and no proposal', async () => {
    world.directories.clouds = [cloudUser({ id: guid(2), userType: 'Guest', mail: 'anna@contoso.com' })];
    world.directories.relayIsDown = true;
    const [answer] = await answers(joiner('anna'));
    expect(answer).toMatchObject({
      verdict: 'problems',
      unknowns: [{ what: 'who holds the values in Active Directory', remedy: expect.stringContaining('relay') }],
    });
    expect(answer?.problems[0]).not.toHaveProperty('proposal');
    expect(await answers(joiner('bert'))).toMatchObject([{ verdict: 'unknown', problems: [] }]);
  });

  test('Graph, which asks for patience: nothing is answered, and for how long', async () => {
    const failure: Failure = { kind: 'TryAgain', message: 'Graph answered 429', afterSeconds: 17 };
    ports = { ...ports, directory: { ...ports.directory, findHolders: async () => ({ ok: false, failure }) } };
    expect(await ask(joiner('anna'))).toEqual({ outcome: 'throttled', seconds: 17 });
  });

  test('a permission: its name is the remedy', async () => {
    const failure: Failure = { kind: 'NotPermitted', message: 'HTTP 403', remedy: 'Grant OrgContact.Read.All.' };
    ports = { ...ports, directory: { ...ports.directory, findHolders: async () => ({ ok: false, failure }) } };
    expect(await answers(joiner('anna'))).toMatchObject([
      {
        verdict: 'unknown',
        unknowns: [{ what: 'who holds the values in Entra', remedy: 'Grant OrgContact.Read.All.' }],
      },
    ]);
  });
});

describe('an object that exists', () => {
  const ad = adUser({
    objectGuid: guid(1),
    displayName: 'Anna',
    userPrincipalName: 'anna@contoso.com',
    mail: 'anna@contoso.com',
  });
  const twin = twinOf(ad, { id: guid(101), userPrincipalName: 'anna@contoso.com', mail: 'anna@contoso.com' });
  const cloudOnly = cloudUser({ id: guid(3), displayName: 'Carl', userPrincipalName: 'carl@contoso.com' });
  beforeEach(() => {
    world.directories.ads = [ad];
    world.directories.clouds = [twin, cloudOnly];
  });

  const change = (existing: AskedForm['existing'], mail = 'new@contoso.com') => asked({ mail }, { existing });

  test.each([
    ['objectGUID', { objectGUID: guid(1) }],
    ['distinguished name', { distinguishedName: ad.distinguishedName }],
    ['UPN', { userPrincipalName: 'ANNA@contoso.com' }],
    ['the id of its twin', { entraId: guid(101) }],
    ['the id of an object of Entra alone', { entraId: guid(3) }],
    ['the UPN of an object of Entra alone', { userPrincipalName: 'carl@contoso.com' }],
  ])('is found by %s', async (_, existing) => {
    expect(await answers(change(existing))).toMatchObject([{ verdict: 'clear' }]);
  });

  test('never collides with itself or its twin', async () => {
    expect(await answers(change({ objectGUID: guid(1) }, 'anna@contoso.com'))).toMatchObject([{ verdict: 'clear' }]);
  });

  test('collides with others', async () => {
    expect(await answers(change({ objectGUID: guid(1) }, 'carl@contoso.com'))).toMatchObject([
      { problems: [{ rule: 'DuplicateAddress', holders: [{ name: 'Carl' }] }] },
    ]);
  });

  test.each([
    ['is not there', { objectGUID: guid(9) }],
    ['is not there', { entraId: guid(9) }],
    ['is not there', { distinguishedName: 'CN=Nobody' }],
    ['is not there', { userPrincipalName: 'nobody@contoso.com' }],
  ])('that %s is a problem: %j', async (_, existing) => {
    expect(await answers(change(existing))).toMatchObject([
      { verdict: 'problems', problems: [{ rule: 'ObjectNotFound' }] },
    ]);
  });

  test('is a problem when it is soft-deleted', async () => {
    world.directories.clouds = [{ ...cloudOnly, deletedDateTime: '2026-11-01T00:00:00Z' }];
    expect(await answers(change({ entraId: guid(3) }))).toMatchObject([
      { problems: [{ rule: 'ObjectNotFound', message: expect.stringContaining('soft-deleted') }] },
    ]);
  });

  test('that several are called is a problem that names them', async () => {
    world.directories.ads = [ad, { ...ad, objectGuid: guid(2), distinguishedName: 'CN=Other,DC=fabrikam,DC=com' }];
    expect(await answers(change({ userPrincipalName: 'anna@contoso.com' }))).toMatchObject([
      { problems: [{ rule: 'ObjectNotFound', message: expect.stringContaining('CN=Other') }] },
    ]);
  });

  test('that cannot be looked for is unknown', async () => {
    world.directories.relayIsDown = true;
    for (const existing of [{ objectGUID: guid(1) }, { userPrincipalName: 'anna@contoso.com' }, { entraId: guid(101) }])
      expect(await answers(change(existing))).toMatchObject([{ verdict: 'unknown', problems: [] }]);
  });

  test('whose twin cannot be looked for is judged, and what is missing is said', async () => {
    ports = {
      ...ports,
      directory: {
        ...ports.directory,
        readBySourceAnchor: async () => ({
          ok: false,
          failure: { kind: 'NotPermitted', message: '403', remedy: 'Grant it.' },
        }),
      },
    };
    expect(await answers(change({ objectGUID: guid(1) }))).toMatchObject([
      { verdict: 'unknown', unknowns: [{ what: 'whether it is synchronised already', remedy: 'Grant it.' }] },
    ]);
  });

  test('is judged without a sync engine as well: of a user Graph tells whether it is synchronised, of a group nobody', async () => {
    const failure: Failure = { kind: 'Refused', code: 'NotInstalled', message: 'no engine' };
    ports = { ...ports, onPremises: { ...ports.onPremises, joined: async () => ({ ok: false, failure }) } };
    expect(await answers(change({ objectGUID: guid(1) }))).toMatchObject([{ verdict: 'clear' }]);
    world.directories.ads = [{ ...ad, objectType: 'group' }];
    expect(await answers(change({ objectGUID: guid(1) }))).toMatchObject([
      { verdict: 'unknown', unknowns: [{ what: 'whether it is synchronised already' }] },
    ]);
  });

  test('never collides with what the sync engine has joined it with', async () => {
    const linked = adUser({ objectGuid: guid(2), forest: 'fabrikam.com', mail: 'new@contoso.com' });
    world.directories.ads = [ad, linked];
    expect(await answers(change({ objectGUID: guid(1) }))).toMatchObject([{ verdict: 'problems' }]);
    const joined = async () => succeeded([guid(1), guid(2)]);
    ports = { ...ports, onPremises: { ...ports.onPremises, joined } };
    expect(await answers(change({ objectGUID: guid(1) }))).toMatchObject([{ verdict: 'clear' }]);
  });

  test('of Entra that comes from an object that is not to be found is unknown', async () => {
    world.directories.ads = [];
    expect(await answers(change({ entraId: guid(101) }))).toMatchObject([{ verdict: 'unknown' }]);
    world.directories.clouds = [{ ...cloudOnly, objectType: 'group', onPremisesSyncEnabled: true }];
    expect(await answers(change({ entraId: guid(3) }))).toMatchObject([
      { verdict: 'unknown', unknowns: [{ remedy: 'Name it by its objectGUID.' }] },
    ]);
  });
});

describe('a long request', () => {
  test('is put aside, and answered part by part, each with the moment of its reading', async () => {
    expect(await ask(...many(45))).toMatchObject({
      outcome: 'accepted',
      id,
      job: { state: 'queued', total: 45, done: 0 },
    });
    expect(await readPreflight(ports, id, 0, 100)).toMatchObject({ job: { state: 'queued' }, answers: [] });
    await work();
    const read = await readPreflight(ports, id, 0, 100);
    expect(read?.job).toMatchObject({ state: 'completed', done: 45 });
    expect(read?.answers).toHaveLength(45);
    expect(read?.answers.at(44)).toMatchObject({ key: '44', verdict: 'clear', readAt: expect.stringMatching(/Z$/) });
    expect((await readPreflight(ports, id, 18, 5))?.answers).toMatchObject(
      ['18', '19', '20', '21', '22'].map((key) => ({ key })),
    );
    expect((await readPreflight(ports, id, 45, 5))?.answers).toEqual([]);
  });

  test('of few objects with many values is long as well', async () => {
    const proxyAddresses = Array.from({ length: 101 }, (_, index) => `smtp:a${index}@contoso.com`);
    expect(await ask(asked({ proxyAddresses }))).toMatchObject({ outcome: 'accepted' });
  });

  test('holds all its objects against each other, and promises no value twice', async () => {
    await ask(
      ...many(30).map((object) => ({ ...object, attributes: { ...object.attributes, mail: 'shared@contoso.com' } })),
    );
    await work();
    const read = await readPreflight(ports, id, 0, 100);
    const proposals = read?.answers.flatMap((answer) => {
      const { problems } = answer as {
        problems: { rule: string; proposal?: string; holders: unknown[]; furtherHolders: number }[];
      };
      expect(problems).toMatchObject([{ rule: 'DuplicateAddress', attribute: 'mail' }]);
      expect(problems[0]?.holders).toHaveLength(20);
      expect(problems[0]?.furtherHolders).toBe(9);
      return problems[0]?.proposal ?? [];
    });
    expect(proposals?.length).toBeGreaterThan(1);
    expect(new Set(proposals).size).toBe(proposals?.length);
  });

  test('with one idempotency key is one, and another request is a conflict', async () => {
    const objects = many(21);
    await ask(...objects);
    expect(await ask(...objects)).toMatchObject({ outcome: 'accepted', id });
    expect(world.messages.sent).toHaveLength(1);
    expect(await ask(...many(22))).toEqual({ outcome: 'conflict' });
    await work();
    expect(await ask(...objects)).toMatchObject({ outcome: 'accepted', job: { state: 'completed' } });
  });

  test('cannot be put aside without Service Bus or the store, and can be asked again', async () => {
    world.messages.available = false;
    await expect(ask(...many(21))).rejects.toThrow(StoreUnavailable);
    world.messages.available = true;
    expect(await ask(...many(21))).toMatchObject({ outcome: 'accepted' });
    preflights.available = false;
    await expect(ask(...many(22))).rejects.toThrow(StoreUnavailable);
  });

  test('goes on where it stood after the worker died, and answers what was not recorded again', async () => {
    await ask(...many(45));
    let puts = 0;
    const dying = new Proxy(preflights, {
      get(target, name: keyof InMemoryPreflights) {
        if (name === 'replace' && puts++ === 1) throw new Error('the worker was killed');
        const value = target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const [message] = world.messages.sent;
    await expect(work(dying)).rejects.toThrow('killed');
    expect(preflights.jobs.get(id)?.job).toMatchObject({ state: 'running', done: 20 });
    await continuePreflight(ports, usualAuditPolicy, message?.body as unknown as PreflightMessage);
    expect((await readPreflight(ports, id, 0, 100))?.answers).toHaveLength(45);
  });

  test('two workers with one message: the slower one ends', async () => {
    await ask(...many(45));
    const [message] = world.messages.sent;
    const body = message?.body as unknown as PreflightMessage;
    await Promise.all([
      continuePreflight(ports, usualAuditPolicy, body),
      continuePreflight(ports, usualAuditPolicy, body),
    ]);
    expect((await readPreflight(ports, id, 0, 100))?.job).toMatchObject({ state: 'completed', done: 45 });
  });

  test('waits as long as Graph asks, says so, and goes on', async () => {
    await ask(...many(25));
    const failure: Failure = { kind: 'TryAgain', message: 'Graph answered 429', afterSeconds: 300 };
    const open = ports;
    ports = { ...ports, directory: { ...ports.directory, findHolders: async () => ({ ok: false, failure }) } };
    await work();
    expect(preflights.jobs.get(id)?.job).toMatchObject({
      state: 'running',
      done: 0,
      message: expect.stringContaining('asked to wait'),
    });
    ports = open;
    world.pass(290);
    await work();
    expect(preflights.jobs.get(id)?.job.done).toBe(0);
    world.pass(20);
    await work();
    const { job } = preflights.jobs.get(id) ?? {};
    expect(job).toMatchObject({ state: 'completed', done: 25 });
    expect(job).not.toHaveProperty('message');
  });

  test('that is throttled for a day has failed', async () => {
    await ask(...many(25));
    const failure: Failure = { kind: 'TryAgain', message: 'Graph answered 429', afterSeconds: 3600 };
    ports = { ...ports, directory: { ...ports.directory, findHolders: async () => ({ ok: false, failure }) } };
    for (let hours = 0; hours < 30; hours++) {
      await work();
      world.pass(3700);
    }
    expect(preflights.jobs.get(id)?.job).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('for a day'),
    });
    expect(world.messages.sent).toEqual([]);
  });

  test('waits for a relay that is down for a while, then answers that it is not known', async () => {
    await ask(...many(45));
    world.directories.relayIsDown = true;
    for (let minutes = 0; minutes < 20; minutes++) {
      await work();
      if (minutes === 1) expect(preflights.jobs.get(id)?.job).toMatchObject({ done: 0, state: 'running' });
      world.pass(60);
    }
    const read = await readPreflight(ports, id, 0, 100);
    expect(read?.job).toMatchObject({ state: 'completed', done: 45 });
    expect(read?.answers[0]).toMatchObject({ verdict: 'unknown' });
  });

  test('whose rest cannot be scheduled goes back to the broker', async () => {
    await ask(...many(25));
    world.directories.relayIsDown = true;
    const [message] = world.messages.sent;
    world.messages.available = false;
    const body = message?.body as unknown as PreflightMessage;
    await expect(continuePreflight(ports, usualAuditPolicy, body)).rejects.toThrow('could not be scheduled');
  });

  test('whose message became a dead letter is sent again after half a minute', async () => {
    await ask(...many(25));
    const [message] = world.messages.takeDue(world.clock.now());
    world.messages.deadLetters.push(
      { queue: 'preflight', body: message?.body },
      { queue: 'preflight', body: 'nonsense' },
    );
    expect(await resendDeadPreflights(ports)).toBe(2);
    await work();
    expect(preflights.jobs.get(id)?.job.done).toBe(0);
    world.pass(31);
    await work();
    expect(preflights.jobs.get(id)?.job).toMatchObject({ state: 'completed', done: 25, deadLetters: 0 });
  });

  test('that ends the worker again and again has failed, and what is answered stays', async () => {
    await ask(...many(25));
    for (let round = 0; round < 4; round++) {
      world.pass(31);
      const [message] = world.messages.takeDue(world.clock.now());
      expect(message, `round ${round}`).toBeDefined();
      world.messages.deadLetters.push({ queue: 'preflight', body: message?.body });
      await resendDeadPreflights(ports);
    }
    expect(await readPreflight(ports, id, 0, 100)).toMatchObject({
      job: { state: 'failed', message: expect.stringContaining('ended') },
    });
    world.pass(3600);
    await work();
    expect(preflights.jobs.get(id)?.job.state).toBe('failed');
  });

  test('stays a dead letter while it can be neither recorded nor sent', async () => {
    await ask(...many(25));
    const [message] = world.messages.takeDue(world.clock.now());
    world.messages.deadLetters.push({ queue: 'preflight', body: message?.body });
    world.messages.available = false;
    expect(await resendDeadPreflights(ports)).toBe(0);
    world.messages.available = true;
    expect(await resendDeadPreflights(ports)).toBe(1);
    expect(await resendDeadPreflights(ports)).toBe(0);
  });

  test('is answered for seven days', async () => {
    await ask(...many(21));
    await work();
    world.pass(7 * 86_400 - 60);
    expect(await readPreflight(ports, id, 0, 100)).not.toBeNull();
    world.pass(120);
    expect(await readPreflight(ports, id, 0, 100)).toBeNull();
    expect(await readPreflight({ ...ports, tenant: 'other' }, id, 0, 100)).toBeNull();
    expect(await readPreflight(ports, 'e'.repeat(32), 0, 100)).toBeNull();
  });
});
