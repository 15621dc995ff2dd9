import { Attribute, Change as LdapChange } from 'ldapts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ValueState } from '../../../src/domain/change.ts';
import { applyChanges, readStates } from '../../../src/relay/ldap/changes.ts';
import { DoneWrites } from '../../../src/relay/ldap/idempotency.ts';
import { changeAnswer, type DirectoryChange, directoryChange } from '../../../src/relay-contract.ts';
import { type Forests, startForests } from '../forests.ts';

let forests: Forests;
beforeAll(async () => {
  forests = await startForests();
});
afterAll(() => forests.stop());
afterEach(async () => {
  await forests.set('ad.faults', {});
  await forests.set('ad.replicationDelaySeconds', 0);
});

const users = 'CN=Users,DC=contoso,DC=com';
const single = (value: string | null): ValueState => ({ kind: 'single', value });
const multiple = (present: string[], absent: string[] = [], primary: string | null = null): ValueState => ({
  kind: 'multiple',
  present,
  absent,
  primary,
});

let count = 0;
async function addUser(attributes: Readonly<Record<string, string | string[]>>, container = users) {
  count += 1;
  const dn = await forests.add(`CN=User ${count},${container}`, { objectClass: 'user', ...attributes });
  return { dn, objectGuid: await forests.guidOf(dn) };
}

type Planned = Pick<DirectoryChange, 'objectGuid' | 'attribute' | 'operation' | 'values' | 'before' | 'after'> & {
  forest?: string;
};

const plan = (change: Planned): DirectoryChange => directoryChange.parse({ forest: 'contoso.com', ...change });
const rename = (objectGuid: string, from: string | null, to: string | null): DirectoryChange =>
  plan({
    objectGuid,
    attribute: 'userPrincipalName',
    operation: 'replace',
    values: to === null ? [] : [to],
    before: single(from),
    after: single(to),
  });
const drop = (objectGuid: string, value: string, primary: string | null = null): DirectoryChange =>
  plan({
    objectGuid,
    attribute: 'proxyAddresses',
    operation: 'delete',
    values: [value],
    before: multiple([value], [], primary),
    after: multiple([], [value], primary),
  });
const put = (objectGuid: string, value: string, primary: string | null = null): DirectoryChange =>
  plan({
    objectGuid,
    attribute: 'proxyAddresses',
    operation: 'add',
    values: [value],
    before: multiple([], [value], primary),
    after: multiple([value], [], primary),
  });

async function apply(
  change: DirectoryChange,
  { begun = false, done = new DoneWrites(), key = 'k', directory = forests.directory } = {},
) {
  const [answer] = await applyChanges(directory, done, [{ idempotencyKey: key, begun, change }]);
  return changeAnswer.parse(answer);
}

async function valuesOf(dn: string, attribute: string, controller = 'dc1'): Promise<string[]> {
  const { searchEntries } = await forests.admin(controller).search(dn, { scope: 'base', attributes: [attribute] });
  return [searchEntries[0]?.[attribute] ?? []].flat().map(String).sort();
}

const modify = (dn: string, attribute: string, operation: 'add' | 'delete' | 'replace', ...values: string[]) =>
  forests
    .admin('dc1')
    .modify(dn, new LdapChange({ operation, modification: new Attribute({ type: attribute, values }) }));

describe('reading the state', () => {
  it('tells a single value, or that there is none', async () => {
    const { objectGuid } = await addUser({ userPrincipalName: 'state1@contoso.com' });
    const answers = await readStates(forests.directory, [
      rename(objectGuid, 'state1@contoso.com', 'x@contoso.com'),
      plan({
        objectGuid,
        attribute: 'mail',
        operation: 'replace',
        values: ['m@c.d'],
        before: single(null),
        after: single('m@c.d'),
      }),
    ]);
    expect(answers).toMatchObject([
      { outcome: 'state', found: single('state1@contoso.com'), domainController: 'dc1.contoso.com' },
      { outcome: 'state', found: single(null) },
    ]);
  });

  it('tells touched values and the primary, and nothing of the others', async () => {
    const { objectGuid } = await addUser({
      proxyAddresses: ['SMTP:p@contoso.com', 'smtp:A@contoso.com', 'x500:/o=other'],
    });
    const [answer] = await readStates(forests.directory, [drop(objectGuid, 'smtp:a@contoso.com')]);
    expect(answer).toMatchObject({ found: multiple(['smtp:a@contoso.com'], [], 'SMTP:p@contoso.com') });
  });
});

