import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sambaIsInstalled } from '../../../dev/active-directory/samba/template.ts';
import { createTenant, type Tenant } from '../../../dev/entra/tenant.ts';
import { addUser, baseDnOf, HybridOrganisation, modify } from './hybrid-organisation.ts';

const base = baseDnOf('contoso.com');

// A missing Samba is no reason to fail on a developer's machine, but it is one in CI.
describe.skipIf(!sambaIsInstalled() && process.env['CI'] !== 'true')(
  'the engine over a real Samba domain controller',
  () => {
    let tenant: Tenant | undefined;
    let organisation: HybridOrganisation;

    beforeAll(async () => {
      organisation = await HybridOrganisation.start(
        (clock) => {
          tenant = createTenant({ clock, seed: 1 });
          return tenant;
        },
        { samba: true },
      );
    });

    afterAll(() => organisation.stop());

    const cycle = () => organisation.engine.runCycle('Delta');
    const named = (name: string) => tenant?.readShadow().find(({ attributes }) => attributes['displayName'] === name);

    test('imports, follows changes, moves and deletions, and leaves built-in objects out', async () => {
      const client = organisation.client();
      await client.add(`OU=Staff,${base}`, { objectClass: 'organizationalUnit' });
      const ann = await addUser(client, 'ann', {
        proxyAddresses: ['SMTP:ann@contoso.com', 'smtp:a@contoso.com'],
        mailNickname: 'ann',
      });
      const bob = await addUser(client, 'bob', { manager: ann });
      expect(await cycle()).toMatchObject({ result: 'success', exported: 2 });
      expect(named('bob')?.attributes['manager']).toBe(named('ann')?.sourceAnchor);
      expect(await cycle()).toMatchObject({ result: 'success', exported: 0 });

      await modify(client, ann, 'delete', 'proxyAddresses', 'smtp:a@contoso.com');
      await client.modifyDN(bob, `CN=bob,OU=Staff,${base}`);
      await cycle();
      expect(named('ann')?.attributes['proxyAddresses']).toEqual(['SMTP:ann@contoso.com']);
      expect(named('bob')?.attributes['onPremisesDistinguishedName']).toBe(`CN=bob,OU=Staff,${base}`);

      await client.modifyDN(`OU=Staff,${base}`, `OU=People,${base}`);
      await client.del(ann);
      await cycle();
      expect(named('ann')).toBeUndefined();
      expect(named('bob')?.attributes['onPremisesDistinguishedName']).toBe(`CN=bob,OU=People,${base}`);
      expect(named('bob')?.attributes['manager']).toBeUndefined();
    });
  },
);
