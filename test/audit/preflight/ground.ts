import type { AuditObject } from '../../../src/audit/audit-object.ts';
import type { AuditSettings } from '../../../src/audit/audit-settings.ts';
import { entraRules } from '../../../src/audit/index.ts';
import type { PreflightAnswer } from '../../../src/audit/preflight/answer.ts';
import { claimKey, claimsOf, type Question, type Self, type Unknown } from '../../../src/audit/preflight/claims.ts';
import type { Found } from '../../../src/audit/preflight/knowledge.ts';
import { PreflightRequest } from '../../../src/audit/preflight/preflight.ts';
import { type AskedObject, readWanted, type WantedObject } from '../../../src/audit/preflight/wanted.ts';
import { contoso } from '../organisation.ts';

type Attributes = AskedObject['attributes'];

/** Somebody who is to be created. */
export function joiner(attributes: Attributes, more: Partial<AskedObject> = {}): WantedObject {
  return wantedOf({
    key: 'joiner',
    existing: null,
    objectType: 'user',
    createIn: 'active-directory',
    ...more,
    attributes,
  });
}

/** Somebody who exists and is to be changed. */
export function mover(attributes: Attributes, more: Partial<AskedObject> = {}): WantedObject {
  return joiner(attributes, { key: 'mover', existing: { by: 'objectGUID', value: 'of the story' }, ...more });
}

function wantedOf(asked: AskedObject): WantedObject {
  const { wanted, problems } = readWanted(asked);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return wanted;
}

export const aNewOne: Self = { state: 'new', occupant: null };

export const found = (now: AuditObject, more: Partial<Extract<Self, { state: 'found' }>> = {}): Self => ({
  state: 'found',
  masteredIn: now.origin?.side === 'entra' ? 'entra' : 'active-directory',
  now,
  others: [],
  synchronised: true,
  ...more,
});

export interface Ground {
  /** All that exists, on both sides. */
  readonly there?: readonly AuditObject[];
  /** By place; new ones otherwise. */
  readonly selves?: readonly Self[];
  readonly selfUnknowns?: readonly Unknown[];
  /** Why the holders of a value are not known. */
  readonly unanswered?: (question: Question) => readonly Unknown[];
  readonly privileged?: Readonly<Record<string, boolean | Unknown>>;
  readonly promised?: ReadonlyMap<string, number>;
  readonly domains?: Unknown | null;
  readonly settings?: Partial<AuditSettings>;
  /** Only these are judged. */
  readonly places?: readonly number[];
}

export interface Told {
  readonly answers: readonly PreflightAnswer[];
  readonly asked: readonly string[];
}

/** Asks what has to be asked until nothing is left, as the pipeline does. */
export function tell(wanted: readonly WantedObject[], ground: Ground = {}): Told {
  const settings = { ...contoso, ...ground.settings };
  const request = new PreflightRequest(wanted, settings);
  const places = ground.places ?? wanted.map((_, place) => place);
  const selfOf = (place: number): Self => ground.selves?.[place] ?? aNewOne;
  const answered = new Map<string, Found>();
  const ask = (question: Question): void => {
    const unknowns = ground.unanswered?.(question) ?? [];
    const holds = (object: AuditObject) => claimsOf(object, settings).some((claim) => claimKey(claim) === question.key);
    answered.set(question.key, { objects: unknowns.length > 0 ? [] : (ground.there ?? []).filter(holds), unknowns });
  };
  const privileged = new Map<string, boolean | Unknown>();
  for (const place of places) for (const question of request.questionsOf(place, selfOf(place))) ask(question);
  for (;;) {
    const judgement = request.judge({
      settings,
      rules: entraRules,
      selves: new Map(places.map((place) => [place, { self: selfOf(place), unknowns: ground.selfUnknowns ?? [] }])),
      found: answered,
      privileged,
      promised: ground.promised ?? new Map(),
      domains: ground.domains ?? null,
    });
    if (judgement.toAsk.length === 0 && judgement.toCheck.length === 0) {
      return {
        answers: places.map((place) => judgement.answers.get(place) as PreflightAnswer),
        asked: [...answered.keys()],
      };
    }
    for (const question of judgement.toAsk) ask(question);
    for (const id of judgement.toCheck) privileged.set(id, ground.privileged?.[id] ?? false);
  }
}

/** The answer for the only object. */
export function tellOne(wanted: WantedObject, ground: Ground = {}): PreflightAnswer {
  const [answer] = tell([wanted], ground).answers;
  if (answer === undefined) throw new Error('there is no answer');
  return answer;
}
