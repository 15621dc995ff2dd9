import { afterAll, beforeAll, expect, test } from 'vitest';
import { approve, approveAndWrite, diagnosedCase, diagnosedCases, fixKeeping, readCase, writesOf } from './cases.ts';
import { Organisation } from './organisation.ts';
import { addConflict, addConflicts } from './people.ts';
import { waitFor } from './wait-for.ts';
import { WorkInStock } from './work-in-stock.ts';

let organisation: Organisation;
let stock: WorkInStock;

beforeAll(async () => {
  organisation = await Organisation.start();
  stock = await WorkInStock.make(organisation, { 'active-directory': 4, entra: 1 });
});
afterAll(() => organisation.stop());

/** App Service's header for somebody of this tenant who has no role of ours. */
function withoutRole(): string {
  const { reader } = organisation.stack.endpoints.principals;
  const principal = JSON.parse(Buffer.from(reader, 'base64').toString('utf8'));
  principal.claims = principal.claims.filter(({ typ }: { typ: string }) => typ !== 'roles');
  return Buffer.from(JSON.stringify(principal)).toString('base64');
}

test('an approval counts only from an approver, for the present hash, and while the case waits for it', async () => {
  const { subject, fix } = stock.take('active-directory');
  const path = `/api/cases/${subject.id}/approve`;
  const body = { fixId: fix.id, planHash: fix.planHash, reason: 'They agreed.' };

  expect(await organisation.api({}, 'POST', path, body)).toMatchObject({ status: 401 });
  expect(await organisation.api({ 'x-ms-client-principal': withoutRole() }, 'POST', path, body)).toMatchObject({
    status: 403,
  });
  expect(await organisation.api('reader', 'POST', path, body)).toMatchObject({ status: 403 });
  const old = { ...body, planHash: '0'.repeat(64) };
  expect(await organisation.api('approver', 'POST', path, old)).toMatchObject({
    status: 409,
    body: { code: 'PlanHashMismatch', planHash: fix.planHash },
  });
  expect(await readCase(organisation, subject.id)).toMatchObject({ state: 'NeedsPerson' });

  const reject = `/api/cases/${subject.id}/reject`;
  expect(await organisation.api('reader', 'POST', reject, { reason: 'No.' })).toMatchObject({ status: 403 });
  expect(await organisation.api('approver', 'POST', reject, { reason: 'No.' })).toMatchObject({ status: 200 });
  expect(await organisation.api('approver', 'POST', path, body)).toMatchObject({
    status: 409,
    body: { code: 'WrongState' },
  });
  expect(fix.changes.map((change) => writesOf(organisation, change))).toEqual([0]);
});

test('of two approvals at once one wins', async () => {
  const { subject, fix } = stock.take('active-directory');
  const other = subject.fixes.find(({ id }) => id !== fix.id);
  if (!other) throw new Error('There is only one fix.');
  const replies = await Promise.all([
    approve(organisation, subject, fix, {}, 'approver'),
    approve(organisation, subject, other, {}, 'approver2'),
  ]);
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  const winner = replies[0]?.status === 200 ? fix : other;
  const loser = winner === fix ? other : fix;
  const applied = await waitFor('the winner to be written', async () => {
    const read = await readCase(organisation, subject.id);
    return read.state === 'Applied' && read;
  });
  expect(applied.approval).toMatchObject({ fixId: winner.id });
  expect(winner.changes.map((change) => writesOf(organisation, change))).toEqual([1]);
  expect(loser.changes.map((change) => writesOf(organisation, change))).toEqual([0]);
});

test('a list comes in pages, and its last page has no successor', async () => {
  const conflicts = await addConflicts(organisation, 3);
  await diagnosedCases(
    organisation,
    conflicts.map(({ value }) => value),
  );
  const word = conflicts[0]?.value.slice('smtp:shared.'.length, -'0@contoso.com'.length) ?? '';
  const seen: string[] = [];
  let query = `?search=${word}&pageSize=2`;
  for (let pages = 0; pages < 2; pages++) {
    const { status, body } = await organisation.api('reader', 'GET', `/api/cases${query}`);
    expect(status).toBe(200);
    expect(body.total).toBe(3);
    seen.push(...body.value.map(({ error }: { error: { value: string } }) => error.value));
    query = `?search=${word}&pageSize=2&continuationToken=${encodeURIComponent(body.continuationToken)}`;
    expect(body.continuationToken === undefined).toBe(pages === 1);
  }
  expect(seen.sort()).toEqual(conflicts.map(({ value }) => value).sort());
});

test.each([
  ['diagnose', { v: 1, case: 'not-an-id' }, 'case'],
  ['verify', { v: 1, case: 'f'.repeat(32), sequence: -1 }, 'sequence'],
  ['apply', { v: 1 }, 'lane'],
  ['diagnose', 'not even an object', '(body)'],
])('a malformed message of %s is put aside with the field that does not fit', async (queue, part, field) => {
  const { serviceBus, tenant } = organisation.stack;
  const before = serviceBus.messages('rejected').length;
  const whole = { tenant: tenant.tenantId, sequence: 0, attempt: 0 };
  await organisation.run(
    queue,
    typeof part === 'string' ? part : { ...(queue === 'apply' ? { tenant: tenant.tenantId } : whole), ...part },
  );
  const rejected = await waitFor('the message to be put aside', () => serviceBus.messages('rejected')[before]);
  expect(rejected).toMatchObject({
    body: { queue },
    applicationProperties: { field, reason: expect.stringMatching(/.+/) },
  });
});

test('bad settings: the health functions alone are there, answer 503, and name every problem', async () => {
  const settings = {
    SYNCMEND_TENANT_ID: undefined,
    SYNCMEND_RELAY_URL: 'http://relay',
    SYNCMEND_EXCHANGE_AUTHORITY: 'nobody',
  };
  const broken = await Organisation.start({ settings });
  try {
    expect(broken.stack.host.registered('api')).toEqual(['health']);
    expect(broken.stack.host.registered('worker')).toEqual(['workerHealth']);
    for (const path of ['/api/health', '/api/worker-health']) {
      const { status, body } = await broken.api({}, 'GET', path);
      expect(status).toBe(503);
      const fields = body.errors.map((error: { field: string }) => error.field).sort();
      expect(fields).toEqual(Object.keys(settings).sort());
    }
    for (const name of Object.keys(settings)) expect(broken.log.join('\n')).toContain(name);
    expect((await fetch(`${broken.stack.endpoints.functions}/api/cases`)).status).toBe(404);
  } finally {
    await broken.stop();
  }
});

test('the last word about a case is the audit trail: who did what, in order', async () => {
  const { value, claimant } = await addConflict(organisation);
  const found = await diagnosedCase(organisation, value);
  await approveAndWrite(organisation, found, fixKeeping(found, claimant.name));
  const { events } = await readCase(organisation, found.id);
  expect(events.map(({ type, by }) => [type, by.name ?? by.oid])).toEqual([
    ['Sighted', 'system'],
    ['Diagnosed', 'system'],
    ['Approved', 'Anna Approver'],
    ['Claimed', 'system'],
    ['Applied', 'system'],
  ]);
  const times = events.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
});
