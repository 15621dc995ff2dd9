import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import { quarantinedProxyAddress } from '../../src/errors/quarantined-proxy-address.ts';
import { cloudUser, guid, known, sightingOf, unknown } from '../domain/evidence-builder.ts';
import { anna, annaInAd, bo, boInAd, twoSynchronised } from '../domain/stories.ts';
import { everyStory } from './every-story.ts';

const diagnose = (evidence: Evidence) => quarantinedProxyAddress.diagnose(sightingOf(), evidence);
const story = (name: string): Evidence => everyStory[name] ?? expect.fail(`no story "${name}"`);

test('the evidence to gather is the value of the report', () => {
  expect(quarantinedProxyAddress.seeks(sightingOf())).toEqual({
    attribute: 'proxyAddresses',
    value: 'smtp:shared@contoso.com',
  });
});

test('a report without value is not understood, and keeps its words', () => {
  const { value: _, ...bare } = sightingOf();
  expect(quarantinedProxyAddress.seeks(bare)).toBeNull();
  const found = quarantinedProxyAddress.diagnose(bare, null);
  expect(found.reason).toBe('NotUnderstood');
  expect(found.fixes[0]?.runbook[0]?.text).toContain('PropertyConflict');
});

describe('fixes', () => {
  test.each<[string, string, string[]]>([
    ['two synchronised users', 'PersonMustChoose', ['changes', 'changes']],
    ['a group in Entra', 'PersonMustChoose', ['runbook', 'changes']],
    ['a soft-deleted holder', 'PersonMustChoose', ['runbook', 'changes']],
    ['nobody knows whether it is one person', 'PartyUndecided', ['runbook', 'changes']],
    ['an expression in the lineage', 'PersonMustChoose', ['runbook', 'changes']],
    ['no holder for three intervals', 'NoVisibleHolder', ['runbook', 'changes']],
    ['a value with every awkward character', 'PersonMustChoose', ['changes', 'changes']],
  ])('%s: %s', (name, reason, kinds) => {
    const found = diagnose(story(name));
    expect(found.reason).toBe(reason);
    expect(found.fixes.map(({ kind }) => kind)).toEqual(kinds);
    expect(found.fixes.some(({ recommended }) => recommended)).toBe(false);
  });

  test('a holder whose mailbox has it as primary address keeps it, and the subject drops its claim', () => {
    const evidence = story('a holder whose mailbox has it as primary address');
    const found = diagnose(evidence);
    expect(found.reason).toBe('KeeperRecommended');
    expect(found.score?.keeper).toBe(bo.id);
    expect(found.fixes.find(({ recommended }) => recommended)?.changes).toMatchObject([
      { objectId: annaInAd.objectGuid, operation: 'delete' },
    ]);
  });

  test('an undecided case shows both fixes, and no score', () => {
    const found = diagnose(story('nobody knows whether it is one person'));
    expect(found.party?.verdict).toBe('Undecided');
    expect(found.score).toBeUndefined();
  });
});

describe('refuses', () => {
  test.each<[string, string]>([
    ['no holder at all', 'NoVisibleHolder'],
    ['a holder of Active Directory that is out of scope', 'NoVisibleHolder'],
    ['a contact of Active Directory', 'NoVisibleHolder'],
    ['a protected holder and a protected subject', 'ProtectedObject'],
    ['a residue in Entra', 'AlreadyReleased'],
    ['a claim that is gone', 'AlreadyReleased'],
    ['a holder search that failed in Entra', 'EvidenceIncomplete'],
    ['a holder search that failed in Active Directory', 'EvidenceIncomplete'],
  ])('%s: %s, with a runbook only', (name, reason) => {
    const found = diagnose(story(name));
    expect(found.reason).toBe(reason);
    expect(found.fixes.length).toBeGreaterThan(0);
    expect(found.fixes.every(({ kind, changes }) => kind === 'runbook' && changes.length === 0)).toBe(true);
  });

  test('the runbook of a hidden holder asks Exchange', () => {
    const commands = diagnose(story('no holder at all'))
      .fixes[0]?.runbook.map(({ command }) => command)
      .join('\n');
    expect(commands).toContain(
      `Get-Recipient -ResultSize Unlimited -Filter "EmailAddresses -eq 'smtp:shared@contoso.com'"`,
    );
    expect(commands).toContain('Get-MailPublicFolder');
  });

  test('a touch takes the claim away and makes it again', () => {
    const touch = diagnose(story('no holder for three intervals')).fixes[1];
    expect(touch?.changes.map(({ operation, stage }) => `${operation} ${stage}`)).toEqual([
      'delete release',
      'add claim',
    ]);
  });

  test('every failed read is named with what would supply it', () => {
    expect(diagnose(story('a holder search that failed in Entra')).unknowns.join()).toContain('grant User.Read.All');
  });
});

