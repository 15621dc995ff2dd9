import type { Fact } from '../../domain/evidence.ts';
import type { Failure } from '../../domain/result.ts';
import type { Clock } from '../../ports.ts';
import { type Need, remedyFor } from './permissions.ts';

export const known = <T>(value: T, source: string, clock: Clock): Fact<T> => ({
  state: 'known',
  value,
  source,
  at: clock.now().toISOString(),
});

/** A fact that could not be read, with what would supply it: time when Graph is busy, else the permission or licence. */
export function unknown(failure: Failure, need: Need): UnknownFact {
  return { state: 'unknown', because: failure.message, remedy: remedyOf(failure, need) };
}

export type UnknownFact = Extract<Fact<never>, { state: 'unknown' }>;

function remedyOf(failure: Failure, need: Need): string {
  if (failure.kind === 'TryAgain') return 'Diagnose again when Microsoft Graph answers.';
  if (failure.kind === 'Gone') return 'Nothing supplies it while the object is deleted or has none.';
  return remedyFor(need);
}
