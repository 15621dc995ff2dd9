import { expect, test } from 'vitest';
import { type AddressAttribute, authorityOf } from '../../src/domain/authority.ts';
import type { CloudFacts, Evidence } from '../../src/domain/evidence.ts';
import { partiesOf } from '../../src/domain/party.ts';
import {
  adUser,
  cloudUser,
  directFlows,
  evidenceOf,
  guid,
  inNoScope,
  known,
  twinOf,
  unknown,
} from './evidence-builder.ts';

const ad = adUser({ objectGuid: guid(11) });
const anchor = twinOf(ad, { id: guid(1) }).onPremisesImmutableId ?? '';
const synced = twinOf(ad, { id: guid(1) });

interface Row {
  readonly story: string;
  readonly attribute?: AddressAttribute;
  readonly cloud?: Parameters<typeof cloudUser>[0] | null;
  readonly onPremises?: readonly (typeof ad)[];
  readonly facts?: Partial<CloudFacts>;
  readonly engine?: Evidence['engineFacts'];
  readonly exchangeAuthority?: Evidence['tenant']['exchangeAuthority'];
  readonly expected: string;
}

const mailbox: Partial<CloudFacts> = { recipient: known('user-mailbox') };
const fallen = { id: guid(1), onPremisesImmutableId: anchor, onPremisesSyncEnabled: null } as const;

const rows: Row[] = [
  { story: 'the UPN of a synchronised user', attribute: 'userPrincipalName', expected: 'active-directory' },
  { story: 'the addresses of a synchronised user without mailbox', expected: 'active-directory' },
  {
    story: 'the addresses of a synchronised mailbox user, mastered on premises',
    facts: mailbox,
    expected: 'active-directory',
  },
  {
    story: 'the addresses of a cloud-managed mailbox of a synchronised user',
    facts: { ...mailbox, exchangeCloudManaged: known(true) },
    expected: 'exchange-online',
  },
  {
    story: 'the UPN of a synchronised user with a cloud-managed mailbox',
    attribute: 'userPrincipalName',
    facts: { ...mailbox, exchangeCloudManaged: known(true) },
    expected: 'active-directory',
  },
  {
    story: 'addresses in a tenant that says on-premises, without Exchange evidence',
    facts: { ...mailbox, exchangeCloudManaged: unknown() },
    expected: 'active-directory',
  },
  {
    story: 'addresses in a mixed tenant, without Exchange evidence',
    facts: { ...mailbox, exchangeCloudManaged: unknown() },
    exchangeAuthority: 'mixed',
    expected: 'unknown',
  },
  {
    story: 'addresses in a tenant that says cloud, without Exchange evidence',
    facts: { ...mailbox, exchangeCloudManaged: unknown() },
    exchangeAuthority: 'cloud',
    expected: 'exchange-online',
  },
  {
    story: 'addresses in a tenant that says cloud, of a user that is proven to have no mailbox',
    facts: { exchangeCloudManaged: unknown() },
    exchangeAuthority: 'cloud',
    expected: 'active-directory',
  },
  { story: 'a synchronised user whose AD object could not be read', onPremises: [], expected: 'unknown' },
  {
    story: 'the UPN after the source of authority was switched, still joined',
    attribute: 'userPrincipalName',
    cloud: fallen,
    facts: { isCloudManaged: known(true) },
    expected: 'entra',
  },
  {
    story: 'the UPN of a user that the engine is told not to export',
    attribute: 'userPrincipalName',
    cloud: fallen,
    engine: { [anchor]: { ...directFlows(ad), blockOnPremisesSync: known(true) } },
    expected: 'entra',
  },
  {
    story: 'a user rolled back to Active Directory, before the next cycle',
    attribute: 'userPrincipalName',
    cloud: fallen,
    expected: 'unknown',
  },
  {
    story: 'a restored user that says false, with its anchor, and nothing else known',
    attribute: 'userPrincipalName',
    cloud: { ...fallen, onPremisesSyncEnabled: false },
    onPremises: [],
    facts: { isCloudManaged: unknown() },
    engine: { [anchor]: { ...inNoScope, joined: unknown() } },
    expected: 'unknown',
  },
  {
    story: 'a user with an anchor that the engine does not know',
    attribute: 'userPrincipalName',
    cloud: fallen,
    onPremises: [],
    engine: { [anchor]: inNoScope },
    expected: 'entra',
  },
  {
    story: 'the UPN of a cloud-only user',
    attribute: 'userPrincipalName',
    cloud: { id: guid(1) },
    onPremises: [],
    expected: 'entra',
  },
  { story: 'the addresses of a cloud-only user', cloud: { id: guid(1) }, onPremises: [], expected: 'exchange-online' },
  {
    story: 'the mail of a cloud-only user without addresses',
    attribute: 'mail',
    cloud: { id: guid(1) },
    onPremises: [],
    expected: 'entra',
  },
  {
    story: 'the mail of a cloud-only mailbox user',
    attribute: 'mail',
    cloud: { id: guid(1), proxyAddresses: ['SMTP:a@contoso.com'] },
    onPremises: [],
    expected: 'exchange-online',
  },
  {
    story: 'a guest',
    cloud: { id: guid(1), userType: 'Guest', userPrincipalName: 'a_fabrikam.com#EXT#@contoso.onmicrosoft.com' },
    onPremises: [],
    expected: 'other-tenant',
  },
  { story: 'an AD object that Entra does not know', cloud: null, expected: 'active-directory' },
  {
    story: 'a cloud group that was written back to Active Directory',
    cloud: { id: guid(1), objectType: 'group' },
    onPremises: [adUser({ objectGuid: guid(11), objectType: 'group', adminDescription: 'Group_6f2c' })],
    expected: 'exchange-online',
  },
];

test.each(rows)('$story: $expected', ({ attribute, cloud, onPremises, facts, engine, exchangeAuthority, expected }) => {
  const base = evidenceOf({
    value: 'smtp:shared@contoso.com',
    subject: {
      cloud: cloud === undefined ? synced : cloud === null ? null : cloudUser(cloud),
      onPremises: onPremises ?? [ad],
    },
    facts: { [guid(1)]: facts ?? {} },
    engine: engine ?? {},
  });
  const evidence = { ...base, tenant: { ...base.tenant, exchangeAuthority: exchangeAuthority ?? 'on-premises' } };
  expect(authorityOf(partiesOf(evidence).subject, attribute ?? 'proxyAddresses', evidence).kind).toBe(expected);
});

test('an authority in Active Directory names forest and attribute', () => {
  const evidence = evidenceOf({ value: 'x@contoso.com', subject: { cloud: synced, onPremises: [ad] } });
  expect(authorityOf(partiesOf(evidence).subject, 'mail', evidence)).toEqual({
    kind: 'active-directory',
    forest: 'contoso.com',
    attribute: 'mail',
  });
});