/** Recommended as it stands; each source of evidence is then taken away. */
const recommended = everyStory['a holder whose mailbox has it as primary address'] as Evidence;
const without = (facts: object, id: string): Evidence => ({
  ...recommended,
  cloudFacts: { ...recommended.cloudFacts, [id]: { ...recommended.cloudFacts[id], ...facts } as never },
});
const lost = unknown('HTTP 403', 'grant what is missing');

test.each<[string, Evidence]>([
  ['the cloud holders', { ...recommended, cloudHolders: lost }],
  ['the holders of Active Directory', { ...recommended, onPremisesHolders: lost }],
  ['the subject in Entra', { ...recommended, subject: { ...recommended.subject, cloud: lost } }],
  ['the subject in Active Directory', { ...recommended, subject: { ...recommended.subject, onPremises: lost } }],
  ['the verified domains', { ...recommended, tenant: { ...recommended.tenant, verifiedDomains: lost } }],
  ['the roles of the holder', without({ privileges: lost }, bo.id)],
  ['the roles of the subject', without({ privileges: lost }, anna.id)],
  ['the hold of the subject, of unknown type', without({ litigationHold: lost, recipient: lost }, anna.id)],
])('without %s nothing is recommended, and the missing fact is named', (_source, evidence) => {
  expect(diagnose(recommended).fixes.some((fix) => fix.recommended)).toBe(true);
  const found = diagnose(evidence);
  expect(found.fixes.some((fix) => fix.recommended)).toBe(false);
  expect(found.unknowns.join()).toContain('grant what is missing');
});

test('without the last sign-in of the holder the recommendation stands only if it cannot turn', () => {
  const found = diagnose(without({ lastSignIn: lost }, bo.id));
  expect(found.score?.keeper).toBe(bo.id);
  expect(found.unknowns.join()).toContain('the last sign-in of Bo Lind');
});

test('without lineage the fix is a runbook', () => {
  const anchor = anna.onPremisesImmutableId ?? '';
  const engine = recommended.engineFacts[anchor];
  const evidence = {
    ...recommended,
    engineFacts: { ...recommended.engineFacts, [anchor]: { ...engine, lineage: lost } as never },
  };
  expect(diagnose(evidence).fixes.find(({ recommended: chosen }) => chosen)?.kind).toBe('runbook');
});

test('a rival that is quarantined too has to give the value up as well, or it would get it next', () => {
  const found = diagnose(story('a rival that is quarantined too'));
  expect(found.fixes[0]?.changes.map(({ objectId }) => objectId)).toEqual([boInAd.objectGuid, guid(15)]);
});

test('three parties: the subject keeps the value only if both holders give it up', () => {
  const second = cloudUser({
    id: guid(8),
    displayName: 'Cia',
    employeeId: '500',
    proxyAddresses: ['smtp:shared@contoso.com'],
  });
  const found = diagnose(
    twoSynchronised({
      cloudHolders: [bo, second],
      onPremisesHolders: [boInAd],
      facts: { [guid(8)]: { recipient: known('user-mailbox') } },
    }),
  );
  expect(found.fixes[0]?.title).toContain('Bo Lind and Cia');
  expect(found.fixes.map(({ kind }) => kind)).toEqual(['runbook', 'changes']);
});
