import { expect, test } from 'vitest';
import { propertyOf } from '../../../dev/entra/graph/object-properties.ts';
import { add, Organisation, outcomeOf } from './organisation.ts';

const ann = { userPrincipalName: 'ann@contoso.com', proxyAddresses: ['SMTP:ann@contoso.com'] };

test('S3: a source anchor takes over the cloud user with that immutableId', () => {
  const organisation = new Organisation();
  const cloud = organisation.cloudUser('a.n@contoso.com', { onPremisesImmutableId: 'anchor==' });
  const result = organisation.cycle('add', 'user', 'anchor==', ann);
  expect(result).toEqual({ sourceAnchor: 'anchor==', outcome: 'ok', cloudId: cloud.id });
  expect(cloud).toMatchObject({ sync: 'synced', userPrincipalName: 'ann@contoso.com' });
});

test('S3: blockCloudObjectTakeover refuses a hard match, and so does a role of the target', async () => {
  const organisation = new Organisation({ switches: { blockCloudObjectTakeover: 'on' } });
  organisation.cloudUser('a.n@contoso.com', { onPremisesImmutableId: 'anchor' });
  expect(outcomeOf(organisation.cycle('add', 'user', 'anchor', ann))).toBe('InvalidHardMatch');
  await organisation.set('entra.blockCloudObjectTakeover', 'off');
  await organisation.set('entra.roleAssignments', { 'a.n@contoso.com': { eligible: ['User Administrator'] } });
  expect(outcomeOf(organisation.cycle('add', 'user', 'anchor', ann))).toBe('InvalidHardMatch');
});

test('S3: a user is soft-matched by primary SMTP address, and AD values overwrite those of the cloud', () => {
  const organisation = new Organisation();
  const cloud = organisation.cloudUser('other@contoso.com', { mail: 'ann@contoso.com', department: 'Sales' });
  organisation.cycle('add', 'user', 'a', { ...ann, displayName: 'Ann from AD' });
  expect(organisation.bySourceAnchor('a')).toBe(cloud);
  expect(cloud.properties).toMatchObject({ displayName: 'Ann from AD', department: 'Sales' });
});

test('S3: where AD has nothing the cloud value stays, at the match and after it, until AD has had one', () => {
  const organisation = new Organisation();
  const more = { mail: 'ann@contoso.com', department: 'Sales', businessPhones: ['+49 1'] };
  const cloud = organisation.cloudUser('ann@contoso.com', more);
  organisation.cycle('add', 'user', 'a', ann);
  organisation.cycle('update', 'user', 'a', { ...ann, displayName: 'Ann' });
  expect(cloud.properties).toMatchObject({ displayName: 'Ann', department: 'Sales', businessPhones: ['+49 1'] });

  organisation.cycle('update', 'user', 'a', { ...ann, department: 'Law', telephoneNumber: '+49 2' });
  expect(cloud.properties).toMatchObject({ department: 'Law', businessPhones: ['+49 2'] });
  organisation.cycle('update', 'user', 'a', ann);
  expect(cloud.properties).toMatchObject({ department: null, businessPhones: [] });
});

test('S3: whether a group is a security group is what AD says, with or without addresses', () => {
  const organisation = new Organisation();
  const proxyAddresses = ['SMTP:staff@contoso.com'];
  for (const [anchor, attributes] of Object.entries({
    mailEnabled: { securityEnabled: true, proxyAddresses },
    list: { securityEnabled: false, proxyAddresses: ['SMTP:list@contoso.com'] },
    plain: { securityEnabled: true },
  })) {
    organisation.cycle('add', 'group', anchor, attributes);
  }
  const shown = (anchor: string) => propertyOf(organisation.bySourceAnchor(anchor), 'securityEnabled');
  expect(['mailEnabled', 'list', 'plain'].map(shown)).toEqual([true, false, true]);
  organisation.cycle('update', 'group', 'mailEnabled', { securityEnabled: true });
  expect(shown('mailEnabled')).toBe(true);
});

