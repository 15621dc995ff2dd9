import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import { sightingKeys } from '../../src/domain/sighting-keys.ts';
import { duplicateInDirectory } from '../../src/errors/duplicate-in-directory.ts';
import { inNoScope, known, type Story, sightingOf, unknown } from '../domain/evidence-builder.ts';
import { anna, annaInAd, bo, boInAd, twoSynchronised } from '../domain/stories.ts';

const report = sightingOf({
  source: 'directory-audit',
  code: 'DuplicateInDirectory',
  originalCode: 'DuplicateAddress',
});
const diagnose = (evidence: Evidence) => duplicateInDirectory.diagnose(report, evidence);
const anchors = [annaInAd, boInAd].map(({ objectGuid }) => immutableIdOf(objectGuid) ?? '');

/** Anna and Bo before the first synchronisation: nobody in Entra has the address. */
const foreseen = (story: Partial<Story> = {}): Evidence =>
  twoSynchronised({
    subject: { cloud: null, onPremises: [annaInAd] },
    cloudHolders: [],
    onPremisesHolders: [annaInAd, boInAd],
    engine: Object.fromEntries(anchors.map((anchor) => [anchor, inNoScope])),
    ...story,
    evidence: {
      foreseen: true,
      employeeIdCounts: { '100': known({ cloud: 0, onPremises: 1 }), '200': known({ cloud: 0, onPremises: 1 }) },
      ...story.evidence,
    },
  });

test('a quarantine of the same value on the same object is the same case', () => {
  expect(sightingKeys(report)).toEqual(sightingKeys(sightingOf({ code: 'QuarantinedProxyAddress' })));
});

test('an alias asks for no evidence: it is decided by hand', () => {
  const alias = {
    ...report,
    attribute: 'mailNickname',
    value: 'anna',
    raw: { message: 'Two have it.', holders: ['Anna', 'Bo'] },
  };
  expect(duplicateInDirectory.seeks(alias)).toBeNull();
  expect(JSON.stringify(duplicateInDirectory.diagnose(alias, null))).toContain('It concerns: Anna; Bo.');
});

describe('fixes', () => {
  test('two objects that Entra does not know yet: either gives the address up in Active Directory', () => {
    const found = diagnose(foreseen());
    expect(found.party?.verdict).toBe('DifferentParties');
    expect(found.fixes.map(({ kind, changes }) => [kind, changes.map(({ objectId }) => objectId)])).toEqual([
      ['changes', [boInAd.objectGuid]],
      ['changes', [annaInAd.objectGuid]],
    ]);
  });

  test('a pair of which one is in Entra is diagnosed as a quarantine is', () => {
    const evidence = twoSynchronised();
    const found = diagnose({ ...evidence, foreseen: true });
    expect(found.fixes.map(({ kind }) => kind)).toEqual(['changes', 'changes']);
  });
});

describe('refuses', () => {
  test('a lone claim: the conflict is over', () => {
    expect(diagnose(foreseen({ onPremisesHolders: [annaInAd] }))).toMatchObject({
      reason: 'AlreadyReleased',
      message: expect.stringContaining('found nothing twice'),
    });
  });

  test('changes while an unsynchronised holder could match a cloud object', () => {
    const { onPremisesImmutableId: _, ...cloudOnly } = { ...bo, onPremisesSyncEnabled: null };
    const found = diagnose(foreseen({ cloudHolders: [cloudOnly] }));
    expect(found.fixes.flatMap(({ changes }) => changes)).toEqual([]);
    expect(JSON.stringify(found.fixes)).toContain('cannot be predicted');
  });

  test('one person with two objects: the runbook of a match', () => {
    const namesake = { ...boInAd, employeeId: '100' };
    const found = diagnose(
      foreseen({
        onPremisesHolders: [annaInAd, namesake],
        evidence: { employeeIdCounts: { '100': known({ cloud: 0, onPremises: 2 }) } },
      }),
    );
    expect(found.fixes.every(({ kind }) => kind === 'runbook' || found.reason !== 'MatchCandidate')).toBe(true);
    expect(found.fixes.some(({ recommended }) => recommended)).toBe(false);
  });

  test('what was not read completely', () => {
    expect(diagnose(foreseen({ evidence: { onPremisesHolders: unknown('the relay is down') } })).reason).toBe(
      'EvidenceIncomplete',
    );
  });

  test('a hidden holder is still an outcome where the fault is not foreseen', () => {
    const quarantined = twoSynchronised({
      subject: { cloud: anna, onPremises: [annaInAd] },
      cloudHolders: [],
      onPremisesHolders: [],
    });
    expect(diagnose(quarantined).reason).toBe('NoVisibleHolder');
  });
});
