import { describe, expect, it } from 'vitest';
import type { DirectoryBatch } from '../../../src/ports.ts';
import type { ObjectsCheckpoint, ObjectsRequest } from '../../../src/relay-contract.ts';
import { type Asked, ok, problem, type Reply, startScriptedRelay } from './scripted-relay.ts';

const place = {
  forest: 'contoso.com',
  domain: 'contoso.com',
  domainController: 'dc1.contoso.com',
  invocationId: 'one',
};
const header = (more: object = {}) => ({ header: { ...place, highestCommittedUsn: '900', mode: 'full', ...more } });
const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const anObject = (number: number) => ({
  origin: { side: 'active-directory', forest: 'contoso.com', domainController: 'dc1.contoso.com' },
  distinguishedName: `CN=${number},DC=contoso,DC=com`,
  objectClass: ['top', 'contact'],
  proxyAddresses: [],
  objectGUID: guid(number),
});
const object = (number: number) => ({ object: anObject(number) });
const at = '2026-11-25T09:00:00.000Z';
const position = (next: number): ObjectsCheckpoint => ({
  ...place,
  mode: 'full',
  next: String(next),
  until: '900',
  at,
});
const after: ObjectsCheckpoint = { ...place, mode: 'changes', next: '901', until: null, at };
const end = (count: number) => ({ end: { count, checkpoint: after } });

const asFrom = ({ body }: Asked) => (body as ObjectsRequest).from;

/** Reads a directory of the domains, each stream answered by the next of the replies for its domain, the last for ever. */
async function read(
  replies: Readonly<Record<string, readonly Reply[]>> | readonly Reply[],
  { from = null, silenceMs = 5_000 }: { from?: string | null; silenceMs?: number } = {},
) {
  const byDomain = Array.isArray(replies)
    ? { 'contoso.com': replies as readonly Reply[] }
    : (replies as Readonly<Record<string, readonly Reply[]>>);
  const turns = new Map<string, number>();
  const relay = await startScriptedRelay(
    ({ path, body }) => {
      if (path === '/v1/domains')
        return ok({ domains: Object.keys(byDomain).map((domain) => ({ forest: 'contoso.com', domain })) });
      const { domain } = body as ObjectsRequest;
      const turn = turns.get(domain) ?? 0;
      turns.set(domain, turn + 1);
      return byDomain[domain]?.[turn] ?? byDomain[domain]?.at(-1) ?? 'cut';
    },
    { silenceMs },
  );
  const batches: DirectoryBatch[] = [];
  for await (const batch of relay.objects.read(from)) batches.push(batch);
  const last = batches.at(-1);
  if (last?.kind !== 'outcome') throw new Error('the last batch is no outcome');
  return {
    batches,
    outcome: last,
    told: batches.flatMap((batch) =>
      batch.kind === 'objects' ? batch.objects.map(({ cn, objectGUID }) => cn ?? objectGUID) : [],
    ),
    streams: relay.asked.filter(({ path }) => path === '/v1/objects'),
  };
}

