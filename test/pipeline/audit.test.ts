import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/audit/finding.ts';
import type { AdObject, CloudObject } from '../../src/domain/evidence.ts';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import { undo } from '../../src/pipeline/answer-person.ts';
import { auditTrend, listAudits, readFindings, readPredictions } from '../../src/pipeline/read-audits.ts';
import { anApprover } from '../domain/case-builder.ts';
import { adUser, cloudUser, daysAgo, guid, sightingOf, twinOf } from '../domain/evidence-builder.ts';
import { annaInAd, boInAd } from '../domain/stories.ts';
import { AuditWorld } from './audit-world.ts';
import { day, hour } from './world.ts';

const eveInAd = adUser({
  objectGuid: guid(31),
  displayName: 'Eve Ek',
  givenName: 'Eve',
  surname: 'Ek',
  userPrincipalName: 'eve ek@contoso.com',
  sAMAccountName: 'eve',
});
const eve = twinOf(eveInAd, { id: guid(6), userPrincipalName: 'eveek@contoso.onmicrosoft.com' });

const groupInAd = (proxyAddresses: string[]): AdObject => ({
  ...adUser({ objectGuid: guid(33), displayName: 'Sales', proxyAddresses, objectSid: 'S-1-5-21-1-2-3-1133' }),
  objectType: 'group',
});

const groupInEntra = ({ proxyAddresses, objectSid }: AdObject): CloudObject => ({
  ...cloudUser({ id: guid(8), displayName: 'Sales', proxyAddresses, onPremisesSyncEnabled: true }),
  objectType: 'group',
  ...(objectSid === undefined ? {} : { onPremisesSecurityIdentifier: objectSid }),
});

/** Eve's sign-in name has a space. */
function withEve(clouds: readonly CloudObject[] = [eve]): AuditWorld {
  const world = new AuditWorld();
  world.directories.ads = [structuredClone(eveInAd)];
  world.directories.clouds = structuredClone([...clouds]);
  for (const ad of world.directories.ads)
    if (clouds.length > 0) world.directories.space.set(ad.objectGuid, { userPrincipalName: ['eve ek@contoso.com'] });
  return world;
}

const reportOf = (world: AuditWorld, run: { report?: { file: string } | undefined }): Finding[] =>
  world.files.lines(run.report?.file ?? '') as Finding[];

