import { readConfig } from './config.ts';
import { logToConsole } from './log.ts';
import { startRelay } from './relay.ts';

const read = readConfig(process.env);
if (!read.ok) {
  for (const problem of read.problems) logToConsole('error', 'Setting is wrong', { problem });
  process.exit(1);
}

const starting = startRelay(read.config, logToConsole);
starting.catch((thrown: unknown) => {
  logToConsole('error', 'Relay could not start', { error: thrown instanceof Error ? thrown.message : String(thrown) });
  process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await (await starting).stop();
    process.exit(0);
  });
}
