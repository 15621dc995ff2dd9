import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditRun } from '../../src/domain/audit-run.ts';
import type { CloudObject, Fact } from '../../src/domain/evidence.ts';
import { type Failure, failed, succeeded } from '../../src/domain/result.ts';
import { usualAuditPolicy } from '../../src/pipeline/audit-policy.ts';
import { type Leaver, type LeaverPorts, type LeaversPage, listLeavers } from '../../src/pipeline/leavers.ts';
import type { CloudAccountPage } from '../../src/ports.ts';
import { adUser, cloudUser, daysAgo, guid, known, now, twinOf, unknown } from '../domain/evidence-builder.ts';
import { InMemoryAuditFiles, InMemoryAuditRuns } from './in-memory-audit.ts';
import { World } from './world.ts';

type Account = CloudAccountPage['accounts'][number];

let world: World;
let ports: LeaverPorts;
let runs: InMemoryAuditRuns;
let files: InMemoryAuditFiles;
let disabled: Account[];
let inactive: Account[];
/** What the mailbox of an account is used for, by id; a plain one otherwise. */
let resources: Map<string, Fact<boolean>>;
let refusal: Failure | null;

beforeEach(() => {
  world = new World();
  runs = new InMemoryAuditRuns();
  files = new InMemoryAuditFiles();
  disabled = [];
  inactive = [];
  resources = new Map();
  refusal = null;
  ports = {
    clock: world.clock,
    onPremises: world.directories.onPremises,
    directory: world.directories.directory,
    runs,
    files,
    accounts: {
      page: async ({ kind }, pageSize, token) => {
        if (refusal) return failed(refusal);
        const from = Number(token ?? 0);
        if (Number.isNaN(from)) return failed({ kind: 'Refused', code: 'Http400', message: 'no such token' });
        const all = kind === 'disabled' ? disabled : inactive;
        const next = from + pageSize < all.length ? String(from + pageSize) : null;
        return succeeded({ accounts: all.slice(from, from + pageSize), token: next });
      },
      isResource: async ({ id }) => resources.get(id) ?? known(false),
    },
  };
});

const list = (more: Partial<Parameters<typeof listLeavers>[2]> = {}) =>
  listLeavers(ports, usualAuditPolicy, { days: undefined, pageSize: 25, continuationToken: undefined, ...more });

/** All pages to the last. */
async function everything(more: Partial<Parameters<typeof listLeavers>[2]> = {}) {
  const value: Leaver[] = [];
  const unknowns: LeaversPage['unknowns'][number][] = [];
  let pages = 0;
  for (let continuationToken: string | undefined; ; pages++) {
    const page = await list({ ...more, continuationToken });
    if (page === null) throw new Error('the token was not taken');
    value.push(...page.value);
    unknowns.push(...page.unknowns);
    if (page.continuationToken === undefined) return { value, unknowns, pages: pages + 1 };
    continuationToken = page.continuationToken;
  }
}

const account = (
  properties: Partial<CloudObject> & { id: string },
  lastSignIn: Fact<string | null> = known(null),
): Account => ({
  account: cloudUser(properties),
  lastSignIn,
});

/** A run of the audit with these findings. */
async function audited(findings: readonly object[], more: Partial<AuditRun> = {}) {
  const writer = files.create('reports/one', 2);
  await writer.write(findings);
  const { lines, blocks } = await writer.close();
  await runs.write({
    v: 1,
    id: '20261122T010000000Z-abc123',
    state: 'complete',
    asked: 'full',
    startedAt: now,
    domains: [],
    objects: { activeDirectory: 1, entra: 1 },
    findings: [],
    cases: { opened: 0, known: 0, leftOut: 0 },
    problems: [],
    problemCount: 0,
    report: { file: 'reports/one', lines, blocks },
    ...more,
  });
}

const findingOf = (rule: string, number: number) => ({
  rule,
  object: {
    name: `User ${number}`,
    objectType: 'user',
    objectGUID: guid(number),
    origin: { side: 'active-directory', forest: 'contoso.com' },
  },
  message: 'as it was',
  remedy: 'as it was',
  value: '514',
});
const disabledOne = (number: number) => findingOf('DisabledAccountWithAddresses', number);

