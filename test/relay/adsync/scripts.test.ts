import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import * as engine from '../../../src/relay/adsync/engine-answers.ts';

const run = promisify(execFile);
const hasDotnet = spawnSync('dotnet', ['--version']).status === 0;
const inCi = process.env['CI'] === 'true';
const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const anchor = 'x4V0iaeB60KXxjftcwd7Hw==';
const adName = 'CN=Ann,OU=Staff,DC=contoso,DC=com';
const entraName = 'CN={783456306961654236304B58786A66746377643748773D3D}';
const cloud = 'contoso.onmicrosoft.com - AAD';
const objectGuid = '897485c7-81a7-42eb-97c6-37ed73077b1f';

/** A developer may lack .NET; the build must not, or nothing would hold the scripts to the language. */
describe.skipIf(!hasDotnet && !inCi)(
  `the scripts for Entra Connect${hasDotnet ? '' : ' (skipped: needs the .NET SDK 10)'}`,
  () => {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'relay-scripts-'));
      await mkdir(join(folder, 'no-modules'));
      const build = [
        'build',
        from('../powershell/runner.csproj'),
        '-o',
        join(folder, 'out'),
        `-p:BaseIntermediateOutputPath=${folder}/obj/`,
      ];
      await run('dotnet', [...build, '--nologo', '-v', 'quiet'], { maxBuffer: 16 * 1024 * 1024 });
    }, 180_000);
    afterAll(() => rm(folder, { recursive: true }));

    async function print(
      verb: string,
      parameters: string[] = [],
      surroundings: { modules?: string; scheduler?: string } = {},
    ): Promise<unknown> {
      const modules = surroundings.modules ?? from('../powershell/modules');
      const script = from(`../../../src/relay/adsync/${verb}.ps1`);
      const env = { ...process.env, FAKE_SCHEDULER: surroundings.scheduler ?? '' };
      const { stdout } = await run('dotnet', [join(folder, 'out', 'runner.dll'), modules, script, ...parameters], {
        env,
      });
      return JSON.parse(stdout);
    }
    const say = async <T>(schema: z.ZodType<T>, verb: string, ...parameters: string[]) =>
      schema.parse(await print(verb, parameters));

    it('say that the module is missing', async () => {
      expect(await print('get-scheduler', [], { modules: join(folder, 'no-modules') })).toEqual({ installed: false });
    });

    it('get-scheduler tells version, mode and next cycle', async () => {
      expect(await say(engine.scheduler, 'get-scheduler')).toMatchObject({
        version: '2.5.190.0',
        stagingModeEnabled: false,
        syncCycleInProgress: false,
        nextSyncCycleStartTimeInUtc: '2026-11-22T08:30:00.000Z',
        currentlyEffectiveSyncCycleInterval: '00:30:00',
      });
    });

    it('start-sync-cycle starts, or says why not', async () => {
      const start = (scheduler: string) => print('start-sync-cycle', ['-PolicyType', 'Delta'], { scheduler });
      expect(await start('')).toEqual({ started: true });
      expect(await start('busy')).toEqual({ started: false, reason: 'busy' });
      expect(await start('suspended')).toEqual({ started: false, reason: 'suspended' });
      await expect(start('broken')).rejects.toThrow('The service is stopped.');
      await expect(print('start-sync-cycle', ['-PolicyType', 'Everything'])).rejects.toThrow();
    });

    it('get-run-history lists runs with their steps', async () => {
      expect(await say(engine.runHistory, 'get-run-history', '-Count', '2')).toMatchObject([
        {
          connectorName: cloud,
          connectorType: 'AAD',
          endDate: '2026-11-22T08:01:00.000Z',
          steps: [{ stepNumber: 1, stepResult: 'completed-export-errors' }],
        },
        { connectorName: 'contoso.com', connectorType: 'AD', result: 'in-progress', endDate: null },
      ]);
    });

    it('get-export-errors gives each object with what the service said of it', async () => {
      expect((await say(engine.exportErrors, 'get-export-errors'))[0]).toMatchObject({
        distinguishedName: entraName,
        objectType: 'user',
        sourceAnchor: anchor,
        onPremisesDistinguishedName: adName,
        errorType: 'AttributeValueMustBeUnique',
        extraDetails: [
          { Key: 'AttributeConflictName', Value: ['SipProxyAddress'] },
          { Key: 'ObjectIdInConflict', Value: ['a', 'b'] },
        ],
        firstOccurred: '2026-11-21T08:00:30.000Z',
        retryCount: 3,
        displayName: 'Ann',
      });
    });

    it('get-cs-object reads an object, or says that there is none', async () => {
      expect(
        await say(
          engine.connectorSpaceObject,
          'get-cs-object',
          '-ConnectorName',
          cloud,
          '-DistinguishedName',
          entraName,
        ),
      ).toMatchObject({
        found: true,
        sourceAnchor: anchor,
        attributes: { userPrincipalName: ['ann@contoso.com'] },
        lineage: [
          {
            attribute: 'userPrincipalName',
            syncRuleName: 'Out to AAD - User Identity',
            flow: 'direct',
            sourceAttributes: ['userPrincipalName'],
          },
        ],
      });
      expect(await print('get-cs-object', ['-ConnectorName', cloud, '-DistinguishedName', 'CN={00}'])).toEqual({
        found: false,
      });
    });

    it('get-connectors tells which controllers are read', async () => {
      expect(await say(engine.connectors, 'get-connectors')).toMatchObject([
        {
          name: 'contoso.com',
          type: 'AD',
          forest: 'contoso.com',
          lastImportedDomainController: 'dc1.contoso.com',
          preferredDomainControllers: ['dc2.contoso.com'],
          partitions: [{ dn: 'DC=contoso,DC=com', dnsName: 'contoso.com' }],
        },
        { name: cloud, type: 'AAD' },
      ]);
    });

    it('get-mv-connections names what is joined', async () => {
      expect(await say(engine.metaverseConnections, 'get-mv-connections', '-SourceAnchor', anchor)).toEqual({
        found: true,
        connectors: [
          { connectorName: 'contoso.com', distinguishedName: adName, objectGuid },
          { connectorName: cloud, distinguishedName: entraName, objectGuid: null },
        ],
      });
      expect(await print('get-mv-connections', ['-SourceAnchor', 'AAAA'])).toEqual({ found: false });
    });

    it('explain-value follows a value back to its attribute, and tells direct from calculated', async () => {
      const explain = (attribute: string) =>
        say(engine.explanation, 'explain-value', '-SourceAnchor', anchor, '-Attribute', attribute);
      expect((await explain('userPrincipalName')).contributions).toEqual([
        {
          connectorName: 'contoso.com',
          forest: 'contoso.com',
          adDistinguishedName: adName,
          adObjectGuid: objectGuid,
          adAttribute: 'userPrincipalName',
          syncRuleName: 'In from AD - User Account',
          flow: 'direct',
        },
      ]);
      expect((await explain('displayName')).contributions.map(({ adAttribute, flow }) => [adAttribute, flow])).toEqual([
        ['displayName', 'expression'],
        ['cn', 'expression'],
      ]);
      expect((await explain('nothing')).contributions).toEqual([]);
    });
  },
);