describe('a value that is wrong', () => {
  test('becomes a case with a proposal, is mended, proven after an export, confirmed, and given back', async () => {
    const world = withEve();
    const run = await world.audited();
    expect(run).toMatchObject({ state: 'complete', asked: 'full', cases: { opened: 1, known: 0, leftOut: 0 } });
    expect(world.case()).toMatchObject({
      state: 'AwaitingApproval',
      error: {
        code: 'InvalidAttributeValue',
        source: 'directory-audit',
        originalCode: 'UserPrincipalNameCharacters',
        attribute: 'userPrincipalName',
        value: 'eve ek@contoso.com',
      },
      diagnosis: { reason: 'ReplacementProposed' },
      holders: [],
    });
    const [fix] = world.case().fixes;
    if (!fix) throw new Error('there is no fix');
    const [next = ''] = fix.changes[0]?.values ?? [];
    expect(next).toMatch(/^eve\.?ek@contoso\.com$/);

    await world.approve(world.case(), fix);
    await world.live(60);
    expect(world.case().state).toBe('Applied');
    expect(world.directories.ad(eveInAd.objectGuid).userPrincipalName).toBe(next);
    await world.live(600, 60);
    expect(world.case().state).toBe('Applied');
    world.directories.cycle(world.clock.now());
    await world.live(600, 60);
    expect(world.case()).toMatchObject({ state: 'Resolved', resolution: { cause: 'fixed' } });
    await world.live(2 * day, hour);
    expect(world.case().resolution?.confirmedDays).toBe(1);

    await undo(world.ports, world.person, world.case().id, anApprover, 'A mistake.');
    const proposed = world.case().fixes.find(({ undoOf }) => undoOf !== undefined);
    if (!proposed) throw new Error('there is no undo');
    await world.approve(world.case(), proposed);
    await world.live(60);
    world.directories.cycle(world.clock.now());
    await world.live(600, 60);
    expect(world.case().state).toBe('Undone');
    expect(world.directories.ad(eveInAd.objectGuid).userPrincipalName).toBe('eve ek@contoso.com');
  });

  test('of an object that is not in Entra yet is proven by Active Directory, without a cycle', async () => {
    const world = withEve([]);
    await world.audited();
    const [fix] = world.case().fixes;
    if (!fix) throw new Error('there is no fix');
    await world.approve(world.case(), fix);
    await world.live(600, 60);
    expect(world.case()).toMatchObject({ state: 'Resolved', resolution: { cause: 'fixed' } });
    const events = await world.store.events(world.case().id);
    expect(JSON.stringify(events.filter(({ type }) => type === 'ExportProven' || type === 'Resolved'))).toMatch(
      /no cycle can prove.*read on dc1\.contoso\.com/s,
    );
  });

  test('that comes back after the fix makes the case Reverted', async () => {
    const world = withEve([]);
    await world.audited();
    const [fix] = world.case().fixes;
    if (!fix) throw new Error('there is no fix');
    await world.approve(world.case(), fix);
    await world.live(600, 60);
    world.directories.ad(eveInAd.objectGuid).userPrincipalName = 'eve ek@contoso.com';
    await world.live(2 * day, hour);
    const reverted = (await world.store.events(world.case().id)).find(({ type }) => type === 'Reverted');
    expect(JSON.stringify(reverted)).toContain('still wrong');
    expect(world.case().state).toBe('AwaitingApproval');
  });

  test('that does not change for the better, whatever was written, is opened again, but not at once', async () => {
    const world = withEve([]);
    await world.audited();
    const [fix] = world.case().fixes;
    if (!fix) throw new Error('there is no fix');
    const { findBySourceAnchor } = world.directories.onPremises;
    // A controller that does not get the change answers for the object.
    const ports = world.ports as { onPremises: typeof world.ports.onPremises };
    ports.onPremises = {
      ...world.ports.onPremises,
      findBySourceAnchor: async (anchor) => {
        const found = await findBySourceAnchor(anchor);
        return found.ok
          ? { ...found, value: found.value.map((ad) => ({ ...ad, userPrincipalName: 'eve ek@contoso.com' })) }
          : found;
      },
    };
    await world.approve(world.case(), fix);
    await world.live(15 * 60);
    expect(world.case().state).toBe('Applied');
    await world.live(20 * 60);
    expect((await world.store.events(world.case().id)).map(({ type }) => type)).toContain('Reopened');
  });

  test('gets another proposal when somebody has taken the first', async () => {
    const world = withEve();
    await world.audit('full');
    const first = String(world.case().error.raw['proposal']);
    world.directories.ads.push(adUser({ objectGuid: guid(32), userPrincipalName: first }));
    await world.deliver();
    expect(world.case().fixes[0]?.changes[0]?.values[0]).not.toBe(first);
    expect(world.case().state).toBe('AwaitingApproval');
  });

  test('that a person has mended is resolved elsewhere after two audits, and not before', async () => {
    const world = withEve();
    await world.audited();
    world.directories.ad(eveInAd.objectGuid).userPrincipalName = 'eve.ek@contoso.com';
    await world.audited('changes');
    expect(world.case().state).toBe('AwaitingApproval');
    await world.audited('changes');
    expect(world.case()).toMatchObject({ state: 'Resolved', resolution: { cause: 'elsewhere' } });
  });

  test('is not opened again by a snapshot that is older than its fix', async () => {
    const world = withEve([]);
    await world.audited();
    const [fix] = world.case().fixes;
    if (!fix) throw new Error('there is no fix');
    await world.approve(world.case(), fix);
    await world.live(600, 60);
    world.failures = [{ domain: 'contoso.com', failure: { kind: 'TryAgain', message: 'The controller is down.' } }];
    const run = await world.audited('changes');
    expect(run).toMatchObject({ state: 'incomplete', findings: [{ rule: 'UserPrincipalNameCharacters', count: 1 }] });
    expect(world.case().state).toBe('Resolved');
  });
});

