import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AuditRunView } from '../../src/api-contract.ts';
import type { Prediction } from '../../src/audit/prediction/prediction.ts';
import { approve, approveAndWrite, casesAbout, reach, typesOf } from './cases.ts';
import { Organisation } from './organisation.ts';
import { fresh, user } from './people.ts';
import { waitFor } from './wait-for.ts';

const newYear = '0 0 0 1 1 *';
let organisation: Organisation;

beforeAll(async () => {
  // Nothing is read but what each story asks for.
  organisation = await Organisation.start({
    settings: { SYNCMEND_DETECT_GRAPH_SCHEDULE: newYear, SYNCMEND_DETECT_EXPORT_ERRORS_SCHEDULE: newYear },
  });
});
/** In each domain: a controller that shows none might be hiding them, and then every reading is a full one. */
async function deleteSomebody(): Promise<void> {
  for (const domain of ['contoso.com', 'emea.contoso.com', 'fabrikam.com']) {
    const word = fresh();
    await organisation.delete(await organisation.add(`Gone ${word}`, user(`gone.${word}`), domain));
  }
}

beforeEach(() => organisation.control({ 'ad.faults': { down: [] }, 'relay.available': true }));
afterAll(() => organisation.stop());

const runs = async (): Promise<AuditRunView[]> =>
  (await organisation.api('reader', 'GET', '/api/audits')).body?.value ?? [];

/** Runs the audit to its end; answers its record. */
async function audited(name: 'auditFull' | 'auditChanges'): Promise<AuditRunView> {
  const before = (await runs()).map(({ id }) => id);
  await organisation.run(name);
  return waitFor(`the end of ${name}`, async () => {
    const run = (await runs()).find(({ id }) => !before.includes(id));
    return run !== undefined && run.state !== 'running' && run;
  });
}

const diagnosedAbout = (part: string) =>
  waitFor(`a diagnosed case about ${part}`, async () => {
    const [found] = await casesAbout(organisation, part);
    return found !== undefined && found.state !== 'Detected' && found;
  });

const readOf = (run: AuditRunView, domain: string) => run.domains.find((one) => one.domain === domain);

test('a sign-in name that Entra would not take is found, mended, proven after a cycle, and given back', async () => {
  const word = fresh();
  const dn = await organisation.add(
    `Eve ${word}`,
    user(`eve.${word}`, { userPrincipalName: `eve.${word}@contoso.local` }),
  );
  await organisation.cycle();
  const run = await audited('auditFull');
  expect(run).toMatchObject({ state: 'complete', asked: 'full', problems: [] });
  expect(run.domains.every(({ mode }) => mode === 'full')).toBe(true);
  expect(run.findings).toContainEqual(
    expect.objectContaining({ rule: 'UserPrincipalNameSuffix', severity: 'warning' }),
  );

  const found = await diagnosedAbout(word);
  expect(found).toMatchObject({
    state: 'AwaitingApproval',
    error: {
      code: 'InvalidAttributeValue',
      originalCode: 'UserPrincipalNameSuffix',
      source: 'directory-audit',
      value: `eve.${word}@contoso.local`,
    },
    subject: { authority: 'active-directory', onPremises: { dn } },
    diagnosis: { reason: 'ReplacementProposed' },
  });
  const [fix] = found.fixes;
  if (!fix) throw new Error('There is no fix.');
  expect(fix.changes).toMatchObject([{ attribute: 'userPrincipalName', values: [`eve.${word}@contoso.com`] }]);

  await approveAndWrite(organisation, found, fix);
  expect(await organisation.values(dn, 'userPrincipalName')).toEqual([`eve.${word}@contoso.com`]);
  await organisation.cycle();
  const resolved = await reach(organisation, found.id, 'Resolved');
  expect(typesOf(resolved)).toEqual(expect.arrayContaining(['Applied', 'ExportProven', 'Resolved']));
  expect(JSON.stringify(resolved.events)).toContain('imported the new value and exported it');

  const proposed = await organisation.api('approver', 'POST', `/api/cases/${found.id}/undo`, { reason: 'A mistake.' });
  expect(proposed).toMatchObject({ status: 200, body: { state: 'UndoProposed' } });
  const undo = proposed.body.fixes.find((one: { undoOf?: string }) => one.undoOf !== undefined);
  expect(await approve(organisation, found, undo, {}, 'approver2')).toMatchObject({ status: 200 });
  await reach(organisation, found.id, 'Applied');
  await organisation.cycle();
  await reach(organisation, found.id, 'Undone');
  expect(await organisation.values(dn, 'userPrincipalName')).toEqual([`eve.${word}@contoso.local`]);

  const page = await organisation.api('reader', 'GET', `/api/audits/${run.id}/findings?rule=UserPrincipalNameSuffix`);
  expect(JSON.stringify(page.body.value)).toContain(`Eve ${word}`);
  const trend = await organisation.api('reader', 'GET', '/api/audit-trend?days=2');
  expect(trend.body.value.at(-1)).toMatchObject({ run: run.id, findings: run.findings });
});

