import type { AuditSource } from '../../src/audit/audit.ts';
import type { AuditObject } from '../../src/audit/audit-object.ts';
import type { AuditBlock, AuditDay, AuditRun, AuditSnapshot } from '../../src/domain/audit-run.ts';
import type { AuditFiles, AuditRuns } from '../../src/ports.ts';
import { StoreUnavailable } from '../../src/ports.ts';

/** The audit's files in memory: a file is there once its writer is closed, and its offsets are those of its blocks. */
export class InMemoryAuditFiles implements AuditFiles {
  readonly files = new Map<string, string[][]>();
  current: AuditSnapshot | null = null;
  /** Names of files that were begun, in order. */
  readonly begun: string[] = [];
  isDown = false;

  create(name: string, blockLines = Number.POSITIVE_INFINITY) {
    this.begun.push(name);
    const blocks: string[][] = [[]];
    return {
      write: async (values: readonly unknown[]) => {
        this.#answer();
        for (const value of values) {
          if ((blocks.at(-1)?.length ?? 0) >= blockLines) blocks.push([]);
          blocks.at(-1)?.push(JSON.stringify(value));
        }
      },
      close: async () => {
        this.#answer();
        this.files.set(name, blocks);
        const placed: AuditBlock[] = [];
        let line = 0;
        blocks.forEach((block, offset) => {
          placed.push({ offset, line });
          line += block.length;
        });
        return { lines: line, blocks: placed };
      },
    };
  }

  async *read(name: string, offset = 0) {
    this.#answer();
    const blocks = this.files.get(name);
    if (!blocks) throw new StoreUnavailable(`read ${name}: 404`);
    for (const block of blocks.slice(offset)) yield block.map((line) => JSON.parse(line) as unknown);
  }

  async snapshot() {
    this.#answer();
    return this.current;
  }

  async replaceSnapshot(snapshot: AuditSnapshot) {
    this.#answer();
    this.current = structuredClone(snapshot);
  }

  async removeAllBut(folder: string, names: readonly string[]) {
    for (const name of [...this.files.keys()])
      if (name.startsWith(`${folder}/`) && !names.includes(name)) this.files.delete(name);
  }

  lines(name: string): unknown[] {
    return (this.files.get(name) ?? []).flat().map((line) => JSON.parse(line) as unknown);
  }

  sourceOf = (names: readonly string[]): AuditSource => {
    const objects = () => names.flatMap((name) => this.lines(name)) as AuditObject[];
    return {
      async *first() {
        yield objects();
      },
      async *again(wanted) {
        yield objects().flatMap((object, ordinal) => (wanted(ordinal) ? [{ ordinal, object }] : []));
      },
    };
  };

  #answer(): void {
    if (this.isDown) throw new StoreUnavailable('the files do not answer');
  }
}

export class InMemoryAuditRuns implements AuditRuns {
  readonly rows = new Map<string, AuditRun>();
  readonly daily = new Map<string, AuditDay>();
  /** Every state that was written, in order. */
  readonly states: AuditRun['state'][] = [];

  async write(run: AuditRun) {
    this.states.push(run.state);
    this.rows.set(run.id, structuredClone(run));
  }

  async read(id: string) {
    return this.rows.get(id) ?? null;
  }

  async list(pageSize: number, after: string | null) {
    const newestFirst = [...this.rows.values()].sort((left, right) => (left.id < right.id ? 1 : -1));
    return newestFirst.filter(({ id }) => after === null || id < after).slice(0, pageSize);
  }

  async writeDay(day: AuditDay) {
    this.daily.set(day.day, structuredClone(day));
  }

  async days(from: string) {
    return [...this.daily.values()]
      .filter(({ day }) => day >= from)
      .sort((left, right) => (left.day < right.day ? -1 : 1));
  }
}
