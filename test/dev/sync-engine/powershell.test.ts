import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entraDistinguishedName } from '../../../dev/sync-engine/binary-identifiers.ts';
import { type ServedSyncEngine, serveSyncEngine } from '../../../dev/sync-engine/serve.ts';
import * as relay from '../../../src/relay/adsync/engine-answers.ts';
import { addUser, HybridOrganisation } from './hybrid-organisation.ts';
import { ScriptedEndpoint } from './scripted-endpoint.ts';

const powershell = new URL('../../../dev/sync-engine/powershell.mjs', import.meta.url).pathname;
const cloud = 'contoso.onmicrosoft.com - AAD';
const endpoint = new ScriptedEndpoint();

let directory: string;
let organisation: HybridOrganisation;
let served: ServedSyncEngine;
let ann: string;
let anchor: string;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a script as the relay does, in a process of its own. */
function run(script: string, args: readonly string[] = [], socket = served.socketPath): Promise<Outcome> {
  const fixed = [
    '-NoProfile',
    '-NonInteractive',
    '-ExecutionPolicy',
    'Bypass',
    '-File',
    `/opt/relay/adsync/${script}.ps1`,
  ];
  return new Promise((resolve) => {
    execFile(
      powershell,
      [...fixed, ...args],
      { env: { ...process.env, SYNC_ENGINE_SOCKET: socket } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function answer(script: string, ...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(script, args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sync-engine-'));
  organisation = await HybridOrganisation.start(() => endpoint);
  served = await serveSyncEngine(organisation.engine, join(directory, 'engine.sock'));
  ann = await addUser(organisation.client(), 'ann', {
    mail: 'ann@contoso.com',
    proxyAddresses: ['SMTP:ann@contoso.com'],
  });
  await addUser(organisation.client(), 'bob');
  await organisation.engine.runCycle('Delta');
  anchor = endpoint.readShadow().find(({ attributes }) => attributes['displayName'] === 'ann')?.sourceAnchor ?? '';
});

afterAll(async () => {
  await served.stop();
  await organisation.stop();
  await rm(directory, { recursive: true });
});

describe('the scripts of the relay', () => {
  test('get-scheduler tells the server, its mode and its next cycle', async () => {
    expect(await answer('get-scheduler')).toEqual({
      version: '2.5.190.0',
      stagingModeEnabled: false,
      syncCycleEnabled: false,
      schedulerSuspended: false,
      syncCycleInProgress: false,
      nextSyncCycleStartTimeInUtc: null,
      currentlyEffectiveSyncCycleInterval: '00:30:00',
      nextSyncCyclePolicyType: 'Delta',
    });
    await organisation.set('engine.schedulerEnabled', true);
    expect(await answer('get-scheduler')).toMatchObject({
      syncCycleEnabled: true,
      nextSyncCycleStartTimeInUtc: expect.stringMatching(/Z$/),
    });
    await organisation.set('engine.schedulerEnabled', false);
  });

  test('start-sync-cycle starts one, and is refused while it runs', async () => {
    await organisation.set('engine.cycleDelayMs', 1_000);
    expect(await answer('start-sync-cycle', '-PolicyType', 'Delta')).toEqual({ started: true });
    expect(await answer('start-sync-cycle', '-PolicyType', 'Initial')).toEqual({ started: false, reason: 'busy' });
    expect(await answer('get-scheduler')).toMatchObject({ syncCycleInProgress: true });
    await organisation.set('engine.cycleDelayMs', 0);
    await organisation.engine.runCycle('Delta');
  });

  test('get-run-history lists the newest runs first', async () => {
    const runs = await answer('get-run-history', '-Count', '2');
    expect(runs).toMatchObject([
      {
        connectorName: cloud,
        connectorType: 'AAD',
        runProfileName: 'Delta Import',
        result: 'success',
        steps: [{ stepNumber: 1, stepResult: 'success' }],
      },
      { connectorName: cloud, connectorType: 'AAD', runProfileName: 'Export', endDate: expect.stringMatching(/Z$/) },
    ]);
  });

  test('get-cs-object shows an AD object by its name, in any case, with what it contributes', async () => {
    expect(
      await answer('get-cs-object', '-ConnectorName', 'contoso.com', '-DistinguishedName', ann.toUpperCase()),
    ).toMatchObject({
      found: true,
      distinguishedName: ann,
      objectType: 'user',
      attributes: { mail: ['ann@contoso.com'], proxyAddresses: ['SMTP:ann@contoso.com'] },
      lineage: expect.arrayContaining([
        { attribute: 'mail', syncRuleName: 'In from AD - User Common', flow: 'direct', sourceAttributes: ['mail'] },
      ]),
      sourceAnchor: anchor,
      lastImportedAt: expect.stringMatching(/Z$/),
    });
  });

  test('get-cs-object shows an Entra object by the hex of its anchor', async () => {
    expect(
      await answer('get-cs-object', '-ConnectorName', cloud, '-DistinguishedName', entraDistinguishedName(anchor)),
    ).toMatchObject({
      found: true,
      sourceAnchor: anchor,
      attributes: { userPrincipalName: ['ann@contoso.com'], accountEnabled: ['true'] },
      exportError: null,
      lastExportedAt: expect.stringMatching(/Z$/),
      blockOnPremisesSync: false,
    });
  });

  test('what is not there is not found', async () => {
    const nobody = ['-ConnectorName', 'contoso.com', '-DistinguishedName', 'CN=nobody'];
    expect(await answer('get-cs-object', ...nobody)).toEqual({ found: false });
    expect(await answer('get-cs-object', '-ConnectorName', cloud, '-DistinguishedName', 'CN=nobody')).toEqual({
      found: false,
    });
    expect(await answer('get-cs-object', '-ConnectorName', 'other.com', '-DistinguishedName', ann)).toEqual({
      found: false,
    });
    expect(await answer('explain-value', '-SourceAnchor', anchor, '-Attribute', 'targetAddress')).toEqual({
      found: false,
    });
    expect(await answer('get-mv-connections', '-SourceAnchor', 'none')).toEqual({ found: false });
  });

  test('explain-value names connector, object, attribute and rule', async () => {
    expect(await answer('explain-value', '-SourceAnchor', anchor, '-Attribute', 'proxyaddresses')).toEqual({
      found: true,
      contributions: [
        {
          connectorName: 'contoso.com',
          forest: 'contoso.com',
          adDistinguishedName: ann,
          adObjectGuid: expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
          adAttribute: 'proxyAddresses',
          syncRuleName: 'In from AD - User Common',
          flow: 'direct',
        },
      ],
    });
  });

  test('get-connectors names the domain controller of the last import', async () => {
    expect(await answer('get-connectors')).toMatchObject([
      {
        name: 'contoso.com',
        type: 'AD',
        lastImportedDomainController: 'dc1.contoso.com',
        preferredDomainControllers: ['dc1.contoso.com'],
        partitions: [{ dn: 'DC=contoso,DC=com', dnsName: 'contoso.com' }],
      },
      { name: cloud, type: 'AAD', identifier: 'b891884f-051e-4a83-95af-2544101c9083' },
    ]);
  });

  test('get-mv-connections lists what is joined to one person', async () => {
    expect(await answer('get-mv-connections', '-SourceAnchor', anchor)).toMatchObject({
      found: true,
      connectors: [
        { connectorName: 'contoso.com', distinguishedName: ann },
        { connectorName: cloud, objectGuid: null },
      ],
    });
  });

  test('get-export-errors lists the objects that Entra refused', async () => {
    const details = [{ Key: 'AttributeConflictName', Value: ['ProxyAddresses'] }];
    endpoint.refusals.set(anchor, {
      errorType: 'AttributeValueMustBeUnique',
      errorCode: '',
      message: 'taken',
      details,
    });
    expect(await answer('get-export-errors')).toEqual([]);
    await organisation.client().modifyDN(ann, 'CN=Ann Ash');
    await organisation.engine.runCycle('Delta');
    expect(await answer('get-export-errors')).toMatchObject([
      {
        distinguishedName: entraDistinguishedName(anchor),
        connectorName: cloud,
        objectType: 'user',
        onPremisesDistinguishedName: 'CN=Ann Ash,CN=Users,DC=contoso,DC=com',
        errorType: 'AttributeValueMustBeUnique',
        errorCode: null,
        errorMessage: 'taken',
        extraDetails: details,
        retryCount: 1,
        displayName: 'ann',
      },
    ]);
  });
});

test('the relay understands every answer', async () => {
  const one = ['-SourceAnchor', anchor];
  const cs = ['-ConnectorName', cloud, '-DistinguishedName', entraDistinguishedName(anchor)];
  const asked = [
    [relay.scheduler, await answer('get-scheduler')],
    [relay.runHistory, await answer('get-run-history', '-Count', '50')],
    [relay.exportErrors, await answer('get-export-errors')],
    [relay.connectors, await answer('get-connectors')],
    [relay.connectorSpaceObject, await answer('get-cs-object', ...cs)],
    [relay.explanation, await answer('explain-value', ...one, '-Attribute', 'mail')],
    [relay.metaverseConnections, await answer('get-mv-connections', ...one)],
  ] as const;
  for (const [schema, document] of asked) expect(schema.safeParse(document).error).toBeUndefined();
});

describe('a script that fails says why on stderr and ends with code 1', () => {
  test.each([
    ['an unknown script', 'get-nothing', [], /get-nothing\.ps1/],
    ['a policy type that does not exist', 'start-sync-cycle', ['-PolicyType', 'Now'], /PolicyType/],
    ['a missing parameter', 'get-run-history', [], /Count/],
    ['a parameter without a name', 'get-run-history', ['5', '6'], /positional parameter/],
  ])('%s', async (_story, script, args, message) => {
    const { code, stdout, stderr } = await run(script, args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('a fault that was planted', async () => {
    await organisation.set('engine.scriptFaults', { 'get-scheduler': 'Access is denied.' });
    expect(await run('get-scheduler')).toEqual({ code: 1, stdout: '', stderr: 'Access is denied.\n' });
    await organisation.set('engine.scriptFaults', {});
  });

  test('an engine that is not there', async () => {
    expect(await run('get-scheduler', [], join(directory, 'nobody.sock'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be reached/),
    });
  });
});

test('two controls that were accepted together both keep their value', async () => {
  const named = (name: string) => organisation.engine.controls().find((control) => control.name === `engine.${name}`);
  const accepted = [named('cycleDelayMs')?.prepare(1), named('deletionThreshold')?.prepare(400)];
  for (const apply of accepted) await apply?.();
  expect([named('cycleDelayMs')?.read(), named('deletionThreshold')?.read()]).toEqual([1, 400]);
  await organisation.set('engine.cycleDelayMs', 0);
  await organisation.set('engine.deletionThreshold', 500);
});

test('a control refuses a value that it does not take, and keeps the old one', async () => {
  await expect(organisation.set('engine.deletionThreshold', -1)).rejects.toThrow(/engine\.deletionThreshold/);
  await expect(organisation.set('engine.otherHands', { emailAddressPolicy: [], surprise: true })).rejects.toThrow(
    /engine\.otherHands/,
  );
  const threshold = organisation.engine.controls().find(({ name }) => name === 'engine.deletionThreshold');
  expect(threshold?.read()).toBe(500);
});