test('an address that no mail system would take is exchanged in one write, the others untouched, and given back', async () => {
  const word = fresh();
  const bad = `smtp:sales(${word})@contoso.com`;
  const dn = await organisation.add(
    `Sally ${word}`,
    user(`sally.${word}`, { alsoReceives: [bad.slice(5), `kept.${word}@contoso.com`] }),
  );
  await audited('auditChanges');
  const found = await diagnosedAbout(`sales(${word})`);
  expect(found).toMatchObject({
    state: 'AwaitingApproval',
    error: { code: 'InvalidAttributeValue', attribute: 'proxyAddresses', value: bad },
  });
  const [fix] = found.fixes;
  if (!fix) throw new Error('There is no fix.');
  const before = await organisation.values(dn, 'proxyAddresses');
  await approveAndWrite(organisation, found, fix);
  await reach(organisation, found.id, 'Resolved');
  const after = await organisation.values(dn, 'proxyAddresses');
  expect(after.toSorted()).toEqual(
    [...before.filter((value) => value !== bad), ...(fix.changes[0]?.values ?? [])].sort(),
  );

  const proposed = await organisation.api('approver', 'POST', `/api/cases/${found.id}/undo`, { reason: 'A mistake.' });
  const undo = proposed.body.fixes.find((one: { undoOf?: string }) => one.undoOf !== undefined);
  expect(await approve(organisation, found, undo, {}, 'approver2')).toMatchObject({ status: 200 });
  await reach(organisation, found.id, 'Undone');
  expect((await organisation.values(dn, 'proxyAddresses')).toSorted()).toEqual(before.toSorted());
});

test('an address of two people is decided and proven before Entra has seen either', async () => {
  const word = fresh();
  const [ann, ben] = await Promise.all(
    ['Ann', 'Ben'].map((name) =>
      organisation.add(
        `${name} ${word}`,
        user(`${name.toLowerCase()}.${word}`, {
          employeeId: `${name}${word}`,
          alsoReceives: [`team.${word}@contoso.com`],
        }),
      ),
    ),
  );
  await audited('auditChanges');
  const found = await diagnosedAbout(`team.${word}`);
  expect(found).toMatchObject({
    error: { code: 'DuplicateInDirectory', attribute: 'proxyAddresses', value: `smtp:team.${word}@contoso.com` },
    diagnosis: { party: 'DifferentParties' },
  });
  expect([found.subject, ...found.holders].map(({ onPremises }) => onPremises?.dn).sort()).toEqual([ann, ben].sort());
  const fix = found.fixes.find(({ title }) => title.startsWith(`Ann ${word} keeps`));
  if (!fix) throw new Error(`Ann cannot keep it: ${JSON.stringify(found.fixes)}`);
  await approveAndWrite(organisation, found, fix);
  const resolved = await reach(organisation, found.id, 'Resolved');
  expect(JSON.stringify(resolved.events)).toContain('no cycle can prove');
  expect(await organisation.values(ben ?? '', 'proxyAddresses')).not.toContain(`smtp:team.${word}@contoso.com`);
});

