import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRelayClient } from '../../src/adapters/relay/relay-client.ts';
import type { DirectoryBatch } from '../../src/ports.ts';
import { begun } from '../../src/relay/object-lines.ts';
import { domainsResponse, type ObjectsRequest } from '../../src/relay-contract.ts';
import { replacing } from '../contracts/directory-client.ts';
import { sorted } from '../contracts/relay-objects-reading.ts';
import { scriptedEngine } from './adsync/scripted-engine.ts';
import { type Forests, startForests } from './forests.ts';
import { serveRelay } from './served-relay.ts';

/** Objects of one domain that fill more than all buffers between the relay and a caller who does not read. */
const many = 5_000;
const unit = 'OU=Many,DC=fabrikam,DC=com';

let forests: Forests;
let relay: Awaited<ReturnType<typeof serveRelay>>;
beforeAll(async () => {
  forests = await startForests();
  relay = await serveRelay(scriptedEngine({}), forests.directory);
  setDefaultCACertificates([...getCACertificates('default'), relay.ca]);
  await forests.add(unit, { objectClass: 'organizationalUnit' });
  const long = { info: 'x'.repeat(1_000), description: 'y'.repeat(1_000), streetAddress: 'z'.repeat(1_000) };
  for (let count = 0; count < many; count += 1)
    await forests.add(`CN=${count},${unit}`, { objectClass: 'contact', ...long });
  for (const domain of ['contoso', 'eu.contoso', 'fabrikam'].map((name) => `DC=${name.replace('.', ',DC=')},DC=com`)) {
    const gone = await forests.add(`CN=Gone,CN=Users,${domain}`, { objectClass: 'contact' });
    await forests.admin({ c: 'dc1', e: 'dc3', f: 'dc4' }[domain[3] as 'c' | 'e' | 'f']).del(gone);
  }
}, 120_000);
afterAll(async () => {
  await relay.stop();
  await forests.stop();
});
afterEach(() => forests.set('ad.faults', {}));

const everything = (forest: string, domain: string): ObjectsRequest => ({ forest, domain, from: null, further: [] });
const fabrikam = everything('fabrikam.com', 'fabrikam.com');
const send = (body: unknown, roles = ['Relay.Read']) => relay.send('POST', '/v1/objects', { body, roles });

/** The answer while it comes: nothing is read of it before it is wanted. */
async function open(body: ObjectsRequest): Promise<IncomingMessage> {
  const token = await relay.token(['Relay.Read']);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const asking = httpsRequest(`${relay.url}/v1/objects`, { method: 'POST', ca: relay.ca, agent: false, headers });
  asking.end(JSON.stringify(body));
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return answer;
}

const linesOf = async (answer: IncomingMessage) =>
  sorted((await text(answer)).split('\n').filter((line) => line !== ''));

describe('asking for objects', () => {
  it('tells which domains there are', async () => {
    const { body } = await relay.send('GET', '/v1/domains', { roles: ['Relay.Read'] });
    expect(domainsResponse.parse(body).domains).toEqual([
      { forest: 'contoso.com', domain: 'contoso.com' },
      { forest: 'contoso.com', domain: 'eu.contoso.com' },
      { forest: 'fabrikam.com', domain: 'fabrikam.com' },
    ]);
  });

  it('needs the role of a reader', async () => {
    expect(await send(fabrikam, ['Relay.Write'])).toMatchObject({ status: 403, body: { code: 'Forbidden' } });
  });

  it('refuses a domain that it does not have, and a checkpoint of another one', async () => {
    expect(await send(everything('contoso.com', 'fabrikam.com'))).toMatchObject({
      status: 404,
      body: { code: 'UnknownDomain' },
    });
    const { end } = await linesOf(await open(everything('contoso.com', 'eu.contoso.com')));
    const answer = await send({ ...fabrikam, from: end?.checkpoint });
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('another domain') } });
    expect(await send({ ...fabrikam, further: ['(objectClass=*)'] })).toMatchObject({ status: 400 });
  });

  it('answers 503 when the controller does not answer', async () => {
    await forests.set('ad.faults', { down: ['dc4.fabrikam.com'] });
    const answer = await send(fabrikam);
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '15' },
      body: { code: 'DirectoryUnavailable' },
    });
  });

  it('reads each domain on a controller of its own, not in the catalogue', async () => {
    const contact = await forests.add('CN=Abroad,CN=Users,DC=eu,DC=contoso,DC=com', {
      objectClass: 'contact',
      employeeID: 'E7',
    });
    const answer = await open(everything('contoso.com', 'EU.contoso.com'));
    expect(answer.headers).toMatchObject({ 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    const { header, objects } = await linesOf(answer);
    expect(header).toMatchObject({ domainController: 'dc3.eu.contoso.com' });
    expect(objects.every(({ distinguishedName }) => distinguishedName?.endsWith('DC=eu,DC=contoso,DC=com'))).toBe(true);
    // employeeID is not in the catalogue.
    expect(objects.find(({ distinguishedName }) => distinguishedName === contact)).toMatchObject({ employeeID: 'E7' });
  });
});