describe('a whole stream', () => {
  it('is the domain, its objects, what was deleted and what could not be read, in their order, and the checkpoint', async () => {
    const deleted = { objectGUID: guid(1), distinguishedName: 'CN=1,DC=contoso,DC=com' };
    const unread = { distinguishedName: 'CN=2,DC=contoso,DC=com', attribute: 'mail', message: 'is not valid UTF-8' };
    const lines = [header({ mode: 'changes' }), object(1), { deleted }, object(2), { problem: unread }, '\n', end(3)];
    const { batches, streams } = await read([{ lines }]);
    expect(batches).toEqual([
      { kind: 'domain', ...domainOf(place), mode: 'changes', because: null },
      { kind: 'objects', objects: [anObject(1)] },
      { kind: 'deleted', deleted: [deleted] },
      { kind: 'objects', objects: [anObject(2)] },
      { kind: 'problems', problems: [unread] },
      { kind: 'outcome', checkpoint: JSON.stringify([after]), failures: [] },
    ]);
    expect(streams.map(({ body }) => body)).toEqual([
      { forest: 'contoso.com', domain: 'contoso.com', from: null, further: ['comment'] },
    ]);
  });

  it('hands many objects on in batches, not one by one and not all at once', async () => {
    const many = Array.from({ length: 1_234 }, (_, number) => object(number));
    const { batches, told } = await read([{ lines: [header(), ...many, end(1_234)] }]);
    expect(told).toHaveLength(1_234);
    const sizes = batches.flatMap((batch) => (batch.kind === 'objects' ? [batch.objects.length] : []));
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.length).toBeLessThan(10);
  });

  it('passes the checkpoint on to the relay, and why all is read in spite of it', async () => {
    const lines = [header({ because: 'the database is another' }), end(0)];
    const { batches, streams } = await read([{ lines }], { from: JSON.stringify([after]) });
    expect(streams.map(asFrom)).toEqual([after]);
    expect(batches[0]).toMatchObject({ mode: 'full', because: 'the database is another' });
  });

  it.each(['nonsense', '{"v":2}', '[{"next":1}]'])(
    'reads everything from a checkpoint that it cannot read: %s',
    async (from) => {
      const { streams, outcome } = await read([{ lines: [header(), end(0)] }], { from });
      expect(streams.map(asFrom)).toEqual([null]);
      expect(outcome.failures).toEqual([]);
    },
  );

  it('keeps text whole that is cut between two pieces within a character, and a leading U+FEFF', async () => {
    const text = Buffer.from(`${JSON.stringify({ object: { ...anObject(1), cn: '\uFEFF漢字😀' } })}\n`);
    const octets = Array.from(text, (octet) => Buffer.of(octet));
    const lines = [header(), ...octets, end(1)];
    expect((await read([{ lines }])).told).toEqual(['\uFEFF漢字😀']);
  });
});

describe('a stream that is cut', () => {
  it('is gone on with from its checkpoint, and tells no object twice', async () => {
    const { told, outcome, streams, batches } = await read([
      { lines: [header(), object(1), object(2), { checkpoint: position(500) }, object(3), 'cut'] },
      { lines: [header(), object(3), object(4), { checkpoint: position(700) }, object(1), end(3)] },
    ]);
    expect(told).toEqual([guid(1), guid(2), guid(3), guid(4)]);
    expect(streams.map(asFrom)).toEqual([null, position(500)]);
    expect(batches.filter(({ kind }) => kind === 'domain')).toHaveLength(1);
    expect(outcome).toMatchObject({ checkpoint: JSON.stringify([after]), failures: [] });
  });

  it('is gone on with as long as every attempt brings something', async () => {
    const pieces = Array.from({ length: 8 }, (_, n): Reply => ({ lines: [header(), object(n), 'cut'] }));
    const { told, outcome } = await read([...pieces, { lines: [header(), object(8), end(1)] }]);
    expect(told).toHaveLength(9);
    expect(outcome.failures).toEqual([]);
  });

  it('is given up after three attempts that bring nothing, and what is missing is named', async () => {
    const before = JSON.stringify([{ ...after, next: '5' }]);
    const { told, outcome, streams } = await read(
      [
        { lines: [header(), object(1), { checkpoint: position(500) }, object(2), 'cut'] },
        { lines: [header(), object(2), 'cut'] },
        problem(504, 'GatewayTimeout', 'The listener did not answer in time'),
        { lines: [header(), 'cut'] },
      ],
      { from: before },
    );
    expect(told).toEqual([guid(1), guid(2)]);
    expect(streams).toHaveLength(4);
    expect(outcome.failures).toMatchObject([
      {
        domain: 'contoso.com',
        failure: {
          kind: 'TryAgain',
          message: expect.stringMatching(
            /contoso\.com .* on dc1\.contoso\.com: 2 objects came, the rest from update 500 of 900 on/,
          ),
        },
      },
    ]);
    // The next run begins where this one began: what it brought is not the whole.
    expect(outcome.checkpoint).toBe(before);
  });

  it('says what the relay said of the controller that went away', async () => {
    const interrupted = { interrupted: { message: 'dc1.contoso.com: connection lost' } };
    const { outcome, streams } = await read([{ lines: [header(), interrupted] }]);
    expect(streams).toHaveLength(3);
    expect(outcome.failures[0]?.failure.message).toContain('dc1.contoso.com: connection lost');
    expect(outcome.checkpoint).toBe('[]');
  });

  it('is cut when it says nothing for long, but not while it sends blank lines', async () => {
    const silent = await read([{ lines: [header(), object(1), 'hang'] }, { lines: [header(), end(0)] }], {
      silenceMs: 200,
    });
    expect(silent).toMatchObject({ told: [guid(1)], outcome: { failures: [] } });
  });

  it('is no end without its last line, however regularly it closes', async () => {
    const { outcome } = await read([{ lines: [header(), object(1)] }]);
    expect(outcome.failures[0]?.failure.message).toContain('the stream ended early');
  });

  it('is given up when another database answers than before: what was told does not belong to it', async () => {
    const { outcome, streams } = await read([
      { lines: [header(), object(1), 'cut'] },
      { lines: [header({ invocationId: 'two', because: 'the invocation id was one and is two' }), object(1), end(1)] },
    ]);
    expect(streams).toHaveLength(2);
    expect(outcome.failures[0]?.failure.message).toContain('the invocation id was one and is two');
  });
});

