import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import { quarantinedUserPrincipalName } from '../../src/errors/quarantined-user-principal-name.ts';
import { cloudUser, daysAgo, guid, known, sightingOf } from '../domain/evidence-builder.ts';
import { cloudHolderOfName, doraInAd, otherDora } from '../domain/stories.ts';
import { everyStory } from './every-story.ts';

const report = sightingOf({
  code: 'QuarantinedUserPrincipalName',
  attribute: 'userPrincipalName',
  value: 'dora.falk@contoso.com',
});
const diagnose = (evidence: Evidence) => quarantinedUserPrincipalName.diagnose(report, evidence);
const story = (name: string): Evidence => everyStory[name] ?? expect.fail(`no story "${name}"`);

test('the evidence to gather is the name of the report', () => {
  expect(quarantinedUserPrincipalName.seeks(report)).toEqual({
    attribute: 'userPrincipalName',
    value: 'dora.falk@contoso.com',
  });
  const { value: _, ...bare } = report;
  expect(quarantinedUserPrincipalName.seeks(bare)).toBeNull();
  expect(quarantinedUserPrincipalName.diagnose(bare, null).reason).toBe('NotUnderstood');
});

describe('fixes', () => {
  test('who signs in with the name keeps it; the subject gets another name in Active Directory', () => {
    const found = diagnose(story('a cloud user with the name'));
    expect(found.reason).toBe('KeeperRecommended');
    expect(found.fixes.map(({ kind, risk, recommended }) => [kind, risk, recommended])).toEqual([
      ['changes', 'high', false],
      ['changes', 'high', true],
    ]);
    expect(found.fixes[1]?.changes).toMatchObject([
      { target: 'active-directory', objectId: doraInAd.objectGuid, attribute: 'userPrincipalName' },
    ]);
  });

  test('a holder whose sign-ins are not on record is not recommended', () => {
    const found = diagnose(cloudHolderOfName({ facts: { [otherDora.id]: { lastSignIn: known(null) } } }));
    expect(found.reason).toBe('PersonMustChoose');
    expect(found.unknowns.join()).toContain('does not mean never');
  });

  test('another UPN in Entra is the fix on the other side', () => {
    expect(diagnose(story('a cloud user with the name')).fixes[0]?.changes).toMatchObject([
      {
        target: 'entra',
        objectId: otherDora.id,
        attribute: 'userPrincipalName',
        values: ['dorothea.falk@contoso.com'],
      },
    ]);
  });
});

describe('refuses', () => {
  test.each(['one person with two objects', 'one person, matched by an anchor'])(
    '%s: only the runbook of a match',
    (name) => {
      const found = diagnose(story(name));
      expect(found.reason).toBe('MatchCandidate');
      expect(found.party?.verdict).toBe('SamePerson');
      expect(found.score).toBeUndefined();
      expect(found.fixes.map(({ kind, changes, recommended }) => [kind, changes.length, recommended])).toEqual([
        ['runbook', 0, false],
      ]);
    },
  );

  test('the runbook of a match carries the anchor, the domain controller and the right order', () => {
    const steps = diagnose(story('one person, matched by an anchor')).fixes[0]?.runbook ?? [];
    const anchorAt = steps.findIndex(({ command }) =>
      command?.includes("FromBase64String('AQEBAQEBAQEBAQEBAQEBAQ==')"),
    );
    const outAt = steps.findIndex(({ text }) => text.includes('out of the synchronised scope'));
    const backAt = steps.findIndex(({ text }) => text.includes('back into scope'));
    expect(outAt).toBeGreaterThan(-1);
    expect(anchorAt).toBeGreaterThan(outAt);
    expect(backAt).toBeGreaterThan(anchorAt);
    expect(steps[anchorAt]?.command).toContain("-Server 'dc1.contoso.com'");
  });

  test('a soft-deleted user holds no name: no visible holder', () => {
    const deleted = cloudUser({
      id: guid(8),
      deletedDateTime: daysAgo(1),
      userPrincipalName: `${guid(8).replaceAll('-', '')}dora.falk@contoso.com`,
    });
    expect(diagnose(cloudHolderOfName({ cloudHolders: [deleted] })).reason).toBe('NoVisibleHolder');
  });

  test('a name that the subject has by now is already released', () => {
    expect(diagnose(story('a name that the subject has by now')).reason).toBe('AlreadyReleased');
  });

  test('a name that an expression makes is still claimed, and needs a person', () => {
    const found = diagnose(story('a UPN made by an expression'));
    expect(found.reason).toBe('KeeperRecommended');
    expect(found.fixes[1]).toMatchObject({ kind: 'runbook', recommended: true });
  });

  test('a privileged holder and a privileged subject are not changed', () => {
    const facts = { privileges: known(['Global Administrator']) };
    const found = diagnose(cloudHolderOfName({ facts: { [otherDora.id]: facts, [guid(3)]: facts } }));
    expect(found.reason).toBe('ProtectedObject');
    expect(found.fixes.every(({ kind }) => kind === 'runbook')).toBe(true);
  });
});
