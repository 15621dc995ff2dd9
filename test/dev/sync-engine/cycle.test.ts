import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EngineSettings } from '../../../dev/sync-engine/settings.ts';
import { addUser, baseDnOf, boundClient, HybridOrganisation, modify } from './hybrid-organisation.ts';
import { ScriptedEndpoint } from './scripted-endpoint.ts';

let organisation: HybridOrganisation;
let endpoint: ScriptedEndpoint;

async function start(settings: Partial<EngineSettings> = {}, forests = ['contoso.com']): Promise<void> {
  endpoint = new ScriptedEndpoint();
  organisation = await HybridOrganisation.start(() => endpoint, { forests, settings });
}

afterEach(() => organisation.stop());

const named = (name: string) => endpoint.readShadow().find(({ attributes }) => attributes['displayName'] === name);
const profiles = () =>
  organisation.engine.parts.history.runs.map((run) => `${run.connectorName}: ${run.runProfileName}: ${run.result}`);

describe('a cycle over a real LDAP connection', () => {
  test('exports users and groups of the directory, and none of its built-in accounts', async () => {
    await start();
    const boss = await addUser(organisation.client(), 'boss');
    await addUser(organisation.client(), 'ann', {
      manager: boss,
      employeeID: '17',
      proxyAddresses: ['SMTP:ann@contoso.com', 'smtp:a@contoso.com'],
    });
    expect((await organisation.engine.runCycle('Delta')).result).toBe('success');
    expect(named('ann')?.attributes).toMatchObject({
      userPrincipalName: 'ann@contoso.com',
      employeeId: '17',
      manager: named('boss')?.sourceAnchor,
      accountEnabled: true,
      onPremisesDomainName: 'contoso.com',
    });
    expect(named('ann')?.attributes['onPremisesSecurityIdentifier']).toMatch(/^S-1-5-21-/);
    const names = endpoint
      .readShadow()
      .map(({ attributes }) => String(attributes['onPremisesSamAccountName']).toLowerCase());
    expect(names.filter((name) => ['administrator', 'guest', 'krbtgt', 'domain admins'].includes(name))).toEqual([]);
    expect(endpoint.settled).toBe(1);
  });

  test('a delta takes up a change, a rename, a move of the unit above, and a deletion', async () => {
    await start();
    const client = organisation.client();
    const base = baseDnOf('contoso.com');
    await client.add(`OU=Staff,${base}`, { objectClass: 'organizationalUnit' });
    const ann = await addUser(client, 'ann');
    const bob = await addUser(client, 'bob');
    await organisation.engine.runCycle('Delta');
    await modify(client, bob, 'replace', 'mail', 'bob@contoso.com');
    await client.modifyDN(ann, `CN=Ann Ash,OU=Staff,${base}`);
    await organisation.engine.runCycle('Delta');
    expect(named('bob')?.attributes['mail']).toBe('bob@contoso.com');
    expect(named('ann')?.attributes['onPremisesDistinguishedName']).toBe(`CN=Ann Ash,OU=Staff,${base}`);
    await client.modifyDN(`OU=Staff,${base}`, `OU=People,${base}`);
    await client.del(bob);
    await organisation.engine.runCycle('Delta');
    expect(named('ann')?.attributes['onPremisesDistinguishedName']).toBe(`CN=Ann Ash,OU=People,${base}`);
    expect(named('bob')).toBeUndefined();
  });

  test('more objects than the directory gives in one answer all arrive', async () => {
    await start();
    for (let number = 0; number < 1100; number += 1) await addUser(organisation.client(), `user${number}`);
    await organisation.engine.runCycle('Initial');
    expect(endpoint.readShadow().filter(({ objectType }) => objectType === 'user')).toHaveLength(1100);
  });

  test('a leading invisible character of a value survives the import', async () => {
    await start();
    await addUser(organisation.client(), 'ann', { proxyAddresses: '\uFEFFsmtp:ann@contoso.com' });
    await organisation.engine.runCycle('Delta');
    expect(named('ann')?.attributes['proxyAddresses']).toEqual(['\uFEFFsmtp:ann@contoso.com']);
  });

  test('a write on another controller is seen when it has been replicated', async () => {
    await start();
    const ann = await addUser(organisation.client(), 'ann');
    await organisation.engine.runCycle('Delta');
    const other = await boundClient(organisation.domain(), 1, organisation.ca);
    await vi.waitFor(() => other.search(ann, { scope: 'base' }));
    await organisation.set('ad.replicationDelaySeconds', 60);
    await modify(other, ann, 'replace', 'mail', 'ann@contoso.com');
    await other.unbind();
    await organisation.engine.runCycle('Delta');
    expect(named('ann')?.attributes['mail']).toBeUndefined();
    organisation.clock.advance(61_000);
    await sleep(20);
    await organisation.engine.runCycle('Delta');
    expect(named('ann')?.attributes['mail']).toBe('ann@contoso.com');
  });

  test('over a small organisation takes less than 15 ms', async () => {
    await start();
    for (let number = 0; number < 10; number += 1) await addUser(organisation.client(), `user${number}`);
    await organisation.engine.runCycle('Delta');
    const times: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const before = performance.now();
      await organisation.engine.runCycle('Delta');
      times.push(performance.now() - before);
    }
    expect(Math.min(...times)).toBeLessThan(15);
  });
});

