import { expect, test } from 'vitest';
import { cloudUser } from '../../domain/evidence-builder.ts';
import { type Asked, graphError, list, notFound, ok, type Reply, startScriptedGraph } from './scripted-graph.ts';

const gone = {
  id: 'u1',
  displayName: 'Gone',
  accountEnabled: false,
  mail: 'gone@contoso.com',
  assignedLicenses: [{ skuId: 'e3' }],
  signInActivity: {
    lastSignInDateTime: '2026-01-01T08:00:00Z',
    lastNonInteractiveSignInDateTime: '2026-02-01T08:00:00Z',
  },
};
const { signInActivity: _, ...goneWithoutSignIn } = gone;

const graphOf = (route: (asked: Asked) => Reply) => startScriptedGraph({ route });
const asksForSignIns = ({ query }: Asked): boolean => (query.get('$select') ?? '').includes('signInActivity');

test('disabled accounts come page by page, with their latest sign-in of any kind', async () => {
  const graph = await graphOf((asked) => {
    if (asked.query.get('$skiptoken') === 'n+1/=') return list();
    return ok({
      value: [gone],
      '@odata.nextLink': `https://127.0.0.1/v1.0/users?$top=1&$skiptoken=${encodeURIComponent('n+1/=')}`,
    });
  });
  const first = await graph.accounts.page({ kind: 'disabled' }, 1, null);
  expect(first).toMatchObject({
    ok: true,
    value: {
      accounts: [
        { account: { id: 'u1', licensed: true }, lastSignIn: { state: 'known', value: '2026-02-01T08:00:00Z' } },
      ],
      token: 'n+1/=',
    },
  });
  expect(await graph.accounts.page({ kind: 'disabled' }, 1, 'n+1/=')).toEqual({
    ok: true,
    value: { accounts: [], token: null },
  });
  expect(graph.asked.map(({ query }) => [query.get('$filter'), query.get('$top')])).toEqual([
    ['accountEnabled eq false', '1'],
    ['accountEnabled eq false', '1'],
  ]);
});

test('without the licence for sign-ins disabled accounts are listed all the same, and the sign-in is unknown', async () => {
  const graph = await graphOf((asked) =>
    asksForSignIns(asked)
      ? graphError(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant')
      : list(goneWithoutSignIn),
  );
  expect(await graph.accounts.page({ kind: 'disabled' }, 25, null)).toMatchObject({
    ok: true,
    value: { accounts: [{ lastSignIn: { state: 'unknown', remedy: expect.stringContaining('P1') } }] },
  });
  expect(await graph.accounts.page({ kind: 'inactive', before: new Date('2026-08-01') }, 25, null)).toMatchObject({
    ok: false,
    failure: { kind: 'NotPermitted', remedy: expect.stringContaining('AuditLog.Read.All') },
  });
});

test('inactive accounts are asked for by the sign-in alone: the filter takes nothing beside it', async () => {
  const graph = await graphOf(() => list(gone));
  await graph.accounts.page({ kind: 'inactive', before: new Date('2026-08-01T00:00:00Z') }, 25, null);
  expect(graph.asked[0]?.query.get('$filter')).toBe('signInActivity/lastSignInDateTime le 2026-08-01T00:00:00.000Z');
});

test.each<[string, Reply, object]>([
  [
    'no permission at all',
    graphError(403, 'Authorization_RequestDenied'),
    { kind: 'NotPermitted', remedy: expect.stringContaining('User.Read.All') },
  ],
  [
    'too many requests',
    graphError(429, 'TooManyRequests', 'slow', { 'Retry-After': '9' }),
    { kind: 'TryAgain', afterSeconds: 9 },
  ],
  ['a token that is over', graphError(400, 'Directory_ExpiredPageToken'), { kind: 'Refused' }],
  ['no page', ok({ hello: 1 }), { kind: 'TryAgain' }],
  ['an account of another shape', list({ displayName: 'nameless' }), { kind: 'TryAgain' }],
])('%s is a failure', async (_what, reply, failure) => {
  const graph = await graphOf(() => reply);
  expect(await graph.accounts.page({ kind: 'disabled' }, 25, null)).toMatchObject({ ok: false, failure });
});

test.each<[string, Reply, object]>([
  ['shared', ok({ userPurpose: 'shared' }), { state: 'known', value: true }],
  ['room', ok({ userPurpose: 'room' }), { state: 'known', value: true }],
  ['equipment', ok({ userPurpose: 'equipment' }), { state: 'known', value: true }],
  ['user', ok({ userPurpose: 'user' }), { state: 'known', value: false }],
  ['not in the cloud', graphError(404, 'MailboxNotEnabledForRESTAPI'), { state: 'known', value: false }],
  ['others', ok({ userPurpose: 'others' }), { state: 'unknown' }],
  [
    'hidden',
    graphError(403, 'ErrorAccessDenied'),
    { state: 'unknown', remedy: expect.stringContaining('MailboxSettings.Read') },
  ],
  ['silent', notFound, { state: 'unknown' }],
])('a mailbox that is %s', async (_what, reply, fact) => {
  const graph = await graphOf(() => reply);
  expect(await graph.accounts.isResource(cloudUser({ id: 'u1', mail: 'a@contoso.com' }))).toMatchObject(fact);
});

test('an account without an address has no mailbox to ask about', async () => {
  const graph = await graphOf(() => notFound);
  expect(await graph.accounts.isResource(cloudUser({ id: 'u1' }))).toMatchObject({ state: 'known', value: false });
  expect(graph.asked).toEqual([]);
});
