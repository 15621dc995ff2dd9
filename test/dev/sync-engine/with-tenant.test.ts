import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../dev/entra/tenant.ts';
import { addUser, HybridOrganisation, modify } from './hybrid-organisation.ts';

let tenant: Tenant | undefined;
let organisation: HybridOrganisation;

beforeEach(async () => {
  organisation = await HybridOrganisation.start((clock) => {
    tenant = createTenant({ clock, seed: 1 });
    return tenant;
  });
});

afterEach(() => organisation.stop());

const cycle = () => organisation.engine.runCycle('Delta');
const shadowOf = (name: string) => tenant?.readShadow().find(({ attributes }) => attributes['displayName'] === name);

/** The values of an object that are in quarantine. */
function quarantined(name: string): readonly string[] {
  const anchor = shadowOf(name)?.sourceAnchor ?? '';
  return tenant?.state.directory.byAnchor(anchor)?.quarantine.map(({ value }) => value) ?? [];
}

describe('the engine over the tenant stand-in', () => {
  test('a second cycle finds every export confirmed and sends nothing', async () => {
    const client = organisation.client();
    const boss = await addUser(client, 'boss');
    const ann = await addUser(client, 'ann', {
      manager: boss,
      proxyAddresses: ['smtp:b@contoso.com', 'SMTP:ann@contoso.com'],
    });
    await client.add('CN=staff,CN=Users,DC=contoso,DC=com', {
      objectClass: 'group',
      sAMAccountName: 'staff',
      displayName: 'staff',
      member: ann,
    });
    expect((await cycle()).exported).toBeGreaterThanOrEqual(3);
    expect(await cycle()).toMatchObject({ result: 'success', exported: 0 });
  });

  test('a duplicate address is quarantined while the export succeeds, and released after the holder gave it up', async () => {
    const client = organisation.client();
    const ann = await addUser(client, 'ann', { proxyAddresses: ['SMTP:ann@contoso.com', 'smtp:shared@contoso.com'] });
    await cycle();
    await addUser(client, 'bob', { proxyAddresses: ['SMTP:bob@contoso.com', 'smtp:shared@contoso.com'] });
    expect(await cycle()).toMatchObject({ result: 'success', exportErrors: 0 });
    expect(quarantined('bob').join()).toMatch(/shared@contoso\.com/i);
    await modify(client, ann, 'delete', 'proxyAddresses', 'smtp:shared@contoso.com');
    await cycle();
    expect(quarantined('bob')).toEqual([]);
  });

  test('a contact and a user of one forest with the same address do not join, so they are in conflict', async () => {
    const client = organisation.client();
    await addUser(client, 'ann', { mail: 'ann@contoso.com', proxyAddresses: ['SMTP:ann@contoso.com'] });
    await cycle();
    await client.add('CN=Ann C,CN=Users,DC=contoso,DC=com', {
      objectClass: 'contact',
      displayName: 'Ann C',
      mail: 'ann@contoso.com',
      proxyAddresses: ['SMTP:ann@contoso.com'],
    });
    const { exportErrors } = await cycle();
    expect(exportErrors + quarantined('Ann C').length).toBeGreaterThan(0);
  });

  test('a deleted user comes back as the same object when the same anchor is synchronised again', async () => {
    const client = organisation.client();
    const ann = await addUser(client, 'ann');
    await cycle();
    const before = shadowOf('ann')?.cloudId;
    await modify(client, ann, 'replace', 'adminDescription', 'User_out');
    await cycle();
    expect(shadowOf('ann')).toBeUndefined();
    await modify(client, ann, 'delete', 'adminDescription', 'User_out');
    await cycle();
    expect(shadowOf('ann')?.cloudId).toBe(before);
  });
});

describe('other hands', () => {
  const off = { emailAddressPolicy: [], x500WriteBack: false, identityManagement: false, staleServer: false };

  test('an email address policy adds its address again, but not to a recipient that it is switched off for', async () => {
    const client = organisation.client();
    const ann = await addUser(client, 'ann', {
      mailNickname: 'ann',
      proxyAddresses: ['SMTP:ann@contoso.com', 'smtp:ann@old.com'],
    });
    await addUser(client, 'bob', {
      mailNickname: 'bob',
      msExchPoliciesExcluded: '{26491cfc-9e50-4857-861b-0cb8df22b5d7}',
    });
    await organisation.set('engine.otherHands', { ...off, emailAddressPolicy: ['%m@old.com'] });
    await cycle();
    await modify(client, ann, 'delete', 'proxyAddresses', 'smtp:ann@old.com');
    await cycle();
    expect(shadowOf('ann')?.attributes['proxyAddresses']).toContain('smtp:ann@old.com');
    expect(shadowOf('bob')?.attributes['proxyAddresses']).toBeUndefined();
  });

  test('Exchange writes one X500 address back and leaves it at that', async () => {
    await addUser(organisation.client(), 'ann', { mailNickname: 'ann', proxyAddresses: ['SMTP:ann@contoso.com'] });
    await organisation.set('engine.otherHands', { ...off, x500WriteBack: true });
    await cycle();
    await cycle();
    const addresses = [shadowOf('ann')?.attributes['proxyAddresses']].flat();
    expect(addresses.filter((value) => String(value).startsWith('x500:'))).toHaveLength(1);
  });

  test('an identity management system puts last night back', async () => {
    const client = organisation.client();
    const ann = await addUser(client, 'ann', { mail: 'ann@contoso.com' });
    await cycle();
    await organisation.set('engine.otherHands', { ...off, identityManagement: true });
    await modify(client, ann, 'replace', 'mail', 'new@contoso.com');
    await modify(client, ann, 'replace', 'department', 'Sales');
    await cycle();
    expect(shadowOf('ann')?.attributes).toMatchObject({ mail: 'ann@contoso.com', department: 'Sales' });
  });

  test('a second server with stale data and the engine overwrite each other in turn', async () => {
    const client = organisation.client();
    const ann = await addUser(client, 'ann', { department: 'Old' });
    await cycle();
    await organisation.set('engine.otherHands', { ...off, staleServer: true });
    await modify(client, ann, 'replace', 'department', 'New');
    const departments: unknown[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await cycle();
      departments.push(shadowOf('ann')?.attributes['department']);
    }
    expect(departments).toEqual(['New', 'Old', 'New']);
  });
});
