import type { PreflightJob } from '../../src/domain/preflight.ts';
import { type PreflightStore, StoreUnavailable } from '../../src/ports.ts';

/** The store's contract in memory. */
export class InMemoryPreflights implements PreflightStore {
  readonly jobs = new Map<string, { job: PreflightJob; revision: string }>();
  readonly #requests = new Map<string, readonly unknown[]>();
  readonly #answers = new Map<string, readonly unknown[]>();
  #revision = 0;
  available = true;

  async create(id: string, job: PreflightJob, objects: readonly unknown[]) {
    this.#look();
    if (this.jobs.has(id)) return false;
    this.#requests.set(`${id}/${job.requestHash}`, structuredClone(objects));
    this.#put(id, job);
    return true;
  }

  async read(id: string) {
    this.#look();
    return structuredClone(this.jobs.get(id) ?? null);
  }

  async objects(id: string, requestHash: string) {
    this.#look();
    return structuredClone(this.#requests.get(`${id}/${requestHash}`) ?? []);
  }

  async replace(id: string, job: PreflightJob, revision: string) {
    this.#look();
    return this.jobs.get(id)?.revision === revision ? this.#put(id, job) : null;
  }

  async putAnswers(id: string, from: number, answers: readonly unknown[]) {
    this.#look();
    this.#answers.set(`${id}/${from}`, structuredClone(answers));
  }

  async answers(id: string, from: number) {
    this.#look();
    return structuredClone(this.#answers.get(`${id}/${from}`) ?? null);
  }

  #put(id: string, job: PreflightJob): string {
    this.#revision += 1;
    this.jobs.set(id, { job: structuredClone(job), revision: String(this.#revision) });
    return String(this.#revision);
  }

  #look(): void {
    if (!this.available) throw new StoreUnavailable('the blob store answered 503');
  }
}