describe('a value of two objects', () => {
  const before = { ...annaInAd, employeeId: '100' };
  const pair = (clouds: readonly CloudObject[] = []): AuditWorld => {
    const world = new AuditWorld();
    world.directories.ads = [structuredClone(before), structuredClone(boInAd)];
    world.directories.clouds = structuredClone([...clouds]);
    return world;
  };
  const anchorOf = (objectGuid: string): string => immutableIdOf(objectGuid) ?? '';
  const quarantineOf = (ad: typeof annaInAd, id: string) =>
    sightingOf({
      displayName: ad.displayName,
      identities: { cloudId: id, sourceAnchor: anchorOf(ad.objectGuid) },
    });

  test('is one case that names both, before Entra has seen either', async () => {
    const world = pair();
    await world.audited();
    expect(world.cases()).toHaveLength(1);
    expect(world.case()).toMatchObject({
      state: 'NeedsPerson',
      error: { code: 'DuplicateInDirectory', family: 'DuplicateValue', value: 'smtp:shared@contoso.com' },
      subject: { displayName: 'Anna Berg' },
      holders: [{ displayName: 'Bo Lind', attribute: 'proxyAddresses' }],
    });
  });

  test('is the same case when Entra quarantines it at its subject', async () => {
    const world = pair();
    await world.audited();
    await world.detect([quarantineOf(annaInAd, guid(1))]);
    expect(world.cases()).toHaveLength(1);
    expect(world.case().sources).toEqual({ 'directory-audit': 0, graph: 0 });
  });

  test('becomes part of the case of a quarantine at the other object', async () => {
    const world = pair();
    await world.audited();
    const foreseen = world.case().id;
    world.directories.clouds = [
      twinOf(annaInAd, { id: guid(1), proxyAddresses: ['smtp:shared@contoso.com'] }),
      {
        ...twinOf(boInAd, { id: guid(2) }),
        provisioningErrors: [
          {
            category: 'PropertyConflict',
            propertyCausingError: 'ProxyAddresses',
            value: 'smtp:shared@contoso.com',
            occurredDateTime: daysAgo(1),
          },
        ],
      },
    ];
    await world.detect([quarantineOf(boInAd, guid(2))]);
    await world.deliver();
    const merged = world.case(foreseen);
    expect(merged.state).toBe('MergedInto');
    const survivor = world.case(merged.mergedInto);
    expect(survivor).toMatchObject({ error: { code: 'QuarantinedProxyAddress' }, subject: { displayName: 'Bo Lind' } });

    await world.audited('changes');
    expect(world.cases()).toHaveLength(2);
    expect(world.case(survivor.id).sources).toEqual({ graph: 0, 'directory-audit': 0 });
  });

  test('becomes part of the case of a quarantine whose holder Entra alone has, of a group that Graph knows by its id alone', async () => {
    const world = new AuditWorld();
    const sales = groupInAd(['SMTP:sales@contoso.com', 'smtp:shared@contoso.com']);
    const holder = cloudUser({ id: guid(9), displayName: 'Cleo', proxyAddresses: ['SMTP:shared@contoso.com'] });
    world.directories.ads = [sales];
    world.directories.clouds = [holder];
    await world.audited();
    const foreseen = world.case();
    expect(foreseen).toMatchObject({ error: { code: 'DuplicateInDirectory' }, state: 'NeedsPerson' });

    world.directories.clouds.push({ ...groupInEntra(sales), proxyAddresses: ['SMTP:sales@contoso.com'] });
    await world.detect([
      sightingOf({
        objectType: 'group',
        displayName: 'Sales',
        identities: { cloudId: guid(8) },
        value: 'smtp:shared@contoso.com',
      }),
    ]);
    await world.deliver();
    expect(world.case(foreseen.id).state).toBe('MergedInto');
    expect(world.case(world.case(foreseen.id).mergedInto)).toMatchObject({
      error: { code: 'QuarantinedProxyAddress' },
    });
  });

  test('is released in Active Directory and proven there', async () => {
    const world = pair();
    await world.audited();
    const fix = world.case().fixes.find(({ title }) => title.startsWith('Anna Berg keeps'));
    expect(fix).toMatchObject({ kind: 'changes', changes: [{ objectId: boInAd.objectGuid, operation: 'delete' }] });
    await world.approve({ ...world.case() }, fix ?? world.fixOf(world.case()));
    await world.live(600, 60);
    expect(world.case()).toMatchObject({ state: 'Resolved', resolution: { cause: 'fixed' } });
    expect(world.directories.ad(boInAd.objectGuid).proxyAddresses).not.toContain('smtp:shared@contoso.com');
  });

  test('of one person in two forests, joined by the sync engine, is information and no case', async () => {
    const world = pair();
    world.directories.ads[1] = { ...boInAd, forest: 'fabrikam.com', distinguishedName: 'CN=Bo,DC=fabrikam,DC=com' };
    const ports = world.ports as { onPremises: typeof world.ports.onPremises };
    ports.onPremises = {
      ...world.ports.onPremises,
      joined: async () => ({ ok: true, value: [annaInAd.objectGuid, boInAd.objectGuid] }),
    };
    const run = await world.audited();
    expect(world.cases()).toEqual([]);
    expect(run.findings).toContainEqual({ rule: 'JoinedDuplicate', severity: 'information', count: 1 });
  });
});