describe('reading the state on a named controller', () => {
  const on = async (controller: string, change: DirectoryChange) =>
    changeAnswer.parse((await readStates(forests.directory, [change], controller))[0]);

  it('reads that one, whatever another one holds', async () => {
    const { dn, objectGuid } = await addUser({ userPrincipalName: 'lag1@contoso.com' });
    await forests.set('ad.replicationDelaySeconds', 900);
    forests.clock.advance(1_000_000);
    await modify(dn, 'userPrincipalName', 'replace', 'lag2@contoso.com');
    const change = rename(objectGuid, 'lag1@contoso.com', 'lag2@contoso.com');
    expect(await on('DC1.contoso.com', change)).toMatchObject({
      found: single('lag2@contoso.com'),
      domainController: 'dc1.contoso.com',
    });
    expect(await on('dc2.contoso.com', change)).toMatchObject({
      found: single('lag1@contoso.com'),
      domainController: 'dc2.contoso.com',
    });
  });

  it('does not ask another one when it does not answer, or is none of ours', async () => {
    const { objectGuid } = await addUser({ userPrincipalName: 'lag3@contoso.com' });
    const change = rename(objectGuid, 'lag3@contoso.com', 'x@contoso.com');
    await forests.set('ad.faults', { down: ['dc2.contoso.com'] });
    expect(await on('dc2.contoso.com', change)).toMatchObject({ outcome: 'tryAgain' });
    await forests.set('ad.faults', {});
    expect(await on('dc9.contoso.com', change)).toMatchObject({ outcome: 'refused', code: 'UnknownController' });
    expect(await on('dc1.contoso.com', { ...change, forest: 'nowhere.com' })).toMatchObject({ code: 'UnknownForest' });
  });

  it('cannot tell while a controller that has not said its name may be the one', async () => {
    const { objectGuid } = await addUser({ userPrincipalName: 'lag4@contoso.com' });
    await forests.set('ad.faults', { down: ['dc2.contoso.com'] });
    const directory = forests.connect((forest) => forest);
    const change = rename(objectGuid, 'lag4@contoso.com', 'x@contoso.com');
    expect(await readStates(directory, [change], 'dc2.contoso.com')).toMatchObject([{ outcome: 'tryAgain' }]);
  });

  it('finds an object that was renamed, and knows one that is elsewhere from one that is gone', async () => {
    const { dn, objectGuid } = await addUser({ userPrincipalName: 'lag5@contoso.com' });
    const change = rename(objectGuid, 'lag5@contoso.com', 'x@contoso.com');
    const renamed = `CN=Renamed ${count},${users}`;
    await forests.admin('dc1').modifyDN(dn, renamed);
    expect(await on('dc1.contoso.com', change)).toMatchObject({ outcome: 'state', found: single('lag5@contoso.com') });
    expect(await on('dc3.eu.contoso.com', change)).toMatchObject({
      outcome: 'tryAgain',
      message: expect.stringContaining('is not on dc3.eu.contoso.com'),
    });
    await forests.admin('dc1').del(renamed);
    expect(await on('dc1.contoso.com', change)).toMatchObject({ outcome: 'gone' });
  });
});