describe('what does not fit the contract', () => {
  it.each([
    ['no header', [object(1), end(1)], 'does not begin with a header'],
    ['two headers', [header(), header(), end(0)], 'second header'],
    ['an unknown line', [header(), { surprise: 1 }, end(0)], 'does not fit'],
    ['an object without a GUID', [header(), { object: { ...anObject(1), objectGUID: 'x' } }, end(1)], 'does not fit'],
    [
      'an object without classes',
      [header(), { object: { ...anObject(1), objectClass: 'user' } }, end(1)],
      'does not fit',
    ],
    ['what is no JSON', [header(), 'oops\n', end(0)], 'not JSON'],
    ['null', [header(), 'null\n', end(0)], 'does not fit'],
    ['a lost line', [header(), object(1), end(2)], '1 objects came of 2'],
  ])('is no answer: %s', async (_what, lines, message) => {
    const { outcome } = await read([{ lines }]);
    expect(outcome.failures).toMatchObject([
      { failure: { kind: 'TryAgain', message: expect.stringContaining(message) } },
    ]);
  });
});

describe('what fails at once', () => {
  it('names the missing role, and does not ask again', async () => {
    const { outcome, streams } = await read([problem(403, 'Forbidden', 'The token lacks the app role Relay.Read.')]);
    expect(streams).toHaveLength(1);
    expect(outcome.failures[0]?.failure).toMatchObject({
      kind: 'NotPermitted',
      remedy: expect.stringContaining('Relay.Read'),
    });
  });

  it('reads the other domains when one does not answer', async () => {
    const other = { ...place, domain: 'eu.contoso.com' };
    const done = { ...after, domain: 'eu.contoso.com' };
    const { told, outcome } = await read({
      'contoso.com': [problem(503, 'DirectoryUnavailable', 'Domain contoso.com did not answer')],
      'eu.contoso.com': [{ lines: [header(other), object(7), { end: { count: 1, checkpoint: done } }] }],
    });
    expect(told).toEqual([guid(7)]);
    expect(outcome.failures.map(({ domain }) => domain)).toEqual(['contoso.com']);
    expect(JSON.parse(outcome.checkpoint)).toEqual([done]);
  });

  it('is an outcome when it is not even known which domains there are', async () => {
    const relay = await startScriptedRelay(() => problem(404, 'NotFound', 'There is nothing at /v1/domains.'));
    const batches: DirectoryBatch[] = [];
    for await (const batch of relay.objects.read('before')) batches.push(batch);
    expect(batches).toMatchObject([
      { kind: 'outcome', checkpoint: 'before', failures: [{ domain: null, failure: { kind: 'Gone' } }] },
    ]);
  });
});

const domainOf = ({ forest, domain, domainController }: typeof place) => ({ forest, domain, domainController });
