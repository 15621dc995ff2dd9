import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Accident, Accidents } from './accidents.ts';
import { approve, reach, readCase, recovered, sweepUntil, typesOf, writesOf } from './cases.ts';
import { Organisation } from './organisation.ts';
import { waitFor } from './wait-for.ts';
import { WorkInStock } from './work-in-stock.ts';

let organisation: Organisation;
const accidents = new Accidents();
let stock: WorkInStock;

beforeAll(async () => {
  organisation = await Organisation.start({ settings: accidents.settings, hostOptions: { stopGrace: 0 } });
  stock = await WorkInStock.make(organisation, { 'active-directory': 12, entra: 9 });
});
beforeEach(() => accidents.plan([]));
afterAll(async () => {
  await organisation.stop();
  accidents.remove();
});

const eventIs = (type: string): string => `"event":\\{"type":"${type}"`;
const kill = (name: string, accident: Pick<Accident, 'moment' | 'request'>): Accident => ({
  name,
  kind: 'kill',
  times: 1,
  ...accident,
});

describe.each([
  ['active-directory', 'POST .*/v1/changes'],
  ['entra', 'POST .*/\\$batch.*"PATCH"'],
] as const)('a worker that is killed (SIGKILL) in the lane of %s', (target, writing) => {
  const moments = [
    ['before its claim is stored', () => kill('claim', { moment: 'asked', request: eventIs('Claimed') })],
    ['after its claim', () => kill('claimed', { moment: 'answered', request: eventIs('Claimed') })],
    ['before its write', () => kill('write', { moment: 'asked', request: writing })],
    ['after its write', () => kill('written', { moment: 'answered', request: writing })],
    ['before the record', () => kill('record', { moment: 'asked', request: eventIs('Applied') })],
    ['after the record', () => kill('recorded', { moment: 'answered', request: eventIs('Applied') })],
    [
      'after the message is sent',
      (id: string) => kill('sent', { moment: 'asked', request: `^DELETE .*${id}.*0000000[4-9]` }),
    ],
  ] as const;

  test.each(moments)('%s leaves one write, one record, and a message that is sent at last', async (name, accident) => {
    const { subject, fix } = stock.take(target);
    const before = accidents.happened.length;
    accidents.plan([accident(subject.id)]);
    expect(await approve(organisation, subject, fix)).toMatchObject({ status: 200 });
    await waitFor(`the worker to be killed ${name}`, () => accidents.happened.length > before);
    const applied = await recovered(organisation, subject.id);

    expect(fix.changes.map((change) => writesOf(organisation, change))).toEqual([1]);
    expect(typesOf(applied).filter((type) => type === 'Applied')).toHaveLength(1);
    // A promise is the sweep's to keep when it is half a minute old.
    await organisation.advance(31);
    const record = applied.events.find(({ type }) => type === 'Applied');
    const message = `${subject.id}.${record?.sequence}.0`;
    await sweepUntil(organisation, 'the promised message is sent', () =>
      organisation.stack.serviceBus.log.some(({ messageId }) => messageId === message),
    );
  });
});

test('a case that kills the worker ends in Failed, and the innocent ones beside it are applied', async () => {
  const [poison, ...innocent] = [
    stock.take('active-directory'),
    stock.take('active-directory'),
    stock.take('active-directory'),
  ];
  const objectGuid = poison.fix.changes[0]?.objectId ?? '';
  const deadly = { moment: 'asked', request: `POST .*/v1/changes.*${objectGuid}` } as const;
  accidents.plan([{ ...kill('poison', deadly), times: 99 }]);
  for (const { subject, fix } of [poison, ...innocent]) await approve(organisation, subject, fix);

  const failed = await sweepUntil(organisation, 'the case has failed', async () => {
    const subject = await readCase(organisation, poison.subject.id);
    return subject.state === 'Failed' && subject;
  });
  expect(typesOf(failed).filter((type) => type === 'Claimed')).toHaveLength(3);
  expect(failed.message).toContain('The worker ended 3 times');
  for (const { subject, fix } of innocent) {
    await recovered(organisation, subject.id);
    expect(fix.changes.map((change) => writesOf(organisation, change))).toEqual([1]);
  }
  expect(poison.fix.changes.map((change) => writesOf(organisation, change))).toEqual([0]);
});

test('a rejection that nobody handles is logged, and the worker and its neighbours go on', async () => {
  const { subject, fix } = stock.take('active-directory');
  const { host } = organisation.stack;
  await organisation.api({}, 'GET', '/api/worker-health');
  const pid = host.pid('worker');
  const request = eventIs('Claimed');
  accidents.plan([{ name: 'a careless promise', kind: 'rejection', moment: 'asked', request, times: 1 }]);
  await approve(organisation, subject, fix);
  await recovered(organisation, subject.id);
  expect(host.pid('worker')).toBe(pid);
  expect(organisation.log.join('\n')).toMatch(/nobody handled it.*rejected on purpose: a careless promise/);
});

test('a host that stops in the middle of a lane finds its work again when it starts', async () => {
  const works = [stock.take('entra'), stock.take('entra')];
  // The read of the lane's batch hangs: the claims are stored, nothing is written.
  const body = works.map(({ fix }) => fix.changes[0]?.objectId).join('|');
  await organisation.control({ 'entra.faults': [{ kind: 'timeout', method: 'POST', path: 'batch', body, times: 1 }] });
  for (const { subject, fix } of works) await approve(organisation, subject, fix);
  for (const { subject } of works.slice(0, 1)) await reach(organisation, subject.id, 'Applying');
  await organisation.restartHost();

  for (const { subject, fix } of works) {
    const applied = await recovered(organisation, subject.id);
    expect(fix.changes.map((change) => writesOf(organisation, change))).toEqual([1]);
    expect(typesOf(applied).filter((type) => type === 'Applied')).toHaveLength(1);
  }
});

test('a relay that dies and a directory that loses its answer leave one write', async () => {
  const { subject, fix } = stock.take('active-directory');
  await organisation.control({ 'ad.faults': { dropAfterWrite: 1 } });
  await approve(organisation, subject, fix);
  await reach(organisation, subject.id, 'Applied', 'Approved', 'Applying');
  await waitFor('the write', () => fix.changes.every((change) => writesOf(organisation, change) === 1));
  await organisation.stack.kill('relay');
  await organisation.control({ 'relay.available': true });
  await organisation.advance(60);
  const applied = await recovered(organisation, subject.id);
  expect(fix.changes.map((change) => writesOf(organisation, change))).toEqual([1]);
  expect(typesOf(applied).filter((type) => type === 'Applied')).toHaveLength(1);
});
