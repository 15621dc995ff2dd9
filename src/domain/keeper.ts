import type { KeeperScore, PartyScore } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import { refusalsToRecommend, refusalsToTakeFrom } from './keeper-refusals.ts';
import { keeperTable, scoreRow } from './keeper-rows.ts';
import type { Party } from './party.ts';

/** Least total of a recommended keeper. */
const threshold = 50;
/** Least distance to the next party. */
const margin = 30;

/**
 * Who should keep the value. A keeper is named only when it would win for every value of every unknown fact: its least
 * possible total is compared with the greatest possible total of the others.
 */
export function scoreKeeper(parties: readonly Party[], evidence: Evidence): KeeperScore {
  const scores = parties.map((party) => scoreOf(party, parties, evidence));
  const best = parties.find((party) => winsInEveryCase(party.id, scores));
  if (best === undefined) return { parties: scores, reasons: whyNobodyWins(scores) };
  const refusals = [
    ...refusalsToRecommend(parties, evidence),
    ...parties.filter((party) => party !== best).flatMap((loser) => refusalsToTakeFrom(loser, evidence)),
  ];
  if (refusals.length > 0) return { parties: scores, reasons: refusals };
  return {
    parties: scores,
    keeper: best.id,
    reasons: [
      `${best.name} has at least ${threshold} points and leads by ${margin} or more, whatever the unknown facts are`,
    ],
  };
}

function scoreOf(party: Party, parties: readonly Party[], evidence: Evidence): PartyScore {
  const rivals = parties.filter((other) => other !== party);
  const variant = evidence.sought.attribute === 'userPrincipalName' ? 'userPrincipalName' : 'proxyAddresses';
  const rows = keeperTable[variant].map((row) => scoreRow(row, { party, rivals, evidence }));
  return { party: party.id, name: party.name, total: sum(rows.map(({ points }) => points)), rows };
}

function winsInEveryCase(id: string, scores: readonly PartyScore[]): boolean {
  const own = scores.find(({ party }) => party === id);
  if (own === undefined || leastOf(own) < threshold) return false;
  return scores.every((other) => other === own || leastOf(own) - mostOf(other) >= margin);
}

function whyNobodyWins(scores: readonly PartyScore[]): string[] {
  const unknown = scores.flatMap(({ name, rows }) =>
    rows.flatMap((row) => (row.unknown === undefined ? [] : [`${name}, ${row.rule}: unknown (${row.unknown})`])),
  );
  return [
    `nobody has ${threshold} points and a lead of ${margin}${unknown.length > 0 ? ' for every value of the unknown facts' : ''}`,
    ...unknown,
  ];
}

const leastOf = ({ rows }: PartyScore): number => sum(rows.map(({ least }) => least));
const mostOf = ({ rows }: PartyScore): number => sum(rows.map(({ most }) => most));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
