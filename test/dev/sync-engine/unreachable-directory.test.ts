import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdConnectorOptions } from '../../../dev/sync-engine/ad-connector.ts';
import { createSyncEngine } from '../../../dev/sync-engine/sync-engine.ts';
import { addUser, HybridOrganisation, localhostCertificate } from './hybrid-organisation.ts';
import { ScriptedEndpoint } from './scripted-endpoint.ts';

let organisation: HybridOrganisation;

beforeAll(async () => {
  organisation = await HybridOrganisation.start(() => new ScriptedEndpoint(), {
    forests: ['contoso.com', 'fabrikam.com'],
  });
  await addUser(organisation.client(1), 'ann', {}, 'fabrikam.com');
});

afterAll(() => organisation.stop());

function connector(forest: number): AdConnectorOptions {
  const { dnsName, baseDn, controllers, adminDn, adminPassword } = organisation.domain(forest);
  const address = { url: controllers[0].url, bindDn: adminDn, password: adminPassword, ca: organisation.ca };
  return { name: dnsName, forest: dnsName, domains: [{ baseDn, dnsName }], ...address };
}

test.each<[string, () => Promise<Partial<AdConnectorOptions>>, string]>([
  ['nobody listens', async () => ({ url: 'ldaps://localhost:1' }), 'no-start-connection'],
  [
    'the certificate is of another authority',
    async () => ({ ca: (await localhostCertificate()).cert }),
    'no-start-connection',
  ],
  ['the password is wrong', async () => ({ password: 'wrong' }), 'no-start-credentials'],
  [
    'the partition is not there',
    async () => ({ domains: [{ baseDn: 'DC=gone', dnsName: 'gone' }] }),
    'stopped-server-down',
  ],
])(
  'when %s the import of that forest says so, and the other forest is synchronised',
  async (_story, broken, stepResult) => {
    const endpoint = new ScriptedEndpoint();
    const engine = createSyncEngine({
      clock: organisation.clock,
      endpoint,
      aadConnectorName: 'contoso.onmicrosoft.com - AAD',
      connectors: [{ ...connector(0), ...(await broken()) }, connector(1)],
    });
    const { result, runs } = await engine.runCycle('Delta');
    expect(result).toBe(stepResult);
    expect(runs.filter((run) => run.result !== 'success').map((run) => run.connectorName)).toEqual(['contoso.com']);
    expect(endpoint.readShadow().map(({ attributes }) => attributes['userPrincipalName'])).toEqual([
      'ann@fabrikam.com',
    ]);
    await engine.stop();
  },
);
