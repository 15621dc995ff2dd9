import { describe, expect, test } from 'vitest';
import type { AdObject, Evidence, RulesNow } from '../../src/domain/evidence.ts';
import { inverse, inverseFix } from '../../src/domain/inverse.ts';
import { invalidAttributeValue } from '../../src/errors/invalid-attribute-value.ts';
import {
  adUser,
  directFlows,
  evidenceOf,
  guid,
  inNoScope,
  known,
  type Story,
  sightingOf,
  twinOf,
  unknown,
} from '../domain/evidence-builder.ts';

const eveInAd = adUser({
  objectGuid: guid(31),
  displayName: 'Eve Ek',
  userPrincipalName: 'eve ek@contoso.com',
  proxyAddresses: ['SMTP:eve@contoso.com', 'smtp:eve ek@contoso.com'],
});
const eve = twinOf(eveInAd, { id: guid(6), userPrincipalName: 'eveek@contoso.onmicrosoft.com' });
const broken = { rule: 'UserPrincipalNameCharacters', message: 'The part before @ has a space.', remedy: 'Rename it.' };
const rulesOf = (more: Partial<RulesNow> = {}): RulesNow => ({
  broken: known([broken]),
  replacement: { value: 'eve.ek@contoso.com', taken: known(false) },
  ...more,
});

const report = sightingOf({
  source: 'directory-audit',
  code: 'InvalidAttributeValue',
  family: 'InvalidAttributeValue',
  originalCode: 'UserPrincipalNameCharacters',
  displayName: 'Eve Ek',
  identities: { distinguishedName: eveInAd.distinguishedName },
  attribute: 'userPrincipalName',
  value: 'eve ek@contoso.com',
  raw: { message: broken.message, remedy: broken.remedy },
});

/** Eve's sign-in name has a space; Entra gave her another. */
const badName = (ad: AdObject = eveInAd, story: Partial<Story> = {}, rules = rulesOf()): Evidence =>
  evidenceOf({
    attribute: 'userPrincipalName',
    value: ad.userPrincipalName ?? '',
    subject: { cloud: eve, onPremises: [ad] },
    ...story,
    evidence: { rules, ...story.evidence },
  });
const badAddress = (
  ad: AdObject = eveInAd,
  value = 'smtp:eve ek@contoso.com',
  next = 'smtp:eveek@contoso.com',
): Evidence =>
  badName(ad, { attribute: 'proxyAddresses', value }, rulesOf({ replacement: { value: next, taken: known(false) } }));

const diagnose = (evidence: Evidence, sighting = report) => invalidAttributeValue.diagnose(sighting, evidence);

test('the evidence to gather is the attribute, also when it is absent; what cannot be read again asks for none', () => {
  expect(invalidAttributeValue.seeks(report)).toEqual({ attribute: 'userPrincipalName', value: 'eve ek@contoso.com' });
  const { value: _, ...absent } = report;
  expect(invalidAttributeValue.seeks(absent)).toEqual({ attribute: 'userPrincipalName', value: '' });
  expect(invalidAttributeValue.seeks({ ...report, attribute: 'extensionAttribute1' })).toBeNull();
});

describe('fixes', () => {
  test('a sign-in name is replaced in Active Directory, with what else it is for', () => {
    const found = diagnose(badName());
    expect(found.reason).toBe('ReplacementProposed');
    expect(found.fixes).toMatchObject([
      {
        kind: 'changes',
        risk: 'high',
        recommended: true,
        changes: [
          {
            target: 'active-directory',
            objectId: eveInAd.objectGuid,
            attribute: 'userPrincipalName',
            operation: 'replace',
            values: ['eve.ek@contoso.com'],
            before: { kind: 'single', value: 'eve ek@contoso.com' },
            after: { kind: 'single', value: 'eve.ek@contoso.com' },
          },
        ],
      },
    ]);
    expect(found.fixes[0]?.notes.join()).toContain('smart-card');
    expect(found.fixes[0]?.derived.map(({ attribute }) => attribute)).toContain('userPrincipalName');
  });

  test('an absent sign-in name is set', () => {
    const { userPrincipalName: _, ...nameless } = eveInAd;
    expect(diagnose(badName(nameless)).fixes[0]?.changes[0]).toMatchObject({
      before: { kind: 'single', value: null },
      after: { kind: 'single', value: 'eve.ek@contoso.com' },
    });
  });

  test('an address is exchanged in one modification, and every other value stays', () => {
    const [fix] = diagnose(badAddress()).fixes;
    expect(fix).toMatchObject({ risk: 'medium', recommended: true });
    expect(fix?.changes).toMatchObject([
      {
        values: ['smtp:eveek@contoso.com'],
        before: {
          present: ['smtp:eve ek@contoso.com'],
          absent: ['smtp:eveek@contoso.com'],
          primary: 'SMTP:eve@contoso.com',
        },
        after: {
          present: ['smtp:eveek@contoso.com'],
          absent: ['smtp:eve ek@contoso.com'],
          primary: 'SMTP:eve@contoso.com',
        },
      },
    ]);
  });

  test('a primary address stays primary', () => {
    const ad = { ...eveInAd, proxyAddresses: ['SMTP:eve ek@contoso.com'] };
    const [fix] = diagnose(badAddress(ad, 'SMTP:eve ek@contoso.com', 'SMTP:eveek@contoso.com')).fixes;
    expect(fix?.changes[0]?.after).toMatchObject({ primary: 'SMTP:eveek@contoso.com' });
  });

  test('an object that the sync engine does not know is changed too, proven by Active Directory alone', () => {
    const anchor = eve.onPremisesImmutableId ?? '';
    const found = diagnose(
      badName(eveInAd, { subject: { cloud: null, onPremises: [eveInAd] }, engine: { [anchor]: inNoScope } }),
    );
    expect(found.fixes[0]).toMatchObject({ kind: 'changes', recommended: true, derived: [] });
    expect(found.fixes[0]?.notes.join()).toContain('Active Directory alone proves');
  });

  test('the undo writes the former value, and says that it is wrong', () => {
    const evidence = badName();
    const [fix] = diagnose(evidence).fixes;
    if (!fix) throw new Error('there is no fix');
    const undo = inverseFix(fix, fix.changes, evidence);
    expect(undo.changes).toEqual(fix.changes.map(inverse));
    expect(undo.notes.join()).toContain('the audit will find');
  });
});

