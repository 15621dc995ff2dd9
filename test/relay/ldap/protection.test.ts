import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ValueState } from '../../../src/domain/change.ts';
import type { AdObject } from '../../../src/domain/evidence.ts';
import { applyChanges } from '../../../src/relay/ldap/changes.ts';
import { DoneWrites } from '../../../src/relay/ldap/idempotency.ts';
import { refuseAttribute, refuseObject, refuseRemoval } from '../../../src/relay/ldap/write-rules.ts';
import { type Forests, startForests } from '../forests.ts';

const ordinary: AdObject = {
  forest: 'contoso.com',
  domainController: 'dc1.contoso.com',
  distinguishedName: 'CN=Ada,CN=Users,DC=contoso,DC=com',
  objectGuid: '01234567-89ab-cdef-0123-456789abcdef',
  sidHistory: [],
  objectType: 'user',
  displayName: 'Ada',
  proxyAddresses: [],
  phones: [],
  accountEnabled: true,
  servicePrincipalNames: [],
  isCriticalSystemObject: false,
  isGroupManagedServiceAccount: false,
  tierZero: false,
  inheritanceBroken: false,
  emailAddressPolicyOff: false,
  attributeChangedAt: {},
};

it('writes nothing but names and addresses', () => {
  for (const attribute of ['userPrincipalName', 'proxyAddresses', 'mail'])
    expect(refuseAttribute(attribute)).toBeNull();
  for (const attribute of [
    'mailNickname',
    'targetAddress',
    'legacyExchangeDN',
    'msExchMailboxGuid',
    'mS-DS-ConsistencyGuid',
    'unicodePwd',
    'Mail',
  ]) {
    expect(refuseAttribute(attribute)).toMatchObject({ code: 'ProtectedAttribute' });
  }
});

describe('protected objects', () => {
  it('lets an ordinary object be changed', () => {
    expect(refuseObject(ordinary)).toBeNull();
  });

  const protectedBy: Record<string, Partial<AdObject>> = {
    'adminCount 1': { adminCount: 1 },
    'a Tier-0 group': { tierZero: true },
    'being critical': { isCriticalSystemObject: true },
    'refusing inheritance': { inheritanceBroken: true },
    'being a managed service account': { isGroupManagedServiceAccount: true },
    'a service principal name': { servicePrincipalNames: ['http/app'] },
    'being the connector account': { sAMAccountName: 'MSOL_0123456789ab' },
    'being the old connector account': { sAMAccountName: 'AAD_0123456789ab' },
    'being the cloud sync account': { userPrincipalName: 'Sync_SRV_0123@contoso.onmicrosoft.com' },
    'being the ticket account': { sAMAccountName: 'krbtgt' },
    'being an arbitration mailbox': { msExchRecipientTypeDetails: '8388608' },
    'being a health mailbox': { displayName: 'HealthMailbox-EX01-001' },
  };
  for (const [because, part] of Object.entries(protectedBy)) {
    it(`are protected by ${because}`, () => {
      expect(refuseObject({ ...ordinary, ...part })).toMatchObject({ code: 'ProtectedObject' });
    });
  }
});

describe('protected values', () => {
  const removal = (value: string, nextPrimary: string | null = null, object: Partial<AdObject> = {}) =>
    refuseRemoval({ ...ordinary, ...object }, [value], nextPrimary);

  it('are X400 and X500 addresses, in any spelling', () => {
    for (const value of ['X500:/o=a/cn=b', 'x500:/o=a', 'X400:c=us;a= ;p=a;'])
      expect(removal(value)).toMatchObject({ code: 'ProtectedValue' });
  });

  it('are addresses of the tenant itself', () => {
    for (const value of [
      'smtp:a@contoso.onmicrosoft.com',
      'smtp:a@Contoso.mail.onMicrosoft.com',
      'a@contoso.onmicrosoft.com',
    ]) {
      expect(removal(value)).toMatchObject({ code: 'ProtectedValue' });
    }
    expect(removal('smtp:a@notonmicrosoft.com')).toBeNull();
  });

  it('are equal to the target address', () => {
    expect(removal('smtp:Out@fabrikam.com', null, { targetAddress: 'SMTP:out@fabrikam.com' })).toMatchObject({
      code: 'ProtectedValue',
    });
  });

  it('are the primary address, unless the change names a new one', () => {
    expect(removal('SMTP:a@contoso.com')).toMatchObject({ code: 'ProtectedValue' });
    expect(removal('SMTP:a@contoso.com', 'SMTP:a@contoso.com')).toMatchObject({ code: 'ProtectedValue' });
    expect(removal('SMTP:a@contoso.com', 'SMTP:b@contoso.com')).toBeNull();
    expect(removal('smtp:a@contoso.com')).toBeNull();
  });
});

describe('over LDAP', () => {
  let forests: Forests;
  beforeAll(async () => {
    forests = await startForests();
  });
  afterAll(() => forests.stop());

  const drop = async (dn: string, value: string) => {
    const state = (present: string[], absent: string[]): ValueState => ({
      kind: 'multiple',
      present,
      absent,
      primary: null,
    });
    const writes = forests.writes();
    const [answer] = await applyChanges(forests.directory, new DoneWrites(), [
      {
        idempotencyKey: 'k',
        begun: false,
        change: {
          forest: 'contoso.com',
          objectGuid: await forests.guidOf(dn),
          attribute: 'proxyAddresses',
          operation: 'delete',
          values: [value],
          before: state([value], []),
          after: state([], [value]),
        },
      },
    ]);
    expect(forests.writes()).toBe(writes);
    return answer;
  };
  const users = 'CN=Users,DC=contoso,DC=com';

  it('keeps an address of the tenant', async () => {
    const value = 'smtp:keep@contoso.onmicrosoft.com';
    const dn = await forests.add(`CN=Keep,${users}`, { objectClass: 'user', proxyAddresses: [value] });
    expect(await drop(dn, value)).toMatchObject({ outcome: 'refused', code: 'ProtectedValue' });
  });

  it('keeps off a member, nested, of Domain Admins', async () => {
    const value = 'smtp:nested@contoso.com';
    const dn = await forests.add(`CN=Nested,${users}`, { objectClass: 'user', proxyAddresses: [value] });
    const inner = await forests.add(`CN=Inner,${users}`, { objectClass: 'group', member: dn });
    await forests.join(`CN=Domain Admins,${users}`, inner);
    expect(await drop(dn, value)).toMatchObject({ outcome: 'refused', code: 'ProtectedObject' });
  });

  it('refuses a change whose values are not the difference of before and after', async () => {
    const dn = await forests.add(`CN=Odd,${users}`, { objectClass: 'user', proxyAddresses: ['smtp:odd@contoso.com'] });
    const objectGuid = await forests.guidOf(dn);
    const state: ValueState = { kind: 'multiple', present: ['smtp:odd@contoso.com'], absent: [], primary: null };
    const change = {
      forest: 'contoso.com',
      objectGuid,
      attribute: 'proxyAddresses',
      operation: 'delete' as const,
      values: ['smtp:odd@contoso.com'],
      before: state,
      after: state,
    };
    const [answer] = await applyChanges(forests.directory, new DoneWrites(), [
      { idempotencyKey: 'k', begun: false, change },
    ]);
    expect(answer).toMatchObject({ outcome: 'refused', code: 'InconsistentChange' });
  });
});
