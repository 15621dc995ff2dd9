import { describe, expect, test } from 'vitest';
import { predictExport } from '../../src/audit/predict-export.ts';
import { outcomes } from '../../src/audit/prediction/prediction.ts';
import { unknownBehaviour } from '../../src/audit/prediction/prediction-settings.ts';
import { cloud, make, user } from './organisation.ts';
import { foretold, predictionSettings, smtp, twin } from './predictions.ts';

const known = { privileged: false, licensed: false } as const;
const contact = (displayName: string, values = {}, forest?: string) =>
  make('contact', { displayName, ...values }, forest);
const group = (displayName: string, values = {}) => make('group', { displayName, groupType: -2147483646, ...values });
const a = 'a@contoso.com';

describe('addresses', () => {
  test('the later arriver loses an address that another has in Entra', () => {
    const ben = user('Ben', smtp(a));
    const predictions = predictExport([user('Anna', smtp(a)), ben, twin(ben)], predictionSettings());
    expect(predictions).toMatchObject([
      {
        object: { name: 'Anna' },
        outcome: 'QuarantinedProxyAddress',
        certainty: 'certain',
        attribute: 'proxyAddresses',
        value: 'SMTP:a@contoso.com',
        with: [{ object: { name: 'Ben in Entra' } }],
        message:
          'SMTP:a@contoso.com is quarantined: the object is written without it, since Ben in Entra has it in Entra.',
      },
    ]);
  });

  test('who has the value in two places is named once', () => {
    const ben = cloud('Ben', { ...smtp('b@contoso.com'), userPrincipalName: a, mail: a }, known);
    const settings = predictionSettings(unknownBehaviour);
    const predictions = predictExport([user('Anna', smtp(a)), ben], settings);
    const prediction = predictions.find(({ outcome }) => outcome === 'QuarantinedProxyAddress');
    expect(prediction).toMatchObject({
      with: [{ object: { name: 'Ben' }, inputs: [{ attribute: 'mail' }, { attribute: 'userPrincipalName' }] }],
    });
    expect(prediction?.message).toContain('since Ben has it in Entra');
  });

  test('case does not matter, and who has the address already keeps it', () => {
    const ben = user('Ben', smtp('A@Contoso.com'));
    expect(foretold([ben, twin(ben, smtp(a))])).toEqual([]);
  });

  test('an address that is quarantined today is predicted again', () => {
    const anna = user('Anna', { proxyAddresses: [`SMTP:anna@contoso.com`, `smtp:${a}`] });
    const ben = user('Ben', smtp(a));
    expect(foretold([anna, twin(anna, smtp('anna@contoso.com')), ben, twin(ben)])).toEqual([
      `Anna certain QuarantinedProxyAddress smtp:${a} (Ben in Entra)`,
    ]);
  });

  test('one that nobody who was read holds may stay in quarantine', () => {
    const anna = user('Anna', { proxyAddresses: ['SMTP:anna@contoso.com', `smtp:${a}`] });
    const quarantined = [
      { attribute: 'proxyAddresses', value: `smtp:${a}` },
      { attribute: 'proxyAddresses', value: 'smtp:given-up@contoso.com' },
    ] as const;
    expect(foretold([anna, twin(anna, smtp('anna@contoso.com'), { quarantined })])).toEqual([
      `Anna possible QuarantinedProxyAddress smtp:${a}`,
    ]);
  });

  test('who gives the address up in the same cycle may do so too late', () => {
    const ben = user('Ben', smtp('ben@contoso.com'));
    expect(foretold([user('Anna', smtp(a)), ben, twin(ben, smtp(a))])).toEqual([
      `Anna possible QuarantinedProxyAddress SMTP:${a} (Ben in Entra)`,
    ]);
  });

  test('of two new objects one loses, and nobody knows which', () => {
    const predictions = predictExport([user('Anna', smtp(a)), contact('Ben', smtp(a))], predictionSettings());
    expect(predictions.map(({ object, certainty, oneOf }) => [object.name, certainty, oneOf])).toEqual([
      ['Anna', 'possible', `address ${a}`],
      ['Ben', 'possible', `address ${a}`],
    ]);
    expect(predictions[0]?.message).toMatch(/^For one of them, /);
  });

  test('mail is an address where no primary one is given, and otherwise only in place of a taken one', () => {
    const ben = user('Ben', smtp(a));
    const cleo = user('Cleo', smtp('c@contoso.com'));
    const inEntra = [ben, twin(ben), cleo, twin(cleo)];
    expect(foretold([user('Anna', { mail: a }), ...inEntra])).toEqual([
      `Anna certain QuarantinedProxyAddress ${a} (Ben in Entra)`,
    ]);
    expect(foretold([user('Anna', { mail: a, ...smtp('free@contoso.com') }), ...inEntra])).toEqual([]);
    expect(foretold([user('Anna', { mail: a, ...smtp('c@contoso.com') }), ...inEntra])).toEqual([
      `Anna certain QuarantinedProxyAddress SMTP:c@contoso.com (Cleo in Entra)`,
      `Anna possible QuarantinedProxyAddress ${a} (Ben in Entra)`,
    ]);
  });

  test('a recipient has its UPN among its addresses', () => {
    const ben = user('Ben', smtp(a));
    const anna = { userPrincipalName: a, ...smtp('anna@contoso.com') };
    expect(foretold([user('Anna', { ...anna, msExchRecipientTypeDetails: '1' }), ben, twin(ben)])).toEqual([
      `Anna certain QuarantinedProxyAddress ${a} (Ben in Entra)`,
    ]);
    expect(foretold([user('Anna', anna), ben, twin(ben)])).toEqual([]);
  });

  test.each([
    ['no prefix', a],
    ['a space', `smtp:a @contoso.com`],
    ['an invisible character', `smtp:a\u200b@contoso.com`],
    ['the domain of another tenant', 'smtp:a@fabrikam.onmicrosoft.com'],
    ['another kind', `X400:c=us;a= ;p=${a}`],
  ])('an address with %s is dropped without an error', (_, value) => {
    const taken = user('Ben', { proxyAddresses: [value.replace(/^(?!smtp:)/, 'smtp:')] });
    const anna = user('Anna', { proxyAddresses: ['SMTP:anna@contoso.com', value] });
    expect(foretold([anna, taken, twin(taken)])).toEqual([]);
  });

  test('a domain that is not verified counts as long as there is no mailbox', () => {
    const ben = user('Ben', smtp('a@partner.example'));
    const anna = user('Anna', smtp('a@partner.example'));
    const shared = { ...anna, msExchRecipientTypeDetails: '4' };
    expect(foretold([anna, ben, twin(ben)])).toHaveLength(1);
    expect(foretold([shared, ben, twin(ben)])).toEqual([]);
  });

  test('whether a deleted user holds its addresses depends on the tenant', () => {
    const gone = cloud('Gone', smtp(a), { kind: 'soft-deleted', ...known });
    const objects = [user('Anna', smtp(a)), gone];
    expect(foretold(objects)).toEqual([]);
    const lines = foretold(objects, predictionSettings({ softDeletedAddresses: 'unknown' }));
    expect(lines).toContain(`Anna possible QuarantinedProxyAddress SMTP:${a} (Gone)`);
  });

  test('a guest loses its address to a contact in silence', () => {
    const guest = cloud('Guest', smtp('g@partner.example'), { kind: 'guest', ...known });
    expect(foretold([contact('Gus', { mail: 'gus@partner.example', ...smtp('g@partner.example') }), guest])).toEqual([
      'Guest certain GuestLosesAddress SMTP:g@partner.example (Gus)',
    ]);
  });

  test('what is out of scope takes part in nothing', () => {
    const critical = user('Krbtgt', { ...smtp(a), isCriticalSystemObject: true });
    expect(foretold([user('Anna', smtp(a)), critical])).toEqual([]);
  });

  test('a contact and the user of another forest with its mail may become one', () => {
    const anna = user('Anna', { mail: a, ...smtp(a) });
    const copy = contact('Anna (GAL)', { mail: a, ...smtp(a) }, 'fabrikam.com');
    const predictions = predictExport([anna, copy], predictionSettings());
    expect(predictions.map(({ certainty, oneOf }) => [certainty, oneOf])).toEqual([
      ['possible', undefined],
      ['possible', undefined],
    ]);
  });

  test('mailboxes that Exchange Online masters may not get the address at all', () => {
    const anna = user('Anna', smtp(a));
    const ben = user('Ben', smtp(a));
    const objects = [anna, twin(anna, smtp('anna@contoso.com')), ben, twin(ben)];
    expect(foretold(objects, predictionSettings({}, { exchangeAuthority: 'mixed' }))).toEqual([
      `Anna possible QuarantinedProxyAddress SMTP:${a} (Ben in Entra)`,
    ]);
  });
});