describe('offers, and does not recommend', () => {
  test.each<[string, Partial<Story>]>([
    ['the verified domains', { evidence: { tenant: { ...badName().tenant, verifiedDomains: unknown() } } }],
    ['the source of authority', { facts: { [eve.id]: { isCloudManaged: unknown() } } }],
  ])('what %s could turn', (_fact, story) => {
    const found = diagnose(badName(eveInAd, story));
    expect(found.reason).toBe('PersonMustChoose');
    expect(found.fixes).toMatchObject([{ kind: 'changes', recommended: false }]);
  });
});

describe('an address that Entra makes the sign-in name of', () => {
  const { lineage } = directFlows(eveInAd);
  const anchor = eve.onPremisesImmutableId ?? '';
  const byMail =
    lineage.state === 'known'
      ? {
          ...directFlows(eveInAd),
          lineage: known({ ...lineage.value, userPrincipalName: lineage.value['mail'] ?? [] }),
        }
      : directFlows(eveInAd);
  const ad = { ...eveInAd, mail: 'eve ek@contoso.com' };
  const mail = (story: Partial<Story>, rules: Partial<RulesNow> = {}): Evidence =>
    badName(ad, { attribute: 'mail', value: ad.mail, ...story }, rulesOf(rules));

  test.each<[string, Evidence]>([
    ['by the rules of the sync engine', mail({ engine: { [anchor]: byMail } })],
    ['by the word of the operator', mail({}, { namesUser: true })],
  ])('%s: high risk, and never for the policy', (_how, evidence) => {
    const found = diagnose(evidence);
    expect(found).toMatchObject({
      reason: 'PersonMustChoose',
      fixes: [{ kind: 'changes', risk: 'high', recommended: false, changes: [{ attribute: 'mail' }] }],
    });
    expect(found.fixes[0]?.notes.join()).toContain('signs in with the new value');
  });

  test('else is of medium risk', () => {
    expect(diagnose(mail({}))).toMatchObject({ fixes: [{ risk: 'medium', recommended: true }] });
  });
});

/** Its sync engine knows it, Graph does not show it. */
function badAddressOfGroup(): Evidence {
  const group: AdObject = { ...eveInAd, objectType: 'group' };
  const evidence = badAddress(group);
  return { ...evidence, subject: { ...evidence.subject, cloud: known(null) } };
}

