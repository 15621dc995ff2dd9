import { compose } from '../compose.ts';
import { readConfig, type SettingProblem } from '../config.ts';
import { functionsOf } from './app-functions.ts';
import { registerBroken } from './health.ts';

/*
 * Entry point of both apps. It never throws: a throw here leaves a host that says it is healthy, with no functions at all.
 */

// Without a handler an unhandled rejection ends the worker, and with it the messages of every neighbour.
process.on('unhandledRejection', (reason) => {
  logError('A promise was rejected and nobody handled it', { stack: stackOf(reason) });
});

const read = readConfig(process.env);
if ('config' in read) {
  try {
    const composition = compose(read.config);
    for (const definition of functionsOf(read.config.SYNCMEND_APP)) definition.register(composition);
  } catch (cause) {
    logError('The app could not be put together', { stack: stackOf(cause) });
    startBroken([{ setting: '(start)', problem: `made the app fail: ${String(cause)}` }]);
  }
} else {
  startBroken(read.problems);
}

function startBroken(problems: readonly SettingProblem[]): void {
  logError('The app cannot start; only the health function is registered', { problems });
  registerBroken(process.env['SYNCMEND_APP'] === 'worker' ? 'worker' : 'api', problems);
}

function logError(message: string, details: Readonly<Record<string, unknown>>): void {
  console.error(JSON.stringify({ level: 'error', message, ...details }));
}

function stackOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