test('S3: without a match by address a user is matched by UPN, unless the tenant does not', () => {
  const matching = new Organisation();
  const cloud = matching.cloudUser('ann@contoso.com');
  matching.cycle('add', 'user', 'a', ann);
  expect(matching.bySourceAnchor('a')).toBe(cloud);

  const separate = new Organisation({ switches: { softMatchOnUpn: 'off' } });
  const holder = separate.cloudUser('ann@contoso.com');
  separate.cycle('add', 'user', 'a', ann);
  expect(separate.bySourceAnchor('a')).not.toBe(holder);
  expect(separate.quarantineOf('a')).toEqual(['UserPrincipalName ann@contoso.com']);
});

test('S3: softMatchAgainst decides whether an alias of the cloud user matches', () => {
  for (const [softMatchAgainst, joins] of [
    ['primary', false],
    ['anyProxy', true],
  ] as const) {
    const organisation = new Organisation({ switches: { softMatchAgainst, softMatchOnUpn: 'off' } });
    const [cloud] = [organisation.cloudUser('x@contoso.com', { mail: 'x@contoso.com' })];
    organisation.tenant.state.directory.change(cloud, {
      ownAddresses: ['SMTP:x@contoso.com', 'smtp:ann@contoso.com'],
      proxyAddresses: ['SMTP:x@contoso.com', 'smtp:ann@contoso.com'],
    });
    organisation.cycle('add', 'user', 'a', ann);
    expect(organisation.bySourceAnchor('a') === cloud).toBe(joins);
  }
});

test('S3: a target that has an immutableId is no match: a second object, quarantined', () => {
  const organisation = new Organisation();
  const holder = organisation.cloudUser('ann@contoso.com', { mail: 'ann@contoso.com', onPremisesImmutableId: 'other' });
  expect(outcomeOf(organisation.cycle('add', 'user', 'a', ann))).toBe('ok');
  expect(organisation.bySourceAnchor('a')).not.toBe(holder);
  expect(organisation.quarantineOf('a').toSorted()).toEqual([
    'ProxyAddress SMTP:ann@contoso.com',
    'UserPrincipalName ann@contoso.com',
  ]);
});

test('S3: blockSoftMatch creates a second object and quarantines its values', () => {
  const organisation = new Organisation({ switches: { blockSoftMatch: 'on' } });
  const holder = organisation.cloudUser('ann@contoso.com');
  organisation.cycle('add', 'user', 'a', ann);
  expect(organisation.bySourceAnchor('a')).not.toBe(holder);
  expect(organisation.quarantineOf('a')).toEqual(['UserPrincipalName ann@contoso.com']);
});

test('S3: a privileged target is an error and a quarantined new object all the same', async () => {
  const organisation = new Organisation();
  organisation.cloudUser('ann@contoso.com');
  await organisation.set('entra.roleAssignments', { 'ann@contoso.com': { active: ['Global Administrator'] } });
  expect(outcomeOf(organisation.cycle('add', 'user', 'a', ann))).toBe('ExistingAdminRoleConflict');
  expect(organisation.quarantineOf('a')).toEqual(['UserPrincipalName ann@contoso.com']);
});

test('S3: a contact does not match a user with its address', () => {
  const organisation = new Organisation();
  organisation.cloudUser('ann@contoso.com', { mail: 'ann@contoso.com' });
  expect(outcomeOf(organisation.cycle('add', 'contact', 'c', { proxyAddresses: ['SMTP:ann@contoso.com'] }))).toBe(
    'ObjectTypeMismatch',
  );
});

test('S3: a synchronised contact takes its address from a guest, and nobody is told', () => {
  const organisation = new Organisation();
  const guest = organisation.cloudUser('ann_fabrikam.com#EXT#@contoso.onmicrosoft.com', {
    userType: 'Guest',
    mail: 'ann@fabrikam.com',
  });
  expect(guest.proxyAddresses).toEqual(['SMTP:ann@fabrikam.com']);
  expect(outcomeOf(organisation.cycle('add', 'contact', 'c', { proxyAddresses: ['SMTP:ann@fabrikam.com'] }))).toBe(
    'ok',
  );
  expect(guest).toMatchObject({ proxyAddresses: [], mail: 'ann@fabrikam.com', quarantine: [] });
  expect(organisation.quarantineOf('c')).toEqual([]);
});

