import { createServer } from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCertificates } from '../../dev/certificates.ts';
import type { CaseView } from '../../src/api-contract.ts';
import { approve, approveAndWrite, reach, readCase, recovered, sweepUntil, typesOf, writesOf } from './cases.ts';
import { Organisation } from './organisation.ts';
import { waitFor } from './wait-for.ts';
import { type Work, WorkInStock } from './work-in-stock.ts';

let organisation: Organisation;
let stock: WorkInStock;

beforeAll(async () => {
  organisation = await Organisation.start();
  stock = await WorkInStock.make(organisation, { 'active-directory': 12, entra: 14 });
});
afterEach(() =>
  organisation.control({
    'entra.faults': [],
    'entra.outageSeconds': 0,
    'ad.faults': {},
    'ad.replicationDelaySeconds': 0,
    'identity.tokens': 'normal',
    'relay.available': true,
  }),
);
afterAll(() => organisation.stop());

/** Approves, and answers the case when an attempt has been put off; nothing has been recorded as written. */
async function putOff({ subject, fix }: Work): Promise<CaseView> {
  expect(await approve(organisation, subject, fix)).toMatchObject({ status: 200 });
  return waitFor('the attempt to be put off', async () => {
    const read = await readCase(organisation, subject.id);
    return typesOf(read).includes('Postponed') && read;
  });
}

async function writtenOnce({ subject, fix }: Work): Promise<CaseView> {
  const applied = await recovered(organisation, subject.id);
  expect(fix.changes.map((change) => writesOf(organisation, change))).toEqual([1]);
  expect(typesOf(applied).filter((type) => type === 'Applied')).toHaveLength(1);
  return applied;
}

const postponement = (subject: CaseView) => {
  const event = subject.events.findLast(({ type }) => type === 'Postponed');
  const data = event && 'data' in event ? (event.data as { notBefore: string; message: string }) : undefined;
  return { at: Date.parse(event?.at ?? ''), notBefore: Date.parse(data?.notBefore ?? ''), message: data?.message };
};