describe('writing', () => {
  it('replaces a user principal name and answers where and with which USN', async () => {
    const { dn, objectGuid } = await addUser({ userPrincipalName: 'before@contoso.com' });
    const answer = await apply(rename(objectGuid, 'before@contoso.com', 'after@contoso.com'));
    expect(answer).toMatchObject({
      outcome: 'applied',
      domainController: 'dc1.contoso.com',
      usn: expect.stringMatching(/^\d+$/),
    });
    expect(await valuesOf(dn, 'userPrincipalName')).toEqual(['after@contoso.com']);
  });

  it('removes one alias, whatever its case, and leaves the others alone', async () => {
    const { dn, objectGuid } = await addUser({
      proxyAddresses: ['SMTP:q@contoso.com', 'smtp:Gone@Contoso.com', 'x500:/o=keep'],
    });
    expect(await apply(drop(objectGuid, 'smtp:gone@contoso.com', 'SMTP:q@contoso.com'))).toMatchObject({
      outcome: 'applied',
    });
    expect(await valuesOf(dn, 'proxyAddresses')).toEqual(['SMTP:q@contoso.com', 'x500:/o=keep']);
  });

  it('changes the primary address in one step', async () => {
    const { dn, objectGuid } = await addUser({ proxyAddresses: ['SMTP:one@contoso.com', 'smtp:two@contoso.com'] });
    const change = plan({
      objectGuid,
      attribute: 'proxyAddresses',
      operation: 'replace',
      values: ['SMTP:two@contoso.com'],
      before: multiple(['SMTP:one@contoso.com', 'smtp:two@contoso.com'], [], 'SMTP:one@contoso.com'),
      after: multiple(['smtp:one@contoso.com', 'SMTP:two@contoso.com'], [], 'SMTP:two@contoso.com'),
    });
    expect(await apply(change)).toMatchObject({ outcome: 'applied' });
    expect(await valuesOf(dn, 'proxyAddresses')).toEqual(['SMTP:two@contoso.com', 'smtp:one@contoso.com']);
  });

  it('changes nothing but the case of a name', async () => {
    const { dn, objectGuid } = await addUser({ userPrincipalName: 'case@contoso.com' });
    expect(await apply(rename(objectGuid, 'case@contoso.com', 'Case@contoso.com'))).toMatchObject({
      outcome: 'applied',
    });
    expect(await valuesOf(dn, 'userPrincipalName')).toEqual(['Case@contoso.com']);
  });

  it('deletes a value that begins with U+FEFF, which ldapts does not show', async () => {
    const { dn, objectGuid } = await addUser({ mail: '\uFEFFbom@contoso.com' });
    const clear = plan({
      objectGuid,
      attribute: 'mail',
      operation: 'delete',
      values: ['\uFEFFbom@contoso.com'],
      before: single('\uFEFFbom@contoso.com'),
      after: single(null),
    });
    expect(await apply(clear)).toMatchObject({ outcome: 'applied' });
    expect(await valuesOf(dn, 'mail')).toEqual([]);
  });

  it('takes LDAP metacharacters, non-ASCII and 250 characters for what they are', async () => {
    for (const value of [
      'smtp:a*(b)\\c|&@contoso.com',
      'smtp:zoë漢@contoso.com',
      `smtp:${'x'.repeat(243)}@contoso.com`,
    ]) {
      const { dn, objectGuid } = await addUser({});
      expect(await apply(put(objectGuid, value))).toMatchObject({ outcome: 'applied' });
      expect(await valuesOf(dn, 'proxyAddresses')).toEqual([value]);
      expect(await apply(drop(objectGuid, value))).toMatchObject({ outcome: 'applied' });
      expect(await valuesOf(dn, 'proxyAddresses')).toEqual([]);
    }
  });

  it('finds the object after it was moved and renamed', async () => {
    const { dn, objectGuid } = await addUser({ userPrincipalName: 'moved@contoso.com' });
    await forests.admin('dc1').modifyDN(dn, 'CN=Moved Away,CN=Computers,DC=contoso,DC=com');
    expect(await apply(rename(objectGuid, 'moved@contoso.com', 'moved2@contoso.com'))).toMatchObject({
      outcome: 'applied',
    });
  });

  it('writes in the home domain of the object', async () => {
    const { objectGuid } = await addUser({ mail: 'eu@contoso.com' }, 'CN=Users,DC=eu,DC=contoso,DC=com');
    const change = plan({
      objectGuid,
      attribute: 'mail',
      operation: 'replace',
      values: ['eu2@contoso.com'],
      before: single('eu@contoso.com'),
      after: single('eu2@contoso.com'),
    });
    expect(await apply(change)).toMatchObject({ outcome: 'applied', domainController: 'dc3.eu.contoso.com' });
  });

  it('writes on the controller that the connector reads, by the name the engine gives it', async () => {
    const { dn, objectGuid } = await addUser({ userPrincipalName: 'read@contoso.com' });
    await forests.set('ad.replicationDelaySeconds', 900);
    forests.clock.advance(1_000_000);
    const connector = {
      name: 'contoso.com',
      lastImportedDomainController: 'DC2.contoso.com',
      preferredDomainControllers: [],
    };
    const directory = forests.connect(
      (forest) => forest,
      async () => [connector],
    );
    const answer = await apply(rename(objectGuid, 'read@contoso.com', 'there@contoso.com'), { directory });
    expect(answer).toMatchObject({ outcome: 'applied', domainController: 'dc2.contoso.com' });
    expect(await valuesOf(dn, 'userPrincipalName', 'dc1')).toEqual(['read@contoso.com']);
    expect(await valuesOf(dn, 'userPrincipalName', 'dc2')).toEqual(['there@contoso.com']);
  });
});

