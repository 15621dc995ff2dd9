import type { AuditProgress } from '../../pipeline/audit-directory.ts';
import { printable } from './complaint.ts';

const everyMs = 1_000;
const everyMsInLog = 10_000;

/** How far the audit has come, on standard error: one line that is written over on a terminal, else a line now and then. */
export class Progress {
  readonly #output: NodeJS.WriteStream;
  readonly #silent: boolean;
  #last = performance.now();
  #octets = 0;
  #isShown = false;

  constructor(output: NodeJS.WriteStream, silent: boolean) {
    this.#output = output;
    this.#silent = silent;
  }

  readonly onOctets = (count: number): void => {
    this.#octets += count;
  };

  readonly onProgress = ({ reading, objects }: AuditProgress): void => {
    if (this.#silent) return;
    const now = performance.now();
    if (now - this.#last < (this.#output.isTTY ? everyMs : everyMsInLog)) return;
    this.#last = now;
    const size = this.#octets === 0 || reading === 'second' ? '' : `, ${Math.round(this.#octets / 2 ** 20)} MiB`;
    const done = `${objects.toLocaleString('en')} objects`;
    this.#show(reading === 'first' ? `Reading: ${done}${size}` : `Looking again: ${done}`);
  };

  /** A line that stays. */
  say(line: string): void {
    if (!this.#silent) this.print(line);
  }

  /** A line that stays, also when progress is not wanted. */
  print(line: string): void {
    this.#clear();
    this.#output.write(`${printable(line)}\n`);
  }

  #show(line: string): void {
    this.#clear();
    this.#output.write(this.#output.isTTY ? line : `${line}\n`);
    this.#isShown = this.#output.isTTY;
  }

  #clear(): void {
    if (this.#isShown) this.#output.write('\r\u001b[K');
    this.#isShown = false;
  }
}
