import { describe, expect, test } from 'vitest';
import type { AppRole } from '../../src/api-contract.ts';
import type { Composition } from '../../src/compose.ts';
import type { AuditDay, AuditRun } from '../../src/domain/audit-run.ts';
import type { Refusal } from '../../src/domain/decide.ts';
import type { PreflightJob } from '../../src/domain/preflight.ts';
import { StoreUnavailable } from '../../src/ports.ts';
import { caseIn, theFix } from '../domain/case-builder.ts';
import { type Asked, call, everyRole, principal, register, signedInAs, tenant } from './fake-app.ts';

const theCase = caseIn('AwaitingApproval');
const { id } = theCase;
const committed = async () => ({ case: theCase, changed: true });
const refusing = (refusal: Refusal) => async () => ({ refusal });

const theRun: AuditRun = {
  v: 1,
  id: '20261129T010000000Z-abc123',
  state: 'complete',
  asked: 'full',
  startedAt: '2026-11-29T01:00:00.000Z',
  endedAt: '2026-11-29T01:05:00.000Z',
  domains: [
    { forest: 'contoso.com', domain: 'contoso.com', domainController: 'dc1.contoso.com', mode: 'full', read: 3 },
  ],
  objects: { activeDirectory: 3, entra: 2 },
  findings: [{ rule: 'MailFormat', severity: 'warning', count: 1 }],
  cases: { opened: 1, known: 0, leftOut: 0 },
  problems: [],
  problemCount: 0,
  report: { file: 'reports/x', lines: 1, blocks: [{ offset: 0, line: 0 }] },
  predictions: [{ outcome: 'SoftMatch', certainty: 'possible', count: 2 }],
  forecast: { file: 'reports/x-predictions', lines: 2, blocks: [{ offset: 0, line: 0 }] },
};
const theDay: AuditDay = {
  v: 1,
  day: '2026-11-29',
  run: theRun.id,
  objects: theRun.objects,
  findings: theRun.findings,
};
const preflightId = 'f'.repeat(32);
const preflightJob: PreflightJob = {
  v: 1,
  tenant,
  state: 'running',
  createdAt: '2026-11-29T08:00:00.000Z',
  updatedAt: '2026-11-29T08:01:00.000Z',
  total: 25,
  done: 20,
  requestHash: 'a'.repeat(64),
  deadLetters: 0,
  promised: [['0 anna@contoso.com', 3]],
};
const clear = { key: '0', verdict: 'clear', problems: [], unknowns: [], readAt: '2026-11-29T08:00:30.000Z' } as const;
const preflightOf = (count: number): string =>
  JSON.stringify({
    objects: Array.from({ length: count }, (_, index) => ({ attributes: { mail: `a${index}@contoso.com` } })),
  });
const willing: Partial<Composition> = {
  listCases: async ({ continuationToken }) =>
    continuationToken === 'foreign' ? null : { value: [theCase], total: 1, continuationToken: 'next' },
  readCase: async (asked: string) => (asked === id ? { case: theCase, events: [] } : null),
  approve: committed,
  reject: committed,
  undo: committed,
  recheck: committed,
  listAudits: async () => ({ value: [theRun], continuationToken: theRun.id }),
  readAudit: async (asked) => (asked === theRun.id ? theRun : null),
  readFindings: async (asked, { continuationToken }) => {
    if (asked !== theRun.id) return { kind: asked === 'running' ? 'noReport' : 'noSuchRun' };
    if (continuationToken === 'foreign') return { kind: 'foreignToken' };
    return { kind: 'page', page: { value: [{ rule: 'MailFormat' }], continuationToken: 'next' } };
  },
  readPredictions: async (asked, { outcome, continuationToken }) => {
    if (asked !== theRun.id) return { kind: asked === 'running' ? 'noReport' : 'noSuchRun' };
    if (continuationToken === 'foreign') return { kind: 'foreignToken' };
    return { kind: 'page', page: { value: [{ outcome: outcome ?? 'any' }], continuationToken: 'next' } };
  },
  auditTrend: async () => [theDay],
  askPreflight: async () => ({ outcome: 'answered', answers: [clear] }),
  listLeavers: async (_days, _pageSize, token) =>
    token === 'foreign' ? null : { value: [], unknowns: [], continuationToken: 'next' },
  readPreflight: async (asked) => (asked === preflightId ? { job: preflightJob, answers: [clear] } : null),
};
const api = register('api', willing);