describe('comparing before it writes', () => {
  it('answers stale, with what it found, and writes nothing', async () => {
    const { objectGuid } = await addUser({ userPrincipalName: 'somebody@contoso.com' });
    const writes = forests.writes();
    const answer = await apply(rename(objectGuid, 'planned@contoso.com', 'next@contoso.com'));
    expect(answer).toMatchObject({ outcome: 'stale', found: single('somebody@contoso.com') });
    expect(forests.writes()).toBe(writes);
  });

  it('is not stale for addresses that others have added, but for another primary', async () => {
    const { dn, objectGuid } = await addUser({ proxyAddresses: ['SMTP:r@contoso.com', 'smtp:s@contoso.com'] });
    await modify(dn, 'proxyAddresses', 'add', 'x500:/o=new');
    expect(await apply(drop(objectGuid, 'smtp:s@contoso.com', 'SMTP:other@contoso.com'))).toMatchObject({
      outcome: 'stale',
    });
    expect(await apply(drop(objectGuid, 'smtp:s@contoso.com', 'SMTP:r@contoso.com'))).toMatchObject({
      outcome: 'applied',
    });
  });

  it('counts a state equal to `after` as applied only when the change had been begun', async () => {
    const { objectGuid } = await addUser({ userPrincipalName: 'done@contoso.com' });
    const change = rename(objectGuid, 'undone@contoso.com', 'done@contoso.com');
    const writes = forests.writes();
    expect(await apply(change)).toMatchObject({ outcome: 'stale' });
    expect(await apply(change, { begun: true })).toMatchObject({ outcome: 'applied' });
    expect(forests.writes()).toBe(writes);
  });

  it('answers a repeated key as before, without writing again, and refuses it for another change', async () => {
    const { dn, objectGuid } = await addUser({ proxyAddresses: ['smtp:once@contoso.com'] });
    const done = new DoneWrites();
    const change = drop(objectGuid, 'smtp:once@contoso.com');
    const first = await apply(change, { done });
    await modify(dn, 'proxyAddresses', 'add', 'smtp:once@contoso.com');
    expect(await apply(change, { done })).toEqual(first);
    expect(await valuesOf(dn, 'proxyAddresses')).toEqual(['smtp:once@contoso.com']);
    expect(await apply(put(objectGuid, 'smtp:z@contoso.com'), { done })).toMatchObject({
      code: 'IdempotencyKeyReused',
    });
  });

  it('writes once when the same request comes twice at one time', async () => {
    const { objectGuid } = await addUser({ userPrincipalName: 'twice@contoso.com' });
    const done = new DoneWrites();
    const writes = forests.writes();
    const change = rename(objectGuid, 'twice@contoso.com', 'twice2@contoso.com');
    const answers = await Promise.all([apply(change, { done }), apply(change, { done })]);
    expect(answers[0]).toEqual(answers[1]);
    expect(forests.writes()).toBe(writes + 1);
  });

  it('lets one of two rivals win and tells the other that it is stale', async () => {
    const { objectGuid } = await addUser({ mail: 'race@contoso.com' });
    const rival = forests.connect((forest) => forest);
    const to = (value: string) =>
      plan({
        objectGuid,
        attribute: 'mail',
        operation: 'replace',
        values: [value],
        before: single('race@contoso.com'),
        after: single(value),
      });
    const answers = await Promise.all([
      apply(to('left@contoso.com')),
      apply(to('right@contoso.com'), { directory: rival }),
    ]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'stale']);
  });

  it('recognises its own write when the connection broke before the answer', async () => {
    const { dn, objectGuid } = await addUser({ userPrincipalName: 'broken@contoso.com' });
    const change = rename(objectGuid, 'broken@contoso.com', 'mended@contoso.com');
    const done = new DoneWrites();
    const writes = forests.writes();
    await forests.set('ad.faults', { dropAfterWrite: 1 });
    expect(await apply(change, { done })).toMatchObject({ outcome: 'tryAgain' });
    expect(await apply(change, { done, begun: true })).toMatchObject({ outcome: 'applied' });
    expect(await valuesOf(dn, 'userPrincipalName')).toEqual(['mended@contoso.com']);
    expect(forests.writes()).toBe(writes + 1);
  });
});

