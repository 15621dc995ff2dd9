import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, OutsideClient } from '../stack/outside-client.ts';
import { startTestStack, type TestStack } from '../stack/start-stack.ts';

interface ShownCase {
  readonly state: string;
  readonly error: { readonly code: string; readonly value: string };
  readonly diagnosis?: { readonly reason: string; readonly party?: string };
  readonly fixes: readonly { readonly kind: string; readonly recommended: boolean }[];
}

let stack: TestStack;
let outside: OutsideClient;
let startedInMs: number;

beforeAll(async () => {
  const before = performance.now();
  stack = await startTestStack({ empty: false });
  startedInMs = performance.now() - before;
  outside = new OutsideClient(join(stack.directory, 'endpoints.json'));
});
afterAll(() => stack?.stop());

/** The diagnosed case about a value of the subject with this name. */
async function caseOf(displayName: string, value: string): Promise<ShownCase> {
  return await eventually(`the case of ${displayName} is diagnosed`, async () => {
    const { body: list } = await outside.api('reader', 'GET', '/cases?pageSize=200');
    for (const listed of list.value) {
      const { body } = await outside.api('reader', 'GET', `/cases/${listed.id}`);
      const isIt = body.subject?.displayName === displayName && body.error.value.includes(value);
      if (isIt && body.state !== 'Detected') return body as ShownCase;
    }
    return undefined;
  });
}

describe('the demo organisation', { timeout: 60_000 }, () => {
  test('is ready well within fifteen seconds', () => {
    expect(startedInMs).toBeLessThan(15_000);
  });

  test('has about sixty objects in three domains of two forests', async () => {
    const count = async (path: string) => (await outside.graph('GET', `${path}?$top=999`)).body.value;
    const users = await count('/users');
    const total = users.length + (await count('/groups')).length + (await count('/contacts')).length;
    expect(total).toBeGreaterThanOrEqual(55);
    expect(total).toBeLessThanOrEqual(65);
    const selected = '/users?$top=999&$select=onPremisesDomainName';
    const { body } = await outside.graph('GET', selected);
    const domains = new Set(body.value.map((user: { onPremisesDomainName: string }) => user.onPremisesDomainName));
    expect([...domains]).toEqual(expect.arrayContaining(['contoso.com', 'emea.contoso.com', 'fabrikam.com', null]));
  });

  test('recommends a keeper where one party clearly needs the address', async () => {
    const found = await caseOf('Kiosk Berlin', 'mona.keller@');
    expect(found).toMatchObject({
      state: 'AwaitingApproval',
      diagnosis: { reason: 'KeeperRecommended', party: 'DifferentParties' },
    });
    expect(found.fixes.find(({ recommended }) => recommended)?.kind).toBe('changes');
  });

  test('leaves the choice to a person where nothing speaks for either', async () => {
    const found = await caseOf('Petra Lang', 'p.lang@');
    expect(found).toMatchObject({ state: 'NeedsPerson', diagnosis: { reason: 'PersonMustChoose' } });
    expect(found.fixes.filter(({ kind }) => kind === 'changes')).toHaveLength(2);
  });

  test('sees one person behind two accounts, whose two errors are one case', async () => {
    const states = await Promise.all([
      caseOf('Lena Brandt', 'smtp:lena.brandt@'),
      eventually('the user name is diagnosed', async () => {
        const { body } = await outside.api('reader', 'GET', '/cases?pageSize=200&code=QuarantinedUserPrincipalName');
        return body.value.find((one: ShownCase) => one.error.value === 'lena.brandt@contoso.com');
      }),
    ]);
    expect(states[0].diagnosis?.party).toBe('SamePerson');
    await eventually('one is merged into the other', async () => {
      const { body } = await outside.api('reader', 'GET', '/cases?pageSize=200&search=lena.brandt');
      return body.value.some(({ state }: ShownCase) => state === 'MergedInto');
    });
  });

  test('asks for a statement where nothing proves one person or two', async () => {
    expect(await caseOf('Thomas Winter', 't.winter@')).toMatchObject({
      state: 'NeedsPerson',
      diagnosis: { reason: 'PartyUndecided', party: 'Undecided' },
    });
  });

  test('offers runbooks only for protected objects', async () => {
    const found = await caseOf('Adam Tier', 'ada@');
    expect(found.diagnosis?.reason).toBe('ProtectedObject');
    expect(found.fixes.map(({ kind }) => kind)).not.toContain('changes');
  });

  test('says when nobody who can be seen holds the value', async () => {
    expect(await caseOf('Order Desk', 'orders@')).toMatchObject({ diagnosis: { reason: 'NoVisibleHolder' } });
  });

  test('finds the quarantined user name', async () => {
    expect(await caseOf('Nina Roth', 'nina.roth@')).toMatchObject({
      error: { code: 'QuarantinedUserPrincipalName' },
      diagnosis: { party: 'DifferentParties' },
    });
  });

  test('finds a group and a contact that want the address of another group', async () => {
    expect((await caseOf('Sales Europe', 'sales@')).error.code).toBe('QuarantinedProxyAddress');
    expect((await caseOf('Sales Partner', 'sales@')).error.code).toBe('QuarantinedProxyAddress');
  });

  test('keeps what it does not understand', async () => {
    expect(await caseOf('Mail Robot', 'mail robot@')).toMatchObject({ diagnosis: { reason: 'NotUnderstood' } });
  });

  test('has nobody else in trouble', async () => {
    const { body } = await outside.api('reader', 'GET', '/cases?pageSize=200');
    expect(body.total).toBe(12);
  });
});
