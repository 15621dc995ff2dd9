import type { AuditSettings } from '../audit-settings.ts';
import { claimKey, claimsOf, type Question, questionOf, type Self, standingOf } from './claims.ts';
import { type Judgement, Judging } from './judging.ts';
import type { PreflightKnowledge } from './knowledge.ts';
import type { WantedObject } from './wanted.ts';

/*
 * Would the values of new or changed objects collide or fail? The wanted objects stand beside the objects that were found to
 * hold their values, and the audit looks at all of them: its rules, its groups, its soft matches.
 */

/** A request as a whole: who of it wants which value. */
export class PreflightRequest {
  readonly wanted: readonly WantedObject[];
  readonly #settings: AuditSettings;
  readonly #claimants = new Map<string, number[]>();

  constructor(wanted: readonly WantedObject[], settings: AuditSettings) {
    this.wanted = wanted;
    this.#settings = settings;
    wanted.forEach(({ values }, place) => {
      for (const key of new Set(claimsOf(values, settings).map(claimKey))) {
        const others = this.#claimants.get(key);
        if (others === undefined) this.#claimants.set(key, [place]);
        else others.push(place);
      }
    });
  }

  claimantsOf = (key: string): readonly number[] => this.#claimants.get(key) ?? [];

  /** What has to be asked before an object can be judged. */
  questionsOf(place: number, self: Self): Question[] {
    if (self.state !== 'new' && self.state !== 'found') return [];
    const { fresh } = standingOf(this.wanted[place] as WantedObject, self, this.#settings);
    const questions = fresh.flatMap((claim) => questionOf(claim) ?? []);
    return [...new Map(questions.map((question) => [question.key, question])).values()];
  }

  judge(knowledge: PreflightKnowledge): Judgement {
    return new Judging(this.wanted, this.claimantsOf, knowledge).judgement();
  }
}
