import { describe, expect, test } from 'vitest';
import type { Change } from '../../../src/domain/change.ts';
import type { PlannedWrite } from '../../../src/ports.ts';
import { type Asked, graphError, notFound, ok, type Reply, type Script, startScriptedGraph } from './scripted-graph.ts';

const single = (value: string | null) => ({ kind: 'single' as const, value });

function rename(objectId: string, from: string, to: string, more: Partial<Change> = {}): Change {
  return {
    target: 'entra',
    objectId,
    objectType: 'user',
    objectName: objectId,
    attribute: 'userPrincipalName',
    operation: 'replace',
    values: [to],
    before: single(from),
    after: single(to),
    stage: 'release',
    ...more,
  };
}

const planned = (change: Change, begun = false): PlannedWrite => ({
  key: `case.hash.${change.objectId}`,
  begun,
  change,
});
const old = (id: string) => `${id}@contoso.com`;
const fresh = (id: string) => `${id}.new@contoso.com`;
const write = (id: string, begun = false) => planned(rename(id, old(id), fresh(id)), begun);

/** Users by id with their names; a PATCH changes them, unless `onPatch` answers first. */
async function tenantOf(
  ids: string[],
  onPatch: (asked: Asked) => Reply | undefined = () => undefined,
  script: Script = {},
) {
  const names = new Map(ids.map((id) => [id, old(id)]));
  const graph = await startScriptedGraph(
    {
      route: (asked) => {
        const id = asked.path.replace('/users/', '');
        const name = names.get(id);
        if (name === undefined) return notFound;
        if (asked.method === 'GET') return ok({ id, userPrincipalName: name });
        const answer = onPatch(asked);
        if (answer !== undefined) return answer;
        names.set(id, (asked.body as { userPrincipalName: string }).userPrincipalName);
        return { status: 204 };
      },
      ...script,
    },
    { timeoutMs: 500 },
  );
  const patches = () => graph.asked.filter(({ method }) => method === 'PATCH');
  return { ...graph, names, patches };
}

const applied = { outcome: 'Applied', alreadyThere: false, where: 'Microsoft Graph' };

test('twenty changes take two round trips, and each body says that it is JSON', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `u${index}`);
  const graph = await tenantOf(ids);
  expect(await graph.target.apply(ids.map((id) => write(id)))).toEqual(ids.map(() => applied));
  expect(graph.roundTrips()).toHaveLength(2);
  expect(graph.patches().every(({ headers }) => headers['content-type'] === 'application/json')).toBe(true);
  expect([...graph.names.values()]).toEqual(ids.map(fresh));
});

test('responses in another order go to the change they belong to', async () => {
  const refuseSecond = ({ path }: Asked) =>
    path === '/users/u2' ? graphError(404, 'Request_ResourceNotFound') : undefined;
  const graph = await tenantOf(['u1', 'u2', 'u3'], refuseSecond, { rearrange: (responses) => responses.toReversed() });
  const outcomes = await graph.target.apply([write('u1'), write('u2'), write('u3')]);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['Applied', 'Gone', 'Applied']);
});

describe('what is not as planned is not written', () => {
  test('another value than before is stale, with the value found', async () => {
    const graph = await tenantOf(['u1']);
    graph.names.set('u1', 'someone.else@contoso.com');
    expect(await graph.target.apply([write('u1', true)])).toEqual([
      { outcome: 'Stale', found: single('someone.else@contoso.com') },
    ]);
    expect(graph.patches()).toHaveLength(0);
  });

  test('the value after is applied when an earlier attempt had begun, and stale when none had', async () => {
    const graph = await tenantOf(['u1', 'u2']);
    graph.names.set('u1', fresh('u1')).set('u2', fresh('u2'));
    const outcomes = await graph.target.apply([write('u1', true), write('u2', false)]);
    expect(outcomes).toMatchObject([{ outcome: 'Applied', alreadyThere: true }, { outcome: 'Stale' }]);
    expect(graph.patches()).toHaveLength(0);
  });

  test('an object deleted meanwhile is gone, its neighbours are written', async () => {
    const graph = await tenantOf(['u2']);
    const outcomes = await graph.target.apply([write('u1'), write('u2')]);
    expect(outcomes).toMatchObject([{ outcome: 'Gone' }, { outcome: 'Applied' }]);
  });
});

test.each([
  ['proxyAddresses of a user', { attribute: 'proxyAddresses' }],
  ['mail of a user', { attribute: 'mail' }],
  ['a name that is cleared', { values: [] }],
  ['an added name', { operation: 'add' as const }],
  ['a group', { objectType: 'group' as const }],
  ['an object of Active Directory', { target: 'active-directory' as const }],
])('%s is refused before anything is sent', async (_, more) => {
  const graph = await tenantOf(['u1']);
  const outcomes = await graph.target.apply([planned(rename('u1', old('u1'), fresh('u1'), more))]);
  expect(outcomes).toMatchObject([{ outcome: 'Refused', code: 'NotWritable' }]);
  expect(graph.asked).toHaveLength(0);
});

