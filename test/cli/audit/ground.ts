import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { readArguments } from '../../../src/cli/audit/arguments.ts';
import { runAudit } from '../../../src/cli/audit/run-audit.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Lines of standard error. */
  readonly said: readonly string[];
}

export interface Ground {
  readonly folder: string;
  /** Writes a file into the folder. @returns its path */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** Runs `npm run audit -- ...` in this process. */
  audit(args: readonly string[], more?: More): Promise<Outcome>;
  /** As `audit`, with the report as JSON. */
  found(args: readonly string[], more?: More): Promise<readonly Record<string, unknown>[]>;
  remove(): Promise<void>;
}

interface More {
  readonly stdin?: readonly (string | Uint8Array)[];
  readonly environment?: Readonly<Record<string, string>>;
}

export const now = '2026-11-29T00:00:00.000Z';

export async function auditGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-cli-'));
  const audit: Ground['audit'] = async (args, { stdin = [], environment = {} } = {}) => {
    const asked = readArguments(args, now);
    if (asked.do !== 'audit') throw new Error(`Not understood: ${JSON.stringify(asked)}`);
    const output = collecting();
    const errors = collecting();
    const code = await runAudit(asked.request, {
      input: Readable.from(stdin.map((chunk) => Buffer.from(chunk))) as unknown as NodeJS.ReadStream,
      output: output.stream,
      errors: errors.stream,
      environment,
    });
    return {
      code,
      stdout: output.text(),
      said: errors
        .text()
        .split('\n')
        .filter((line) => line !== ''),
    };
  };
  return {
    folder,
    file: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    audit,
    found: async (args, more) => {
      const { stdout } = await audit([...args, '--format', 'json'], more);
      return JSON.parse(stdout) as Record<string, unknown>[];
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

function collecting(): { stream: NodeJS.WriteStream; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => Buffer.concat(chunks).toString('utf8') };
}
