import { describe, expect, test } from 'vitest';
import type { Evidence, VerifiedDomain } from '../../src/domain/evidence.ts';
import { usualAuditPolicy } from '../../src/pipeline/audit-policy.ts';
import { brokenRules, rulesNow } from '../../src/pipeline/rules-now.ts';
import { adUser, guid, known, twinOf, unknown } from '../domain/evidence-builder.ts';
import { World } from './world.ts';

const eve = adUser({
  objectGuid: guid(31),
  displayName: 'Eve Ek',
  userPrincipalName: 'eve ek@contoso.com',
  sAMAccountName: 'eve',
});
const domains = known<VerifiedDomain[]>([
  { name: 'contoso.onmicrosoft.com', isInitial: true, authenticationType: 'Managed' },
  { name: 'contoso.com', isInitial: false, authenticationType: 'Managed' },
]);
const sought = (value: string, attribute: Evidence['sought']['attribute'] = 'userPrincipalName') => ({
  attribute,
  value,
});

function worldWith(...others: Parameters<typeof adUser>[0][]): World {
  const world = new World();
  world.directories.ads = [structuredClone(eve), ...others.map(adUser)];
  return world;
}

describe('what a value breaks', () => {
  const broken = async (value: string, ad = eve) =>
    (await brokenRules(new World(), usualAuditPolicy, { ad, sought: sought(value), domains })).map(({ rule }) => rule);

  test('is asked of the object as it is now', async () => {
    expect(await broken('eve ek@contoso.com')).toEqual(['UserPrincipalNameCharacters']);
    expect(await broken('eve ek@contoso.com', { ...eve, userPrincipalName: 'eve.ek@contoso.com' })).toEqual([]);
  });

  test('of an absent value is its absence', async () => {
    const { userPrincipalName: _, ...nameless } = eve;
    expect(await broken('', nameless)).toEqual(['UserPrincipalNameAbsent']);
    expect(await broken('', eve)).toEqual([]);
  });
});

describe('a value that would do', () => {
  const replacement = async (world: World, suggested: string | null) =>
    (
      await rulesNow(
        world.ports,
        usualAuditPolicy,
        { ad: eve, sought: sought('eve ek@contoso.com'), domains },
        suggested,
      )
    ).replacement;

  test("is the audit's own proposal while it passes and is free", async () => {
    expect(await replacement(worldWith(), 'eve.7@contoso.com')).toMatchObject({
      value: 'eve.7@contoso.com',
      taken: { state: 'known', value: false },
    });
  });

  test('is another one when that breaks a rule or somebody has it', async () => {
    expect((await replacement(worldWith(), 'eve 7@contoso.com'))?.value).toBe('eveek@contoso.com');
    const world = worldWith({ objectGuid: guid(32), userPrincipalName: 'eveek@contoso.com' });
    const found = await replacement(world, 'eveek@contoso.com');
    expect(found?.value).not.toBe('eveek@contoso.com');
    expect(found?.taken).toMatchObject({ value: false });
  });

  test("is not taken by the object's own twin in Entra", async () => {
    const world = worldWith();
    world.directories.clouds = [twinOf(eve, { id: guid(6), userPrincipalName: 'eveek@contoso.com' })];
    expect(await replacement(world, 'eveek@contoso.com')).toMatchObject({
      value: 'eveek@contoso.com',
      taken: { value: false },
    });
  });

  test('stays unknown while a directory does not answer', async () => {
    const world = worldWith();
    world.directories.graphIsDown = true;
    expect(await replacement(world, null)).toMatchObject({
      taken: { state: 'unknown', because: expect.stringContaining('Graph') },
    });
  });

  test('is none that the object has beside the wrong one: then a person removes that', async () => {
    const world = worldWith();
    const value = 'smtp:eve ek@contoso.com';
    const asked = (proxyAddresses: string[]) =>
      rulesNow(
        world.ports,
        usualAuditPolicy,
        { ad: { ...eve, proxyAddresses }, sought: sought(value, 'proxyAddresses'), domains },
        'smtp:eveek@contoso.com',
      );
    expect((await asked([value])).replacement?.value).toBe('smtp:eveek@contoso.com');
    const beside = await asked([value, 'SMTP:EveEk@contoso.com']);
    expect(beside.broken).toMatchObject({ value: [{ rule: 'ProxyAddressSpace' }] });
    expect(beside.replacement?.value.toLowerCase()).not.toBe('smtp:eveek@contoso.com');
  });

  test('is not looked for when the value passes', async () => {
    const mended = { ...eve, userPrincipalName: 'eve.ek@contoso.com' };
    const asked = { ad: mended, sought: sought('eve ek@contoso.com'), domains };
    expect(await rulesNow(worldWith().ports, usualAuditPolicy, asked, 'x@contoso.com')).toMatchObject({
      broken: { state: 'known', value: [] },
      replacement: null,
    });
  });

  test('of what may be the same at several objects is free without asking', async () => {
    const world = worldWith();
    world.directories.graphIsDown = true;
    const long = 'x'.repeat(300);
    const asked = { ad: { ...eve, displayName: long }, sought: sought(long, 'displayName'), domains: unknown() };
    expect(await rulesNow(world.ports, usualAuditPolicy, asked, null)).toMatchObject({
      replacement: { taken: { state: 'known', value: false } },
    });
  });
});
