import { describe, expect, test } from 'vitest';
import type { Case } from '../../src/domain/case.ts';
import type { RecordedEvent } from '../../src/domain/recorded-event.ts';
import type { CaseStore, EvidenceStore, LaneRecords, PromisedMessage, SourceLeases } from '../../src/ports.ts';
import { anApprover, caseIn, happened } from '../domain/case-builder.ts';
import { twoSynchronised } from '../domain/stories.ts';

/** Empty stores of one tenant. */
export interface Stores {
  readonly store: CaseStore;
  readonly lanes: LaneRecords;
  readonly evidence: EvidenceStore;
  leases(now: () => Date): SourceLeases;
}

const found = (id: string, message = ''): Case => ({ ...caseIn('Detected'), id, message });
const id = (digit: string): string => digit.repeat(32);

function recorded(sequence: number, reason = 'r'): RecordedEvent {
  const event = { type: 'DiagnosisRequested' as const, data: { reason } };
  const at = new Date(Date.UTC(2026, 10, 22, 12, 0, sequence)).toISOString();
  return { v: 1, sequence, at, by: anApprover, type: event.type, state: 'Detected', event };
}

const promise = (caseId: string, sequence: number, notBefore?: Date): PromisedMessage => ({
  caseId,
  sequence,
  promisedAt: '2026-11-22T12:00:00.000Z',
  message: {
    queue: 'apply',
    id: `m${sequence}`,
    sessionId: 'ad:contoso.com',
    body: { v: 1 },
    ...(notBefore ? { notBefore } : {}),
  },
});

const next = (one: Case): Case => happened(one, { type: 'DiagnosisRequested', data: { reason: 'again' } });

