import { holdersOf } from '../domain/conflict-set.ts';
import type { Diagnosis, Fix, KeeperScore } from '../domain/diagnosis.ts';
import type { Evidence } from '../domain/evidence.ts';
import { holdsInEntra, inputsOf } from '../domain/inputs.ts';
import { scoreKeeper } from '../domain/keeper.ts';
import { type Parties, type Party, partiesOf } from '../domain/party.ts';
import { protectionsOf } from '../domain/protected.ts';
import { releaseFix } from '../domain/release-fix.ts';
import { judgeAll, type PartyVerdict } from '../domain/same-party.ts';
import { failedReads, unknownFacts } from '../domain/unknown-facts.ts';
import { alreadyReleased } from './already-released.ts';
import { evidenceIncomplete } from './evidence-incomplete.ts';
import { matchCandidate } from './match-candidate.ts';
import { noVisibleHolder } from './no-visible-holder.ts';

/**
 * A value that two objects want: is everything read, does anybody hold it, is it one person or two, and only then who
 * keeps it.
 */
export function diagnoseDuplicateValue(evidence: Evidence): Diagnosis {
  const parties = partiesOf(evidence);
  const holders = holdersOf(parties, evidence);
  const unknowns = unknownFacts([parties.subject, ...holders], evidence);

  if (failedReads(evidence).length > 0) return evidenceIncomplete(evidence, unknowns);
  const released = alreadyReleased(parties, holders, evidence, unknowns);
  if (released !== null) return released;
  // The audit knows of a holder by its own eyes; only a quarantine proves one that cannot be seen.
  const isForeseen = evidence.foreseen === true && holders.length > 0;
  if (!isForeseen && !holders.some((holder) => holdsInEntra(holder, evidence)))
    return noVisibleHolder(parties, evidence, unknowns);

  const judged = judgeAll(parties.subject, holders, evidence);
  const known = { ...judged, unknowns: [...unknowns, ...judged.unknowns] };
  if (judged.verdict === 'SamePerson') return matchCandidate(parties.subject, holders, known);
  return chooseKeeper(parties, holders, known, evidence);
}

function chooseKeeper(
  parties: Parties,
  holders: readonly Party[],
  judged: PartyVerdict,
  evidence: Evidence,
): Diagnosis {
  const { subject } = parties;
  const subjectKeeps = releaseFix([subject], holders, parties, evidence);
  const holdersKeep = releaseFix(holders, [subject], parties, evidence);
  const party = { verdict: judged.verdict, facts: judged.facts };
  const { unknowns } = judged;
  const fixes = [subjectKeeps, holdersKeep];

  const protection = protectedReason([subject, ...holders], fixes, evidence);
  const score = judged.verdict === 'DifferentParties' ? scoreKeeper([subject, ...holders], evidence) : undefined;
  const scored = score === undefined ? {} : { score };
  if (protection !== null) return { reason: 'ProtectedObject', message: protection, party, ...scored, fixes, unknowns };
  if (score === undefined)
    return { reason: 'PartyUndecided', message: undecided(subject, holders, evidence), party, fixes, unknowns };
  if (score.keeper === undefined)
    return { reason: 'PersonMustChoose', message: mustChoose(score, evidence), party, score, fixes, unknowns };
  const recommended = score.keeper === subject.id ? subjectKeeps : holdersKeep;
  return {
    reason: 'KeeperRecommended',
    message: recommended.title,
    party,
    score,
    fixes: fixes.map((fix) => (fix === recommended ? { ...fix, recommended: true } : fix)),
    unknowns,
  };
}

/** A protected party matters when it leaves nothing that could be applied. */
function protectedReason(parties: readonly Party[], fixes: readonly Fix[], evidence: Evidence): string | null {
  if (fixes.some(({ kind }) => kind === 'changes')) return null;
  const reasons = parties.flatMap((party) =>
    protectionsOf(party, evidence).map((reason) => `${party.name}: ${reason}`),
  );
  return reasons.length === 0 ? null : `Nothing is changed on a protected object. ${reasons.join('; ')}.`;
}

function undecided(subject: Party, holders: readonly Party[], evidence: Evidence): string {
  const forms = holders.map(
    (holder) =>
      `${holder.name} (${[...new Set(inputsOf(holder, evidence).map(({ attribute }) => attribute))].join(', ')})`,
  );
  return `${evidence.sought.value} is claimed by ${subject.name} and held by ${forms.join(' and ')}. Nothing proves whether they are one person or two: say so when you approve a fix.`;
}

/** The first reason tells the matter; the rest, row by row, stands in the score and among the unknown facts. */
function mustChoose({ reasons }: KeeperScore, evidence: Evidence): string {
  const [first = 'the facts point to nobody', ...rest] = reasons;
  const more =
    rest.length === 0
      ? ''
      : ` The score gives ${rest.length === 1 ? 'one more reason' : `${rest.length} more reasons`}.`;
  return `A person must choose who keeps ${evidence.sought.value}: ${first}.${more}`;
}