describe('a group with a wrong address', () => {
  const sales = groupInAd(['SMTP:sales@contoso.com', 'smtp:north sales@contoso.com']);
  const audited = async (clouds: CloudObject[]) => {
    const world = new AuditWorld();
    world.directories.ads = [structuredClone(sales)];
    world.directories.clouds = clouds;
    await world.audited();
    return world.case();
  };

  test('is found in Entra by another address, and mended', async () => {
    expect(await audited([groupInEntra(sales)])).toMatchObject({
      diagnosis: { reason: 'ReplacementProposed' },
      subject: { cloud: { id: guid(8) } },
    });
  });

  test('is left to a person when Entra protects it, or does not show it', async () => {
    const restricted = { ...groupInEntra(sales), isManagementRestricted: true };
    expect(await audited([restricted])).toMatchObject({
      diagnosis: { reason: 'ProtectedObject' },
      state: 'NeedsPerson',
    });
    const hidden = await audited([]);
    expect(hidden).toMatchObject({ diagnosis: { reason: 'PersonMustAct' }, fixes: [{ kind: 'runbook' }] });
  });
});

describe('what is read', () => {
  test('is everything the first time, then changes alone; the record says why', async () => {
    const world = withEve();
    world.directories.ads.push(structuredClone(boInAd));
    const first = await world.audited('changes');
    expect(first.domains).toMatchObject([
      { mode: 'full', read: 2, because: expect.stringContaining('no earlier run') },
    ]);
    world.directories.ad(boInAd.objectGuid).displayName = 'Bo Lindh';
    const second = await world.audited('changes');
    expect(second.domains).toMatchObject([{ mode: 'changes', read: 1 }]);
    expect(second.domains[0]).not.toHaveProperty('because');
    expect(second.objects).toEqual({ activeDirectory: 2, entra: 1 });
    expect(world.readings).toEqual([
      { from: null, told: 2 },
      { from: 'checkpoint-1', told: 1 },
    ]);
    expect(world.snapshot().map(({ displayName }) => displayName)).toEqual(['Eve Ek', 'Bo Lindh']);
    // Nothing but the snapshot and the reports is left behind.
    expect([...world.files.files.keys()].filter((name) => name.startsWith('objects/'))).toHaveLength(1);
  });

  test('is everything when the relay says so', async () => {
    const world = withEve();
    await world.audited();
    world.because = 'the controller was restored: its invocationId changed';
    const run = await world.audited('changes');
    expect(run.domains).toMatchObject([
      { mode: 'full', because: 'the controller was restored: its invocationId changed' },
    ]);
  });

  test('incompletely closes nothing, keeps what was known, and says what is missing', async () => {
    const world = withEve();
    await world.audited();
    world.directories.ads = [];
    world.failures = [
      { domain: 'contoso.com', failure: { kind: 'TryAgain', message: 'dc1 went away: 0 objects came.' } },
    ];
    for (const _ of [1, 2, 3]) {
      const run = await world.audited('full');
      expect(run).toMatchObject({ state: 'incomplete', problems: ['contoso.com: dc1 went away: 0 objects came.'] });
    }
    expect(world.case()).toMatchObject({ state: 'AwaitingApproval', sources: { 'directory-audit': 0 } });
    expect(world.snapshot()).toHaveLength(1);
    expect([...world.runs.daily.values()]).toHaveLength(1);
  });

  test('of Entra incompletely closes nothing either', async () => {
    const world = withEve();
    await world.audited();
    world.entraFails = true;
    expect(await world.audited('changes')).toMatchObject({ state: 'incomplete', problems: ['Entra, users: HTTP 403'] });
  });
});