describe('on premises', () => {
  test('a disabled account that the audit found is read again: since when, and what it holds now', async () => {
    world.directories.ads = [
      adUser({
        objectGuid: guid(1),
        displayName: 'Ada',
        accountEnabled: false,
        whenDisabled: daysAgo(40),
        proxyAddresses: ['SMTP:ada@contoso.com', 'x500:/o=x'],
        mail: 'ada@contoso.com',
      }),
    ];
    await audited([disabledOne(1)]);
    expect((await everything()).value).toEqual([
      {
        name: 'Ada',
        side: 'active-directory',
        id: guid(1),
        distinguishedName: 'CN=Ada,CN=Users,DC=contoso,DC=com',
        because: 'disabled',
        since: daysAgo(40),
        holds: { addresses: ['SMTP:ada@contoso.com'], licensed: false },
        message: 'The account is disabled and still has an address.',
        remedy: expect.stringContaining('Ask whether the person has left'),
        readAt: world.clock.now().toISOString(),
      },
    ]);
  });

  test('an account that nobody uses is listed for as many days as are asked for', async () => {
    world.directories.ads = [
      adUser({ objectGuid: guid(1), displayName: 'Ada', lastLogonTimestamp: daysAgo(200), mail: 'ada@contoso.com' }),
      adUser({ objectGuid: guid(2), displayName: 'Bo', lastLogonTimestamp: daysAgo(100), mail: 'bo@contoso.com' }),
    ];
    await audited([findingOf('InactiveAccountWithAddresses', 1), findingOf('InactiveAccountWithAddresses', 2)]);
    expect((await everything()).value.map(({ name, because, since }) => [name, because, since])).toEqual([
      ['Ada', 'inactive', daysAgo(200)],
      ['Bo', 'inactive', daysAgo(100)],
    ]);
    expect((await everything({ days: 150 })).value.map(({ name }) => name)).toEqual(['Ada']);
    expect((await everything({ days: 30 })).unknowns).toMatchObject([
      { what: expect.stringContaining('30 to 90 days') },
    ]);
  });

  test('what has been put right since, or is gone, is not listed', async () => {
    world.directories.ads = [
      adUser({ objectGuid: guid(1), accountEnabled: true, mail: 'a@contoso.com' }),
      adUser({ objectGuid: guid(2), accountEnabled: false }),
      adUser({ objectGuid: guid(4), accountEnabled: false, mail: 'd@contoso.com', msExchRecipientTypeDetails: '4' }),
    ];
    await audited([disabledOne(1), disabledOne(2), disabledOne(3), disabledOne(4)]);
    expect(await everything()).toMatchObject({ value: [], unknowns: [] });
  });

  describe('a mailbox that was made a shared one in the cloud', () => {
    const ad = adUser({ objectGuid: guid(1), displayName: 'Info', accountEnabled: false, mail: 'info@contoso.com' });
    beforeEach(async () => {
      world.directories.ads = [ad];
      world.directories.clouds = [twinOf(ad, { id: guid(101) })];
      await audited([disabledOne(1)]);
    });

    test('is not listed', async () => {
      resources.set(guid(101), known(true));
      expect(await everything()).toMatchObject({ value: [], unknowns: [] });
    });

    test('is not guessed when it cannot be asked', async () => {
      resources.set(guid(101), unknown());
      expect(await everything()).toMatchObject({
        value: [],
        unknowns: [{ what: expect.stringContaining('Info'), remedy: 'grant Some.Read.All' }],
      });
      world.directories.graphIsDown = true;
      expect((await everything()).unknowns[0]).toMatchObject({ remedy: expect.stringContaining('Microsoft Graph') });
    });

    test('is not asked about when the mailbox is on premises', async () => {
      world.directories.ads = [{ ...ad, homeMdb: 'CN=DB1' }];
      resources.set(guid(101), unknown());
      expect((await everything()).value).toMatchObject([{ name: 'Info' }]);
    });
  });

  test('with the relay down nothing of the past is shown as present', async () => {
    await audited([disabledOne(1)]);
    world.directories.relayIsDown = true;
    expect(await everything()).toMatchObject({
      value: [],
      unknowns: [{ what: expect.stringContaining('not listed'), remedy: expect.stringContaining('relay') }],
    });
  });

  test('without a report of the audit that is said, and Entra is listed all the same', async () => {
    disabled = [account({ id: guid(7), displayName: 'Cloud', accountEnabled: false, licensed: true })];
    expect(await everything()).toMatchObject({
      value: [{ name: 'Cloud' }],
      unknowns: [{ remedy: expect.stringContaining('auditFull') }],
    });
  });

  test('an incomplete audit is said', async () => {
    await audited([], { state: 'incomplete' });
    expect((await everything()).unknowns[0]).toMatchObject({ remedy: expect.stringContaining('/api/audits/') });
  });
});

