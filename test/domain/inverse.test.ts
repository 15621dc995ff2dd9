import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import { holdersOf } from '../../src/domain/conflict-set.ts';
import type { Evidence } from '../../src/domain/evidence.ts';
import { inverse, inverseFix } from '../../src/domain/inverse.ts';
import { partiesOf } from '../../src/domain/party.ts';
import { planHash } from '../../src/domain/plan-hash.ts';
import { releaseFix } from '../../src/domain/release-fix.ts';
import { touchFix } from '../../src/domain/touch-fix.ts';
import { cloudUser, guid } from './evidence-builder.ts';
import {
  anna,
  annaInAd,
  bo,
  boInAd,
  cloudHolderOfName,
  dora,
  doraInAd,
  otherDora,
  twoSynchronised,
} from './stories.ts';

const value = 'smtp:shared@contoso.com';

function fixesOf(evidence: Evidence) {
  const parties = partiesOf(evidence);
  const holders = holdersOf(parties, evidence);
  return {
    subjectKeeps: releaseFix([parties.subject], holders, parties, evidence),
    holdersKeep: releaseFix(holders, [parties.subject], parties, evidence),
    touch: touchFix(parties, evidence),
  };
}

/** After the release and the release job: Bo has lost the value, Anna has it. */
const released = twoSynchronised({
  subject: { cloud: { ...anna, proxyAddresses: ['SMTP:anna.berg@contoso.com', value] }, onPremises: [annaInAd] },
  cloudHolders: [],
  onPremisesHolders: [],
});

describe('the inverse of a change', () => {
  test.each<[string, Change, Partial<Change>]>([
    [
      'a deletion adds',
      fixesOf(twoSynchronised()).subjectKeeps.changes[0] as Change,
      { operation: 'add', values: [value] },
    ],
    [
      'a new name gives back the old one',
      fixesOf(cloudHolderOfName()).subjectKeeps.changes[0] as Change,
      { operation: 'replace', values: ['dora.falk@contoso.com'] },
    ],
  ])('%s', (_story, change, expected) => {
    expect(inverse(change)).toMatchObject({ ...expected, before: change.after, after: change.before });
  });

  test('taken twice it is the change itself', () => {
    const address = fc.constantFrom('smtp:a@contoso.com', 'smtp:b@contoso.com');
    const single = fc.tuple(fc.option(fc.string()), fc.string()).map(
      ([before, after]): Change => ({
        ...common,
        attribute: 'mail',
        operation: 'replace',
        values: [after],
        before: { kind: 'single', value: before },
        after: { kind: 'single', value: after },
      }),
    );
    const multiple = fc
      .tuple(address, fc.constantFrom('add' as const, 'delete' as const))
      .map(([touched, operation]): Change => {
        const present = { kind: 'multiple' as const, present: [touched], absent: [], primary: null };
        const absent = { kind: 'multiple' as const, present: [], absent: [touched], primary: null };
        return {
          ...common,
          attribute: 'proxyAddresses',
          operation,
          values: [touched],
          before: operation === 'add' ? absent : present,
          after: operation === 'add' ? present : absent,
        };
      });
    fc.assert(
      fc.property(fc.oneof(single, multiple), (change) => {
        expect(inverse(inverse(change))).toEqual(change);
      }),
    );
  });

  test('an exchange of the primary address is exchanged back, the secondary one restored', () => {
    const evidence = twoSynchronised({
      cloudHolders: [{ ...bo, proxyAddresses: ['SMTP:shared@contoso.com', 'smtp:bo.lind@contoso.com'] }],
      onPremisesHolders: [{ ...boInAd, proxyAddresses: ['SMTP:shared@contoso.com', 'smtp:bo.lind@contoso.com'] }],
    });
    const [change] = fixesOf(evidence).subjectKeeps.changes;
    expect(inverse(change as Change)).toMatchObject({
      operation: 'replace',
      values: ['SMTP:shared@contoso.com', 'smtp:bo.lind@contoso.com'],
      before: { present: ['SMTP:bo.lind@contoso.com'], absent: ['SMTP:shared@contoso.com'] },
      after: { primary: 'SMTP:shared@contoso.com' },
    });
  });
});

