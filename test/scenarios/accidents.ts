import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What happens to a worker process when it has sent a request, or has its answer. */
export interface Accident {
  readonly name: string;
  /** `kill`: SIGKILL of the process. `rejection`: a promise that nobody handles is rejected. */
  readonly kind: 'kill' | 'rejection';
  /** `asked`: before the request leaves; `answered`: the other side has done it, the app does not know yet. */
  readonly moment: 'asked' | 'answered';
  /** Regular expression on `<METHOD> <url>\n<body>`, the body without backslashes. */
  readonly request: string;
  readonly times: number;
}

/** A plan of accidents that the processes of a stack read, see fixtures/accidents.ts. */
export class Accidents {
  readonly #directory = mkdtempSync(join(tmpdir(), 'syncmend-accidents-'));
  readonly #file = join(this.#directory, 'plan.json');

  constructor() {
    this.plan([]);
  }

  /** Application settings that load the fixture into the workers. */
  get settings(): Record<string, string> {
    const preload = new URL('fixtures/accidents.ts', import.meta.url).href;
    return { NODE_OPTIONS: `--import ${preload}`, ACCIDENTS: this.#file };
  }

  plan(accidents: readonly Accident[]): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(accidents));
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** Names of the accidents that have happened. */
  get happened(): string[] {
    const log = `${this.#file}.log`;
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
