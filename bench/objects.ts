import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'ldapts';
import type { RunningForest } from '../dev/active-directory/active-directory.ts';
import { startSamba } from '../dev/active-directory/samba/samba.ts';
import { sambaIsInstalled } from '../dev/active-directory/samba/template.ts';
import { audiences } from '../dev/identity/identities.ts';
import { startIdentity } from '../dev/identity/start-identity.ts';
import { TokenIssuer } from '../dev/identity/token-issuer.ts';
import { type Ground, layGround, stopWith } from '../dev/stack/ground.ts';
import { type Relay, startRelay } from '../dev/stack/relay.ts';
import { createRelayClient } from '../src/adapters/relay/relay-client.ts';
import { attributesToRead } from '../src/relay/ldap/audit-object.ts';
import { loadedSamba } from './objects/loaded-samba.ts';
import { peakMemory } from './parts/peak-memory.ts';
import { processorTime } from './parts/processor-time.ts';
import { progress, report } from './report.ts';
import { inMegabytes, inSeconds, median } from './statistics.ts';

/*
 * Every object of a large domain, from Samba through the relay to the cloud side, beside what ldapts alone takes to search for the
 * same attributes with the same pages, in turn: with the filter that comes to mind, and with the form of it that Samba answers
 * faster and the relay uses. BENCH_OBJECTS and BENCH_ROUNDS make it smaller.
 */