const approval = JSON.stringify({ fixId: theFix.id, planHash: theFix.planHash, reason: 'Bo agreed' });
const because = JSON.stringify({ reason: 'why' });
const endpoints: readonly (readonly [name: string, asked: Asked, least: AppRole])[] = [
  ['listCases', {}, 'Reader'],
  ['getCase', { id }, 'Reader'],
  ['approveCase', { method: 'POST', id, body: approval }, 'Approver'],
  ['rejectCase', { method: 'POST', id, body: because }, 'Approver'],
  ['undoCase', { method: 'POST', id, body: because }, 'Approver'],
  ['recheckCase', { method: 'POST', id, body: '' }, 'Approver'],
  ['listAudits', {}, 'Reader'],
  ['getAudit', { id: theRun.id }, 'Reader'],
  ['listAuditFindings', { id: theRun.id }, 'Reader'],
  ['listAuditPredictions', { id: theRun.id }, 'Reader'],
  ['getAuditTrend', {}, 'Reader'],
  ['askPreflight', { method: 'POST', body: preflightOf(1) }, 'Reader'],
  ['getPreflight', { id: preflightId }, 'Reader'],
  ['listLeavers', {}, 'Reader'],
];
const askAs = (name: string, header: string | undefined, functions = api) => {
  const asked = endpoints.find(([endpoint]) => endpoint === name)?.[1] ?? {};
  return call(functions, name, { ...asked, header });
};