test('afterwards only what has changed is read, once that is known to be all; until then the record says why', async () => {
  const word = fresh();
  const dn = await organisation.add(`Changed ${word}`, user(`changed.${word}`));
  const full = await audited('auditChanges');
  expect(readOf(full, 'contoso.com')).toMatchObject({
    mode: 'full',
    because: expect.stringContaining('no deleted object can be seen'),
  });
  await deleteSomebody();
  await audited('auditChanges');
  await organisation.replace(dn, 'displayName', [`Renamed ${word}`]);
  const run = await audited('auditChanges');
  expect(run).toMatchObject({ state: 'complete', asked: 'changes' });
  expect(readOf(run, 'contoso.com')).toMatchObject({ mode: 'changes', read: 1 });
  expect(readOf(run, 'fabrikam.com')).toMatchObject({ mode: 'changes', read: 0 });
  expect(run.objects.activeDirectory).toBeGreaterThan(3);
});

test('what an audit predicts before a cycle is what the cycle does', async () => {
  const word = fresh();
  const value = `smtp:board.${word}@contoso.com`;
  const shared = { alsoReceives: [value.slice(5)] };
  await organisation.add(`Holder ${word}`, user(`holder.${word}`, shared));
  await organisation.cycle();
  await organisation.add(`Claimant ${word}`, user(`claimant.${word}`, shared));
  const run = await audited('auditFull');
  expect(run.predictions).toContainEqual(expect.objectContaining({ outcome: 'QuarantinedProxyAddress' }));
  const told = async () => {
    const path = `/api/audits/${run.id}/predictions?outcome=QuarantinedProxyAddress&pageSize=1000`;
    const { body } = await organisation.api('reader', 'GET', path);
    return (body.value as Prediction[]).filter((one) => one.value === value);
  };
  expect(await told()).toMatchObject([
    {
      object: { name: `Claimant ${word}` },
      attribute: 'proxyAddresses',
      with: [{ object: { name: `Holder ${word}` } }],
    },
  ]);

  await organisation.cycle();
  const filter = encodeURIComponent(`startswith(displayName,'Claimant ${word}')`);
  const select = 'displayName,proxyAddresses,onPremisesProvisioningErrors';
  const { body } = await organisation.graph('GET', `/users?$filter=${filter}&$select=${select}`);
  expect(body.value).toMatchObject([{ onPremisesProvisioningErrors: [{ category: 'PropertyConflict', value }] }]);
  expect(body.value[0].proxyAddresses).not.toContain(value);
});

test('a controller that is away closes nothing, and what was known of its domain stays', async () => {
  const word = fresh();
  const dn = await organisation.add(
    `Far ${word}`,
    user(`far.${word}`, { userPrincipalName: `far ${word}@contoso.com` }),
    'fabrikam.com',
  );
  const whole = await audited('auditChanges');
  const found = await diagnosedAbout(word);
  await organisation.replace(dn, 'userPrincipalName', [`far.${word}@contoso.com`]);
  await organisation.control({ 'ad.faults': { down: ['dc1.fabrikam.com'] } });
  // Two complete readings would close the case.
  for (const _ of [1, 2]) {
    const run = await audited('auditFull');
    expect(run).toMatchObject({ state: 'incomplete', objects: { activeDirectory: whole.objects.activeDirectory } });
    expect(run.problems.join()).toContain('fabrikam.com');
  }
  const [still] = await casesAbout(organisation, word);
  expect(still).toMatchObject({ id: found.id, state: found.state });

  await organisation.control({ 'ad.faults': { down: [] } });
  await audited('auditChanges');
  await audited('auditChanges');
  await reach(organisation, found.id, 'Resolved');
});

test('a relay that dies in the middle leaves the run incomplete; the next goes on from before', async () => {
  await audited('auditChanges');
  await organisation.control({ 'relay.available': false });
  const cut = await audited('auditChanges');
  expect(['incomplete', 'failed']).toContain(cut.state);
  await organisation.control({ 'relay.available': true });
  const next = await waitFor('a complete run', async () => {
    const run = await audited('auditChanges');
    return run.state === 'complete' && run;
  });
  expect(next.domains.every(({ mode }) => mode === 'changes')).toBe(true);
});