describe('the most cases of a run', () => {
  const crowd = (): AuditWorld => {
    const world = new AuditWorld();
    world.directories.ads = [1, 2, 3, 4].map((number) =>
      adUser({
        objectGuid: guid(40 + number),
        // Two errors, and two warnings for their suffix.
        userPrincipalName: number > 2 ? `user ${number}@contoso.com` : `user${number}@contoso.local`,
        sAMAccountName: `user${number}`,
      }),
    );
    return world;
  };

  test('are the worst; the rest is counted and in the report, and follows with the next run', async () => {
    const world = crowd();
    const first = await world.audited('full', { mostCases: 3 });
    expect(first.cases).toEqual({ opened: 3, known: 0, leftOut: 1 });
    expect(world.cases().filter(({ error }) => error.raw['severity'] === 'error')).toHaveLength(2);
    expect(reportOf(world, first)).toHaveLength(4);
    const second = await world.audited('changes', { mostCases: 3 });
    expect(second.cases).toEqual({ opened: 1, known: 3, leftOut: 0 });
    expect(world.cases()).toHaveLength(4);
  });

  test('a fault that was left out is not taken for absent', async () => {
    const world = crowd();
    await world.audited('full', { mostCases: 4 });
    await world.audited('changes', { mostCases: 1 });
    await world.audited('changes', { mostCases: 1 });
    expect(world.cases().every(({ sources }) => sources['directory-audit'] === 0)).toBe(true);
  });

  test('the report is read in pages, by rule and by severity', async () => {
    const world = crowd();
    const { id } = await world.audited();
    const all: unknown[] = [];
    let continuationToken: string | undefined;
    do {
      const answer = await readFindings(world.runs, world.files, id, { pageSize: 3, continuationToken });
      if (answer.kind !== 'page') throw new Error(answer.kind);
      all.push(...answer.page.value);
      continuationToken = answer.page.continuationToken;
    } while (continuationToken !== undefined);
    expect(all).toHaveLength(4);
    const warnings = await readFindings(world.runs, world.files, id, { severity: 'warning', pageSize: 1 });
    if (warnings.kind !== 'page') throw new Error(warnings.kind);
    expect(warnings.page.value).toMatchObject([{ rule: 'UserPrincipalNameSuffix' }]);
    const foreign = { continuationToken: warnings.page.continuationToken, pageSize: 1 };
    expect(await readFindings(world.runs, world.files, id, foreign)).toEqual({ kind: 'foreignToken' });
    expect(await readFindings(world.runs, world.files, id, { continuationToken: '%', pageSize: 1 })).toEqual({
      kind: 'foreignToken',
    });
    expect(await readFindings(world.runs, world.files, 'none', { pageSize: 1 })).toEqual({ kind: 'noSuchRun' });
  });
});

describe('runs and their trend', () => {
  test('are listed newest first, in pages; the last complete run of a day counts', async () => {
    const world = withEve();
    const first = await world.audited();
    const second = await world.audited('changes');
    world.pass(day);
    world.directories.ad(eveInAd.objectGuid).userPrincipalName = 'eve.ek@contoso.com';
    const third = await world.audited('changes');
    const page = await listAudits(world.runs, 2, undefined);
    expect(page.value.map(({ id }) => id)).toEqual([third.id, second.id]);
    const rest = await listAudits(world.runs, 2, page.continuationToken);
    expect(rest).toMatchObject({ value: [{ id: first.id }] });
    expect(rest.continuationToken).toBeUndefined();
    const trend = await auditTrend(world.runs, world.clock.now(), 30);
    expect(trend).toMatchObject([
      { run: second.id, findings: [{ rule: 'UserPrincipalNameCharacters', count: 1 }] },
      { run: third.id, findings: [] },
    ]);
    expect(await auditTrend(world.runs, world.clock.now(), 1)).toHaveLength(1);
  });
});