describe('a caller who is slow, or gone', () => {
  it('is not read ahead of', async () => {
    const answer = await open(fabrikam);
    await sleep(500);
    // The last to be told; a page shows objects as they are when it is read.
    const last = `CN=${many - 1},${unit}`;
    await forests.admin('dc4').modify(last, replacing('mail', 'late@fabrikam.com'));
    const { objects, end } = await linesOf(answer);
    expect(objects.find(({ distinguishedName }) => distinguishedName === last)).toMatchObject({
      mail: 'late@fabrikam.com',
    });
    expect(end?.count).toBe(objects.length);
  });

  it('ends the search by going away', async () => {
    const before = relay.logged.length;
    const answer = await open(fabrikam);
    await once(answer, 'readable');
    answer.destroy();
    const told = await vi.waitFor(() => {
      const entry = relay.logged.slice(before).find(({ message }) => message === 'Objects told');
      if (entry === undefined) throw new Error('the search has not ended yet');
      return entry;
    });
    expect(told).toMatchObject({ level: 'warn', data: { domain: 'fabrikam.com', complete: false } });
    expect((told.data as { objects: number }).objects).toBeLessThan(many);
  });

  it('gets a blank line where nothing comes for long, and loses nothing by it', async () => {
    async function* slow(): AsyncGenerator<string, void, undefined> {
      yield 'first\n';
      await sleep(60);
      yield 'second\n';
    }
    const pieces: string[] = [];
    for await (const piece of await begun(slow(), 10)) pieces.push(piece);
    expect(pieces.filter((piece) => piece !== '\n')).toEqual(['first\n', 'second\n']);
    expect(pieces).toContain('\n');
  });
});

describe('a controller that goes away in the middle', () => {
  it('is told in the last line, and the reading goes on from the checkpoint when it is back', async () => {
    const answer = await open(fabrikam);
    await sleep(200);
    await forests.set('ad.faults', { down: ['dc4.fabrikam.com'] });
    const cut = await linesOf(answer);
    expect(cut.end).toBeUndefined();
    expect(cut.interrupted).toMatch(/^dc4\.fabrikam\.com|^localhost|^127/);
    expect(cut.objects.length).toBeLessThan(many);
    await forests.set('ad.faults', {});
    const from = cut.checkpoints.at(-1) ?? null;
    const whole = await linesOf(await open({ ...fabrikam, from }));
    expect(whole.objects.length).toBeGreaterThanOrEqual(many);
    expect(whole.end?.count).toBe(whole.objects.length);
  });
});

describe('the cloud side through a way that cuts', () => {
  it('gets every object once, and then only what has changed', async () => {
    const way = await cuttingWay([300_000, 4_000_000, 9_000_000]);
    const first = await readAll(way.url, null);
    expect(way.cuts()).toBe(3);
    expect(first.outcome.failures).toEqual([]);
    const guids = first.objects.map(({ objectGUID }) => objectGUID);
    expect(new Set(guids).size).toBe(guids.length);
    expect(
      first.objects.filter(({ distinguishedName }) => distinguishedName?.endsWith(unit)).length,
    ).toBeGreaterThanOrEqual(many);
    expect(first.modes).toEqual(['full', 'full', 'full']);

    const added = await forests.add(`CN=Added ${Date.now()},CN=Users,DC=contoso,DC=com`, { objectClass: 'contact' });
    const second = await readAll(way.url, first.outcome.checkpoint);
    expect(second.modes).toEqual(['changes', 'changes', 'changes']);
    expect(second.objects.map(({ distinguishedName }) => distinguishedName)).toEqual([added]);
  });
});

async function readAll(url: string, from: string | null) {
  const { objects } = createRelayClient({
    url,
    scope: 'api://relay/.default',
    tenant: 'tenant',
    credential: {
      getToken: async () => ({ token: await relay.token(['Relay.Read']), expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
    objects: { pauseMs: 10 },
  });
  const batches: DirectoryBatch[] = [];
  for await (const batch of objects.read(from)) batches.push(batch);
  const outcome = batches.at(-1);
  if (outcome?.kind !== 'outcome') throw new Error('the last batch is no outcome');
  return {
    outcome,
    objects: batches.flatMap((batch) => (batch.kind === 'objects' ? batch.objects : [])),
    modes: batches.flatMap((batch) => (batch.kind === 'domain' ? [batch.mode] : [])),
  };
}

/** A way to the relay that breaks each of the first connections which carry so many octets. */
async function cuttingWay(after: readonly number[]) {
  const limits = [...after];
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(relay.port, 'localhost');
    let carried = 0;
    far.on('data', (octets) => {
      carried += octets.length;
      const [limit] = limits;
      if (limit !== undefined && carried > limit) {
        limits.shift();
        cuts += 1;
        near.destroy();
        far.destroy();
      }
    });
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `https://localhost:${address.port}`, cuts: () => cuts };
}
