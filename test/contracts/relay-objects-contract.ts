import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectLines } from '../../src/relay/object-lines.ts';
import type { ObjectsCheckpoint } from '../../src/relay-contract.ts';
import { adding, replacing } from './directory-client.ts';
import { whileProvisioning } from './directory-contract.ts';
import { type DirectoryKind, startSubject } from './directory-subject.ts';
import { RelaySubject } from './relay-directory-subject.ts';
import { type Lines, objectsOf, readLines } from './relay-objects-reading.ts';

/** All objects of a directory as the relay streams them, be it Active Directory's stand-in or Samba. */
export function relayObjectsContract(kind: DirectoryKind): void {
  let started: RelaySubject | undefined;
  beforeAll(async () => {
    started = new RelaySubject(await startSubject(kind));
    // Where nothing was ever deleted, nobody can tell whether deletions would be seen.
    await started.subject.admin.del(await started.subject.user('First'));
  }, whileProvisioning);
  afterAll(() => started?.stop());
  const relay = (): RelaySubject => {
    if (!started) throw new Error('the directory is not started');
    return started;
  };
  const subject = () => relay().subject;
  const { unit, add } = writers(subject);

  /** Reads everything, for its checkpoint. */
  const finished = async (): Promise<ObjectsCheckpoint> => {
    const { end } = await readLines(relay(), null);
    if (end === undefined) throw new Error('the reading did not end');
    return end.checkpoint;
  };

  describe('a full run', () => {
    it('tells what was written, and in which forms', async () => {
      const { dn } = await unit();
      const user = await add(`CN=Zoë 漢字,${dn}`, {
        objectClass: 'user',
        sAMAccountName: 'zoe',
        displayName: 'Zoë 漢字 😀',
        userPrincipalName: 'zoe@contoso.com',
        mail: '\uFEFFzoe@contoso.com',
        proxyAddresses: ['SMTP:zoe@contoso.com', 'smtp:漢字@contoso.com'],
        description: 'Ärztin',
        employeeID: 'E1',
      });
      // Valid UTF-8 by chance.
      const anchor = Buffer.from('ABCDEFGHIJKLMNOP');
      await subject().admin.modify(user, replacing('mS-DS-ConsistencyGuid', anchor));
      await subject().admin.modify(user, replacing('thumbnailPhoto', Buffer.alloc(70_000, 0xff)));
      const { header, problems, end, ...all } = await readLines(relay(), null);
      expect(header).toMatchObject({
        forest: 'contoso.com',
        domain: 'contoso.com',
        domainController: 'dc1.contoso.com',
        invocationId: expect.stringMatching(/^[0-9a-f]{8}-/),
        mode: 'full',
      });
      expect(header).not.toHaveProperty('because');
      expect(problems).toEqual([]);
      expect(end?.count).toBe(all.objects.length);
      const object = all.objects.find(({ cn }) => cn === 'Zoë 漢字');
      expect({ ...object, proxyAddresses: object?.proxyAddresses.toSorted() }).toMatchObject({
        origin: { side: 'active-directory', forest: 'contoso.com', domainController: 'dc1.contoso.com' },
        distinguishedName: user,
        objectClass: expect.arrayContaining(['person', 'user']),
        displayName: 'Zoë 漢字 😀',
        mail: '\uFEFFzoe@contoso.com',
        proxyAddresses: ['SMTP:zoe@contoso.com', 'smtp:漢字@contoso.com'],
        others: { description: ['Ärztin'] },
        employeeID: 'E1',
        'mS-DS-ConsistencyGuid': anchor.toString('base64'),
        objectGUID: await relay().guidOf(user),
        objectSid: expect.stringMatching(/^S-1-5-21-/),
        userAccountControl: expect.any(Number),
        octetCounts: { thumbnailPhoto: 70_000 },
        whenCreated: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });
    });

    it('tells users, inetOrgPersons, groups and contacts, each once, and no computer, container or deleted object', async () => {
      const { dn, number } = await unit();
      await add(`CN=U,${dn}`, { objectClass: 'user', sAMAccountName: `u${number}` });
      await add(`CN=P,${dn}`, { objectClass: 'inetOrgPerson', sAMAccountName: `p${number}` });
      await add(`CN=G,${dn}`, { objectClass: 'group', sAMAccountName: `g${number}` });
      await add(`CN=C,${dn}`, { objectClass: 'contact' });
      await add(`CN=X,${dn}`, { objectClass: 'computer', sAMAccountName: `x${number}$` });
      await subject().admin.del(await add(`CN=D,${dn}`, { objectClass: 'contact' }));
      const { objects, deleted } = await readLines(relay(), null);
      expect(objectsOf(objects, dn)).toEqual(['C', 'G', 'P', 'U']);
      expect(new Set(objects.map(({ objectGUID }) => objectGUID)).size).toBe(objects.length);
      expect(deleted).toEqual([]);
    });

    it('counts members, a few and 2,000, and certificates, and tells none of them', async () => {
      const { dn, number } = await unit();
      const members: string[] = [];
      for (let count = 0; count < 2_000; count += 1)
        members.push(await add(`CN=m${count},${dn}`, { objectClass: 'contact' }));
      const group = (name: string, member: string[]) =>
        add(`CN=${name},${dn}`, {
          objectClass: 'group',
          sAMAccountName: `${name}${number}`,
          groupType: '-2147483640',
          ...(member.length > 0 ? { member } : {}),
        });
      const large = await group('large', members.slice(0, 1_000));
      await subject().admin.modify(large, adding('member', members.slice(1_000)));
      await group('exact', members.slice(0, 500));
      await group('small', members.slice(0, 3));
      await group('empty', []);
      const { objects } = await readLines(relay(), null);
      const counts = objects.filter(
        ({ groupType, distinguishedName }) => groupType !== undefined && distinguishedName?.endsWith(dn),
      );
      expect(Object.fromEntries(counts.map(({ cn, valueCounts }) => [cn, valueCounts?.['member']]))).toEqual({
        large: 2_000,
        exact: 500,
        small: 3,
        empty: undefined,
      });
      expect(JSON.stringify(counts)).not.toContain('CN=m1,');
    }, 180_000);

    it('tells every address of more than the 1,500 that come at once', async () => {
      const { dn, number } = await unit();
      const addresses = Array.from({ length: 1_600 }, (_, index) => `smtp:a${index}@contoso.com`);
      await add(`CN=Crowded,${dn}`, {
        objectClass: 'user',
        sAMAccountName: `crowded${number}`,
        proxyAddresses: addresses,
      });
      const { objects } = await readLines(relay(), null);
      const crowded = objects.find(({ distinguishedName }) => distinguishedName === `CN=Crowded,${dn}`);
      expect(crowded?.proxyAddresses.toSorted()).toEqual(addresses.toSorted());
    });

    it('also reads attributes that were asked for', async () => {
      const { dn, number } = await unit();
      await add(`CN=Further,${dn}`, {
        objectClass: 'user',
        sAMAccountName: `further${number}`,
        comment: 'for the match',
      });
      const { objects } = await readLines(relay(), null, ['comment']);
      expect(objects.find(({ cn }) => cn === 'Further')?.others).toEqual({ comment: ['for the match'] });
    });
  });

  describe('a run over changes', () => {
    it('tells nothing when nothing has changed', async () => {
      const { header, objects, deleted, end } = await readLines(relay(), await finished());
      expect(header).toMatchObject({ mode: 'changes' });
      expect([objects, deleted, end?.count]).toEqual([[], [], 0]);
    });

    it('tells what was written, renamed, moved and deleted, and nothing else', async () => {
      const [{ dn, number }, { dn: elsewhere }] = [await unit(), await unit()];
      const user = (name: string) =>
        add(`CN=${name},${dn}`, { objectClass: 'user', sAMAccountName: `${name}${number}` });
      for (const name of ['Same', 'Changed', 'Renamed', 'Moved', 'Deleted']) await user(name);
      const machine = await add(`CN=Machine,${dn}`, { objectClass: 'computer', sAMAccountName: `machine${number}$` });
      const deletedGuid = await relay().guidOf(`CN=Deleted,${dn}`);
      const checkpoint = await finished();

      await subject().admin.modify(`CN=Changed,${dn}`, replacing('mail', 'changed@contoso.com'));
      await subject().admin.modifyDN(`CN=Renamed,${dn}`, `CN=Other name,${dn}`);
      await subject().admin.modifyDN(`CN=Moved,${dn}`, `CN=Moved,${elsewhere}`);
      await subject().admin.del(`CN=Deleted,${dn}`);
      await subject().admin.del(machine);
      await user('Added');
      const changes = await readLines(relay(), checkpoint);
      expect(changes.header).toMatchObject({ mode: 'changes' });
      expect(changes.objects.map(({ distinguishedName }) => distinguishedName).sort()).toEqual(
        [`CN=Added,${dn}`, `CN=Changed,${dn}`, `CN=Moved,${elsewhere}`, `CN=Other name,${dn}`].sort(),
      );
      expect(changes.deleted).toEqual([{ objectGUID: deletedGuid, distinguishedName: `CN=Deleted,${dn}` }]);
      expect(changes.end?.count).toBe(5);
      expect((await readLines(relay(), changes.end?.checkpoint ?? null)).end?.count).toBe(0);
    });

    it('tells what has another name because its container has', async () => {
      const [{ dn }, { dn: elsewhere }] = [await unit(), await unit()];
      await add(`OU=Inner,${dn}`, { objectClass: 'organizationalUnit' });
      await add(`CN=Deep,OU=Inner,${dn}`, { objectClass: 'contact' });
      const checkpoint = await finished();
      await subject().admin.modifyDN(`OU=Inner,${dn}`, `OU=Renamed,${elsewhere}`);
      const { objects } = await readLines(relay(), checkpoint);
      expect(objects.map(({ distinguishedName }) => distinguishedName)).toEqual([`CN=Deep,OU=Renamed,${elsewhere}`]);
    });

    it('is a full run, and says why, when it is another database', async () => {
      const { dn } = await unit();
      await add(`CN=Anybody,${dn}`, { objectClass: 'contact' });
      const checkpoint = await finished();
      const other = { ...checkpoint, invocationId: '11111111-2222-3333-4444-555555555555' };
      const restored = await readLines(relay(), other);
      expect(restored.header).toMatchObject({ mode: 'full', because: expect.stringContaining('invocation id') });
      expect(objectsOf(restored.objects, dn)).toEqual(['Anybody']);
      expect(restored.end?.checkpoint).toMatchObject({ invocationId: checkpoint.invocationId });
      const back = await readLines(relay(), { ...checkpoint, next: '99999999' });
      expect(back.header).toMatchObject({ mode: 'full', because: expect.stringContaining('gone back') });
    });

    it('is a full run, and says why, when the account does not see deleted objects', async () => {
      const { dn, number } = await unit();
      const account = await add(`CN=Reader,${dn}`, { objectClass: 'user', sAMAccountName: `reader${number}` });
      await subject().admin.modify(account, replacing('unicodePwd', Buffer.from('"Reader!Passw0rd"', 'utf16le')));
      await subject().admin.modify(account, replacing('userAccountControl', '512'));
      const reader = relay().connectAs(account, 'Reader!Passw0rd');
      const { header, objects } = await readLines(relay(), await finished(), [], reader);
      expect(header).toMatchObject({ mode: 'full', because: expect.stringContaining('dsacls "CN=Deleted Objects,') });
      expect(objectsOf(objects, dn)).toEqual(['Reader']);
    });
  });

  it('reads no further than the lines are taken', async () => {
    const { dn } = await unit();
    for (let count = 0; count < 1_200; count += 1) await add(`CN=n${count},${dn}`, { objectClass: 'contact' });
    const domain = relay().directory.forest('contoso.com')?.domains[0];
    if (domain === undefined) throw new Error('contoso.com has no domain');
    const request = { forest: 'contoso.com', domain: 'contoso.com', from: null, further: [] };
    const lines = objectLines(domain, request, () => undefined);
    await lines.next();
    const { value: page } = await lines.next();
    const untold = Array.from({ length: 1_200 }, (_, count) => `CN=n${count},${dn}`).filter(
      (name) => !page?.includes(JSON.stringify(name)),
    );
    expect(untold.length).toBeGreaterThan(600);
    const [late = ''] = untold.slice(-1);
    await subject().admin.modify(late, replacing('mail', 'late@contoso.com'));
    let rest = '';
    for await (const piece of lines) rest += piece;
    expect(rest).toContain('"mail":"late@contoso.com"');
    expect(`${page}${rest}`.match(/"distinguishedName":"CN=n\d+,/g)).toHaveLength(1_200);
  }, 120_000);

  it('tells the same in many windows as in one, with a checkpoint after each but the last', async () => {
    const { dn } = await unit();
    for (let count = 0; count < 50; count += 1) await add(`CN=w${count},${dn}`, { objectClass: 'contact' });
    const whole = await readLines(relay(), null);
    const windows = await readLines(relay(), null, [], relay().directory, 40n);
    const sortedGuids = (lines: Lines) => lines.objects.map(({ objectGUID }) => objectGUID).sort();
    expect(sortedGuids(windows)).toEqual(sortedGuids(whole));
    expect(windows.checkpoints.length).toBeGreaterThan(2);
    expect(windows.end).toMatchObject({ count: whole.end?.count, checkpoint: { next: whole.end?.checkpoint.next } });
    for (const checkpoint of windows.checkpoints) {
      expect(checkpoint).toMatchObject({ mode: 'full', until: String(BigInt(windows.end?.checkpoint.next ?? 0) - 1n) });
    }
    // From its middle on, a run tells what had not come before, and nothing of what had.
    const middle = Math.floor(windows.checkpoints.length / 2);
    const rest = await readLines(relay(), windows.checkpoints[middle] ?? null, [], relay().directory, 40n);
    const before = { ...windows, objects: windows.objects.slice(0, windows.told[middle]) };
    expect([...sortedGuids(before), ...sortedGuids(rest)].sort()).toEqual(sortedGuids(whole));
  });

  describe('a run that is cut', () => {
    it('goes on from its checkpoint, and tells in all what was there, changed meanwhile or not', async () => {
      const { dn } = await unit();
      for (const name of ['Early', 'Moving', 'Late']) await add(`CN=${name},${dn}`, { objectClass: 'contact' });
      const whole = await readLines(relay(), null);
      if (whole.end === undefined) throw new Error('the reading did not end');
      // As if the last checkpoint had been just before these three.
      const early = await subject().read(`CN=Early,${dn}`, 'uSNChanged');
      const until = String(BigInt(whole.end.checkpoint.next) - 1n);
      const cut: ObjectsCheckpoint = {
        ...whole.end.checkpoint,
        mode: 'full',
        next: String(early['uSNChanged']),
        until,
      };
      await subject().admin.modify(`CN=Moving,${dn}`, replacing('mail', 'moving@contoso.com'));
      await subject().admin.del(`CN=Late,${dn}`);
      const rest = await readLines(relay(), cut);
      expect(rest.header).toMatchObject({ mode: 'full' });
      expect(rest.header).not.toHaveProperty('because');
      expect(objectsOf(rest.objects, dn)).toEqual(['Early', 'Moving']);
      expect(rest.objects.length).toBeLessThan(whole.objects.length);
      // What the next run begins with is what it would have been, so the change is told again, and the deletion is told.
      expect(rest.end?.checkpoint).toEqual(whole.end?.checkpoint);
      const next = await readLines(relay(), rest.end?.checkpoint ?? null);
      expect(objectsOf(next.objects, dn)).toEqual(['Moving']);
      expect(next.deleted).toMatchObject([{ distinguishedName: `CN=Late,${dn}` }]);
    });
  });
}

function writers(subject: () => RelaySubject['subject']) {
  return {
    unit: () => subject().unit(),
    add: async (dn: string, attributes: Record<string, string | string[]>): Promise<string> => {
      await subject().admin.add(dn, attributes);
      return dn;
    },
  };
}
