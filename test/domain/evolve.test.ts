import { describe, expect, test } from 'vitest';
import { caseProjection, caseStates } from '../../src/domain/case.ts';
import {
  anApprover,
  approve,
  carriedOut,
  caseAfter,
  caseIn,
  happened,
  recordDiagnosis,
  report,
  theUndo,
  ways,
} from './case-builder.ts';
import { sightingOf } from './evidence-builder.ts';

test.each(caseStates)(
  'a case that is %s has the shape of a projection and numbers its events without a gap',
  (state) => {
    const subject = caseIn(state);
    expect(caseProjection.parse(JSON.parse(JSON.stringify(subject)))).toEqual(JSON.parse(JSON.stringify(subject)));
    expect(subject.events.map((event) => event.sequence)).toEqual(subject.events.map((_event, place) => place));
    expect(subject.sequence).toBe(subject.events.length - 1);
  },
);

test('folding changes no case that it was given', () => {
  const before = caseAfter(...ways.Applied);
  const copy = structuredClone(before);
  carriedOut(before, { do: 'proveStage', proof: 'gone' });
  expect(before).toEqual(copy);
});

describe('a proposed undo', () => {
  test.each(['Applied', 'Resolved', 'Failed', 'NeedsPerson'] as const)(
    'that is rejected leaves a case %s as it was',
    (state) => {
      const before = caseIn(state);
      const proposed = carriedOut(before, { do: 'proposeUndo', fix: theUndo, reason: 'Bo needs it' }, anApprover);
      const rejected = carriedOut(proposed, { do: 'reject', reason: 'no' });
      const { message: _m, events: _e, sequence: _s, updatedAt: _u, ...kept } = rejected;
      expect(before).toMatchObject(kept);
      expect(rejected.message).toBe('The undo was rejected: no');
    },
  );

  test('is of the person who asked for it, until it is decided', () => {
    const proposed = carriedOut(caseIn('Resolved'), { do: 'proposeUndo', fix: theUndo, reason: 'r' }, anApprover);
    expect(proposed.undo).toEqual({ by: anApprover, reason: 'r', fixId: theUndo.id, from: 'Resolved' });
    expect(carriedOut(proposed, approve(theUndo)).undo).toBeUndefined();
  });

  test('that is carried out leaves nothing more to undo', () => {
    expect(caseIn('Undone')).toMatchObject({ undone: true, done: [] });
  });

  test('that expires and is proposed again returns to where the case really was', () => {
    const expired = carriedOut(carriedOut(caseIn('UndoProposed'), approve(theUndo)), {
      do: 'expire',
      now: '2026-12-24T00:00:00.000Z',
    });
    const again = carriedOut(expired, { do: 'proposeUndo', fix: theUndo, reason: 'r' });
    expect(carriedOut(again, { do: 'reject', reason: 'no' }).state).toBe('Expired');
  });
});

describe('a second report', () => {
  test('adds its source, its identities and its keys', () => {
    const engine = sightingOf({
      source: 'sync-engine',
      identities: { distinguishedName: 'CN=Anna Berg,DC=contoso,DC=com' },
    });
    const subject = happened(caseIn('AwaitingApproval'), {
      type: 'Sighted',
      data: { id: 'other', keys: ['k2'], sighting: engine },
    });
    expect(subject.sources).toEqual({ graph: 0, 'sync-engine': 0 });
    expect(subject.identities).toMatchObject({ cloudId: expect.any(String), distinguishedName: expect.any(String) });
    expect(subject.keys).toContain('k2');
    expect(subject).toMatchObject({ id: caseIn('Detected').id, state: 'AwaitingApproval' });
  });

  test('reopens a resolved case', () => {
    expect(carriedOut(caseIn('Resolved'), report)).toMatchObject({
      state: 'Reopened',
      message: 'The error is reported again.',
    });
  });
});

describe('an erased event', () => {
  test('moves state, time and history only', () => {
    const before = caseIn('Detected');
    const erased = happened(before, null, anApprover, 'Diagnosed');
    expect(erased).toMatchObject({ erased: true, sequence: 1, fixes: [], holders: [] });
    expect(erased.events.at(-1)).toMatchObject({ type: 'Diagnosed', by: anApprover });
  });

  test('may be the first', () => {
    const erased = happened(undefined, null, anApprover, 'Sighted');
    expect(erased).toMatchObject({ subject: { displayName: '(erased)' }, error: { code: 'Erased' }, keys: [] });
    expect(carriedOut(erased, recordDiagnosis()).state).toBe('AwaitingApproval');
  });
});