describe('refuses', () => {
  const mailbox = { ...eveInAd, mailNickname: 'eve', msExchRecipientTypeDetails: '2147483648' };
  test.each<[string, Evidence, string]>([
    ['a protected object', badName({ ...eveInAd, adminCount: 1 }), 'adminCount is 1'],
    [
      'a person on the list',
      badName(eveInAd, {
        evidence: { policy: { allowDirectExchangeWrites: false, protectedObjects: [eveInAd.objectGuid] } },
      }),
      'list of protected objects',
    ],
    [
      'a privileged account',
      badName(eveInAd, { facts: { [eve.id]: { privileges: known(['Global Administrator']) } } }),
      'Global Administrator',
    ],
    [
      'privileges that nobody could read',
      badName(eveInAd, { facts: { [eve.id]: { privileges: unknown() } } }),
      'whether Eve Ek is privileged',
    ],
    ['an address of the initial domain', badAddress(eveInAd, 'smtp:e e@contoso.onmicrosoft.com'), 'initial domain'],
    ['an X500 address', badAddress(eveInAd, 'X500:/o=ä', 'X500:/o=a'), 'X400 and X500'],
    ['a primary address without a new one', badAddress(eveInAd, 'SMTP:eve ek@contoso.com'), 'names no new one'],
    [
      'values that Active Directory takes for one',
      badAddress(eveInAd, 'SMTP:eve@contoso.com', 'smtp:eve@contoso.com'),
      'one address',
    ],
    ['an Exchange recipient', badAddress(mailbox), 'allowDirectExchangeWrites'],
    [
      'an attribute that the relay does not write',
      badName(eveInAd, { attribute: 'displayName', value: '' }),
      'relay writes',
    ],
    ['mailNickname', badName(mailbox, { attribute: 'mailNickname', value: 'e e' }), 'mailNickname is never changed'],
    [
      'targetAddress',
      badName(mailbox, { attribute: 'targetAddress', value: 'smtp:e e@x.com' }),
      'targetAddress is never changed',
    ],
    [
      'a second primary address',
      badAddress(eveInAd, 'smtp:eve ek@contoso.com', 'SMTP:eveek@contoso.com'),
      'second primary address beside SMTP:eve@contoso.com',
    ],
    [
      'an object whose half in Entra could not be read',
      badName(eveInAd, { evidence: { subject: { cloud: unknown(), onPremises: known([eveInAd]) } } }),
      'whether Eve Ek is in Entra: HTTP 403; grant Some.Read.All',
    ],
    ['a synchronised group that was not found in Entra', badAddressOfGroup(), 'whether it is protected is not known'],
    [
      'an attribute that no rule takes to Entra',
      badName(eveInAd, {
        engine: {
          [eve.onPremisesImmutableId ?? '']: {
            ...directFlows(eveInAd),
            lineage: known({ userPrincipalName: [], proxyAddresses: [], mail: [] }),
          },
        },
      }),
      'a change would not arrive',
    ],
    [
      'a lineage that nobody could read',
      badName(eveInAd, {
        engine: { [eve.onPremisesImmutableId ?? '']: { ...directFlows(eveInAd), lineage: unknown() } },
      }),
      'which synchronisation rule takes userPrincipalName',
    ],
    [
      'an object in another plan',
      badName(eveInAd, { evidence: { openPlans: [{ objectId: eveInAd.objectGuid, caseId: 'other' }] } }),
      'open plan of case other',
    ],
    [
      'a value that nobody was asked about',
      badName(eveInAd, {}, rulesOf({ replacement: { value: 'eve.ek@contoso.com', taken: unknown() } })),
      'is free is not known',
    ],
    [
      'a name that Entra owns',
      badName(eveInAd, { facts: { [eve.id]: { isCloudManaged: known(true) } } }),
      'not mastered in Active Directory',
    ],
  ])('%s, with a runbook of the real names and values', (_what, evidence, because) => {
    const found = diagnose(evidence);
    expect(found.message).toContain(because);
    expect(found.fixes).toMatchObject([{ kind: 'runbook', recommended: false, changes: [] }]);
    const commands = found.fixes.flatMap(({ runbook }) => runbook.map(({ command = '' }) => command)).join('\n');
    expect(commands).toMatch(/Eve Ek|00000031-/);
    expect(evidence.sought.attribute !== 'userPrincipalName' || found.fixes[0]?.risk === 'high').toBe(true);
  });

  test('a value without a proposal: a person chooses', () => {
    for (const rules of [
      rulesOf({ replacement: null }),
      rulesOf({ replacement: { value: 'eve.ek@contoso.com', taken: known(true) } }),
    ]) {
      const found = diagnose(badName(eveInAd, {}, rules));
      expect(found.reason).toBe('NoProposal');
      expect(found.fixes).toMatchObject([{ kind: 'runbook' }]);
      expect(found.fixes[0]?.runbook.map(({ command = '' }) => command).join()).toContain('Get-ADObject');
    }
  });

  test('what could not be read again', () => {
    expect(diagnose(badName(eveInAd, {}, rulesOf({ broken: unknown('the relay is down') })))).toMatchObject({
      reason: 'EvidenceIncomplete',
      fixes: [{ kind: 'runbook' }],
    });
  });

  test('a value that is in order by now', () => {
    expect(diagnose(badName(eveInAd, {}, rulesOf({ broken: known([]) })))).toMatchObject({
      reason: 'AlreadyCorrect',
      fixes: [{ kind: 'runbook' }],
    });
  });

  test('an attribute that only the audit reads: the runbook has its words', () => {
    const found = invalidAttributeValue.diagnose(
      { ...report, attribute: 'extensionAttribute1', raw: { message: 'Too long.', remedy: 'Shorten it.' } },
      null,
    );
    expect(found).toMatchObject({ reason: 'CorrectByHand', fixes: [{ kind: 'runbook' }] });
    expect(JSON.stringify(found.fixes)).toContain('Shorten it.');
  });
});
