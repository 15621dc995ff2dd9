import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ActiveDirectoryStandIn, startActiveDirectory } from '../../../dev/active-directory/active-directory.ts';
import { MovableClock } from '../../../dev/clock.ts';
import { createSyncEngine, type SyncEngine } from '../../../dev/sync-engine/sync-engine.ts';
import { addUser, boundClient, localhostCertificate } from './hybrid-organisation.ts';
import { ScriptedEndpoint } from './scripted-endpoint.ts';

const clock = new MovableClock();
const endpoint = new ScriptedEndpoint();
let directory: ActiveDirectoryStandIn;
let engine: SyncEngine;
let ca: string;

beforeAll(async () => {
  const tls = await localhostCertificate();
  ca = tls.cert;
  const domains = ['contoso.com', 'emea.contoso.com'].map((dnsName) => ({ dnsName, controllers: ['dc1'] }));
  directory = await startActiveDirectory({
    clock,
    tls,
    forests: [{ name: 'contoso.com', adminPassword: 'Passw0rd!Adm1n', domains }],
  });
  const [root] = directory.forests[0].domains;
  engine = createSyncEngine({
    clock,
    endpoint,
    aadConnectorName: 'contoso.onmicrosoft.com - AAD',
    connectors: [
      {
        name: 'contoso.com',
        forest: 'contoso.com',
        url: root.controllers[0].url,
        bindDn: root.adminDn,
        password: root.adminPassword,
        ca,
        domains: directory.forests[0].domains.map(({ baseDn, dnsName, controllers: [{ url }] }) => ({
          baseDn,
          dnsName,
          url,
        })),
      },
    ],
  });
});

afterAll(async () => {
  await engine.stop();
  await directory.stop();
});

const named = (name: string) => endpoint.readShadow().find(({ attributes }) => attributes['displayName'] === name);

test('each domain of a forest is imported from a controller of its own, and references cross between them', async () => {
  const [root, child] = directory.forests[0].domains;
  if (!child) throw new Error('The forest has a child domain.');
  const [inRoot, inChild] = [await boundClient(root, 0, ca), await boundClient(child, 0, ca)];
  const boss = await addUser(inRoot, 'boss');
  await addUser(inChild, 'ann', { manager: boss }, 'emea.contoso.com');
  expect((await engine.runCycle('Delta')).result).toBe('success');
  expect(named('ann')?.attributes).toMatchObject({
    onPremisesDomainName: 'emea.contoso.com',
    manager: named('boss')?.sourceAnchor,
  });
  await inRoot.unbind();
  await inChild.unbind();
});

test('a group with more members than the directory gives in one answer has all of them', async () => {
  const client = await boundClient(directory.forests[0].domains[0], 0, ca);
  const members: string[] = [];
  for (let number = 0; number < 1600; number += 1) members.push(await addUser(client, `member${number}`));
  await client.add('CN=everybody,CN=Users,DC=contoso,DC=com', {
    objectClass: 'group',
    sAMAccountName: 'everybody',
    displayName: 'everybody',
    member: members,
  });
  await engine.runCycle('Delta');
  expect(named('everybody')?.attributes['members']).toHaveLength(1600);
  await client.unbind();
});

test('a custom rule ahead of the default ones changes the value and the lineage after an Initial cycle', async () => {
  const rule = {
    name: 'In from AD - Lower mail',
    objectType: 'user',
    target: 'mail',
    source: 'mail',
    transform: 'lowerCase',
  };
  const client = await boundClient(directory.forests[0].domains[0], 0, ca);
  await addUser(client, 'carl', { mail: 'Carl@Contoso.com' });
  await engine.runCycle('Delta');
  expect(named('carl')?.attributes['mail']).toBe('Carl@Contoso.com');
  await engine
    .controls()
    .find(({ name }) => name === 'engine.customRules')
    ?.write([rule]);
  await engine.runCycle('Initial');
  const carl = named('carl');
  expect(carl?.attributes['mail']).toBe('carl@contoso.com');
  expect(engine.parts.entra.find(carl?.sourceAnchor ?? '')?.lineage.get('mail')).toMatchObject({
    flow: 'expression',
    rule: rule.name,
  });
  await client.unbind();
});