describe('throttling inside a batch', () => {
  const throttled = (seconds: string) => graphError(429, 'TooManyRequests', 'slow', { 'Retry-After': seconds });
  const waits: Record<string, string> = { '/users/u1': '2', '/users/u3': '11.5' };

  test('of writes: all throttled ones wait for the longest, the others are written', async () => {
    const graph = await tenantOf(['u1', 'u2', 'u3'], ({ path }) => {
      const seconds = waits[path];
      return seconds === undefined ? undefined : throttled(seconds);
    });
    const outcomes = await graph.target.apply([write('u1'), write('u2'), write('u3')]);
    expect(outcomes).toMatchObject([
      { outcome: 'TryAgain', afterSeconds: 11.5 },
      applied,
      { outcome: 'TryAgain', afterSeconds: 11.5 },
    ]);
    expect(graph.patches(), 'nothing is sent twice').toHaveLength(3);
  });

  test('of reads: what could not be read is not written', async () => {
    const graph = await startScriptedGraph({ route: () => throttled('4') });
    expect(await graph.target.apply([write('u1')])).toMatchObject([{ outcome: 'TryAgain', afterSeconds: 4 }]);
    expect(graph.roundTrips()).toHaveLength(1);
  });
});

describe('the batch as a whole', () => {
  const writing = ({ body }: Asked) => (body as { requests: { method: string }[] }).requests[0]?.method === 'PATCH';
  const stories: [string, Reply, object][] = [
    ['throttled', graphError(429, 'TooManyRequests', 'slow', { 'Retry-After': '30' }), { afterSeconds: 30 }],
    ['unavailable', graphError(503, 'ServiceUnavailable'), {}],
    ['refused for an expired token', graphError(401, 'InvalidAuthenticationToken'), {}],
    ['never answered', 'hang', {}],
    ['cut off', 'cut', {}],
    ['answered with half a JSON', { status: 200, text: '{"responses": [' }, {}],
    ['answered with something else', ok({ value: [] }), {}],
    ['answered without the response', ok({ responses: [] }), {}],
  ];

  test.each(stories)('%s while reading: try again, nothing written', async (_, reply, more) => {
    const graph = await startScriptedGraph({ batch: () => reply }, { timeoutMs: 200 });
    expect(await graph.target.apply([write('u1')])).toMatchObject([{ outcome: 'TryAgain', ...more }]);
    expect(graph.roundTrips()).toHaveLength(1);
  });

  test.each(stories)('%s while writing: try again', async (_, reply, more) => {
    const script: Script = { batch: (asked) => (writing(asked) ? reply : undefined) };
    const users = await tenantOf(['u1'], () => undefined, script);
    const outcomes = await users.target.apply([write('u1')]);
    expect(outcomes).toMatchObject([{ outcome: 'TryAgain', ...more }]);
    expect(users.roundTrips()).toHaveLength(2);
  });
});

describe('what Graph says to a write', () => {
  const said = async (reply: Reply) => {
    const graph = await tenantOf(['u1'], () => reply);
    const [outcome] = await graph.target.apply([write('u1')]);
    return outcome;
  };

  test('mastered on premises', async () => {
    const message =
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.';
    expect(await said(graphError(400, 'Request_BadRequest', message))).toMatchObject({
      outcome: 'Refused',
      code: 'OnPremisesMastered',
      message: expect.stringContaining(message),
    });
  });

  test('mastered in Exchange', async () => {
    const message =
      'Unable to update the specified properties for objects that have originated within an external service.';
    expect(await said(graphError(400, 'Request_BadRequest', message))).toMatchObject({
      outcome: 'Refused',
      code: 'ExchangeMastered',
    });
  });

  const taken = 'Another object with the same value for property userPrincipalName already exists.';
  test.each<[string, Reply]>([
    ['400 with the message alone', graphError(400, 'Request_BadRequest', taken)],
    ['400 with the code', graphError(400, 'Request_MultipleObjectsWithSameKeyValue', 'no')],
    ['409', graphError(409, 'Conflict', 'no')],
    [
      '400 with details',
      {
        status: 400,
        body: {
          error: {
            code: 'Request_BadRequest',
            message: 'no',
            details: [{ code: 'ObjectConflict', target: 'userPrincipalName' }],
          },
        },
      },
    ],
  ])('the value is taken: %s', async (_, reply) => {
    expect(await said(reply)).toMatchObject({ outcome: 'Refused', code: 'ValueTaken' });
  });

  test('any other refusal keeps its code', async () => {
    expect(
      await said(
        graphError(400, 'Request_BadRequest', 'The domain portion of the userPrincipalName property is invalid.'),
      ),
    ).toMatchObject({ outcome: 'Refused', code: 'Request_BadRequest' });
  });

  test('not permitted: the permission, or a target above the application', async () => {
    expect(await said(graphError(403, 'Authorization_RequestDenied'))).toMatchObject({
      outcome: 'NotPermitted',
      remedy: expect.stringMatching(/User\.ReadWrite\.All.*administrator with a higher role/),
    });
  });

  test.each([424, 503, 401, 504])('%i inside the batch may pass', async (status) => {
    expect(await said(graphError(status, 'FailedDependency'))).toMatchObject({ outcome: 'TryAgain' });
  });
});

describe('two changes of one object', () => {
  const first = write('u1');
  const second = planned(rename('u1', fresh('u1'), 'final@contoso.com'));

  test('never share a batch, and the second follows the first', async () => {
    const graph = await tenantOf(['u1', 'u2']);
    expect(await graph.target.apply([first, write('u2'), second])).toEqual([applied, applied, applied]);
    expect(graph.names.get('u1')).toBe('final@contoso.com');
    expect(graph.roundTrips()).toHaveLength(4);
  });

  test('the second waits when the first was throttled: it is not stale', async () => {
    const graph = await tenantOf(['u1'], () => graphError(429, 'TooManyRequests', 'slow', { 'Retry-After': '5' }));
    expect(await graph.target.apply([first, second])).toMatchObject([
      { outcome: 'TryAgain', afterSeconds: 5 },
      { outcome: 'TryAgain', message: 'an earlier change of the same object comes first' },
    ]);
    expect(graph.roundTrips()).toHaveLength(2);
  });
});
