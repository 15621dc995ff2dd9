import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CaseView } from '../../src/api-contract.ts';
import { approveAndWrite, diagnosedCase, fixKeeping, reach, readCase, typesOf } from './cases.ts';
import { Organisation } from './organisation.ts';
import { addConflict, type Conflict } from './people.ts';
import { waitFor } from './wait-for.ts';
import { WorkInStock } from './work-in-stock.ts';

const newYear = '0 0 0 1 1 *';
const hour = 3600;
const day = 24 * hour;

let organisation: Organisation;

beforeAll(async () => {
  // What is reported when is told by each story, not by timers that moved time sets off.
  const settings = { SYNCMEND_DETECT_GRAPH_SCHEDULE: newYear, SYNCMEND_DETECT_EXPORT_ERRORS_SCHEDULE: newYear };
  organisation = await Organisation.start({ settings });
});
afterEach(() => organisation.control({ 'engine.stagingMode': false }));
afterAll(() => organisation.stop());

interface Written {
  readonly conflict: Conflict;
  readonly id: string;
}

async function written(keeper: 'holder' | 'claimant'): Promise<Written> {
  const conflict = await addConflict(organisation);
  const found = await diagnosedCase(organisation, conflict.value);
  const { state } = await approveAndWrite(organisation, found, fixKeeping(found, conflict[keeper].name));
  expect(state).toBe('Applied');
  return { conflict, id: found.id };
}

async function resolved(keeper: 'holder' | 'claimant'): Promise<Written> {
  const work = await written(keeper);
  await organisation.cycle();
  await reach(organisation, work.id, 'Resolved');
  return work;
}

/** Long enough for several looks at one second each. */
const severalLooks = () => sleep(3500);

const withEvent = (id: string, type: string, count = 1): Promise<CaseView> =>
  waitFor(`${count} events ${type}`, async () => {
    const read = await readCase(organisation, id);
    return typesOf(read).filter((one) => one === type).length >= count && read;
  });

test('a staging server exports nothing: its cycles prove nothing', async () => {
  const { id } = await written('claimant');
  await organisation.control({ 'engine.stagingMode': true });
  await organisation.cycle();
  await organisation.cycle();
  await severalLooks();
  expect(await readCase(organisation, id)).toMatchObject({ state: 'Applied' });
  expect(typesOf(await readCase(organisation, id))).not.toContain('ExportProven');

  await organisation.control({ 'engine.stagingMode': false });
  await organisation.cycle();
  await reach(organisation, id, 'Resolved');
});

test('without a cycle the case stays Applied, however long that takes, and says so', async () => {
  const { id } = await written('claimant');
  for (let hours = 0; hours < 12; hours += 3) {
    await organisation.advance(3 * hour);
    await organisation.sweep();
    await sleep(1000);
  }
  const waiting = await readCase(organisation, id);
  expect(waiting.state).toBe('Applied');
  expect(typesOf(waiting)).not.toContain('Reopened');
  expect(typesOf(waiting).filter((type) => type === 'StillWaiting')).toHaveLength(1);
  expect(waiting.message).toContain('the sync engine has not imported proxyAddresses');

  await organisation.cycle();
  await reach(organisation, id, 'Resolved');
});

test('a value that another hand puts back before any cycle is found out: Reverted, and diagnosed anew', async () => {
  const { id, conflict } = await written('claimant');
  const { dn } = conflict.holder;
  const present = await organisation.values(dn, 'proxyAddresses');
  await organisation.replace(dn, 'proxyAddresses', [...present, conflict.value]);
  const reverted = await withEvent(id, 'Reverted');
  expect(typesOf(reverted)).not.toContain('ExportProven');
  const anew = await reach(organisation, id, 'NeedsPerson', 'AwaitingApproval');
  expect(typesOf(anew).slice(-2)).toEqual(['Reverted', 'Diagnosed']);
});