describe('two forests', () => {
  test('the contact of a GAL synchronisation and its user become one object', async () => {
    await start({}, ['contoso.com', 'fabrikam.com']);
    await addUser(organisation.client(0), 'ann', { mail: 'ann@contoso.com' });
    await organisation.client(1).add(`CN=ann,CN=Users,${baseDnOf('fabrikam.com')}`, {
      objectClass: 'contact',
      displayName: 'ann',
      mail: 'ann@contoso.com',
    });
    await organisation.engine.runCycle('Delta');
    expect(
      endpoint
        .readShadow()
        .filter(({ attributes }) => attributes['mail'] === 'ann@contoso.com')
        .map(({ objectType }) => objectType),
    ).toEqual(['user']);
  });
});

describe('steps that fail', () => {
  test('an import that cannot reach the directory ends so, and the next one catches up', async () => {
    await start();
    const ann = await addUser(organisation.client(), 'ann');
    await organisation.engine.runCycle('Delta');
    await modify(organisation.client(), ann, 'replace', 'mail', 'ann@contoso.com');
    await organisation.set('ad.faults', { down: ['dc1.contoso.com'] });
    const failed = await organisation.engine.runCycle('Delta');
    expect(failed.result).toMatch(/^(?:no-start|stopped)-/);
    expect(named('ann')?.attributes['mail']).toBeUndefined();
    await organisation.set('ad.faults', {});
    expect((await organisation.engine.runCycle('Delta')).result).toBe('success');
    expect(named('ann')?.attributes['mail']).toBe('ann@contoso.com');
  });

  test('a planted fault is the result of its step and the step does nothing', async () => {
    await start({ faults: { 'contoso.onmicrosoft.com - AAD/Export': 'stopped-extensible-extension-error' } });
    await addUser(organisation.client(), 'ann');
    expect((await organisation.engine.runCycle('Delta')).result).toBe('stopped-extensible-extension-error');
    expect(endpoint.exports).toEqual([]);
  });

  test('a step that throws ends its run, is logged, and leaves the engine ready for the next cycle', async () => {
    await start();
    endpoint.provision = () => {
      throw new Error('the endpoint is broken');
    };
    await addUser(organisation.client(), 'ann');
    await expect(organisation.engine.runCycle('Delta')).rejects.toThrow('the endpoint is broken');
    expect(organisation.engine.parts.history.runs.at(-1)).toMatchObject({
      runProfileName: 'Export',
      result: 'stopped-extension-dll-exception',
      endDate: expect.any(Number),
    });
    expect(organisation.engine.startCycle('Delta')).toEqual({ started: true });
    await expect.poll(() => organisation.engine.events.map(({ id }) => id)).toContain(6801);
    expect(organisation.engine.cycleRunning).toBe(false);
  });
});

describe('the administrator of the server', () => {
  test('sees imports, synchronisations, the export and its confirming import in the run history', async () => {
    await start();
    await organisation.engine.runCycle('Delta');
    const cloud = 'contoso.onmicrosoft.com - AAD';
    expect(profiles()).toEqual([
      'contoso.com: Delta Import: success',
      `${cloud}: Delta Import: success`,
      'contoso.com: Delta Synchronization: success',
      `${cloud}: Delta Synchronization: success`,
      `${cloud}: Export: success`,
      `${cloud}: Delta Import: success`,
    ]);
  });

  test('in staging mode nothing is exported, and all of it is once staging ends', async () => {
    await start({ stagingMode: true });
    await addUser(organisation.client(), 'ann');
    await organisation.engine.runCycle('Delta');
    expect(endpoint.exports).toEqual([]);
    expect(profiles().some((line) => line.includes('Export'))).toBe(false);
    await organisation.set('engine.stagingMode', false);
    await organisation.engine.runCycle('Delta');
    expect(named('ann')).toBeDefined();
  });

  test('cannot start a cycle while one runs or while the scheduler is suspended', async () => {
    await start({ cycleDelayMs: 30 });
    const { engine } = organisation;
    expect(engine.startCycle('Delta')).toEqual({ started: true });
    expect(engine.cycleRunning).toBe(true);
    expect(engine.startCycle('Delta')).toEqual({ started: false, reason: 'busy' });
    await engine.runCycle('Delta');
    expect(engine.cycleRunning).toBe(false);
    expect(profiles()).toHaveLength(12);
    await organisation.set('engine.suspended', true);
    expect(engine.startCycle('Delta')).toEqual({ started: false, reason: 'suspended' });
  });

  test('has a cycle every 30 minutes of the local clock when the scheduler is enabled', async () => {
    await start();
    await organisation.set('engine.schedulerEnabled', true);
    organisation.clock.advance(29 * 60_000);
    await sleep(20);
    expect(profiles()).toEqual([]);
    organisation.clock.advance(60_001);
    await expect.poll(() => endpoint.settled).toBe(1);
    organisation.clock.advance(30 * 60_000);
    await expect.poll(() => endpoint.settled).toBe(2);
  });

  test('changes the selected units: a delta leaves untouched objects alone, an Initial cycle applies it to all', async () => {
    await start();
    await addUser(organisation.client(), 'ann');
    await organisation.engine.runCycle('Delta');
    await organisation.set('engine.scopedOus', [`OU=Elsewhere,${baseDnOf('contoso.com')}`]);
    expect(organisation.engine.scheduler.nextPolicyType).toBe('Initial');
    await organisation.engine.runCycle('Delta');
    expect(named('ann')).toBeDefined();
    await organisation.engine.runCycle('Initial');
    expect(named('ann')).toBeUndefined();
    expect(organisation.engine.scheduler.nextPolicyType).toBe('Delta');
  });
});