describe('in Entra', () => {
  test('licences of disabled accounts are listed, and addresses of those that exist there only', async () => {
    disabled = [
      account({
        id: guid(1),
        displayName: 'Cloud',
        accountEnabled: false,
        licensed: true,
        mail: 'c@contoso.com',
        userPrincipalName: 'c@contoso.com',
      }),
      account({
        id: guid(2),
        displayName: 'Synced',
        accountEnabled: false,
        licensed: true,
        onPremisesSyncEnabled: true,
        mail: 's@contoso.com',
      }),
      account({ id: guid(3), displayName: 'Nothing', accountEnabled: false, licensed: false }),
      account({
        id: guid(4),
        displayName: 'Synced, no licence',
        accountEnabled: false,
        onPremisesSyncEnabled: true,
        mail: 't@contoso.com',
      }),
    ];
    expect((await everything()).value.map(({ name, holds, since }) => ({ name, holds, since }))).toEqual([
      { name: 'Cloud', holds: { addresses: ['c@contoso.com'], licensed: true }, since: null },
      { name: 'Synced', holds: { addresses: [], licensed: true }, since: null },
    ]);
  });

  test('accounts without a sign-in for long are listed with the day of the last one', async () => {
    inactive = [
      account({ id: guid(1), displayName: 'Old', licensed: true }, known(daysAgo(120))),
      account({ id: guid(2), displayName: 'Signs in by refresh token', licensed: true }, known(daysAgo(2))),
    ];
    expect((await everything()).value).toMatchObject([
      { name: 'Old', because: 'inactive', since: daysAgo(120), holds: { licensed: true } },
    ]);
  });

  test('shared, room and equipment mailboxes are never listed, here or there', async () => {
    const ad = adUser({ objectGuid: guid(3), msExchRecipientTypeDetails: '4', accountEnabled: false });
    world.directories.ads = [ad];
    disabled = [
      account({
        id: guid(1),
        displayName: 'Shared in the cloud',
        accountEnabled: false,
        licensed: true,
        mail: 'a@contoso.com',
      }),
      {
        account: twinOf(ad, { id: guid(2), displayName: 'Shared on premises', accountEnabled: false, licensed: true }),
        lastSignIn: known(null),
      },
    ];
    resources.set(guid(1), known(true));
    expect(await everything()).toMatchObject({
      value: [],
      unknowns: [{ remedy: expect.stringContaining('auditFull') }],
    });
    world.directories.relayIsDown = true;
    expect((await everything()).unknowns.at(-1)).toMatchObject({ what: expect.stringContaining('Shared on premises') });
  });

  test('without the licence for sign-ins the inactive are unknown, with the remedy', async () => {
    disabled = [account({ id: guid(1), displayName: 'Gone', accountEnabled: false, licensed: true }, unknown())];
    expect((await everything()).unknowns).toContainEqual({
      what: 'last sign-ins to Entra',
      because: 'HTTP 403',
      remedy: 'grant Some.Read.All',
    });
  });

  test('a list that is refused is said, and the rest goes on', async () => {
    refusal = { kind: 'NotPermitted', message: 'HTTP 403', remedy: 'Grant User.Read.All.' };
    expect((await everything()).unknowns.slice(1)).toMatchObject([
      { what: 'disabled accounts in Entra', remedy: 'Grant User.Read.All.' },
      { what: 'inactive accounts in Entra' },
    ]);
    refusal = { kind: 'TryAgain', message: 'HTTP 429' };
    expect((await everything()).unknowns[1]).toMatchObject({ remedy: expect.stringContaining('Microsoft Graph') });
  });
});

test('the pages of all parts together tell each account once', async () => {
  world.directories.ads = [1, 2, 3, 4, 5].map((number) =>
    adUser({
      objectGuid: guid(number),
      displayName: `Ad ${number}`,
      accountEnabled: false,
      mail: `a${number}@contoso.com`,
    }),
  );
  await audited([1, 2, 3, 4, 5].map(disabledOne));
  disabled = [6, 7, 8].map((number) =>
    account({ id: guid(number), displayName: `Cloud ${number}`, accountEnabled: false, licensed: true }),
  );
  const { value, pages } = await everything({ pageSize: 2 });
  expect(value.map(({ name }) => name)).toEqual([
    'Ad 1',
    'Ad 2',
    'Ad 3',
    'Ad 4',
    'Ad 5',
    'Cloud 6',
    'Cloud 7',
    'Cloud 8',
  ]);
  expect(pages).toBeGreaterThan(4);
});

test.each([
  'nonsense',
  btoa('[]'),
  btoa('[90,9,null,null]'),
  btoa('[90,2,"x",null]'),
  btoa('[30,2,null,null]'),
  btoa('[90,0,"x","20261122T010000000Z-gone00"]'),
])('the token %j is refused', async (continuationToken) => {
  expect(await list({ continuationToken })).toBeNull();
});