test('a change in Entra waits a while for the release job instead of being called stuck', async () => {
  const stock = await WorkInStock.make(organisation, { 'active-directory': 0, entra: 1 });
  const { subject, fix } = stock.take('entra');
  await approveAndWrite(organisation, subject, fix);
  await withEvent(subject.id, 'ExportProven');
  await sleep(6000);
  expect(await readCase(organisation, subject.id)).toMatchObject({ state: 'Applied' });
  await organisation.control({ 'entra.runReleaseJob': true });
  await reach(organisation, subject.id, 'Resolved');
});

test('a resolved case is read again after one day and after seven, and then left alone', async () => {
  const { id } = await resolved('claimant');
  await organisation.advance(day + 60);
  await withEvent(id, 'ConfirmedLater');
  await organisation.advance(6 * day + 60);
  const confirmed = await withEvent(id, 'ConfirmedLater', 2);
  expect(confirmed).toMatchObject({ state: 'Resolved', resolution: { confirmedDays: 7 } });
});

test.each([
  ['one day', [day + 60]],
  ['seven days', [day + 60, 6 * day + 60]],
])('a value that another hand puts back is found out after %s: Reverted, and diagnosed anew', async (_, waits) => {
  const { id, conflict } = await resolved('holder');
  const { dn } = conflict.claimant;
  for (const [index, wait] of waits.entries()) {
    if (index === waits.length - 1) {
      const present = await organisation.values(dn, 'proxyAddresses');
      await organisation.replace(dn, 'proxyAddresses', [...present, conflict.value]);
      await organisation.cycle();
    }
    await organisation.advance(wait);
    if (index < waits.length - 1) await withEvent(id, 'ConfirmedLater', index + 1);
  }
  await withEvent(id, 'Reverted');
  const anew = await reach(organisation, id, 'NeedsPerson', 'AwaitingApproval');
  // A timer may see the quarantine as well, before or after.
  expect(
    typesOf(anew)
      .filter((type) => type !== 'Sighted')
      .slice(-2),
  ).toEqual(['Reverted', 'Diagnosed']);
  expect(anew.fixes.some(({ kind }) => kind === 'changes')).toBe(true);
});

test('an error that a person mends by hand is closed after two complete reads, with cause elsewhere', async () => {
  const conflict = await addConflict(organisation);
  const { id } = await diagnosedCase(organisation, conflict.value);
  const present = await organisation.values(conflict.holder.dn, 'proxyAddresses');
  const kept = present.filter((value) => value !== conflict.value);
  await organisation.replace(conflict.holder.dn, 'proxyAddresses', kept);
  await organisation.cycle();

  await organisation.run('detect');
  const once = await withEvent(id, 'AbsentSeen');
  expect(once.state).not.toBe('Resolved');
  await organisation.run('detect');
  const closed = await reach(organisation, id, 'Resolved');
  expect(closed.resolution).toMatchObject({ cause: 'elsewhere' });
});

test('an incomplete read closes nothing', async () => {
  const conflict = await addConflict(organisation);
  const { id } = await diagnosedCase(organisation, conflict.value);
  await organisation.control({
    'entra.faults': [{ kind: 'status', status: 503, method: 'GET', path: '^/groups$', times: 50 }],
  });
  const present = await organisation.values(conflict.holder.dn, 'proxyAddresses');
  await organisation.replace(
    conflict.holder.dn,
    'proxyAddresses',
    present.filter((value) => value !== conflict.value),
  );
  await organisation.cycle();
  const reads = () => organisation.log.filter((line) => line.includes('A source was not read completely')).length;
  for (const wanted of [1, 2, 3]) {
    await organisation.run('detect');
    await waitFor('an incomplete read', () => reads() >= wanted);
  }
  await organisation.control({ 'entra.faults': [] });
  const open = await readCase(organisation, id);
  expect(open.state).toBe('NeedsPerson');
  expect(typesOf(open)).not.toContain('AbsentSeen');

  await organisation.run('detect');
  await withEvent(id, 'AbsentSeen');
});
