import { entraRules } from '../audit/index.ts';
import type { PreflightAnswer } from '../audit/preflight/answer.ts';
import type { Unknown } from '../audit/preflight/claims.ts';
import { PreflightRequest } from '../audit/preflight/preflight.ts';
import type { WantedObject } from '../audit/preflight/wanted.ts';
import type { Clock, CloudDirectory, OnPremises } from '../ports.ts';
import { type AuditPolicy, auditSettings } from './audit-policy.ts';
import { findWanted } from './find-wanted.ts';
import { inParallel } from './in-parallel.ts';
import { Questions } from './preflight-questions.ts';

export interface PreflightPorts {
  readonly clock: Clock;
  readonly directory: CloudDirectory;
  readonly onPremises: OnPremises;
}

/** `readAt`: nothing in the answer was read before that moment. ISO 8601. */
export type TimedAnswer = PreflightAnswer & { readonly readAt: string };

/** Answers for a part of a request. */
export interface PreflightPart {
  readonly answers: readonly TimedAnswer[];
  /** Question key, and place of the object to which it was proposed. */
  readonly promised: ReadonlyMap<string, number>;
  /** Seconds that Microsoft Graph asked to be left alone for; 0: it did not. Else the answers are not to be used. */
  readonly throttledFor: number;
  /** A source did not answer, and may later. */
  readonly isUnreachable: boolean;
}

/** Objects that are looked up at once. */
const width = 4;
/** A value that is taken gives way to the next candidate; when this many were taken in a row, none is proposed. */
const mostRounds = 5;

/**
 * Reads who holds the wanted values, and judges the objects of a request that stand at these places. Nothing here fails: what
 * could not be asked is in the answers as unknown.
 */
export async function preflight(
  ports: PreflightPorts,
  policy: AuditPolicy,
  wanted: readonly WantedObject[],
  places: readonly number[] = wanted.map((_, place) => place),
  promised: ReadonlyMap<string, number> = new Map(),
): Promise<PreflightPart> {
  const readAt = ports.clock.now().toISOString();
  const questions = new Questions(ports.directory, ports.onPremises);
  const [domains, selves] = await Promise.all([
    ports.directory.verifiedDomains(),
    inParallel(width, places, async (place) => {
      return [place, await findWanted(ports, questions, wanted[place] as WantedObject)] as const;
    }),
  ]);
  const settings = auditSettings(policy, domains, ports.clock.now());
  const request = new PreflightRequest(wanted, settings);
  const privileged = new Map<string, boolean | Unknown>();
  const judge = () =>
    request.judge({
      settings,
      rules: entraRules,
      selves: new Map(selves),
      found: questions.found,
      privileged,
      promised,
      domains:
        domains.state === 'known'
          ? null
          : { what: 'the verified domains of the tenant', because: domains.because, remedy: domains.remedy },
    });
  await questions.askForEach(selves.map(([place, { self }]) => request.questionsOf(place, self)));
  let judgement = judge();
  for (let round = 0; round < mostRounds && questions.throttledFor === 0; round++) {
    if (judgement.toAsk.length === 0 && judgement.toCheck.length === 0) break;
    await Promise.all([
      questions.ask(judgement.toAsk),
      inParallel(width, judgement.toCheck, async (id) => privileged.set(id, await isPrivileged(ports, id))),
    ]);
    judgement = judge();
  }
  return {
    answers: places.map((place) => ({ ...(judgement.answers.get(place) as PreflightAnswer), readAt })),
    promised: judgement.promised,
    throttledFor: questions.throttledFor,
    isUnreachable: questions.isUnreachable,
  };
}

/** A directory role, assigned or eligible, also through a group: then Entra blocks a soft match. */
async function isPrivileged({ directory }: PreflightPorts, id: string): Promise<boolean | Unknown> {
  const what = `whether ${id}, which would be taken over, holds a directory role`;
  const read = await directory.read('user', id);
  if (!read.ok) {
    if (read.failure.kind === 'Gone') return false;
    return { what, because: read.failure.message, remedy: 'Ask again when Microsoft Graph answers.' };
  }
  const { privileges } = await directory.facts(read.value);
  return privileges.state === 'known'
    ? privileges.value.length > 0
    : { what, because: privileges.because, remedy: privileges.remedy };
}