describe('what the next synchronisation will do', () => {
  /** Bo, who is new, asks for an address that Cleo has in Entra alone, and has a sign-in name that Entra would not take. */
  function withRivals(): AuditWorld {
    const world = new AuditWorld();
    const bo = adUser({
      objectGuid: guid(32),
      displayName: 'Bo',
      userPrincipalName: 'bo',
      sAMAccountName: 'bo',
      proxyAddresses: ['SMTP:bo@contoso.com', 'smtp:sales@contoso.com'],
    });
    world.directories.ads = [bo];
    world.directories.clouds = [
      cloudUser({
        id: guid(7),
        displayName: 'Cleo',
        proxyAddresses: ['SMTP:cleo@contoso.com', 'smtp:sales@contoso.com'],
      }),
    ];
    return world;
  }

  test('is predicted after the findings, counted in the record, and read in pages', async () => {
    const world = withRivals();
    const run = await world.audited();
    expect(run.state).toBe('complete');
    expect(run.predictions).toContainEqual({ outcome: 'IdentityDataValidationFailed', certainty: 'certain', count: 1 });
    const total = run.predictions?.reduce((sum, { count }) => sum + count, 0);
    expect(run.forecast?.lines).toBe(total);
    const read = async (request: Partial<Parameters<typeof readPredictions>[3]>) => {
      const answer = await readPredictions(world.runs, world.files, run.id, { pageSize: 100, ...request });
      if (answer.kind !== 'page') throw new Error(answer.kind);
      return answer.page;
    };
    expect((await read({})).value).toHaveLength(total ?? 0);
    const { value } = await read({ outcome: 'QuarantinedProxyAddress' });
    expect(value).toMatchObject([
      {
        object: { name: 'Bo' },
        certainty: 'possible',
        value: 'smtp:sales@contoso.com',
        with: [{ object: { name: 'Cleo' } }],
      },
    ]);
    expect((await read({ outcome: 'QuarantinedProxyAddress', certainty: 'certain' })).value).toEqual([]);
    const { continuationToken } = await read({ pageSize: 1 });
    expect((await read({ pageSize: 100, continuationToken })).value).toHaveLength((total ?? 0) - 1);
    const findings = await readFindings(world.runs, world.files, run.id, { pageSize: 1, continuationToken });
    expect(findings).toEqual({ kind: 'foreignToken' });
  });

  test('is not predicted when a part of Entra is missing: all would count as new', async () => {
    const world = withRivals();
    world.entraFails = true;
    const run = await world.audited();
    expect(run).not.toHaveProperty('predictions');
    const answer = await readPredictions(world.runs, world.files, run.id, { pageSize: 1 });
    expect(answer).toEqual({ kind: 'noReport' });
  });

  test('does not cost the findings when the time is over', async () => {
    const world = withEve();
    const { sourceOf } = world.files;
    let sources = 0;
    world.files.sourceOf = (names) => {
      sources += 1;
      if (sources === 2) world.pass(hour);
      return sourceOf(names);
    };
    const run = await world.audited();
    expect(run).toMatchObject({
      state: 'complete',
      problems: [expect.stringContaining('the time of the run was over')],
    });
    expect(run).not.toHaveProperty('predictions');
    expect(world.cases()).toHaveLength(1);
  });
});

describe('the lease', () => {
  test('is kept over a run of hours, and a second run waits its turn and reads changes alone', async () => {
    const world = withEve();
    let second: Promise<unknown> | undefined;
    world.onBatch = async () => {
      world.pass(10 * 60);
      second ??= world.audit('full', { owner: 'another-run' }).then(({ detection }) => detection.outcome);
      await second;
    };
    const { detection, run } = await world.audit('full');
    expect(await second).toBe('taken');
    expect(detection.outcome).toBe('read');
    expect(run).toMatchObject({ asked: 'changes', state: 'complete' });
    expect(world.readings.map(({ from }) => from)).toEqual([null, 'checkpoint-1']);
  });

  test('does not keep a run that takes too long: it ends before the host would end it', async () => {
    const world = withEve();
    world.onBatch = () => world.pass(56 * 60);
    const { detection, run } = await world.audit('full');
    expect(detection).toMatchObject({ outcome: 'failed', problems: [expect.stringContaining('given up after 55')] });
    expect(run?.state).toBe('failed');
    expect(world.files.current).toBeNull();
  });

  test('that is lost ends the run before it changes anything', async () => {
    const world = withEve();
    await world.audited();
    const snapshot = structuredClone(world.files.current);
    world.onBatch = () => {
      world.ports.leases.rows.set('directory-audit', {
        owner: 'thief',
        until: new Date(0),
        again: false,
        cursor: null,
      });
      world.pass(10 * 60);
    };
    world.directories.ads.push(structuredClone(boInAd));
    const { detection, run } = await world.audit('changes');
    expect(detection).toMatchObject({ outcome: 'failed', problems: [expect.stringContaining('taken over')] });
    expect(run).toMatchObject({ state: 'failed' });
    expect(world.files.current).toEqual(snapshot);
  });
});

test('a store that is out of reach fails the run, and the next one finds everything', async () => {
  const world = withEve();
  world.files.isDown = true;
  const { detection, run } = await world.audit('full');
  expect(detection).toMatchObject({ outcome: 'failed', complete: false });
  expect(run).toMatchObject({ state: 'failed', problems: ['the files do not answer'] });
  world.files.isDown = false;
  await world.audited();
  expect(world.cases()).toHaveLength(1);
});

test('a run that ends by a bug is recorded as failed', async () => {
  const world = withEve();
  world.onBatch = () => {
    throw new TypeError('a bug');
  };
  await expect(world.audit('full')).rejects.toThrow('a bug');
  expect(world.runs.states).toEqual(['running', 'failed']);
});
