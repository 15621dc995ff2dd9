import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, OutsideClient } from './outside-client.ts';
import { startTestStack, type TestStack } from './start-stack.ts';

let stack: TestStack;
let outside: OutsideClient;

beforeAll(async () => {
  stack = await startTestStack();
  outside = new OutsideClient(join(stack.directory, 'endpoints.json'));
});
afterAll(() => stack?.stop());

describe('whoever knows endpoints.json', () => {
  test('creates a cloud user through Graph and finds it again', async () => {
    const created = await outside.graph('POST', '/users', {
      accountEnabled: true,
      displayName: 'Iris Cloud',
      mailNickname: 'iris',
      userPrincipalName: 'iris@contoso.onmicrosoft.com',
      passwordProfile: { password: 'Passw0rd-of-Iris' },
    });
    expect(created.status).toBe(201);
    const found = await outside.graph('GET', `/users/${created.body.id}`);
    expect(found.body.userPrincipalName).toBe('iris@contoso.onmicrosoft.com');
  });

  test('sees the initial domain and contoso.com, verified and managed', async () => {
    const { body } = await outside.graph('GET', '/domains');
    expect(body.value).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'contoso.onmicrosoft.com', isInitial: true, isVerified: true }),
        expect.objectContaining({ id: 'contoso.com', isVerified: true, authenticationType: 'Managed' }),
      ]),
    );
  });

  test('is refused without a principal, and by an admin endpoint without the key', async () => {
    expect((await outside.api(null, 'GET', '/cases')).status).toBe(401);
    const bare = await fetch(`${outside.endpoints.functions}/admin/functions/detect`, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(401);
  });

  test('makes a conflict, detects it, approves its fix and sees the error proven gone', {
    timeout: 60_000,
  }, async () => {
    const common = { objectClass: 'user', userAccountControl: '512' };
    await outside.addToDirectory('Ben Alt', {
      ...common,
      sAMAccountName: 'ben.alt',
      userPrincipalName: 'ben.alt@contoso.com',
      employeeID: '1',
      proxyAddresses: ['SMTP:ben.alt@contoso.com', 'smtp:office@contoso.com'],
    });
    await outside.synchronise();
    const newcomer = await outside.addToDirectory('Eva Neu', {
      ...common,
      sAMAccountName: 'eva.neu',
      userPrincipalName: 'eva.neu@contoso.com',
      employeeID: '2',
      proxyAddresses: ['SMTP:eva.neu@contoso.com', 'smtp:office@contoso.com'],
    });
    await outside.synchronise();

    expect(await outside.start('detect')).toBe(202);
    const id = await eventually('a case with a fix is listed', async () => {
      const { body } = await outside.api('reader', 'GET', '/cases');
      const listed = body.value.find((one: { error: { value: string } }) =>
        /office@contoso\.com/.test(one.error.value),
      );
      if (listed === undefined) return undefined;
      const { body: one } = await outside.api('reader', 'GET', `/cases/${listed.id}`);
      return one.fixes?.length > 0 ? one.id : undefined;
    });

    const { body: found } = await outside.api('reader', 'GET', `/cases/${id}`);
    expect(found).toMatchObject({
      error: { code: 'QuarantinedProxyAddress', objectType: 'user', attribute: 'proxyAddresses' },
      subject: { displayName: 'Eva Neu', onPremises: { dn: newcomer } },
      diagnosis: { party: 'DifferentParties' },
    });
    const fix = found.fixes.find(
      (one: { kind: string; changes: { objectId: string }[] }) =>
        one.kind === 'changes' && one.changes.every(({ objectId }) => objectId === found.subject.onPremises.objectGuid),
    );
    const approval = { fixId: fix.id, planHash: fix.planHash, reason: 'Ben keeps the office address' };
    expect((await outside.api('reader', 'POST', `/cases/${id}/approve`, approval)).status).toBe(403);
    expect((await outside.api('approver', 'POST', `/cases/${id}/approve`, approval)).status).toBeLessThan(300);

    const stateOf = async () => (await outside.api('reader', 'GET', `/cases/${id}`)).body.state;
    await eventually('the fix is applied', async () => (await stateOf()) === 'Applied');
    const addresses = await outside.withDirectory(async (client) => {
      const { searchEntries } = await client.search(newcomer, { scope: 'base', attributes: ['proxyAddresses'] });
      return [searchEntries[0]?.['proxyAddresses']].flat();
    });
    expect(addresses).toEqual(['SMTP:eva.neu@contoso.com']);
    await outside.synchronise();
    await eventually('the case is resolved', async () => (await stateOf()) === 'Resolved');
  });
});