/** What every case store promises, whatever it is made of. */
export function describeCaseStore(name: string, open: () => Stores): void {
  describe(`cases in ${name}`, () => {
    test('are null before they are written, and afterwards what was written', async () => {
      const { store } = open();
      expect(await store.read(id('a'))).toBeNull();
      expect(await store.append(null, found(id('a')), [recorded(0)], [])).toBe('appended');
      expect((await store.read(id('a')))?.case).toEqual(JSON.parse(JSON.stringify(found(id('a')))));
      expect(await store.events(id('a'))).toEqual([recorded(0)]);
    });

    test('exist once: the second to write the first event is told', async () => {
      const { store } = open();
      await store.append(null, found(id('a'), 'first'), [recorded(0, 'first')], [promise(id('a'), 0)]);
      expect(await store.append(null, found(id('a'), 'second'), [recorded(0, 'second')], [promise(id('a'), 0)])).toBe(
        'conflict',
      );
      expect((await store.read(id('a')))?.case.message).toBe('first');
      expect(await store.events(id('a'))).toEqual([recorded(0, 'first')]);
      expect(await store.promised()).toHaveLength(1);
    });

    test('are appended to by one of two who read the same revision; the other leaves no trace', async () => {
      const { store } = open();
      await store.append(null, found(id('b')), [recorded(0)], []);
      const stored = await store.read(id('b'));
      if (!stored) throw new Error('not stored');
      const answers = await Promise.all(
        ['one', 'two'].map((reason) =>
          store.append(stored, next(stored.case), [recorded(1, reason)], [promise(id('b'), 1)]),
        ),
      );
      expect([...answers].sort()).toEqual(['appended', 'conflict']);
      expect(await store.events(id('b'))).toHaveLength(2);
      expect(await store.promised()).toHaveLength(1);
    });

    test('keep their events in order, beyond nine', async () => {
      const { store } = open();
      await store.append(null, found(id('c')), [recorded(0)], []);
      for (let sequence = 1; sequence <= 12; sequence++) {
        const stored = await store.read(id('c'));
        if (stored) await store.append(stored, next(stored.case), [recorded(sequence)], []);
      }
      expect((await store.events(id('c'))).map((event) => event.sequence)).toEqual(
        Array.from({ length: 13 }, (_, place) => place),
      );
    });

    test('may be large, and hold any text', async () => {
      const { store } = open();
      const text = `x${'👩‍💻é"\\\u0000'.repeat(12_000)}`;
      await store.append(null, found(id('d'), text), [recorded(0, text)], []);
      expect((await store.read(id('d')))?.case.message).toBe(text);
      expect((await store.events(id('d')))[0]?.event?.data).toEqual({ reason: text });
    });

    test('are summarised, all of them, as they are now', async () => {
      const { store } = open();
      for (const digit of ['0', '7', 'f']) await store.append(null, found(id(digit)), [recorded(0)], []);
      expect((await store.summaries()).map((summary) => summary.id).sort()).toEqual(['0', '7', 'f'].map(id));
      const stored = await store.read(id('7'));
      if (stored) await store.append(stored, { ...caseIn('Approved'), id: id('7') }, [recorded(1)], []);
      expect((await store.summaries(60)).find((summary) => summary.id === id('7'))).toMatchObject({
        state: 'Approved',
        lane: 'ad:contoso.com',
        planned: [expect.any(String)],
      });
    });
  });

  describe(`keys in ${name}`, () => {
    test('belong to the first that claims them, for ever', async () => {
      const { store } = open();
      expect(await store.claimKey(id('e'), id('1'))).toBe(id('1'));
      expect(await store.claimKey(id('e'), id('2'))).toBe(id('1'));
      expect(await store.claimKey(id('e'), id('1'))).toBe(id('1'));
    });

    test('belong to one of those that race', async () => {
      const { store } = open();
      const owners = await Promise.all(['1', '2', '3', '4', '5'].map((digit) => store.claimKey(id('9'), id(digit))));
      expect(new Set(owners).size).toBe(1);
    });
  });

  describe(`promised messages in ${name}`, () => {
    test('stay until they are kept, with their schedule', async () => {
      const { store } = open();
      const due = new Date('2026-11-23T12:00:00.000Z');
      await store.append(null, found(id('a')), [recorded(0)], [promise(id('a'), 0, due)]);
      await store.append(null, found(id('b')), [recorded(0)], [promise(id('b'), 0)]);
      expect(await store.promised()).toEqual(expect.arrayContaining([promise(id('a'), 0, due), promise(id('b'), 0)]));
      await store.kept(promise(id('a'), 0, due));
      await store.kept(promise(id('a'), 0, due));
      expect(await store.promised()).toEqual([promise(id('b'), 0)]);
    });
  });

  describe(`leases in ${name}`, () => {
    const now = new Date('2026-11-22T12:00:00.000Z');
    const until = new Date(now.getTime() + 600_000);

    test('are of one run at a time; another that asks is remembered', async () => {
      const leases = open().leases(() => now);
      expect(await leases.take('graph', 'one', until)).toEqual({ ok: true, value: { cursor: null } });
      expect(await leases.take('graph', 'two', until)).toEqual({ ok: true, value: null });
      expect(await leases.take('sync-engine', 'two', until)).toMatchObject({ value: { cursor: null } });
      expect(await leases.release('graph', 'one', 'cursor-1')).toEqual({ ok: true, value: { again: true } });
      expect(await leases.take('graph', 'two', until)).toEqual({ ok: true, value: { cursor: 'cursor-1' } });
      expect(await leases.release('graph', 'two', 'cursor-2')).toEqual({ ok: true, value: { again: false } });
    });

    test('run out, and whoever lost one gives nothing back', async () => {
      let moment = now;
      const leases = open().leases(() => moment);
      await leases.take('graph', 'dead', until);
      moment = new Date(until.getTime() + 1);
      expect(await leases.take('graph', 'next', new Date(moment.getTime() + 600_000))).toMatchObject({
        value: { cursor: null },
      });
      expect(await leases.release('graph', 'dead', 'stale')).toEqual({ ok: true, value: { again: false } });
      expect(await leases.take('graph', 'third', until)).toEqual({ ok: true, value: null });
    });

    test('is kept by renewing it, until somebody else has it', async () => {
      let moment = new Date('2026-11-22T12:00:00.000Z');
      const later = (seconds: number): Date => new Date(moment.getTime() + seconds * 1000);
      const leases = open().leases(() => moment);
      expect(await leases.renew('directory-audit', 'one', later(120))).toEqual({ ok: true, value: false });
      await leases.take('directory-audit', 'one', later(120));
      moment = later(90);
      expect(await leases.renew('directory-audit', 'one', later(120))).toEqual({ ok: true, value: true });
      moment = later(90);
      expect(await leases.take('directory-audit', 'two', later(120))).toEqual({ ok: true, value: null });
      expect(await leases.renew('directory-audit', 'two', later(600))).toEqual({ ok: true, value: false });
      moment = later(60);
      expect(await leases.take('directory-audit', 'three', later(120))).toMatchObject({
        ok: true,
        value: { cursor: null },
      });
      expect(await leases.renew('directory-audit', 'one', later(600))).toEqual({ ok: true, value: false });
      // A wish for one more run outlives the renewal.
      await leases.take('directory-audit', 'four', later(120));
      await leases.renew('directory-audit', 'three', later(120));
      expect(await leases.release('directory-audit', 'three', null)).toEqual({ ok: true, value: { again: true } });
    });

    test('are of one of two who race', async () => {
      const leases = open().leases(() => now);
      const answers = await Promise.all(['one', 'two', 'three'].map((owner) => leases.take('graph', owner, until)));
      expect(answers.filter((answer) => answer.ok && answer.value !== null)).toHaveLength(1);
    });
  });

  test(`lane records in ${name} are what was written last`, async () => {
    const { lanes } = open();
    const record = [{ minute: '2026-11-22T12:00:00.000Z', done: 3, refused: 1 }];
    expect(await lanes.read('ad:contoso.com')).toEqual([]);
    await lanes.write('ad:contoso.com', record);
    await lanes.write('entra:tenant', []);
    expect(await lanes.read('ad:contoso.com')).toEqual(record);
    expect(await lanes.read('entra:tenant')).toEqual([]);
  });

  test(`evidence in ${name} is found by its hash, and stored once`, async () => {
    const { evidence } = open();
    const facts = twoSynchronised();
    const first = await evidence.put(facts);
    expect(await evidence.put(facts)).toEqual(first);
    expect(await evidence.get(first.ok ? first.value : '')).toEqual({ ok: true, value: facts });
    expect(await evidence.get('f'.repeat(64))).toEqual({ ok: true, value: null });
  });
}
