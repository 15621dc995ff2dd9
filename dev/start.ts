import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { readArguments, usage } from './stack/arguments.ts';
import { welcome } from './stack/welcome.ts';
import { type Stack, startStack } from './stack.ts';

const read = readArguments(process.argv.slice(2));
if (read.kind === 'help') {
  process.stdout.write(usage);
} else if (read.kind === 'wrong') {
  process.stderr.write(`${read.message}\n\n${usage}`);
  process.exitCode = 2;
} else {
  await run(read.options);
}

async function run(options: Parameters<typeof startStack>[0]): Promise<void> {
  const early: string[] = [];
  let write = (line: string): unknown => early.push(line);
  const starting = startStack({
    ...options,
    log: (part, line) => write(`${new Date().toISOString()} ${part}: ${line}\n`),
  });
  stopOnSignal(starting);

  process.stdout.write('Starting the local stack …\n');
  let stack: Stack;
  try {
    stack = await starting;
  } catch (error) {
    process.stderr.write(`The local stack did not start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  const logFile = join(stack.directory, 'stack.log');
  const log = createWriteStream(logFile);
  for (const line of early) log.write(line);
  write = (line) => log.write(line);
  process.stdout.write(`${welcome(stack)}What every part says is in ${logFile}.\n`);
}

/** The first signal stops in order, the second at once; either way the parts end with this process. */
function stopOnSignal(starting: Promise<Stack>): void {
  let asked = false;
  const stop = (): void => {
    if (asked) process.exit(130);
    asked = true;
    process.stdout.write('\nStopping … (again to force)\n');
    starting
      .then((stack) => stack.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`Not everything stopped as it should: ${String(error)}\n`);
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // On Ctrl-C npm may be gone before the parts are: that is no second request.
  whenNpmEnds(() => asked || stop());
  // The terminal was closed. What is written to it from then on fails, which must not end the stopping.
  process.on('SIGHUP', stop);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** npm runs scripts in a shell that does not pass SIGTERM on: it dies of it, and would leave the stack behind. */
function whenNpmEnds(stop: () => unknown): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    stop();
  }, 500);
  watch.unref();
}