describe('a write in Entra', () => {
  const path = (work: Work) => `/users/${work.fix.changes[0]?.objectId}`;
  /** The batch of this write: a diagnosis that is still going on asks in batches, too. */
  const batch = (work: Work) => ({ path: 'batch', body: work.fix.changes[0]?.objectId });

  test.each([
    [
      'throttled inside the batch',
      (work: Work) => ({ kind: 'status', status: 429, method: 'PATCH', path: path(work), retryAfterSeconds: 40 }),
    ],
    [
      'throttled as a whole batch',
      (work: Work) => ({ kind: 'status', status: 429, ...batch(work), retryAfterSeconds: 40 }),
    ],
  ])('that is %s waits as long as Graph asks, and is made once', async (_, faultOf) => {
    const work = stock.take('entra');
    await organisation.control({ 'entra.faults': [faultOf(work)] });
    const { at, notBefore, message } = postponement(await putOff(work));
    // The event is written a little after Graph has answered.
    expect(notBefore - at).toBeGreaterThan(38_000);
    expect(message).toContain('429');
    await organisation.advance(45);
    await writtenOnce(work);
  });

  test.each([
    ['Graph is unavailable (503)', { kind: 'status', status: 503 }],
    ['Graph does not answer in time', { kind: 'timeout' }],
    ['the token has expired on the way (401)', { kind: 'status', status: 401 }],
  ])('is tried again when %s', async (_, fault) => {
    const work = stock.take('entra');
    await organisation.control({ 'entra.faults': [{ ...fault, ...batch(work) }] });
    await putOff(work);
    await organisation.advance(20);
    await writtenOnce(work);
  });

  test('whose answer is lost is recognised as written', async () => {
    const work = stock.take('entra');
    const drop = { kind: 'dropResponse', method: 'PATCH', path: path(work) };
    await organisation.control({ 'entra.faults': [drop] });
    await putOff(work);
    await organisation.advance(20);
    await waitFor('the write', () => work.fix.changes.every((change) => writesOf(organisation, change) === 1));
    await organisation.advance(40);
    const applied = await writtenOnce(work);
    expect(applied.approval?.results).toMatchObject([{ outcome: 'Applied', alreadyThere: true }]);
  });

  test('is made after identities that get only expired tokens have been mended', async () => {
    const work = stock.take('entra');
    await organisation.control({ 'identity.tokens': 'expired' });
    await approve(organisation, work.subject, work.fix);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(work.fix.changes.map((change) => writesOf(organisation, change))).toEqual([0]);
    await organisation.control({ 'identity.tokens': 'normal' });
    // New tokens are asked for when the old ones are nearly over.
    await organisation.advance(3600);
    await writtenOnce(work);
  });

  test('of a user who was deleted meanwhile is not made: the case is diagnosed again', async () => {
    const work = stock.take('entra');
    expect(await organisation.graph('DELETE', path(work))).toMatchObject({ status: 204 });
    await approve(organisation, work.subject, work.fix);
    const anew = await waitFor('a new diagnosis', async () => {
      const read = await readCase(organisation, work.subject.id);
      return typesOf(read).at(-1) === 'Diagnosed' && typesOf(read).includes('WentStale') && read;
    });
    expect(work.fix.changes.map((change) => writesOf(organisation, change))).toEqual([0]);
    expect(anew.diagnosis).not.toEqual(work.subject.diagnosis);
  });

  test('of a value that somebody changed after the plan is not made: stale, and a new diagnosis', async () => {
    const work = stock.take('entra');
    const other = `other.${work.subject.id.slice(0, 8)}@contoso.com`;
    expect(await organisation.graph('PATCH', path(work), { userPrincipalName: other })).toMatchObject({ status: 204 });
    const before = work.fix.changes.map((change) => writesOf(organisation, change));
    await approve(organisation, work.subject, work.fix);
    const anew = await waitFor('a new diagnosis', async () => {
      const read = await readCase(organisation, work.subject.id);
      return typesOf(read).at(-1) === 'Diagnosed' && typesOf(read).includes('WentStale') && read;
    });
    expect(work.fix.changes.map((change) => writesOf(organisation, change))).toEqual(before);
    // The quarantine is still there and nobody is seen to hold the value: never taken for fixed.
    expect(anew.diagnosis.reason).toBe('NoVisibleHolder');
  });

  test('that an hour of outage holds up is made afterwards: nothing is dead-lettered, nothing is lost', async () => {
    const works = [stock.take('entra'), stock.take('entra'), stock.take('entra')];
    await organisation.control({ 'entra.outageSeconds': 3600 });
    for (const { subject, fix } of works)
      expect(await approve(organisation, subject, fix)).toMatchObject({ status: 200 });
    for (let minute = 0; minute < 60; minute += 10) {
      await organisation.advance(600);
      await organisation.sweep();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    for (const queue of ['apply', 'diagnose', 'verify']) {
      expect(organisation.stack.serviceBus.counts(queue).deadLetter).toBe(0);
    }
    // An attempt that was under way when the outage ended has put itself off by a quarter of an hour once more.
    await sweepUntil(organisation, 'everything is written', async () => {
      await organisation.advance(300);
      const read = await Promise.all(works.map(({ subject }) => readCase(organisation, subject.id)));
      return read.every((subject) => typesOf(subject).includes('Applied'));
    });
    for (const work of works) await writtenOnce(work);
  });
});

describe('a write in Active Directory', () => {
  const change = ({ fix }: Work) => {
    const [only] = fix.changes;
    if (!only) throw new Error('The fix has no change.');
    return only;
  };

  test('waits while the domain controller is down', async () => {
    const work = stock.take('active-directory');
    await organisation.control({ 'ad.faults': { down: ['dc1.contoso.com'] } });
    await putOff(work);
    await organisation.control({ 'ad.faults': {} });
    await organisation.advance(20);
    await writtenOnce(work);
  });

  test('is sent to nobody who shows a certificate of another authority', async () => {
    const work = stock.take('active-directory');
    await organisation.stack.kill('relay');
    const impostor = await startImpostor(Number(new URL(organisation.stack.endpoints.relay.url).port));
    const { message } = postponement(await putOff(work));
    expect(message).toMatch(/certificate/i);
    await impostor.stop();
    expect(impostor.requests()).toBe(0);
    await organisation.control({ 'relay.available': true });
    await organisation.advance(20);
    await writtenOnce(work);
  });

  test('without the right to make it (50) fails with the remedy, and is made after that and a recheck', async () => {
    const work = stock.take('active-directory');
    await organisation.control({ 'ad.faults': { insufficientRights: [change(work).objectName] } });
    await approve(organisation, work.subject, work.fix);
    const failed = await reach(organisation, work.subject.id, 'Failed');
    expect(failed.message).toMatch(/proxyAddresses/);
    expect(writesOf(organisation, change(work))).toBe(0);

    await organisation.control({ 'ad.faults': {} });
    await organisation.api('approver', 'POST', `/api/cases/${work.subject.id}/recheck`, {
      reason: 'Rights were granted.',
    });
    const anew = await reach(organisation, work.subject.id, 'NeedsPerson');
    const fix = anew.fixes.find(({ id }) => id === work.fix.id);
    if (!fix) throw new Error('The fix is gone.');
    await approveAndWrite(organisation, anew, fix);
    expect(writesOf(organisation, change(work))).toBe(1);
  });

  test('finds an object that was moved meanwhile', async () => {
    const work = stock.take('active-directory');
    const dn = change(work).objectName;
    const moved = dn.replace('CN=Users', 'CN=Computers');
    await organisation.move(dn, moved);
    await approve(organisation, work.subject, work.fix);
    await writtenOnce(work);
    expect(await organisation.values(moved, 'proxyAddresses')).not.toContain(work.subject.error.value);
  });

  test('of a value that somebody changed after the plan is not made: stale, and a new diagnosis', async () => {
    const work = stock.take('active-directory');
    const dn = change(work).objectName;
    const kept = (await organisation.values(dn, 'proxyAddresses')).filter(
      (value) => value !== work.subject.error.value,
    );
    await organisation.replace(dn, 'proxyAddresses', kept);
    const before = writesOf(organisation, change(work));
    await approve(organisation, work.subject, work.fix);
    const anew = await waitFor('a new diagnosis', async () => {
      const read = await readCase(organisation, work.subject.id);
      return typesOf(read).at(-1) === 'Diagnosed' && typesOf(read).includes('WentStale') && read;
    });
    expect(writesOf(organisation, change(work))).toBe(before);
    expect(anew.diagnosis.reason).not.toBe(work.subject.diagnosis.reason);
  });

  test('is made where the connector reads: another controller that lags behind reopens nothing', async () => {
    const work = stock.take('active-directory');
    await organisation.control({ 'ad.replicationDelaySeconds': 3000 });
    await approveAndWrite(organisation, work.subject, work.fix);
    const value = work.subject.error.value ?? '';
    expect(await organisation.values(change(work).objectName, 'proxyAddresses', 'dc2')).toContain(value);
    await organisation.cycle();
    const resolved = await reach(organisation, work.subject.id, 'Resolved');
    expect(typesOf(resolved)).not.toContain('Reopened');
    expect(typesOf(resolved)).not.toContain('Reverted');
  });
});

test('every message of a finished case changes nothing when it comes again', async () => {
  const work = stock.take('active-directory');
  await approveAndWrite(organisation, work.subject, work.fix);
  await organisation.cycle();
  const resolved = await reach(organisation, work.subject.id, 'Resolved');
  const { log } = organisation.stack.serviceBus;
  const own = log.filter(({ body }) => (body as { case?: string }).case === work.subject.id);
  const lane = log.findLast(({ queue }) => queue === 'apply');
  expect(new Set(own.map(({ queue }) => queue))).toEqual(new Set(['diagnose', 'verify']));
  for (const { queue, body } of [...own, ...(lane ? [lane] : [])]) await organisation.run(queue, body);
  await waitFor('the messages to be handled', () => organisation.stack.host.inFlight() === 0);
  expect(typesOf(await readCase(organisation, work.subject.id))).toEqual(typesOf(resolved));
  expect(work.fix.changes.map((one) => writesOf(organisation, one))).toEqual([1]);
});

/** Somebody else at the relay's address, with a certificate that no authority of ours signed. */
async function startImpostor(port: number) {
  const { server: tls } = await createCertificates();
  let requests = 0;
  const server = createServer(tls, (_, response) => {
    requests += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    requests: () => requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