const common = {
  target: 'active-directory',
  objectId: 'g',
  objectType: 'user',
  objectName: 'n',
  stage: 'release',
} as const;

describe('undo', () => {
  test('gives the former holder its value back, as a plan of its own', () => {
    const { subjectKeeps } = fixesOf(twoSynchronised());
    const undo = inverseFix(subjectKeeps, subjectKeeps.changes, released);
    expect(undo).toMatchObject({
      kind: 'changes',
      undoOf: subjectKeeps.id,
      recommended: false,
      planHash: planHash(undo.changes),
    });
    expect(undo.planHash).not.toBe(subjectKeeps.planHash);
    expect(undo.changes).toMatchObject([
      { objectId: boInAd.objectGuid, operation: 'add', values: [value], stage: 'release' },
    ]);
    expect(undo.notes.join()).toContain('may stay');
    expect(undo.notes.join()).toContain('Anna Berg has smtp:shared@contoso.com in Entra now');
  });

  test('restores the claim of the subject although the holder has the value', () => {
    const { holdersKeep } = fixesOf(twoSynchronised());
    const undo = inverseFix(holdersKeep, holdersKeep.changes, twoSynchronised());
    expect(undo.changes).toMatchObject([{ objectId: annaInAd.objectGuid, operation: 'add' }]);
    expect(undo.notes.join()).toContain('The conflict comes back');
  });

  test('covers only what was applied, the last change first', () => {
    const evidence = twoSynchronised({ onPremisesHolders: [{ ...boInAd, mail: 'shared@contoso.com' }, annaInAd] });
    const { subjectKeeps } = fixesOf(evidence);
    expect(inverseFix(subjectKeeps, subjectKeeps.changes, released).changes.map(({ attribute }) => attribute)).toEqual([
      'mail',
      'proxyAddresses',
    ]);
    expect(
      inverseFix(subjectKeeps, subjectKeeps.changes.slice(0, 1), released).changes.map(({ attribute }) => attribute),
    ).toEqual(['proxyAddresses']);
    expect(inverseFix(subjectKeeps, [], released)).toMatchObject({ kind: 'runbook', changes: [] });
  });

  test('is refused, with the new owner named, when somebody else has taken the value', () => {
    const { subjectKeeps } = fixesOf(twoSynchronised());
    const newcomer = cloudUser({ id: guid(9), displayName: 'Nils Ny', proxyAddresses: [value] });
    const now = { ...released, cloudHolders: twoSynchronised({ cloudHolders: [newcomer] }).cloudHolders };
    const undo = inverseFix(subjectKeeps, subjectKeeps.changes, now);
    expect(undo).toMatchObject({ kind: 'runbook', changes: [], undoOf: subjectKeeps.id });
    expect(undo.runbook[0]?.text).toContain('Nils Ny');
  });

  test('of a UPN in Entra is refused while the subject signs in with it', () => {
    const { subjectKeeps } = fixesOf(cloudHolderOfName());
    const given = cloudHolderOfName({
      subject: { cloud: { ...dora, userPrincipalName: 'dora.falk@contoso.com' }, onPremises: [doraInAd] },
      cloudHolders: [],
    });
    expect(inverseFix(subjectKeeps, subjectKeeps.changes, given).runbook[0]?.text).toContain('Dora Falk');
    const notYet = cloudHolderOfName({ cloudHolders: [] });
    expect(inverseFix(subjectKeeps, subjectKeeps.changes, notYet).changes).toMatchObject([
      { objectId: otherDora.id, values: ['dora.falk@contoso.com'] },
    ]);
  });

  test('of a touch takes the claim back first, and the release after it', () => {
    const { touch } = fixesOf(twoSynchronised({ cloudHolders: [], onPremisesHolders: [] }));
    expect(touch.changes.map(({ operation, stage }) => `${operation} ${stage}`)).toEqual([
      'delete release',
      'add claim',
    ]);
    const undo = inverseFix(touch, touch.changes, released);
    expect(undo.changes.map(({ operation, stage }) => `${operation} ${stage}`)).toEqual([
      'delete release',
      'add claim',
    ]);
  });
});
