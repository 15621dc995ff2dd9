import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FunctionsHost } from '../dev/functions-host/functions-host.ts';
import { audiences } from '../dev/identity/identities.ts';
import { tokenOfEverything } from '../dev/identity/token-of-everything.ts';
import { createPrincipals } from '../dev/stack/principals.ts';
import { inParallel } from '../src/pipeline/in-parallel.ts';
import type { CaseStore } from '../src/ports.ts';
import { createCloudUsers } from './apply/cloud-users.ts';
import type { NaiveOrder } from './apply/naive-loop.ts';
import { fixId, openStore, type PlannedCase, planCases } from './apply/planned-cases.ts';
import { startApps } from './parts/function-apps.ts';
import { slowTables } from './parts/slow-tables.ts';
import { type BenchCloud, startBenchCloud } from './parts/surroundings.ts';
import { type Figure, progress, report } from './report.ts';
import { inSeconds, percentile } from './statistics.ts';

/*
 * Apply of approved changes in Entra against a write quota: the share of the allowed rate that is used, whether every
 * change is written once, and how long an approver waits; beside a loop of single PATCHes that honours Retry-After. The
 * worker, the loop and storage are processes of their own; Graph and the queues are in this one.
 */

/** Graph's 3,000 writes in 150 s a tenant and application, with a smaller window: the same 20 a second. */
const quota = { limit: 200, windowSeconds: 10 };
const changes = { alone: 5, together: 2000, naive: 1000, slow: 400 };
/** A request to Azure's table storage from within its region, with some bad luck. */
const tableDelay = 40;

const bench = await startBenchCloud();
try {
  await measure(bench);
} finally {
  await bench.stop();
}
process.exit();

async function measure(cloud: BenchCloud): Promise<void> {
  const { graph, issuer, tenant } = cloud.cloud;
  const administrator = { url: graph.url, token: await tokenOfEverything(issuer, audiences.graph) };
  const store = openStore(cloud);
  progress('creating users and cases');
  tenant.traffic.writeQuota = { limit: 1_000_000, windowSeconds: 1 };
  const create = async (prefix: string, count: number) => {
    const names = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
    const ids = await createCloudUsers(administrator, names);
    return ids.map((id, index) => ({ id, name: names[index] ?? '' }));
  };
  const plan = async (prefix: string, count: number) => planCases(store, tenant.tenantId, await create(prefix, count));
  const alone = await plan('alone', changes.alone);
  const together = await plan('together', changes.together);
  const slow = await plan('slow', changes.slow);
  const naive = await create('naive', changes.naive);
  tenant.traffic.writeQuota = quota;

  progress(`${naive.length} single writes in a loop`);
  const loop = await naiveLoop({
    ...administrator,
    renames: naive.map(({ id, name }) => ({ id, userPrincipalName: `${name}.renamed@contoso.com` })),
  });

  // Verification waits an hour for Entra's release job, as it does by default.
  const settings = { SYNCMEND_RELEASE_INTERVAL_SECONDS: '3600' };
  const host = await startApps(cloud, settings);
  progress(`${alone.length} changes, one after another`);
  const singles: number[] = [];
  for (const one of alone) singles.push(...(await approveAndAwait(cloud, host, store, [one])).waits);
  await pause(quota.windowSeconds * 1000);
  progress(`${together.length} changes at once`);
  const many = await approveAndAwait(cloud, host, store, together);
  await host.stop();

  progress(`${slow.length} changes with ${tableDelay} ms a table request`);
  const proxy = await slowTables(cloud.around.tablesUrl, tableDelay);
  const slowHost = await startApps(cloud, { ...settings, SYNCMEND_TABLES_URL: proxy.url });
  const listing = await timeOf(() => list(cloud, slowHost));
  const far = await approveAndAwait(cloud, slowHost, store, slow);
  await slowHost.stop();
  await proxy.stop();

  const beside = `${shareOfAllowed(loop, naive.length)}, loop of ${naive.length} single PATCHes`;
  report(`Apply, ${quota.limit} writes allowed in ${quota.windowSeconds} s`, [
    ...figuresOf(`${together.length} changes`, many, together.length, beside),
    {
      what: `${alone.length} changes one by one: approved to applied, p50 and p95`,
      value: `${inSeconds(percentile(singles, 0.5))}, ${inSeconds(percentile(singles, 0.95))}`,
    },
    ...figuresOf(`${slow.length} changes, ${tableDelay} ms a table request`, far, slow.length, beside),
    { what: `first list of cases, ${tableDelay} ms a table request`, value: inSeconds(listing) },
  ]);
}

