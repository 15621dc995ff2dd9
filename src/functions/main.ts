import { compose } from '../compose.ts';
import { readConfig } from '../config.ts';
import { functionsOf } from './app-functions.ts';
import { registerBroken } from './health.ts';

/*
 * Entry point of both apps. It never throws: a throw here leaves a host that says it is healthy, with no functions at all.
 */

// Without a handler an unhandled rejection ends the worker, and with it the messages of every neighbour.
process.on('unhandledRejection', (reason) => {
  console.error(
    JSON.stringify({
      level: 'error',
      message: 'A promise was rejected and nobody handled it',
      stack: reason instanceof Error ? reason.stack : String(reason),
    }),
  );
});

const read = readConfig(process.env);
if ('config' in read) {
  const composition = compose(read.config);
  for (const definition of functionsOf(read.config.SYNCMEND_APP)) definition.register(composition);
} else {
  console.error(
    JSON.stringify({
      level: 'error',
      message: 'The configuration is bad; only the health function is registered',
      problems: read.problems,
    }),
  );
  registerBroken(process.env['SYNCMEND_APP'] === 'worker' ? 'worker' : 'api', read.problems);
}
