import { describe, expect, test } from 'vitest';
import type { Change } from '../../../src/domain/change.ts';
import type { PlannedWrite } from '../../../src/ports.ts';
import { applyRequest } from '../../../src/relay-contract.ts';
import { ok, problem, type Reply, startScriptedRelay } from './scripted-relay.ts';

const guid = (index: number) => `897485c7-81a7-42eb-97c6-${String(index).padStart(12, '0')}`;
const removal = (index: number, more: Partial<Change> = {}): Change => ({
  target: 'active-directory',
  objectId: guid(index),
  objectType: 'user',
  objectName: `CN=User ${index}`,
  forest: 'contoso.com',
  attribute: 'proxyAddresses',
  operation: 'delete',
  values: ["smtp:o'brien+(x)*\\@müller.example"],
  before: { kind: 'multiple', present: ["smtp:o'brien+(x)*\\@müller.example"], absent: [], primary: null },
  after: { kind: 'multiple', present: [], absent: ["smtp:o'brien+(x)*\\@müller.example"], primary: null },
  stage: 'release',
  ...more,
});
const write = (index: number, begun = false, more: Partial<Change> = {}): PlannedWrite => ({
  key: `case.hash.${index}`,
  begun,
  change: removal(index, more),
});

const applied = {
  outcome: 'applied',
  domainController: 'dc1.contoso.com',
  usn: '9007199254740993',
  at: '2026-11-25T10:00:00Z',
};
const state = removal(1).before;

test('each answer becomes the outcome of its change, in order', async () => {
  const answers = [
    applied,
    { outcome: 'stale', found: state, domainController: 'dc1' },
    { outcome: 'gone', message: 'no such object' },
    { outcome: 'notPermitted', message: 'insufficient rights', remedy: 'Set-ADSyncExchangeHybridPermissions' },
    { outcome: 'refused', code: 'UpnNotUniqueInForest', message: 'CN=Other has it' },
    { outcome: 'tryAgain', message: 'busy' },
  ];
  const relay = await startScriptedRelay(() => ok({ answers }));
  expect(await relay.target.apply(answers.map((_, index) => write(index)))).toEqual([
    { outcome: 'Applied', alreadyThere: false, where: 'dc1.contoso.com, USN 9007199254740993' },
    { outcome: 'Stale', found: state },
    { outcome: 'Gone', message: 'no such object' },
    { outcome: 'NotPermitted', message: 'insufficient rights', remedy: 'Set-ADSyncExchangeHybridPermissions' },
    { outcome: 'Refused', code: 'UpnNotUniqueInForest', message: 'CN=Other has it' },
    { outcome: 'TryAgain', message: 'busy' },
  ]);
});

test('a request carries the key, what was begun, and values as they are', async () => {
  const relay = await startScriptedRelay(() => ok({ answers: [applied] }));
  await relay.target.apply([write(1, true)]);
  const [asked] = relay.asked;
  expect(asked).toMatchObject({ method: 'POST', path: '/v1/changes' });
  const { changes } = applyRequest.parse(asked?.body);
  expect(changes).toMatchObject([
    { idempotencyKey: 'case.hash.1', begun: true, change: { objectGuid: guid(1), values: removal(1).values } },
  ]);
});

test.each<[string, Partial<Change>]>([
  ['a change of the cloud', { target: 'entra' }],
  ['no forest', { forest: undefined as unknown as string }],
  ['an id that is no GUID', { objectId: 'CN=User' }],
  ['an attribute with a filter in it', { attribute: 'mail)(x=*' }],
])('%s is refused here and does not spoil its neighbours', async (_, more) => {
  const relay = await startScriptedRelay(() => ok({ answers: [applied] }));
  const outcomes = await relay.target.apply([write(1, false, more), write(2)]);
  expect(outcomes).toMatchObject([{ outcome: 'Refused', code: 'NotWritable' }, { outcome: 'Applied' }]);
  expect(relay.asked).toHaveLength(1);
});

describe('when the request as a whole fails', () => {
  test.each<[string, Reply, object]>([
    ['502', { status: 502, text: '' }, { outcome: 'TryAgain' }],
    [
      '503 with a wish',
      problem(503, 'Busy', 'busy', { 'Retry-After': '12' }),
      { outcome: 'TryAgain', afterSeconds: 12 },
    ],
    ['504: it may have been written', { status: 504, text: '' }, { outcome: 'TryAgain' }],
    ['silence', 'hang', { outcome: 'TryAgain' }],
    ['a broken connection', 'cut', { outcome: 'TryAgain' }],
    ['no such path', problem(404, 'NotFound', 'no'), { outcome: 'TryAgain' }],
    [
      'no role',
      problem(403, 'Forbidden', 'no'),
      { outcome: 'NotPermitted', remedy: expect.stringContaining('Relay.Write') },
    ],
    ['too large', problem(413, 'TooLarge', 'no'), { outcome: 'Refused', code: 'TooLarge' }],
    ['an answer too few', ok({ answers: [applied] }), { outcome: 'TryAgain' }],
    ['an answer too many', ok({ answers: [applied, applied, applied] }), { outcome: 'TryAgain' }],
    [
      'an unknown outcome',
      ok({ answers: [applied, { outcome: 'maybe' }] }),
      { outcome: 'TryAgain', message: expect.stringContaining('answers.1') },
    ],
    [
      'a state where an outcome belongs',
      ok({ answers: Array(2).fill({ outcome: 'state', found: state, domainController: 'dc1' }) }),
      { outcome: 'TryAgain' },
    ],
  ])('%s', async (_, reply, expected) => {
    const relay = await startScriptedRelay(() => reply, { timeoutMs: 300 });
    expect(await relay.target.apply([write(1), write(2)])).toMatchObject([expected, expected]);
  });
});

test('more changes than one request takes go in several', async () => {
  const relay = await startScriptedRelay(({ body }) =>
    ok({ answers: (body as { changes: unknown[] }).changes.map(() => applied) }),
  );
  const outcomes = await relay.target.apply(Array.from({ length: 60 }, (_, index) => write(index)));
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(60).fill('Applied'));
  expect(relay.asked.map(({ body }) => (body as { changes: unknown[] }).changes.length)).toEqual([50, 10]);
});
