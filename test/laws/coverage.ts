import type { Outcome } from './share.ts';

/** What some organisation has to reach, or the laws were held by nothing. */
export const demanded: readonly string[] = [
  'verdict: SamePerson',
  'verdict: DifferentParties',
  'verdict: Undecided',
  'input: active-directory proxyAddresses',
  'input: active-directory mail',
  'input: active-directory userPrincipalName',
  'input: active-directory mailNickname',
  'input: entra userPrincipalName',
  'input: entra mail',
  'input: entra proxyAddresses',
  'error: QuarantinedUserPrincipalName user',
  'error: QuarantinedProxyAddress user',
  'error: QuarantinedProxyAddress group',
  'error: QuarantinedProxyAddress contact',
  'error: NotUnderstood user',
  'change: active-directory proxyAddresses',
  'change: active-directory mail',
  'change: active-directory userPrincipalName',
  'change: entra userPrincipalName',
  'undo: changes',
  'undo: runbook',
  'touch: changes',
  'reason: KeeperRecommended',
  'reason: ProtectedObject',
];

/** In how many organisations each thing was reached, those that are demanded first; under each setting, how many had a fix. */
export function countReached(outcomes: readonly Outcome[], settings: readonly string[]): Map<string, number> {
  const everything = outcomes.flatMap(({ reached }) => reached);
  const counts = new Map<string, number>(demanded.map((name) => [name, 0]));
  for (const name of everything.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const setting of settings) {
    const fixed = outcomes.filter(
      (one) => one.setting === setting && one.reached.some((name) => name.startsWith('change: ')),
    );
    counts.set(`fixes under: ${setting}`, fixed.length);
  }
  return counts;
}

export const tableOf = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, count]) => `${String(count).padStart(6)}  ${name}`).join('\n');