describe.each(endpoints)('%s', (name, _asked, least) => {
  test.each(everyRole)('answers a %s as that role may', async (role) => {
    const allowed = everyRole.indexOf(role) >= everyRole.indexOf(least);
    expect((await askAs(name, signedInAs(role))).status).toBe(allowed ? 200 : 403);
  });

  test.each<[string, string | undefined]>([
    ['nobody', undefined],
    ['an empty header', ''],
    ['a header that is no base64 of JSON', '%%%garbage'],
    ['a header without claims', Buffer.from('{}').toString('base64')],
    [
      'someone of another tenant',
      principal([
        ['oid', 'x'],
        ['tid', '22222222-1111-4111-8111-111111111111'],
        ['roles', 'Operator'],
      ]),
    ],
    [
      'someone without a tenant',
      principal([
        ['oid', 'x'],
        ['roles', 'Operator'],
      ]),
    ],
    [
      'someone without an id',
      principal([
        ['tid', tenant],
        ['roles', 'Operator'],
      ]),
    ],
  ])('answers %s 401', async (_who, header) => {
    expect(await askAs(name, header)).toMatchObject({
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
      body: { title: 'Not signed in', status: 401 },
    });
  });

  test('answers someone without a role, or with a role of something else, 403', async () => {
    expect((await askAs(name, signedInAs())).status).toBe(403);
    expect((await askAs(name, signedInAs('Administrator', 'reader'))).status).toBe(403);
  });

  test('believes nobody where App Service does not authenticate', async () => {
    const open = register('api', willing, { WEBSITE_AUTH_ENABLED: 'false' });
    expect((await askAs(name, signedInAs('Operator'), open)).status).toBe(401);
  });

  test('answers 503 with a time to wait when the store is out of reach, 500 without a secret after a bug', async () => {
    const down = async (): Promise<never> => {
      throw new StoreUnavailable('the table store answered 503');
    };
    const bug = async (): Promise<never> => {
      throw new TypeError('secret');
    };
    const failing = (act: () => Promise<never>) =>
      register('api', {
        ...{ listCases: act, readCase: act, approve: act, reject: act, undo: act, recheck: act },
        ...{ listAudits: act, readAudit: act, readFindings: act, readPredictions: act, auditTrend: act },
        ...{ askPreflight: act, readPreflight: act, listLeavers: act },
      });
    expect(await askAs(name, signedInAs('Operator'), failing(down))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
    });
    const answer = await askAs(name, signedInAs('Operator'), failing(bug));
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});

test('claims are known by their short and by their mapped names', async () => {
  const mapped = principal([
    ['http://schemas.microsoft.com/identity/claims/objectidentifier', 'a-person'],
    ['http://schemas.microsoft.com/identity/claims/tenantid', tenant.toUpperCase()],
    ['http://schemas.microsoft.com/ws/2008/06/identity/claims/role', 'Approver'],
  ]);
  let by: unknown;
  const functions = register('api', {
    approve: async (_id, actor) => {
      by = actor;
      return committed();
    },
  });
  expect((await askAs('approveCase', mapped, functions)).status).toBe(200);
  expect(by).toEqual({ oid: 'a-person' });
});

describe('a body', () => {
  const approver = signedInAs('Approver');
  const post = (name: string, body: string, asked = id) =>
    call(api, name, { method: 'POST', id: asked, body, header: approver });

  test.each([
    ['approveCase', '{', '(body)'],
    ['approveCase', '', 'fixId'],
    ['approveCase', 'null', '(body)'],
    ['approveCase', '[]', '(body)'],
    ['approveCase', JSON.stringify({ fixId: 'f', planHash: 1, reason: 'r' }), 'planHash'],
    ['approveCase', JSON.stringify({ fixId: 'f', planHash: 'h', reason: '   ' }), 'reason'],
    ['approveCase', JSON.stringify({ fixId: 'f', planHash: 'h', reason: 'r', party: 'Both' }), 'party'],
    ['approveCase', JSON.stringify({ fixId: 'f', planHash: 'h', reason: 'r', force: true }), '(body)'],
    ['rejectCase', '{}', 'reason'],
    ['undoCase', JSON.stringify({ reason: 7 }), 'reason'],
    ['recheckCase', JSON.stringify({ reason: 'x'.repeat(2001) }), 'reason'],
  ])('of %s that is %s is refused, naming %s', async (name, body, field) => {
    const answer = await post(name, body);
    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toContainEqual({ field, message: expect.any(String) });
  });

  test('that is too large is 413', async () => {
    expect((await post('rejectCase', JSON.stringify({ reason: 'é'.repeat(40_000) }))).status).toBe(413);
  });

  test.each(['unknown', "' or 1 eq 1", 'A'.repeat(32)])('for the case %j is 404', async (asked) => {
    expect((await post('rejectCase', because, asked)).status).toBe(404);
    expect((await call(api, 'getCase', { id: asked, header: approver })).status).toBe(404);
  });

  test('for a case that does not exist is 404', async () => {
    expect((await call(api, 'getCase', { id: 'f'.repeat(32), header: approver })).status).toBe(404);
  });
});

describe('a refusal', () => {
  test.each<[Refusal['code'], number]>([
    ['NotFound', 404],
    ['NoSuchFix', 404],
    ['WrongState', 409],
    ['RunbookOnly', 409],
    ['PlanHashMismatch', 409],
    ['NothingToUndo', 409],
    ['PartyStatementNeeded', 400],
    ['FourEyes', 403],
  ])('%s is %i', async (code, status) => {
    const functions = register('api', { approve: refusing({ code, message: 'why not' }) });
    expect((await askAs('approveCase', signedInAs('Approver'), functions)).status).toBe(status);
  });

  test('of an old plan carries the present hash', async () => {
    const mismatch: Refusal = { code: 'PlanHashMismatch', message: 'changed', planHash: theFix.planHash };
    const functions = register('api', { approve: refusing(mismatch) });
    expect(await askAs('approveCase', signedInAs('Approver'), functions)).toMatchObject({
      status: 409,
      body: { code: 'PlanHashMismatch', planHash: theFix.planHash },
    });
  });
});

describe('a list', () => {
  const header = signedInAs('Reader');

  test('has value, total and the next page', async () => {
    expect((await call(api, 'listCases', { header })).body).toMatchObject({
      value: [
        {
          id,
          state: 'AwaitingApproval',
          error: { attribute: 'proxyAddresses' },
          fixes: [{ planHash: theFix.planHash }],
        },
      ],
      total: 1,
      continuationToken: 'next',
    });
  });

  test.each([
    ['pageSize', { pageSize: '0' }],
    ['pageSize', { pageSize: 'many' }],
    ['search', { search: 'x'.repeat(201) }],
    ['continuationToken', { continuationToken: 'foreign' }],
  ])('with a malformed %s is 400', async (field, query) => {
    const answer = await call(api, 'listCases', { header, query });
    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toContainEqual({ field, message: expect.any(String) });
  });
});

describe('the audits', () => {
  const header = signedInAs('Reader');

  test('a run shows its counts and where its findings are, not how its file is built', async () => {
    const { body } = await call(api, 'getAudit', { id: theRun.id, header });
    expect(body).toMatchObject({ id: theRun.id, findings: theRun.findings, reported: 1 });
    expect(body).toMatchObject({ predictions: theRun.predictions, predicted: 2 });
    expect(body).not.toHaveProperty('report');
    expect(body).not.toHaveProperty('forecast');
    expect((await call(api, 'listAudits', { header })).body).toMatchObject({
      value: [{ id: theRun.id }],
      continuationToken: theRun.id,
    });
  });

  test('predictions come in pages, by outcome', async () => {
    const query = { outcome: 'SoftMatch', certainty: 'possible' };
    expect((await call(api, 'listAuditPredictions', { id: theRun.id, header, query })).body).toEqual({
      value: [{ outcome: 'SoftMatch' }],
      continuationToken: 'next',
    });
  });

  test('findings come in pages, the trend by days', async () => {
    expect((await call(api, 'listAuditFindings', { id: theRun.id, header })).body).toEqual({
      value: [{ rule: 'MailFormat' }],
      continuationToken: 'next',
    });
    const { v: _, ...day } = theDay;
    expect((await call(api, 'getAuditTrend', { header, query: { days: '7' } })).body).toEqual({ value: [day] });
  });

  test.each<[string, Asked, number]>([
    ['getAudit', { id: 'unknown' }, 404],
    ['listAuditFindings', { id: 'unknown' }, 404],
    ['listAuditPredictions', { id: 'unknown' }, 404],
    ['listAuditPredictions', { id: 'running' }, 404],
    ['listAuditPredictions', { id: theRun.id, query: { continuationToken: 'foreign' } }, 400],
    ['listAuditPredictions', { id: theRun.id, query: { certainty: 'likely' } }, 400],
    ['listAuditPredictions', { id: theRun.id, query: { outcome: "' or 1 eq 1" } }, 400],
    ['listAuditPredictions', { id: theRun.id, query: { rule: 'MailFormat' } }, 400],
    ['listLeavers', { query: { days: '0' } }, 400],
    ['listLeavers', { query: { pageSize: '101' } }, 400],
    ['listLeavers', { query: { continuationToken: 'foreign' } }, 400],
    ['listAuditFindings', { id: 'running' }, 404],
    ['listAuditFindings', { id: theRun.id, query: { continuationToken: 'foreign' } }, 400],
    ['listAuditFindings', { id: theRun.id, query: { severity: 'bad' } }, 400],
    ['listAuditFindings', { id: theRun.id, query: { rule: "' or 1 eq 1" } }, 400],
    ['listAuditFindings', { id: theRun.id, query: { pageSize: '0' } }, 400],
    ['listAudits', { query: { continuationToken: "' or 1 eq 1" } }, 400],
    ['listAudits', { query: { filter: 'x' } }, 400],
    ['getAuditTrend', { query: { days: '1000' } }, 400],
  ])('%s of %j is %i', async (name, asked, status) => {
    expect((await call(api, name, { ...asked, header })).status).toBe(status);
  });
});
