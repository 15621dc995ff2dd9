import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DirectoryObject } from '../../../dev/entra/directory-object.ts';
import { patchObject } from '../../../dev/entra/graph-writes.ts';
import { holderOfAddress, holderOfUpn } from '../../../dev/entra/holders.ts';
import type { ObjectType } from '../../../dev/entra/provisioning.ts';
import { parseProxyAddress, smtpKeys } from '../../../dev/entra/proxy-address.ts';
import { isStillWanted } from '../../../dev/entra/quarantine.ts';
import { type Switches, type SwitchName, switchNames, switchTable } from '../../../dev/entra/switches.ts';
import { Organisation } from './organisation.ts';

const locals = ['ann', 'bob', 'x'];
const address = fc.constantFrom(...locals.map((local) => `${local}@contoso.com`), 'x@contoso.onmicrosoft.com');
const upn = fc.constantFrom(...locals.map((local) => `${local}@contoso.com`), 'ann@contoso.local');
const addresses = fc
  .uniqueArray(address, { maxLength: 3 })
  .map((list) => list.map((each, position) => `${position === 0 ? 'SMTP' : 'smtp'}:${each}`));
const anchor = fc.constantFrom('a', 'b', 'c', 'd');
const attributes = fc.record(
  {
    userPrincipalName: upn,
    proxyAddresses: addresses,
    mail: address,
    mailNickname: fc.constantFrom(...locals),
    msExchMailboxGuid: fc.constant('g'),
  },
  { requiredKeys: ['userPrincipalName', 'proxyAddresses'] },
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('export' as const), anchor, attributes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), anchor }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('cloudUser' as const),
      upn,
      mail: fc.option(address, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('patch' as const), upn, to: upn, mail: address }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('licence' as const), upn, on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const typeOf: Record<string, ObjectType> = { a: 'user', b: 'user', c: 'group', d: 'contact' };

async function take(organisation: Organisation, step: Step): Promise<void> {
  const { tenant } = organisation;
  switch (step.kind) {
    case 'export': {
      const objectType = typeOf[step.anchor] ?? 'user';
      const known = tenant.readShadow().some(({ sourceAnchor }) => sourceAnchor === step.anchor);
      organisation.send(known ? 'update' : 'add', objectType, step.anchor, step.attributes);
      return;
    }
    case 'delete':
      tenant.provision([{ operation: 'delete', sourceAnchor: step.anchor }]);
      return;
    case 'cloudUser':
      try {
        organisation.cloudUser(step.upn, {
          onPremisesImmutableId: `cloud-${step.upn}`,
          ...(step.mail ? { mail: step.mail } : {}),
        });
      } catch {
        // the UPN or the address is taken
      }
      return;
    case 'patch': {
      const user = tenant.state.directory.byUpn(step.upn);
      if (user) patchObject(tenant.state, user, { userPrincipalName: step.to });
      if (user) patchObject(tenant.state, user, { mail: step.mail });
      return;
    }
    case 'licence':
      if (tenant.state.directory.byUpn(step.upn)) await organisation.set('entra.licences', { [step.upn]: step.on });
      return;
    case 'settle':
      tenant.settle();
  }
}

function active(organisation: Organisation): DirectoryObject[] {
  const { directory } = organisation.tenant.state;
  const all = (['user', 'group', 'contact'] as const).flatMap((type) => [...directory.all(type)]);
  return all.filter(({ deletedAt }) => deletedAt === undefined);
}

function expectUnique(organisation: Organisation): void {
  const upns = active(organisation).flatMap(({ userPrincipalName }) => userPrincipalName?.toLowerCase() ?? []);
  const held = active(organisation).flatMap(({ proxyAddresses }) => smtpKeys(proxyAddresses));
  expect(upns.toSorted()).toEqual([...new Set(upns)].toSorted());
  expect(held.toSorted()).toEqual([...new Set(held)].toSorted());
}

/** After a cycle an entry has a reason: the shadow wants the value and somebody else has it. */
function expectJustifiedEntries(organisation: Organisation): void {
  const { state } = organisation.tenant;
  for (const object of active(organisation)) {
    for (const entry of object.quarantine) {
      expect(isStillWanted(object, entry)).toBe(true);
      const holder =
        entry.attribute === 'UserPrincipalName'
          ? holderOfUpn(state, entry.value, object)
          : holderOfAddress(state, parseProxyAddress(entry.value).address, object);
      expect(holder).toBeDefined();
    }
  }
}

/** Nothing is lost: what a synchronised object exports is visible or quarantined. */
function expectNothingLost(organisation: Organisation): void {
  for (const object of active(organisation).filter(({ sync }) => sync === 'synced')) {
    const exported = smtpKeys((object.shadow?.['proxyAddresses'] as readonly string[]) ?? []);
    const quarantined = object.quarantine.map(({ value }) => parseProxyAddress(value).address.toLowerCase());
    const visible = smtpKeys(object.proxyAddresses);
    expect(exported.filter((key) => !visible.includes(key) && !quarantined.includes(key))).toEqual([]);
  }
}

const alone: Partial<Switches>[] = switchNames.flatMap((name: SwitchName) =>
  switchTable[name].values.filter((value) => value !== switchTable[name].default).map((value) => ({ [name]: value })),
);

test.each([{}, ...alone])(
  'whatever happens, values stay unique, entries justified, and nothing is lost: %o',
  async (switches) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(step, { minLength: 3, maxLength: 25 }), async (seed, steps) => {
        const organisation = new Organisation({ seed, switches });
        for (const each of steps) {
          await take(organisation, each);
          expectUnique(organisation);
        }
        // one job can free a value that it has already passed by
        for (let job = 0; job < 4; job++) organisation.tenant.settle();
        expectUnique(organisation);
        if (switches.staleQuarantine !== 'on') expectJustifiedEntries(organisation);
        expectNothingLost(organisation);
      }),
      { numRuns: 150 },
    );
  },
);