test('S3: a UPN with a forbidden character, and too many addresses, refuse the whole object', () => {
  const organisation = new Organisation();
  const many = Array.from({ length: 301 }, (_, number) => `smtp:a${number}@contoso.com`);
  expect(outcomeOf(organisation.send('add', 'user', 'a', { userPrincipalName: 'a b@contoso.com' }))).toBe(
    'IdentityDataValidationFailed',
  );
  expect(outcomeOf(organisation.send('add', 'user', 'b', { ...ann, proxyAddresses: many }))).toBe('LargeObject');
  expect(organisation.tenant.readShadow()).toEqual([]);
});

test('S3: a security identifier or SIP address of another object is never quarantined', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', {
    ...ann,
    onPremisesSecurityIdentifier: 'S-1-5-21-1',
    proxyAddresses: ['sip:ann@contoso.com'],
  });
  const bob = { userPrincipalName: 'bob@contoso.com' };
  const bySid = organisation.cycle('add', 'user', 'b', { ...bob, onPremisesSecurityIdentifier: 'S-1-5-21-1' });
  expect(bySid).toMatchObject({ outcome: 'error', error: { errorType: 'AttributeValueMustBeUnique' } });
  const bySip = organisation.cycle('add', 'user', 'b', { ...bob, proxyAddresses: ['sip:ann@contoso.com'] });
  expect(bySip).toMatchObject({
    error: { details: expect.arrayContaining([{ Key: 'AttributeConflictName', Value: ['SipProxyAddress'] }]) },
  });
  expect(() => organisation.bySourceAnchor('b')).toThrow();
});

test('S3: a new user against a group is a hard error in every cycle', () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'group', 'g', { displayName: 'Sales', proxyAddresses: ['SMTP:sales@contoso.com'] });
  const rival = { userPrincipalName: 'ann@contoso.com', proxyAddresses: ['smtp:sales@contoso.com'] };
  for (let cycle = 0; cycle < 2; cycle++) {
    expect(outcomeOf(organisation.cycle('add', 'user', 'a', rival))).toBe('AttributeValueMustBeUnique');
  }
  const signsIn = { userPrincipalName: 'sales@contoso.com' };
  expect(outcomeOf(organisation.cycle('add', 'user', 'b', signsIn))).toBe('AttributeValueMustBeUnique');
});

test('S3: of two new groups in one export the second fails, and is quarantined in the next cycle', () => {
  const organisation = new Organisation();
  const group = { displayName: 'Sales', proxyAddresses: ['SMTP:sales@contoso.com'] };
  const results = organisation.export([add('group', 'g1', group), add('group', 'g2', group)]);
  expect(results.map(outcomeOf).toSorted()).toEqual(['AttributeValueMustBeUnique', 'ok']);
  organisation.tenant.settle();
  const failed = results.find(({ outcome }) => outcome === 'error')?.sourceAnchor ?? '';
  expect(outcomeOf(organisation.cycle('add', 'group', failed, group))).toBe('ok');
  expect(organisation.quarantineOf(failed)).toEqual(['ProxyAddress SMTP:sales@contoso.com']);
});

test('S3: planted fault S3 gives the quarantined value to the new object too', () => {
  const organisation = new Organisation({ plantedFault: 'S3' });
  organisation.cycle('add', 'user', 'a', ann);
  organisation.cycle('add', 'user', 'b', {
    userPrincipalName: 'bob@contoso.com',
    proxyAddresses: ['smtp:ann@contoso.com'],
  });
  expect(organisation.quarantineOf('b')).toHaveLength(1);
  expect(organisation.bySourceAnchor('b').proxyAddresses).toEqual(['smtp:ann@contoso.com']);
});
