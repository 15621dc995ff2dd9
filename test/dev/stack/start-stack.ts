import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, type StackOptions, startStack } from '../../../dev/stack.ts';

/** A stack whose log can be read, in a folder of its own that goes with it. */
export interface TestStack extends Stack {
  /** `<part>: <line>`, oldest first. */
  readonly lines: readonly string[];
}

/** Starts a stack without the demo organisation unless asked; one for a whole file is the usual way. */
export async function startTestStack(options: Omit<StackOptions, 'log'> = {}): Promise<TestStack> {
  const own = mkdtempSync(join(tmpdir(), 'stack-'));
  const lines: string[] = [];
  const stack = await startStack({
    empty: true,
    directory: own,
    ...options,
    log: (part, line) => lines.push(`${part}: ${line}`),
  });
  return {
    ...stack,
    lines,
    stop: async () => {
      await stack.stop();
      rmSync(own, { recursive: true, force: true });
    },
  };
}
