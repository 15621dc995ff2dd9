import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  approveAndWrite,
  casesAbout,
  diagnosedCase,
  diagnosedCases,
  fixKeeping,
  reach,
  readCase,
  typesOf,
} from './cases.ts';
import { Organisation } from './organisation.ts';
import { addCloudUser, addConflict, contact, fresh, group, user } from './people.ts';
import { waitFor } from './wait-for.ts';

let organisation: Organisation;

beforeAll(async () => {
  organisation = await Organisation.start();
});
afterAll(() => organisation.stop());

test.concurrent('an address of two AD users is detected, read, released, proven gone, and given back', async () => {
  const { value, holder, claimant } = await addConflict(organisation);
  const found = await diagnosedCase(organisation, value);
  expect(found).toMatchObject({
    state: 'NeedsPerson',
    error: { code: 'QuarantinedProxyAddress', source: 'graph', objectType: 'user', attribute: 'proxyAddresses', value },
    subject: { displayName: claimant.name, authority: 'active-directory', onPremises: { dn: claimant.dn } },
    holders: [{ displayName: holder.name, authority: 'active-directory', onPremises: { dn: holder.dn } }],
    diagnosis: { party: 'DifferentParties' },
  });

  const fix = fixKeeping(found, claimant.name);
  expect(fix).toMatchObject({ kind: 'changes', planHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(fix.changes).toMatchObject([
    { target: 'active-directory', attribute: 'proxyAddresses', operation: 'delete', values: [value] },
  ]);
  const applied = await approveAndWrite(organisation, found, fix);
  expect(applied.state).toBe('Applied');
  expect(await organisation.values(holder.dn, 'proxyAddresses')).not.toContain(value);

  await organisation.cycle();
  const resolved = await reach(organisation, found.id, 'Resolved');
  expect(resolved.resolution).toMatchObject({ cause: 'fixed' });
  expect(typesOf(resolved)).toEqual([
    'Sighted',
    'Diagnosed',
    'Approved',
    'Claimed',
    'Applied',
    'ExportProven',
    'Resolved',
  ]);
  expect(resolved.events.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const { body: inCloud } = await organisation.graph('GET', `/users/${found.subject.cloud?.id}?$select=proxyAddresses`);
  expect(inCloud.proxyAddresses).toContain(value);

  await undoWholly(found.id);
  expect(await organisation.values(holder.dn, 'proxyAddresses')).toContain(value);
});

test.concurrent('a user name held by a cloud user is released through Graph without a cycle, and not given back once it has an owner', async () => {
  const word = fresh();
  const cloudId = await addCloudUser(organisation, `Cloud ${word}`, `clash.${word}@contoso.com`, {
    employeeId: `C${word}`,
  });
  const name = `Synced ${word}`;
  const dn = await organisation.add(name, user(`synced.${word}`, { employeeId: `A${word}` }));
  await organisation.cycle();
  await organisation.replace(dn, 'userPrincipalName', [`clash.${word}@contoso.com`]);
  await organisation.cycle();

  const found = await diagnosedCase(organisation, `clash.${word}@contoso.com`);
  expect(found).toMatchObject({
    error: { code: 'QuarantinedUserPrincipalName', attribute: 'userPrincipalName' },
    subject: { displayName: name },
    holders: [{ authority: 'entra', cloud: { id: cloudId }, attribute: 'userPrincipalName' }],
  });
  const fix = fixKeeping(found, name);
  expect(fix.changes).toMatchObject([
    { target: 'entra', objectId: cloudId, attribute: 'userPrincipalName', operation: 'replace' },
  ]);
  await approveAndWrite(organisation, found, fix);
  await organisation.control({ 'entra.runReleaseJob': true });
  const resolved = await reach(organisation, found.id, 'Resolved');
  expect(resolved.resolution).toMatchObject({ cause: 'fixed' });
  const writes = organisation.stack.graph.writes.filter(
    ({ objectId, method }) => objectId === cloudId && method === 'PATCH',
  );
  expect(writes).toMatchObject([
    { attribute: 'userPrincipalName', before: `clash.${word}@contoso.com`, after: fix.changes[0]?.values[0] },
  ]);

  const undo = await organisation.api('approver', 'POST', `/api/cases/${found.id}/undo`, { reason: 'A mistake.' });
  expect(undo).toMatchObject({ status: 200, body: { state: 'UndoProposed' } });
  const proposed = undo.body.fixes.find(({ undoOf }: { undoOf?: string }) => undoOf !== undefined);
  expect(proposed).toMatchObject({ kind: 'runbook', changes: [] });
  expect(proposed.runbook[0].text).toContain(`now belongs to ${name}`);
  const kept = await organisation.api('approver', 'POST', `/api/cases/${found.id}/reject`, {
    reason: 'Then leave it.',
  });
  expect(kept).toMatchObject({ status: 200, body: { state: 'Resolved' } });
});

test.concurrent('a user name of two forests is changed in the forest of the one who gives it up', async () => {
  const word = fresh();
  const name = `Contoso ${word}`;
  const upn = `wanted.${word}@contoso.com`;
  await organisation.add(name, user(`c.${word}`, { userPrincipalName: upn, employeeId: `1${word}` }));
  await organisation.cycle();
  const other = `Fabrikam ${word}`;
  const attributes = user(`f.${word}`, { userPrincipalName: upn, employeeId: `2${word}` });
  const dn = await organisation.add(other, attributes, 'fabrikam.com');
  await organisation.cycle();

  const found = await diagnosedCase(organisation, upn);
  const fix = fixKeeping(found, name);
  expect(fix.changes).toMatchObject([
    { target: 'active-directory', forest: 'fabrikam.com', attribute: 'userPrincipalName', before: { value: upn } },
  ]);
  await approveAndWrite(organisation, found, fix);
  expect(await organisation.values(dn, 'userPrincipalName')).toEqual(fix.changes[0]?.values);
  await organisation.cycle();
  await reach(organisation, found.id, 'Resolved');
  await undoWholly(found.id);
  expect(await organisation.values(dn, 'userPrincipalName')).toEqual([upn]);
});

describe.concurrent.each([
  ['group', group],
  ['contact', contact],
] as const)('an address of two objects of type %s', (objectType, attributes) => {
  test.concurrent('is released at the holder and taken back', async () => {
    const word = fresh();
    const value = `smtp:list.${word}@contoso.com`;
    const dn = await organisation.add(`Old ${word}`, attributes(`old.${word}`, [`list.${word}@contoso.com`]));
    await organisation.cycle();
    await organisation.add(`New ${word}`, attributes(`new.${word}`, [`list.${word}@contoso.com`]));
    await organisation.cycle();

    const found = await diagnosedCase(organisation, value);
    expect(found).toMatchObject({
      error: { objectType },
      subject: { objectType },
      holders: [{ objectType, attribute: 'proxyAddresses' }],
    });
    await approveAndWrite(organisation, found, fixKeeping(found, `New ${word}`), { party: 'DifferentParties' });
    await organisation.cycle();
    await reach(organisation, found.id, 'Resolved');
    await undoWholly(found.id);
    expect(await organisation.values(dn, 'proxyAddresses')).toContain(value);
  });
});

test.concurrent('when nothing proves whether they are one person, the approver has to say so, and that is on record', async () => {
  const word = fresh();
  const shared = { alsoReceives: [`t.${word}@contoso.com`] };
  await organisation.add(`Tom ${word}`, user(`tom.${word}`, shared));
  await organisation.cycle();
  await organisation.add(`Thomas ${word}`, user(`thomas.${word}`, shared));
  await organisation.cycle();

  const found = await diagnosedCase(organisation, `smtp:t.${word}@contoso.com`);
  expect(found).toMatchObject({
    state: 'NeedsPerson',
    diagnosis: { reason: 'PartyUndecided', party: 'Undecided' },
  });
  expect(found.fixes.map(({ kind, recommended }) => [kind, recommended])).toEqual([
    ['changes', false],
    ['changes', false],
  ]);
  const fix = fixKeeping(found, `Thomas ${word}`);
  expect(await approve(organisation, found, fix)).toMatchObject({
    status: 400,
    body: { code: 'PartyStatementNeeded', errors: [{ field: 'party' }] },
  });
  await approveAndWrite(organisation, found, fix, { party: 'DifferentParties' });
  const { events } = await readCase(organisation, found.id);
  expect(events.find(({ type }) => type === 'Approved')).toMatchObject({
    by: { name: 'Anna Approver' },
    data: { party: 'DifferentParties', reason: 'They agreed.' },
  });
});

test.concurrent('one person with two objects gets no change but a runbook, and one case for all values', async () => {
  const word = fresh();
  const alsoReceives = [`a.${word}@contoso.com`, `b.${word}@contoso.com`];
  await organisation.add(`Lena ${word}`, user(`lena.${word}`, { employeeId: `L${word}`, alsoReceives }));
  await organisation.cycle();
  const second = user(`lena2.${word}`, { employeeId: `L${word}`, alsoReceives });
  await organisation.add(`Lena ${word}`, second, 'fabrikam.com');
  await organisation.cycle();

  const found = await diagnosedCases(
    organisation,
    alsoReceives.map((address) => `smtp:${address}`),
  );
  const cases = await waitFor('one of the two cases to be merged into the other', async () => {
    const read = await Promise.all(found.map(({ id }) => readCase(organisation, id)));
    return read.some(({ state }) => state === 'MergedInto') && read;
  });
  const kept = cases.filter(({ state }) => state !== 'MergedInto');
  expect(kept).toMatchObject([
    {
      state: 'NeedsPerson',
      diagnosis: { reason: 'MatchCandidate', party: 'SamePerson' },
      fixes: [{ kind: 'runbook', changes: [] }],
    },
  ]);
  expect(cases.find(({ state }) => state === 'MergedInto')?.mergedInto).toBe(kept[0]?.id);
  expect(new Set(cases.map(({ conflictSet }) => conflictSet)).size).toBe(1);
});

test.concurrent('nothing is changed on protected objects: there is a runbook', async () => {
  const word = fresh();
  const more = { adminCount: '1' };
  const alsoReceives = [`ada.${word}@contoso.com`];
  await organisation.add(`Ada ${word}`, user(`ada1.${word}`, { employeeId: `1${word}`, alsoReceives, more }));
  await organisation.cycle();
  await organisation.add(`Adam ${word}`, user(`ada2.${word}`, { employeeId: `2${word}`, alsoReceives, more }));
  await organisation.cycle();

  const found = await diagnosedCase(organisation, `smtp:ada.${word}@contoso.com`);
  expect(found).toMatchObject({ state: 'NeedsPerson', diagnosis: { reason: 'ProtectedObject' } });
  expect(found.fixes.map(({ kind, changes }) => [kind, changes])).toEqual([
    ['runbook', []],
    ['runbook', []],
  ]);
  const [fix] = found.fixes;
  expect(fix && (await approve(organisation, found, fix))).toMatchObject({
    status: 409,
    body: { code: 'RunbookOnly' },
  });
});

test.concurrent('a holder that nobody can see is an outcome of its own, with commands to find it', async () => {
  const word = fresh();
  const address = `orders.${word}@contoso.com`;
  await organisation.control({ 'entra.hiddenHolders': [address] });
  await organisation.add(`Desk ${word}`, user(`desk.${word}`, { alsoReceives: [address] }));
  await organisation.cycle();

  const found = await diagnosedCase(organisation, `smtp:${address}`);
  expect(found).toMatchObject({ state: 'NeedsPerson', holders: [], diagnosis: { reason: 'NoVisibleHolder' } });
  const commands = found.fixes.flatMap(({ runbook }) => runbook.map(({ command }) => command ?? ''));
  expect(commands.some((command) => command.includes('Get-Recipient') && command.includes(address))).toBe(true);
});

test.concurrent('an export error of an unknown kind becomes a case with its raw text', async () => {
  const word = fresh();
  await organisation.add(`Robot ${word}`, user(`robot.${word}`, { userPrincipalName: `mail ${word}@contoso.com` }));
  await organisation.cycle();
  await organisation.run('detect');
  const found = await waitFor('a diagnosed case', async () => {
    const [subject] = await casesAbout(organisation, word);
    return subject?.state === 'NeedsPerson' && subject;
  });
  expect(found.diagnosis.reason).toBe('NotUnderstood');
  expect(found.error.source).toBe('sync-engine');
  expect(JSON.stringify(found.error.raw)).toContain(`Robot ${word}`);
  expect(found.fixes).toMatchObject([{ kind: 'runbook' }]);
});

/** Proposes the undo, approves it, and runs the cycle that proves it. */
async function undoWholly(id: string): Promise<void> {
  const proposed = await organisation.api('approver', 'POST', `/api/cases/${id}/undo`, {
    reason: 'It was the other one.',
  });
  expect(proposed).toMatchObject({ status: 200, body: { state: 'UndoProposed' } });
  const undo = proposed.body.fixes.find((fix: { undoOf?: string }) => fix.undoOf !== undefined);
  expect(undo).toMatchObject({ kind: 'changes' });
  const approved = await approve(organisation, { id }, undo, {}, 'approver2');
  expect(approved).toMatchObject({ status: 200, body: { state: 'Approved' } });
  await reach(organisation, id, 'Applied');
  await organisation.cycle();
  const undone = await reach(organisation, id, 'Undone');
  expect(typesOf(undone)).toEqual(expect.arrayContaining(['UndoProposed', 'Undone']));
}
