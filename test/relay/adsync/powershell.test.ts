import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPowerShellEngine } from '../../../src/relay/adsync/powershell.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-shell-'));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
/** An engine whose PowerShell is a program with this body; `args` are its arguments. */
async function engineOf(body: string, timeoutMs = 10_000) {
  count += 1;
  const command = join(folder, `shell-${count}.cjs`);
  await writeFile(command, `#!${process.execPath}\nconst args = process.argv.slice(2);\n${body}\n`);
  await chmod(command, 0o755);
  return createPowerShellEngine({ command, scripts: '/relay/adsync', timeoutMs });
}
const printing = (value: unknown) => engineOf(`process.stdout.write(${JSON.stringify(JSON.stringify(value))})`);

it('runs the script of a verb, parameters as they are, without a profile', async () => {
  const engine = await engineOf(`process.stdout.write(JSON.stringify({ started: false, reason: args.join('|') }))`);
  expect(await engine.startCycle('Delta')).toEqual({
    ok: true,
    value: {
      started: false,
      reason:
        '-NoProfile|-NonInteractive|-ExecutionPolicy|Bypass|-File|/relay/adsync/start-sync-cycle.ps1|-PolicyType|Delta',
    },
  });
});

it('passes quotes, semicolons and dollars through no shell', async () => {
  const engine = await engineOf(
    `process.stdout.write(JSON.stringify({ found: true, connectors: [{ connectorName: args.at(-1), distinguishedName: '', objectGuid: null }] }))`,
  );
  const odd = `'; $(rm -rf /) "x" | &`;
  expect(await engine.metaverseConnections(odd)).toMatchObject({
    ok: true,
    value: { connectors: [{ connectorName: odd }] },
  });
});

it('does not let a value stand for the name of a parameter', async () => {
  const engine = await printing({ found: false });
  expect(await engine.explainValue('-Attribute', 'mail')).toMatchObject({ ok: false, kind: 'Failed' });
});

it('takes a list of one without brackets, none as null, and a byte order mark', async () => {
  const connector = {
    name: 'contoso.com',
    type: 'AD',
    identifier: 'a',
    preferredDomainControllers: [],
    partitions: [],
  };
  expect(await (await printing(connector)).connectors()).toEqual({ ok: true, value: [connector] });
  expect(await (await printing(null)).connectors()).toEqual({ ok: true, value: [] });
  expect(await (await engineOf(`process.stdout.write('\\uFEFF[]')`)).exportErrors()).toEqual({ ok: true, value: [] });
});

it('answers not found with nothing in it', async () => {
  expect(await (await printing({ found: false })).explainValue('eA==', 'mail')).toEqual({
    ok: true,
    value: { found: false, contributions: [] },
  });
  expect(await (await printing({ found: false })).connectorSpaceObject('c', 'CN=x')).toEqual({
    ok: true,
    value: { found: false },
  });
});

it('says that the module is missing, or PowerShell itself', async () => {
  expect(await (await printing({ installed: false })).scheduler()).toEqual({ ok: false, kind: 'NotInstalled' });
  const nowhere = createPowerShellEngine({ command: join(folder, 'nowhere'), scripts: '/relay/adsync' });
  expect(await nowhere.scheduler()).toEqual({ ok: false, kind: 'NotInstalled' });
});

it('fails with what the cmdlet said', async () => {
  const engine = await engineOf(`process.stderr.write('Access is denied.\\n'); process.exit(1)`);
  expect(await engine.runHistory(5)).toEqual({ ok: false, kind: 'Failed', message: 'Access is denied.' });
});

it('fails when the script hangs, prints no JSON, or something unexpected', async () => {
  expect(await (await engineOf('setInterval(() => undefined, 1000)', 300)).scheduler()).toMatchObject({
    message: expect.stringContaining('in time'),
  });
  expect(await (await engineOf(`process.stdout.write('WARNING: x')`)).scheduler()).toMatchObject({
    message: expect.stringContaining('no JSON'),
  });
  expect(await (await printing([{ name: 'x', type: 'LDAP' }])).connectors()).toMatchObject({
    message: expect.stringContaining('type'),
  });
});
