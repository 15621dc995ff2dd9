import { ManagedIdentityCredential } from '@azure/identity';
import { createRelayClient } from '../../src/adapters/relay/relay-client.ts';
import { compose } from '../../src/compose.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { measure } from '../audit/measured.ts';

/*
 * What is measured, in a process of its own: `nothing` loads the product alone, `stream` reads every object that the relay
 * streams and lets it go, `full` and `changes` are runs of the audit as the worker makes them.
 */

const read = readConfig(process.env);
if (!('config' in read)) throw new Error(JSON.stringify(read.problems));
const tell = measure();
tell(await work(process.argv[2] ?? '', read.config));
// Connections that are kept for what comes would keep the process too.
process.exit();

async function work(what: string, config: Config): Promise<string> {
  switch (what) {
    case 'nothing':
      compose(config);
      return '';
    case 'stream':
      return `${await readThrough(config)} objects`;
    case 'full':
    case 'changes':
      return auditOnce(config, what);
    default:
      throw new Error(`There is no '${what}' to measure.`);
  }
}

async function readThrough(config: Config): Promise<number> {
  const { objects } = createRelayClient({
    url: config.SYNCMEND_RELAY_URL,
    scope: config.SYNCMEND_RELAY_SCOPE,
    tenant: config.SYNCMEND_TENANT_ID,
    credential: new ManagedIdentityCredential({ clientId: config.SYNCMEND_IDENTITY_CLIENT_ID ?? '' }),
  });
  let count = 0;
  for await (const batch of objects.read(null)) if (batch.kind === 'objects') count += batch.objects.length;
  return count;
}

async function auditOnce(config: Config, asked: 'full' | 'changes'): Promise<string> {
  const { run } = await compose(config).audit(asked);
  if (run?.state !== 'complete') throw new Error(`The audit did not come to its end: ${JSON.stringify(run)}`);
  const found = run.findings.reduce((sum, { count }) => sum + count, 0);
  const { activeDirectory, entra } = run.objects;
  return `${activeDirectory} + ${entra} objects, ${found} findings, ${run.cases.opened} new cases`;
}
