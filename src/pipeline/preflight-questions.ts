import { auditObjectOfAd, auditObjectOfCloud } from '../audit/live-object.ts';
import type { Question, Unknown } from '../audit/preflight/claims.ts';
import type { Found } from '../audit/preflight/knowledge.ts';
import type { Failure } from '../domain/result.ts';
import type { CloudDirectory, OnPremises } from '../ports.ts';
import { inParallel } from './in-parallel.ts';

export type Source = 'Microsoft Graph' | 'relay';

/** Looks into both directories that go on at once. */
const width = 6;
/** New values of one object that are looked for; a look takes up to ten requests. */
export const mostValues = 25;

/** Asks both directories who holds a value, once for each, and remembers what kept them from answering. */
export class Questions {
  readonly found = new Map<string, Found>();
  /** What Microsoft Graph asked to be left alone for, in seconds; 0: it did not. */
  throttledFor = 0;
  /** A source did not answer, and may later. */
  isUnreachable = false;
  readonly #directory: CloudDirectory;
  readonly #onPremises: OnPremises;

  constructor(directory: CloudDirectory, onPremises: OnPremises) {
    this.#directory = directory;
    this.#onPremises = onPremises;
  }

  /** @param objects what has to be asked for each object; more than `mostValues` of one are not, and that is said */
  async askForEach(objects: readonly (readonly Question[])[]): Promise<void> {
    for (const { key } of objects.flatMap((questions) => questions.slice(mostValues))) {
      this.found.set(key, { objects: [], unknowns: [tooMany] });
    }
    await this.ask(objects.flatMap((questions) => questions.slice(0, mostValues)));
  }

  async ask(questions: readonly Question[]): Promise<void> {
    const distinct = [...new Map(questions.map((question) => [question.key, question])).values()];
    const unasked = distinct.filter(
      ({ key }) => !this.found.has(key) || this.found.get(key)?.unknowns.includes(tooMany),
    );
    await inParallel(width, unasked, async (question) => {
      // Asking on would make the throttling longer, and the answers will not be used.
      if (this.throttledFor === 0) this.found.set(question.key, await this.#holdersOf(question));
    });
  }

  unknown(source: Source, what: string, failure: Failure): Unknown {
    if (failure.kind === 'TryAgain') {
      this.isUnreachable = true;
      if (source === 'Microsoft Graph' && failure.afterSeconds !== undefined) {
        this.throttledFor = Math.max(this.throttledFor, failure.afterSeconds, 1);
      }
    }
    return { what, because: failure.message, remedy: remedyFor(source, failure) };
  }

  async #holdersOf({ text, kind }: Question): Promise<Found> {
    const { findHolders, findByAccountName } = this.#onPremises;
    const [ads, clouds] = await Promise.all([
      kind === 'accountName' ? findByAccountName(text) : findHolders(text),
      kind === 'address' ? this.#directory.findHolders(text) : null,
    ]);
    const unknowns: Unknown[] = [];
    if (!ads.ok) unknowns.push(this.unknown('relay', who(text, 'Active Directory', ads.failure), ads.failure));
    if (clouds?.ok === false)
      unknowns.push(this.unknown('Microsoft Graph', who(text, 'Entra', clouds.failure), clouds.failure));
    return {
      objects: [
        ...(ads.ok ? ads.value.map(auditObjectOfAd) : []),
        ...(clouds?.ok ? clouds.value.map((cloud) => auditObjectOfCloud(cloud)) : []),
      ],
      unknowns,
    };
  }
}

const tooMany: Unknown = {
  what: 'who holds the other values',
  because: `Of one object at most ${mostValues} new values are looked for.`,
  remedy: 'Ask again with the other values alone.',
};

/** What the source says of one value alone is said with the value; what it says of all is said once. */
const who = (text: string, side: string, { kind }: Failure): string =>
  kind === 'TryAgain' || kind === 'NotPermitted' ? `who holds the values in ${side}` : `who holds ${text} in ${side}`;

function remedyFor(source: Source, failure: Failure): string {
  if (failure.kind === 'NotPermitted') return failure.remedy;
  if (failure.kind === 'TryAgain') return `Bring the connection to ${source} back, and ask again.`;
  return `${source} will not say: ask there whether the value may be used.`;
}
