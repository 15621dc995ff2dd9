import type { Diagnosis, Fix, Risk } from '../domain/diagnosis.ts';
import { invalidAttributeValueCode } from '../domain/error-family.ts';
import { type AdObject, type Evidence, soughtAttributes } from '../domain/evidence.ts';
import { type Party, partiesOf } from '../domain/party.ts';
import { planHash } from '../domain/plan-hash.ts';
import { predictForChanged } from '../domain/predict-export.ts';
import { protectionsOf } from '../domain/protected.ts';
import { signInNotes, tenantNotes } from '../domain/release-fix.ts';
import { stepsAfterReplacing, stepsToReplace } from '../domain/replace-runbook.ts';
import { isSynchronised, namesUser, obstaclesToReplace, replacement } from '../domain/replace-value.ts';
import { runbookFix } from '../domain/runbook-fix.ts';
import type { Sighting } from '../domain/sighting.ts';
import { unknownFacts } from '../domain/unknown-facts.ts';
import { auditRunbook, findingIn } from './audit-finding.ts';
import type { SyncErrorKind } from './kind.ts';

/** A value in Active Directory that Entra refuses, drops or takes for something else. */
export const invalidAttributeValue: SyncErrorKind = {
  meta: {
    code: invalidAttributeValueCode,
    family: invalidAttributeValueCode,
    layer: 'any',
    description: 'A value of an object in Active Directory breaks a rule of Entra',
    risk: 'high',
  },
  seeks: ({ attribute, value, source }) => {
    const known = soughtAttributes.find((name) => name === attribute);
    return known === undefined || source !== 'directory-audit' ? null : { attribute: known, value: value ?? '' };
  },
  diagnose: (sighting, evidence) =>
    evidence?.rules === undefined ? byHand(sighting, evidence) : diagnoseValue(sighting, evidence, evidence.rules),
};

/** An attribute that cannot be read again one by one: the audit's own words have to do. */
function byHand(sighting: Sighting, evidence: Evidence | null): Diagnosis {
  return {
    reason: 'CorrectByHand',
    message: `${findingIn(sighting).message} It concerns ${sighting.attribute ?? 'an attribute'} of ${sighting.displayName}.`,
    fixes: [auditRunbook(sighting, 'correct-the-value', 'low')],
    unknowns: evidence === null ? [] : unknownFacts([partiesOf(evidence).subject], evidence),
  };
}

/** In order: can it be read, is it still wrong, is there a better value, and may a change write it. */
function diagnoseValue(sighting: Sighting, evidence: Evidence, rules: NonNullable<Evidence['rules']>): Diagnosis {
  const { subject } = partiesOf(evidence);
  const unknowns = unknownFacts([subject], evidence);
  const { attribute, value } = evidence.sought;
  const [ad] = subject.onPremises;
  if (rules.broken.state === 'unknown' || evidence.subject.onPremises.state === 'unknown' || ad === undefined) {
    const because =
      rules.broken.state === 'unknown' ? rules.broken.because : 'its Active Directory object was not found.';
    return {
      reason: 'EvidenceIncomplete',
      message: `Whether ${attribute} of ${sighting.displayName} is still wrong could not be read: ${because}`,
      fixes: [auditRunbook(sighting, 'correct-the-value', 'low')],
      unknowns,
    };
  }
  const [first] = rules.broken.value;
  if (first === undefined) return alreadyCorrect(subject, evidence, unknowns);
  const said = rules.broken.value.map(({ message }) => message).join(' ');
  const next = rules.replacement?.taken.state === 'known' && rules.replacement.taken.value ? null : rules.replacement;
  const what =
    value === '' ? `${attribute} of ${subject.name} is absent` : `${attribute} of ${subject.name} is '${value}'`;
  if (next === null) {
    return {
      reason: 'NoProposal',
      message: `${what}: ${said} No value can be proposed. ${first.remedy}`,
      fixes: [manualFix(subject, ad, null, [first.remedy], evidence)],
      unknowns,
    };
  }
  const obstacles = [...new Set(obstaclesToReplace(subject, ad, next.value, evidence))];
  if (obstacles.length > 0) {
    const isProtected = protectionsOf(subject, evidence).length > 0;
    return {
      reason: isProtected ? 'ProtectedObject' : 'PersonMustAct',
      message: `${what}: ${said} ${next.value} would do, but only a person may write it: ${obstacles.join('; ')}.`,
      fixes: [manualFix(subject, ad, next.value, obstacles, evidence)],
      unknowns,
    };
  }
  const fix = replaceFix(subject, ad, next.value, evidence);
  const turns = factsThatTurn(subject, ad, evidence);
  return {
    reason: turns.length === 0 ? 'ReplacementProposed' : 'PersonMustChoose',
    message: `${what}: ${said} ${next.value} passes, and is free.${turns.length === 0 ? '' : ` Not recommended, because ${turns.join('; ')}.`}`,
    fixes: [{ ...fix, recommended: turns.length === 0 }],
    unknowns,
  };
}

