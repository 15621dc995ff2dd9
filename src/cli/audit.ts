import { readArguments } from './audit/arguments.ts';
import { ChangedMeanwhile } from './audit/ndjson-file-source.ts';
import { type ExitCode, Interrupted, runAudit } from './audit/run-audit.ts';
import { usage } from './audit/usage.ts';

/*
 * The directory audit on the command line: docs/audit.md. What is found goes to standard output or a file, all else to standard
 * error.
 */

// Nobody reads the progress (`2>&1 >report.json | head`): the report is written all the same.
process.stderr.on('error', () => undefined);
// Node ends with 1 by itself, which would say that something was found.
process.once('uncaughtException', (cause) => {
  process.stderr.write(bugInWords(cause));
  process.exit(2);
});
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<ExitCode> {
  const asked = readArguments(args, new Date().toISOString());
  if (asked.do === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (asked.do === 'refuse') {
    process.stderr.write(`${asked.problems.join('\n')}\n\nnpm run audit -- --help says what can be asked.\n`);
    return 2;
  }
  try {
    return await runAudit(asked.request, {
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      environment: process.env,
      signal: interruption(),
    });
  } catch (cause) {
    process.stderr.write(isExpected(cause) ? `It could not be finished: ${cause.message}\n` : bugInWords(cause));
    return 2;
  }
}

/** Ctrl-C: the copy of the objects is removed and half a report too, also where a file that is open cannot be. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    interrupted.abort(new Interrupted());
    // Whatever still waits, for input or for a controller, is not waited for.
    setTimeout(() => process.exit(2), 500);
  });
  return interrupted.signal;
}

/** What the system refused is no bug of ours: no room on the disk, a folder that may not be written to. */
function isExpected(cause: unknown): cause is Error {
  if (!(cause instanceof Error)) return false;
  return (
    cause instanceof ChangedMeanwhile || cause instanceof Interrupted || 'code' in cause || cause.cause instanceof Error
  );
}

function bugInWords(cause: unknown): string {
  return `This is a bug, and the report is not complete:\n${cause instanceof Error ? cause.stack : String(cause)}\n`;
}