describe('groups', () => {
  test('a new user against the address of a group is refused as a whole, in every cycle', () => {
    const team = cloud('Team', smtp(a), { kind: 'synchronised' }, 'group');
    const settings = predictionSettings({}, { directory: 'part' });
    expect(foretold([user('Anna', smtp(a)), team], settings)).toEqual([
      `Anna certain AttributeValueMustBeUnique SMTP:${a} (Team)`,
    ]);
    expect(foretold([user('Anna', { userPrincipalName: a }), team], settings)).toEqual([
      `Anna certain AttributeValueMustBeUnique ${a} (Team)`,
    ]);
  });

  test('a user that is synchronised already is quarantined', () => {
    const team = cloud('Team', smtp(a), { kind: 'synchronised' }, 'group');
    const anna = user('Anna', smtp(a));
    const objects = [anna, twin(anna, smtp('anna@contoso.com')), team];
    expect(foretold(objects, predictionSettings({}, { directory: 'part' }))).toEqual([
      `Anna certain QuarantinedProxyAddress SMTP:${a} (Team)`,
    ]);
  });

  test('of two new groups the second fails once', () => {
    expect(foretold([group('One', smtp(a)), group('Two', smtp(a))])).toEqual([
      `One possible AttributeValueMustBeUnique SMTP:${a} (Two)`,
      `Two possible AttributeValueMustBeUnique SMTP:${a} (One)`,
    ]);
  });

  test('a group of Entra is found by its SID, for Graph shows no anchor of it', () => {
    const sid = 'S-1-5-21-1-2-3-1105';
    const inEntra = cloud('Team', smtp(a), { kind: 'synchronised' }, 'group');
    expect(foretold([group('Team', { ...smtp(a), objectSid: sid }), { ...inEntra, objectSid: sid }])).toEqual([]);
  });
});

