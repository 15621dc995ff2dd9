import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Client, PageIterator } from '@microsoft/microsoft-graph-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GraphUnderTest } from './graph-client.ts';

let under: GraphUnderTest;
let client: Client;
beforeEach(async () => {
  under = await GraphUnderTest.start();
  setDefaultCACertificates([...getCACertificates('bundled'), under.tls.cert]);
  client = Client.init({
    baseUrl: under.graph.url.replace(/v1\.0$/, ''),
    customHosts: new Set(['127.0.0.1']),
    authProvider: (done) => done(null, under.bearer),
  });
});
afterEach(() => under.graph.stop());

test("Microsoft's own client creates, reads, changes and deletes a user", async () => {
  const user = await client.api('/users').post({
    accountEnabled: true,
    displayName: 'Ann',
    mailNickname: 'ann',
    userPrincipalName: 'ann@contoso.com',
    passwordProfile: { password: 'Correct-Horse-7' },
  });
  await client.api(`/users/${user.id}`).patch({ userPrincipalName: 'anne@contoso.com' });
  expect((await client.api('/users/anne@contoso.com').select('id').get()).id).toBe(user.id);
  await client.api(`/users/${user.id}`).delete();
  await expect(client.api(`/users/${user.id}`).get()).rejects.toMatchObject({
    statusCode: 404,
    code: 'Request_ResourceNotFound',
  });
});

test("Microsoft's own client follows the pages of a list", async () => {
  for (let number = 0; number < 7; number++) under.organisation.cloudUser(`u${number}@contoso.com`);
  const first = await client.api('/users').top(3).get();
  let seen = 0;
  const iterator = new PageIterator(client, first, () => {
    seen++;
    return true;
  });
  await iterator.iterate();
  expect(seen).toBe(7);
});

test("Microsoft's own client waits for Retry-After and tries again", async () => {
  await under.organisation.set('entra.faults', [{ kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 }]);
  expect((await client.api('/users').get()).value).toEqual([]);
  expect(under.graph.calls.map(({ status }) => status)).toEqual([429, 200]);
});

test("Microsoft's own client posts a batch of our making", async () => {
  under.organisation.cloudUser('ann@contoso.com');
  const { responses } = await client
    .api('/$batch')
    .post({ requests: [{ id: '1', method: 'GET', url: '/users/ann@contoso.com' }] });
  expect(responses[0]).toMatchObject({ id: '1', status: 200, body: { userPrincipalName: 'ann@contoso.com' } });
});