const objects = Number(process.env['BENCH_OBJECTS'] ?? 100_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const realm = 'contoso.com';
const adminPassword = 'Admin!Passw0rd';
const pageSize = 500;
const filters = {
  plain: '(|(objectCategory=person)(objectCategory=group))',
  faster: '(!(!(|(objectCategory=person)(objectCategory=group))))',
};

if (!sambaIsInstalled()) {
  console.error(
    'Samba is not installed (apt-get install samba-ad-dc samba-ad-provision ldb-tools): nothing is measured.',
  );
  process.exit();
}
const parts = new AsyncDisposableStack();
try {
  await measure();
} finally {
  await parts.disposeAsync();
}
process.exit();

async function measure(): Promise<void> {
  progress(`loading ${objects} objects into Samba, unless that was done before (100,000 take three minutes)`);
  const template = await loadedSamba(realm, adminPassword, objects);
  const folder = await mkdtemp(join(tmpdir(), 'syncmend-bench-'));
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  const ground = await layGround(folder, () => undefined, parts);
  const samba = stopWith(
    ground,
    await startSamba({ tls: ground.tls, forests: [{ name: realm, adminPassword, template }] }),
  );
  const [forest] = samba.forests;
  if (forest === undefined) throw new Error('Samba started no forest');

  const times = { relay: [] as number[], plain: [] as number[], faster: [] as number[] };
  const computed = { relay: [] as number[], bare: [] as number[] };
  let memory: number | undefined;
  let atRest: number | undefined;
  for (let round = 1; round <= rounds; round += 1) {
    for (const form of ['plain', 'faster'] as const) {
      progress(`round ${round} of ${rounds}: ldapts alone, ${form} filter`);
      const { user, system } = process.cpuUsage();
      times[form].push(await timed(() => searchBare(forest, ground, filters[form])));
      const spent = process.cpuUsage({ user, system });
      computed.bare.push((spent.user + spent.system) / 1_000);
    }
    progress(`round ${round} of ${rounds}: through the relay`);
    const { relay, issuer } = await startOwnRelay(forest, ground);
    atRest = peakMemory(relay.pid);
    times.relay.push(await timed(() => readThrough(relay, issuer)));
    computed.relay.push(processorTime(relay.pid) ?? Number.NaN);
    memory = Math.max(memory ?? 0, peakMemory(relay.pid) ?? 0);
    await relay.stop();
  }

  const [through, plain, faster] = [median(times.relay), median(times.plain), median(times.faster)];
  const rate = (milliseconds: number): string => `${Math.round((objects / milliseconds) * 1_000)}/s`;
  const each = (milliseconds: readonly number[]): string => milliseconds.map(inSeconds).join(', ');
  report(`All objects of a domain with ${objects}, from Samba, ${rounds} rounds`, [
    {
      what: 'objects a second, median',
      value: rate(through),
      comparedWith: `${rate(plain)} and ${rate(faster)}, ldapts alone`,
    },
    { what: 'share of the rate of ldapts alone, plain filter', value: (plain / through).toFixed(2), aim: '>= 0.90' },
    { what: 'share of the rate of ldapts alone, faster filter', value: (faster / through).toFixed(2), aim: '>= 0.90' },
    { what: 'time, each round', value: each(times.relay), comparedWith: `${each(times.plain)}; ${each(times.faster)}` },
    {
      what: 'processor time of the relay, its start included',
      value: inSeconds(median(computed.relay)),
      comparedWith: `${inSeconds(median(computed.bare))}, process with ldapts alone`,
    },
    {
      what: 'peak memory of the relay',
      value: inMegabytes(memory || undefined),
      comparedWith: `${inMegabytes(atRest)}, started`,
    },
  ]);
}

async function timed(read: () => Promise<number>): Promise<number> {
  const begun = performance.now();
  const count = await read();
  const milliseconds = performance.now() - begun;
  if (count < objects) throw new Error(`${count} objects came, not ${objects}`);
  return milliseconds;
}

/** The least that a program can do with ldapts to get the same. */
async function searchBare(
  { domains: [domain] }: RunningForest,
  { authority }: Ground,
  filter: string,
): Promise<number> {
  const client = new Client({ url: domain.controllers[0].url, tlsOptions: { ca: authority } });
  await client.bind(domain.adminDn, domain.adminPassword);
  const options = { scope: 'sub' as const, filter, attributes: attributesToRead(), paged: { pageSize }, timeLimit: 0 };
  let count = 0;
  for await (const { searchEntries } of client.searchPaginated(domain.baseDn, options)) count += searchEntries.length;
  await client.unbind();
  return count;
}

async function readThrough({ url }: Relay, issuer: TokenIssuer): Promise<number> {
  const credential = {
    async getToken() {
      const caller = {
        objectId: issuer.tenantId,
        clientId: issuer.tenantId,
        roles: ['Relay.Read'],
        lifetimeSeconds: 3_600,
      };
      const { token, expiresOn } = await issuer.issue({ audience: audiences.relay, ...caller });
      return { token, expiresOnTimestamp: expiresOn * 1_000 };
    },
  };
  const client = createRelayClient({ url, credential, scope: `${audiences.relay}/.default`, tenant: issuer.tenantId });
  let count = 0;
  for await (const batch of client.objects.read(null)) {
    if (batch.kind === 'objects') count += batch.objects.length;
    if (batch.kind === 'outcome') for (const { failure } of batch.failures) throw new Error(failure.message);
  }
  return count;
}

/** In a process of its own, each reading has a peak of its own. */
async function startOwnRelay(forest: RunningForest, ground: Ground): Promise<{ relay: Relay; issuer: TokenIssuer }> {
  const issuer = await TokenIssuer.create('8a1f4f0e-8a55-4f3e-9f7e-0d8a1c1b2c3d', ground.clock);
  const identity = stopWith(ground, await startIdentity({ issuer, tls: ground.tls, identities: [] }));
  const relay = await startRelay({
    clock: ground.clock,
    forests: [forest],
    certificateFile: ground.files.certificate,
    keyFile: ground.files.key,
    authorityFile: ground.files.authority,
    issuer: issuer.issuer,
    keysUrl: identity.keysUrl,
    socketPath: join(ground.secrets, 'no-engine'),
    secrets: ground.secrets,
    port: 0,
    log: () => undefined,
  });
  return { relay, issuer };
}