describe('user names', () => {
  const ben = user('Ben', { userPrincipalName: a });

  test('a taken UPN is quarantined', () => {
    expect(foretold([user('Anna', { userPrincipalName: 'A@contoso.com' }), ben, twin(ben)])).toEqual([
      'Anna certain QuarantinedUserPrincipalName A@contoso.com (Ben in Entra)',
    ]);
  });

  test('without a UPN the engine makes one of the account name and the domain', () => {
    const anna = user('Anna', { sAMAccountName: 'a', distinguishedName: 'CN=Anna,OU=People,DC=contoso,DC=com' });
    expect(foretold([anna, ben, twin(ben)])).toEqual([`Anna certain QuarantinedUserPrincipalName ${a} (Ben in Entra)`]);
  });

  test('a licensed user does not follow Active Directory where the tenant says so', () => {
    const anna = user('Anna', { userPrincipalName: a });
    const objects = [anna, twin(anna, { userPrincipalName: 'old@contoso.com' }, { licensed: true }), ben, twin(ben)];
    expect(foretold(objects, predictionSettings({ synchronizeUpnForManagedUsers: 'off' }))).toEqual([]);
    expect(foretold(objects, predictionSettings({ synchronizeUpnForManagedUsers: 'unknown' }))).toEqual([
      `Anna possible QuarantinedUserPrincipalName ${a} (Ben in Entra)`,
    ]);
  });

  test('whether a UPN collides with an address depends on the tenant', () => {
    const cleo = user('Cleo', smtp(a));
    const objects = [user('Anna', { userPrincipalName: a }), cleo, twin(cleo)];
    expect(foretold(objects)).toEqual([]);
    expect(foretold(objects, predictionSettings({ addressSpace: 'shared' }))).toEqual([
      `Anna certain QuarantinedUserPrincipalName ${a} (Cleo in Entra)`,
    ]);
  });

  test('a deleted user has no UPN any more', () => {
    const gone = cloud('Gone', { userPrincipalName: `${'0'.repeat(32)}${a}` }, { kind: 'soft-deleted', ...known });
    expect(foretold([user('Anna', { userPrincipalName: a }), gone])).toEqual([]);
  });

  test('a suffix that is not verified is replaced without an error', () => {
    const predictions = predictExport(
      [user('Anna', { userPrincipalName: 'anna@corp.local', mailNickname: 'anna.berg' })],
      predictionSettings(),
    );
    expect(predictions).toMatchObject([{ outcome: 'UserPrincipalNameReplaced', certainty: 'certain' }]);
    expect(predictions[0]?.message).toContain('the user gets anna.berg@contoso.onmicrosoft.com');
  });

  test('and is not said of a user that has the replacement already', () => {
    const anna = user('Anna', { userPrincipalName: 'anna@corp.local' });
    expect(foretold([anna, twin(anna, { userPrincipalName: 'anna@contoso.onmicrosoft.com' })])).toEqual([]);
  });

  test.each(['an na@contoso.com', 'anna&ben@contoso.com', 'anna.@contoso.com', '@contoso.com', 'anna'])(
    'Entra refuses the name %s',
    (userPrincipalName) => {
      expect(foretold([user('Anna', { userPrincipalName })])).toEqual([
        `Anna certain IdentityDataValidationFailed ${userPrincipalName}`,
      ]);
    },
  );

  test('of a refused user no other loss is certain', () => {
    const anna = user('Anna', { userPrincipalName: 'an na@contoso.com', ...smtp(a) });
    const cleo = user('Cleo', smtp(a));
    expect(foretold([anna, cleo, twin(cleo)])).toEqual([
      'Anna certain IdentityDataValidationFailed an na@contoso.com',
      `Anna possible QuarantinedProxyAddress SMTP:${a} (Cleo in Entra)`,
    ]);
  });
});

