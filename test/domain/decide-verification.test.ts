import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decide.ts';
import {
  adLane,
  anApprover,
  applied,
  approve,
  at,
  carriedOut,
  caseAfter,
  caseIn,
  claimIn,
  diagnosisOf,
  outcome,
  recordDiagnosis,
  recordResults,
  report,
  twoStages,
} from './case-builder.ts';

/** Written at minute 61. */
const written = caseIn('Applied');
const waiting = (minutes: number) => ({ do: 'noteWaiting', message: 'not imported.', now: at(minutes) }) as const;
const noted = carriedOut(written, waiting(61 + 240));

describe('a write that does not reach Entra', () => {
  test.each([
    ['before four hours', written, 61 + 239, 'nothing'],
    ['after four hours', written, 61 + 240, 'StillWaiting'],
    ['and was told of on that day', noted, 61 + 241, 'nothing'],
    ['and was told of the day before', noted, 61 + 240 + 24 * 60, 'StillWaiting'],
  ])('%s', (_story, subject, minutes, expected) => {
    expect(outcome(decide(waiting(minutes), subject, anApprover))).toBe(expected);
  });

  test('says since when, and why; the case stays where it is', () => {
    expect(noted).toMatchObject({ state: 'Applied', execution: written.execution });
    expect(noted.message).toContain(`Written at the master at ${at(61)}`);
    expect(noted.message).toContain('not imported.');
  });

  test('says so no more when Entra has it', () => {
    const proven = carriedOut(noted, { do: 'proveExport', at: at(400), proof: 'Exported.' });
    expect(proven.message).toBe('Exported.');
    expect(outcome(decide(waiting(99_999), proven, anApprover))).toBe('nothing');
    const soon = carriedOut(written, { do: 'proveExport', at: at(70), proof: 'Exported.' });
    expect(soon.message).toBe(written.message);
  });

  test('is told of for each stage', () => {
    const release = caseAfter(
      report,
      recordDiagnosis(diagnosisOf([twoStages])),
      approve(twoStages),
      claimIn(adLane),
      recordResults([applied(0)]),
    );
    const told = carriedOut(release, waiting(61 + 240));
    expect(told).toMatchObject({ state: 'Applying', message: expect.stringContaining('not imported.') });
    const claim = [
      { do: 'proveStage', proof: 'free' },
      claimIn('entra:tenant', at(500)),
      recordResults([applied(1)], at(501)),
    ] as const;
    const second = claim.reduce((before, command) => carriedOut(before, command), told);
    expect(outcome(decide(waiting(501 + 239), second, anApprover))).toBe('nothing');
    expect(outcome(decide(waiting(501 + 240), second, anApprover))).toBe('StillWaiting');
  });
});