describe('what the directory refuses', () => {
  it('names the object that has the user principal name already', async () => {
    const { dn } = await addUser({ userPrincipalName: 'taken@contoso.com' }, 'CN=Users,DC=eu,DC=contoso,DC=com');
    const { objectGuid } = await addUser({ userPrincipalName: 'wants@contoso.com' });
    const answer = await apply(rename(objectGuid, 'wants@contoso.com', 'taken@contoso.com'));
    expect(answer).toMatchObject({
      outcome: 'refused',
      code: 'UpnNotUniqueInForest',
      message: expect.stringContaining(dn),
    });
  });

  it('says which right is missing and how it is given', async () => {
    const { dn, objectGuid } = await addUser({
      userPrincipalName: 'denied@contoso.com',
      proxyAddresses: ['smtp:denied@contoso.com'],
    });
    await forests.set('ad.faults', { insufficientRights: [dn] });
    expect(await apply(drop(objectGuid, 'smtp:denied@contoso.com'))).toMatchObject({
      outcome: 'notPermitted',
      remedy: expect.stringContaining('Set-ADSyncExchangeHybridPermissions'),
    });
    expect(await apply(rename(objectGuid, 'denied@contoso.com', 'd@contoso.com'))).toMatchObject({
      outcome: 'notPermitted',
      remedy: expect.stringContaining('userPrincipalName'),
    });
  });

  it('answers gone for an object that was deleted', async () => {
    const { dn, objectGuid } = await addUser({ userPrincipalName: 'gone@contoso.com' });
    await forests.admin('dc1').del(dn);
    expect(await apply(rename(objectGuid, 'gone@contoso.com', 'x@contoso.com'))).toMatchObject({ outcome: 'gone' });
  });

  it('asks to try again while the object has not reached the controller that is written', async () => {
    await forests.set('ad.replicationDelaySeconds', 900);
    const { objectGuid } = await addUser({ userPrincipalName: 'young@contoso.com' });
    const connector = {
      name: 'contoso.com',
      lastImportedDomainController: 'dc2.contoso.com',
      preferredDomainControllers: [],
    };
    const directory = forests.connect(
      (forest) => forest,
      async () => [connector],
    );
    const change = rename(objectGuid, 'young@contoso.com', 'x@contoso.com');
    expect(await apply(change, { directory })).toMatchObject({ outcome: 'tryAgain' });
  });

  it('asks to try again while a controller is down or busy, and then writes', async () => {
    const { objectGuid } = await addUser({ userPrincipalName: 'later@contoso.com' });
    const change = rename(objectGuid, 'later@contoso.com', 'later2@contoso.com');
    for (const fault of [{ down: ['dc1.contoso.com'] }, { busy: ['dc1.contoso.com'] }]) {
      await forests.set('ad.faults', fault);
      expect(await apply(change)).toMatchObject({ outcome: 'tryAgain' });
      await forests.set('ad.faults', {});
    }
    expect(await apply(change)).toMatchObject({ outcome: 'applied' });
  });

  it('says that a value is too long', async () => {
    const { objectGuid } = await addUser({});
    const tooLong = `${'u'.repeat(1_100)}@contoso.com`;
    expect(await apply(rename(objectGuid, null, tooLong))).toMatchObject({
      outcome: 'refused',
      code: 'ConstraintViolation',
    });
  });

  it('refuses a forest that it does not serve', async () => {
    const { objectGuid } = await addUser({});
    expect(await apply({ ...rename(objectGuid, null, 'n@x.y'), forest: 'other.com' })).toMatchObject({
      code: 'UnknownForest',
    });
  });
});