describe('hard errors', () => {
  test('a SIP address is never quarantined', () => {
    const ben = user('Ben', { proxyAddresses: [`sip:${a}`] });
    expect(foretold([user('Anna', { proxyAddresses: [`SIP:${a}`] }), ben, twin(ben)])).toEqual([
      `Anna certain AttributeValueMustBeUnique SIP:${a} (Ben in Entra)`,
    ]);
  });

  test('nor is a security identifier under another source anchor', () => {
    const objectSid = 'S-1-5-21-1-2-3-1104';
    const earlier = twin(user('Earlier', { objectSid }), { objectSid });
    expect(foretold([user('Anna', { objectSid }), earlier], predictionSettings({}, { directory: 'part' }))).toEqual([
      `Anna certain AttributeValueMustBeUnique ${objectSid} (Earlier in Entra)`,
    ]);
  });

  test('of two objects of one forest with one source anchor one is not synchronised', () => {
    const anchor = { 'mS-DS-ConsistencyGuid': 'ABEiM0RVZneImaq7zN3u/w==' };
    expect(foretold([user('Anna', anchor), user('Ben', anchor)])).toEqual([
      'Anna possible AttributeValueMustBeUnique ABEiM0RVZneImaq7zN3u/w==',
      'Ben possible AttributeValueMustBeUnique ABEiM0RVZneImaq7zN3u/w==',
    ]);
  });

  test.each([
    ['sixteen certificates', { valueCounts: { userCertificate: 16 } }, 'certain'],
    ['a large photo', { octetCounts: { thumbnailPhoto: 200_000 } }, 'certain'],
    ['as many addresses as the error is known of', { proxyAddresses: many(311) }, 'certain'],
    ['more addresses than usual', { proxyAddresses: many(301) }, 'possible'],
    ['a long text', { others: { description: ['x'.repeat(500)] } }, 'possible'],
  ])('an object with %s is too large', (_, values, certainty) => {
    expect(foretold([user('Anna', values)])).toEqual([`Anna ${certainty} LargeObject`]);
  });

  test('an update may be refused where the tenant is not known to quarantine it', () => {
    const anna = user('Anna', smtp(a));
    const ben = user('Ben', smtp(a));
    const objects = [anna, twin(anna, smtp('anna@contoso.com')), ben, twin(ben)];
    const predictions = predictExport(objects, predictionSettings({ updateCollision: 'unknown' }));
    expect(predictions.map(({ outcome, certainty }) => [outcome, certainty])).toEqual([
      ['AttributeValueMustBeUnique', 'possible'],
      ['QuarantinedProxyAddress', 'possible'],
    ]);
    expect(new Set(predictions.map(({ oneOf }) => oneOf)).size).toBe(1);
    expect(predictions[0]?.oneOf).toBeDefined();
  });
});