interface Applied {
  /** Milliseconds from approved to applied, a change. */
  readonly waits: readonly number[];
  /** From the first write to the last, in milliseconds. */
  readonly span: number;
  readonly writes: number;
  readonly twice: number;
  readonly lost: number;
  readonly refused: number;
}

async function approveAndAwait(
  { cloud: { graph, tenant } }: BenchCloud,
  host: FunctionsHost,
  store: CaseStore,
  planned: readonly PlannedCase[],
): Promise<Applied> {
  const approver = createPrincipals(tenant.tenantId).approver;
  const [callsBefore, writesBefore] = [graph.calls.length, graph.writes.length];
  await inParallel(8, planned, (one) => approve(host, approver, one));
  const writes = () => graph.writes.slice(writesBefore).filter(({ method }) => method === 'PATCH');
  const deadline = Date.now() + 200_000;
  while (writes().length < planned.length && Date.now() < deadline) await pause(50);
  while (host.inFlight() > 0 && Date.now() < deadline) await pause(50);

  const written = Map.groupBy(writes(), ({ objectId }) => objectId);
  const moments = writes().map(({ at }) => at);
  const waits = await inParallel(8, planned, async ({ id }) => {
    const events = await store.events(id);
    const at = (type: string) => Date.parse(events.findLast((event) => event.type === type)?.at ?? '');
    return at('Applied') - at('Approved');
  });
  const isDone = ({ change }: PlannedCase, index: number): boolean =>
    written.get(change.objectId)?.at(-1)?.after === change.values[0] && Number.isFinite(waits[index]);
  return {
    waits: waits.filter(Number.isFinite),
    span: Math.max(...moments) - Math.min(...moments),
    writes: moments.length,
    twice: [...written.values()].filter(({ length }) => length > 1).length,
    lost: planned.filter((one, index) => !isDone(one, index)).length,
    refused: graph.calls.slice(callsBefore).filter(({ status }) => status === 429).length,
  };
}

async function approve(host: FunctionsHost, approver: string, { id, planHash }: PlannedCase): Promise<void> {
  const response = await fetch(`${host.url}/api/cases/${id}/approve`, {
    method: 'POST',
    headers: { 'x-ms-client-principal': approver, 'content-type': 'application/json' },
    body: JSON.stringify({ fixId, planHash, reason: 'bench' }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`The approval was refused: ${answer}`);
}

async function list({ cloud: { tenant } }: BenchCloud, host: FunctionsHost): Promise<void> {
  const headers = { 'x-ms-client-principal': createPrincipals(tenant.tenantId).reader };
  const response = await fetch(`${host.url}/api/cases`, { headers });
  if (!response.ok) throw new Error(`The list was refused: ${await response.text()}`);
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function naiveLoop(order: NaiveOrder): Promise<number> {
  const program = fileURLToPath(new URL('apply/naive-loop.ts', import.meta.url));
  const authority = { NODE_EXTRA_CA_CERTS: bench.around.authorityFile };
  const child = fork(program, [], { env: { PATH: process.env['PATH'], ...authority } });
  child.send(order);
  const ended = once(child, 'exit');
  const answer = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!answer) throw new Error('The loop ended without an answer.');
  await ended;
  return Number(answer[0]);
}

/** Against the fastest that the quota allows: a full window at once, then one at every beginning of a next. */
function shareOfAllowed(span: number, count: number): string {
  const fastest = (Math.ceil(count / quota.limit) - 1) * quota.windowSeconds * 1000;
  return (fastest / span).toFixed(2);
}

function figuresOf(what: string, applied: Applied, count: number, besides: string): Figure[] {
  const { waits, span, twice, lost, writes, refused } = applied;
  return [
    {
      what: `${what}: achieved / allowed rate`,
      value: `${shareOfAllowed(span, count)} (${inSeconds(span)})`,
      comparedWith: besides,
      aim: '>= 0.90',
    },
    { what: `${what}: written, lost, written twice`, value: `${writes}, ${lost}, ${twice}`, aim: 'none, none' },
    { what: `${what}: writes answered 429`, value: String(refused) },
    {
      what: `${what}: approved to applied, p50 and p95`,
      value: `${inSeconds(percentile(waits, 0.5))}, ${inSeconds(percentile(waits, 0.95))}`,
    },
  ];
}