function alreadyCorrect(subject: Party, evidence: Evidence, unknowns: string[]): Diagnosis {
  const { attribute } = evidence.sought;
  return {
    reason: 'AlreadyCorrect',
    message: `${attribute} of ${subject.name} is in order in Active Directory by now. The case is closed when the audit has read it twice.`,
    fixes: [
      runbookFix({
        id: 'wait-for-the-audit',
        title: 'Wait for the next audit',
        risk: 'low',
        runbook: stepsAfterReplacing(subject, evidence),
      }),
    ],
    unknowns,
  };
}

const riskOf = (party: Party, ad: AdObject, evidence: Evidence): Risk =>
  namesUser(party, ad, evidence) ? 'high' : 'medium';

function replaceFix(subject: Party, ad: AdObject, next: string, evidence: Evidence): Fix {
  const { attribute, value } = evidence.sought;
  const changes = [replacement(ad, evidence.sought, next)];
  return {
    id: `replace-${attribute.toLowerCase()}`,
    title: `${attribute} of ${subject.name} becomes ${next}`,
    kind: 'changes',
    risk: riskOf(subject, ad, evidence),
    recommended: false,
    planHash: planHash(changes),
    changes,
    runbook: [],
    derived: isSynchronised(subject, evidence) ? predictForChanged(changes, partiesOf(evidence)) : [],
    notes: [
      value === '' ? `${attribute} is absent now.` : `'${value}' goes, ${next} takes its place, in one modification.`,
      ...(attribute === 'userPrincipalName' ? signInNotes(subject, evidence) : []),
      ...(attribute !== 'userPrincipalName' && namesUser(subject, ad, evidence)
        ? [`Entra makes the sign-in name of ${attribute}: after the change the person signs in with the new value.`]
        : []),
      ...(attribute === 'userPrincipalName' ? [] : ['Whoever writes to the old address has to be told the new one.']),
      ...(isSynchronised(subject, evidence)
        ? []
        : ['The sync engine does not have the object yet: Active Directory alone proves the fix.']),
      ...tenantNotes(evidence),
    ],
  };
}

function manualFix(subject: Party, ad: AdObject, next: string | null, why: readonly string[], evidence: Evidence): Fix {
  const { attribute, value } = evidence.sought;
  return runbookFix({
    id: `replace-${attribute.toLowerCase()}-by-hand`,
    title:
      next === null ? `Correct ${attribute} of ${subject.name}` : `${attribute} of ${subject.name} becomes ${next}`,
    risk: riskOf(subject, ad, evidence),
    runbook: [
      { text: `Why this needs a person: ${why.join('; ')}` },
      ...stepsToReplace(subject, ad, next, evidence),
      ...stepsAfterReplacing(subject, evidence),
    ],
    notes: [
      ...(value === '' ? [] : [`The value now: '${value}'.`]),
      ...(attribute === 'userPrincipalName' ? signInNotes(subject, evidence) : []),
    ],
  });
}

/** Facts that could make Active Directory the wrong place, or the proposal a wrong one; and a sign-in name that does not look like one. */
function factsThatTurn(subject: Party, ad: AdObject, evidence: Evidence): string[] {
  const facts = subject.cloud === null ? undefined : evidence.cloudFacts[subject.cloud.id];
  const { attribute } = evidence.sought;
  const { verifiedDomains } = evidence.tenant;
  return [
    ...(verifiedDomains.state === 'unknown' ? ['the verified domains are not known'] : []),
    ...(facts?.isCloudManaged.state === 'unknown'
      ? [`whether its source of authority was switched is not known (${facts.isCloudManaged.remedy})`]
      : []),
    ...(attribute !== 'userPrincipalName' && namesUser(subject, ad, evidence)
      ? [`Entra makes the sign-in name of ${attribute}`]
      : []),
  ];
}