describe('matches', () => {
  const primary = cloud('Anna B', smtp(a), known);

  test('by primary address', () => {
    expect(foretold([user('Anna', smtp(a)), primary])).toEqual([`Anna certain SoftMatch SMTP:${a} (Anna B)`]);
  });

  test('by UPN, where the address matches nothing and the tenant allows it', () => {
    const objects = [user('Anna', { userPrincipalName: a }), cloud('Anna B', { userPrincipalName: a }, known)];
    expect(foretold(objects)).toEqual([`Anna certain SoftMatch ${a} (Anna B)`]);
    expect(foretold(objects, predictionSettings({ softMatchOnUpn: 'off' }))).toEqual([
      `Anna certain QuarantinedUserPrincipalName ${a} (Anna B)`,
    ]);
  });

  test('the address goes before the UPN, which then is taken by the other', () => {
    const byName = cloud('By name', { userPrincipalName: 'anna@contoso.com' }, known);
    expect(foretold([user('Anna', { userPrincipalName: 'anna@contoso.com', ...smtp(a) }), primary, byName])).toEqual([
      'Anna certain QuarantinedUserPrincipalName anna@contoso.com (By name)',
      `Anna certain SoftMatch SMTP:${a} (Anna B)`,
    ]);
  });

  test('where they are blocked, the address is quarantined', () => {
    expect(foretold([user('Anna', smtp(a)), primary], predictionSettings({ blockSoftMatch: 'on' }))).toEqual([
      `Anna certain QuarantinedProxyAddress SMTP:${a} (Anna B)`,
    ]);
  });

  test('of a tenant that is not known, one or the other happens', () => {
    const settings = predictionSettings(unknownBehaviour);
    const predictions = predictExport([user('Anna', smtp(a)), primary], settings);
    const byGroup = Map.groupBy(predictions, ({ oneOf }) => oneOf);
    expect(predictions.map(({ outcome, certainty }) => [outcome, certainty])).toEqual([
      ['SoftMatch', 'possible'],
      ['QuarantinedProxyAddress', 'possible'],
    ]);
    expect(byGroup.size).toBe(1);
    expect(predictions[0]?.oneOf).toMatch(/^match /);
  });

  test('an alias may match, as far as the documentation goes', () => {
    const anna = user('Anna', { proxyAddresses: ['SMTP:anna@contoso.com', `smtp:${a}`] });
    expect(foretold([anna, primary], predictionSettings({ softMatchAgainst: 'unknown' }))).toEqual([
      `Anna possible QuarantinedProxyAddress smtp:${a} (Anna B)`,
      `Anna possible SoftMatch smtp:${a} (Anna B)`,
    ]);
  });

  test('one that is synchronised, or has an anchor of its own, is not matched', () => {
    const anchored = cloud('Anna B', smtp(a), { onPremisesImmutableId: 'AAAAAAAAAAAAAAAAAAAAAA==', ...known });
    expect(foretold([user('Anna', smtp(a)), anchored])).toEqual([
      `Anna certain QuarantinedProxyAddress SMTP:${a} (Anna B)`,
    ]);
  });

  test('a privileged one is not taken over, and a second object made', () => {
    const admin = cloud('Admin', smtp(a), { privileged: true, licensed: false });
    expect(foretold([user('Anna', smtp(a)), admin])).toEqual([
      `Anna certain ExistingAdminRoleConflict SMTP:${a} (Admin)`,
      `Anna certain QuarantinedProxyAddress SMTP:${a} (Admin)`,
    ]);
  });

  test('whether it is privileged may not be known', () => {
    const lines = foretold([user('Anna', smtp(a)), cloud('Anna B', smtp(a), { licensed: false })]);
    expect(lines).toContain(`Anna possible ExistingAdminRoleConflict SMTP:${a} (Anna B)`);
    expect(lines).toContain(`Anna possible SoftMatch SMTP:${a} (Anna B)`);
  });

  test('another type is refused', () => {
    expect(foretold([contact('Anna', { mail: 'x@partner.example', ...smtp(a) }), primary])).toEqual([
      `Anna certain ObjectTypeMismatch SMTP:${a} (Anna B)`,
    ]);
  });

  test('of two that would take over one object the first to come does', () => {
    const lines = foretold([user('Anna', smtp(a)), user('Ben', smtp(a)), primary]);
    expect(lines).toContain(`Anna possible SoftMatch SMTP:${a} (Anna B)`);
    expect(lines).toContain(`Ben possible SoftMatch SMTP:${a} (Anna B)`);
  });

  test('by source anchor a cloud object is taken over, or protected', () => {
    const anchor = 'ABEiM0RVZneImaq7zN3u/w==';
    const objects = [
      user('Anna', { 'mS-DS-ConsistencyGuid': anchor }),
      cloud('Anna B', {}, { onPremisesImmutableId: anchor, ...known }),
    ];
    expect(foretold(objects)).toEqual([`Anna possible HardMatch ${anchor} (Anna B)`]);
    expect(foretold(objects, predictionSettings({ blockCloudObjectTakeover: 'on' }))).toEqual([
      `Anna possible HardMatch ${anchor} (Anna B)`,
      `Anna possible InvalidHardMatch ${anchor} (Anna B)`,
    ]);
  });

  test('a deleted user comes back by its anchor', () => {
    const anchor = 'ABEiM0RVZneImaq7zN3u/w==';
    const gone = cloud('Anna B', {}, { kind: 'soft-deleted', onPremisesImmutableId: anchor, ...known });
    const [prediction] = predictExport([user('Anna', { 'mS-DS-ConsistencyGuid': anchor }), gone], predictionSettings());
    expect(prediction?.message).toBe(
      'Anna B comes back from the deleted objects and is synchronised, by its source anchor.',
    );
  });
});

