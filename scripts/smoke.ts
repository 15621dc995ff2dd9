import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/*
 * Starts the local stack with the built bundle, checks that both apps answer and that the demo organisation has its cases, and
 * stops it with one signal. Exit code 1 names what did not happen.
 */

interface Endpoints {
  readonly ca: string;
  readonly functions: string;
  readonly principals: { readonly reader: string };
}

const patience = 90_000;
const child = spawn(process.execPath, ['dev/start.ts', '--built'], { stdio: ['ignore', 'inherit', 'inherit'] });
const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));

try {
  const endpoints = await waitFor(
    'the stack to be ready',
    async () => JSON.parse(await readFile('.local/endpoints.json', 'utf8')) as Endpoints,
  );
  setDefaultCACertificates([...getCACertificates(), await readFile(endpoints.ca, 'utf8')]);
  for (const path of ['/api/health', '/api/worker-health']) {
    await waitFor(path, async () => (await fetch(endpoints.functions + path)).status === 200);
  }
  const total = await waitFor('the demo organisation to have cases', async () => {
    const response = await fetch(`${endpoints.functions}/api/cases`, {
      headers: { 'x-ms-client-principal': endpoints.principals.reader },
    });
    const list = (await response.json()) as { total: number; value: { state: string }[] };
    return list.total > 0 && list.value.every((one) => one.state !== 'Detected') && list.total;
  });
  console.log(`The stack is up and shows ${total} cases.`);
} finally {
  child.kill('SIGINT');
  const code = await Promise.race([exited, pause(20_000, 'still running' as const)]);
  if (code !== 0) {
    child.kill('SIGKILL');
    console.error(`The stack did not stop cleanly: ${code}.`);
    process.exitCode = 1;
  }
}
process.exit();

async function waitFor<T>(what: string, look: () => Promise<T | false>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const seen = await look().catch(() => false as const);
    if (seen) return seen;
    if (child.exitCode !== null) throw new Error(`the stack ended while waiting for ${what}`);
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}`);
    await pause(250);
  }
}
