import { readConfig } from './config.ts';
import { logToConsole } from './log.ts';
import { startRelay } from './relay.ts';

const read = readConfig(process.env);
if (!read.ok) {
  for (const problem of read.problems) logToConsole('error', 'Setting is wrong', { problem });
  process.exit(1);
}

const relay = await startRelay(read.config, logToConsole);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    relay.stop().then(() => process.exit(0));
  });
}