describe('scope', () => {
  const left = user('Anna', { ...smtp(a), adminDescription: 'User_1' });

  test('an object that leaves the scope goes in Entra, and what it held may be free in time', () => {
    expect(foretold([left, twin(left), user('Ben', smtp(a))])).toEqual([
      'Anna certain OutOfScope (Anna in Entra)',
      `Ben possible QuarantinedProxyAddress SMTP:${a} (Anna in Entra)`,
    ]);
  });

  test('of a part of a directory each object gets an answer', () => {
    expect(foretold([left])).toEqual([]);
    expect(foretold([left], predictionSettings({}, { directory: 'part' }))).toEqual(['Anna certain OutOfScope']);
  });

  test('in a whole directory a synchronised object without one on premises is on its way out', () => {
    const orphan = twin(user('Gone', smtp(a)));
    expect(foretold([user('Anna', smtp(a)), orphan])).toEqual([
      `Anna possible QuarantinedProxyAddress SMTP:${a} (Gone in Entra)`,
    ]);
    expect(foretold([user('Anna', smtp(a)), orphan], predictionSettings({}, { directory: 'part' }))).toEqual([
      `Anna certain QuarantinedProxyAddress SMTP:${a} (Gone in Entra)`,
    ]);
  });
});

test('what no error tells of is no error', () => {
  expect(outcomes.GuestLosesAddress).toBe('warning');
  expect(outcomes.UserPrincipalNameReplaced).toBe('warning');
  expect(outcomes.QuarantinedProxyAddress).toBe('error');
});

test('nothing is predicted of what has nothing to lose', () => {
  const anna = user('Anna', { userPrincipalName: a, mail: a, ...smtp(a) });
  expect(foretold([anna, twin(anna), user('Ben', smtp('ben@contoso.com')), make('contact'), make('group')])).toEqual(
    [],
  );
});

function many(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `smtp:a${number}@contoso.com`);
}
