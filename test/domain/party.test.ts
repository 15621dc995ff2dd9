import { expect, test } from 'vitest';
import { conflictSetOf, holdersOf } from '../../src/domain/conflict-set.ts';
import { inputsOf } from '../../src/domain/inputs.ts';
import { partiesOf } from '../../src/domain/party.ts';
import {
  adUser,
  cloudUser,
  daysAgo,
  directFlows,
  evidenceOf,
  guid,
  known,
  type Story,
  twinOf,
  unknown,
} from './evidence-builder.ts';
import { anna, annaInAd, bo, boInAd, twoSynchronised } from './stories.ts';

const value = 'smtp:shared@contoso.com';
const subject = { cloud: anna, onPremises: [annaInAd] };
const story = (rest: Partial<Story>) => evidenceOf({ value, subject, ...rest });

test('an AD object and its cloud twin are one party, and the subject is never a holder', () => {
  const { subject: first, others } = partiesOf(twoSynchronised());
  expect(first).toMatchObject({ id: anna.id, role: 'subject' });
  expect(others).toEqual([
    { id: bo.id, role: 'holder', name: 'Bo Lind', objectType: 'user', cloud: bo, onPremises: [boInAd] },
  ]);
});

test.each([
  [
    'mS-DS-ConsistencyGuid',
    { consistencyGuid: 'AQEBAQEBAQEBAQEBAQEBAQ==' },
    { onPremisesImmutableId: 'AQEBAQEBAQEBAQEBAQEBAQ==' },
  ],
  [
    'SID',
    { objectSid: 'S-1-5-21-9' },
    { onPremisesImmutableId: 'employee-200', onPremisesSecurityIdentifier: 'S-1-5-21-9' },
  ],
])('twins are found by %s', (_how, ofAd, ofCloud) => {
  const evidence = story({ cloudHolders: [{ ...bo, ...ofCloud }], onPremisesHolders: [{ ...boInAd, ...ofAd }] });
  expect(partiesOf(evidence).others).toHaveLength(1);
});

test('an AD object joined to the metaverse object of a cloud holder belongs to it', () => {
  const contact = adUser({
    objectGuid: guid(21),
    objectType: 'contact',
    forest: 'fabrikam.com',
    mail: 'shared@contoso.com',
  });
  const evidence = story({
    cloudHolders: [bo],
    onPremisesHolders: [boInAd, contact],
    engine: {
      [bo.onPremisesImmutableId ?? '']: {
        ...directFlows(boInAd),
        joined: known([boInAd.objectGuid, contact.objectGuid]),
      },
    },
  });
  expect(partiesOf(evidence).others.map(({ onPremises }) => onPremises.length)).toEqual([2]);
});

test('a synchronised contact, of which Graph shows no anchor, is found by name and address', () => {
  const contact = adUser({
    objectGuid: guid(21),
    objectType: 'contact',
    displayName: 'Shared',
    mail: 'shared@contoso.com',
  });
  const cloud = cloudUser({
    id: guid(5),
    objectType: 'contact',
    displayName: 'Shared',
    onPremisesSyncEnabled: true,
    mail: 'Shared@contoso.com',
  });
  const [holder] = partiesOf(story({ cloudHolders: [cloud], onPremisesHolders: [contact] })).others;
  expect(holder).toMatchObject({ id: cloud.id, onPremises: [{ objectGuid: contact.objectGuid }] });
  const [other] = partiesOf(
    story({ cloudHolders: [{ ...cloud, displayName: 'Another' }], onPremisesHolders: [contact] }),
  ).others;
  expect(other?.onPremises).toEqual([]);
});

test('without the join, the same contact is a party of its own', () => {
  const contact = adUser({ objectGuid: guid(21), objectType: 'contact', mail: 'shared@contoso.com' });
  const evidence = story({ cloudHolders: [bo], onPremisesHolders: [boInAd, contact] });
  expect(holdersOf(partiesOf(evidence), evidence).map(({ id }) => id)).toEqual([bo.id, contact.objectGuid]);
});

test.each([
  ['filtered by adminDescription', { adminDescription: 'User_GalSync' }],
  ['a replication conflict', { distinguishedName: 'CN=Bo\\0ACNF:1,DC=contoso,DC=com' }],
  ['a critical system object', { isCriticalSystemObject: true }],
  ['a contact without mail', { objectType: 'contact' as const }],
])('an AD object out of scope is shown, but is no holder: %s', (_why, properties) => {
  const outside = adUser({ objectGuid: guid(21), proxyAddresses: [value], ...properties });
  const evidence = story({ onPremisesHolders: [outside] });
  expect(partiesOf(evidence).others).toHaveLength(1);
  expect(holdersOf(partiesOf(evidence), evidence)).toEqual([]);
});

test('every input is listed with its flow, and a calculated value with what is behind it', () => {
  const ad = adUser({
    objectGuid: guid(12),
    mail: 'Shared@contoso.com',
    mailNickname: 'bo',
    userPrincipalName: 'shared@contoso.com',
    proxyAddresses: ['SMTP:shared@contoso.com', 'SIP:shared@contoso.com', 'X500:/o=shared@contoso.com'],
  });
  const cloud = twinOf(ad, { id: guid(2), mail: 'shared@contoso.com', proxyAddresses: ['SMTP:shared@contoso.com'] });
  const evidence = story({ cloudHolders: [cloud], onPremisesHolders: [ad] });
  const [holder] = partiesOf(evidence).others;
  const inputs = holder === undefined ? [] : inputsOf(holder, evidence);
  expect(inputs.map(({ side, attribute, flow, primary }) => `${side} ${attribute} ${flow} ${primary}`)).toEqual([
    'active-directory proxyAddresses direct true',
    'active-directory mail direct false',
    'active-directory userPrincipalName direct false',
    'entra proxyAddresses calculated true',
    'entra mail calculated false',
  ]);
  expect(inputs[3]?.behind).toEqual([
    `proxyAddresses of ${ad.objectGuid}`,
    `mail of ${ad.objectGuid}`,
    `userPrincipalName of ${ad.objectGuid}`,
  ]);
});

test('a SIP address is no SMTP address', () => {
  const cloud = cloudUser({ id: guid(2), proxyAddresses: ['SIP:shared@contoso.com'] });
  const evidence = story({ cloudHolders: [cloud] });
  expect(holdersOf(partiesOf(evidence), evidence)).toEqual([]);
});

test('the alias yields the address of the initial domain', () => {
  const ad = adUser({ objectGuid: guid(12), mailNickname: 'Shared' });
  const evidence = evidenceOf({ value: 'smtp:shared@contoso.onmicrosoft.com', subject, onPremisesHolders: [ad] });
  const [holder] = partiesOf(evidence).others;
  expect(holder === undefined ? [] : inputsOf(holder, evidence)).toMatchObject([{ attribute: 'mailNickname' }]);
});

test('what lineage does not name feeds nothing; what was not read is unknown', () => {
  const alternate = { ...directFlows(boInAd), lineage: known({ proxyAddresses: [], mail: [] }) };
  const flows = [alternate, { ...directFlows(boInAd), lineage: unknown() }, directFlows(boInAd, 'expression')].map(
    (engine) => {
      const evidence = twoSynchronised({ engine: { [bo.onPremisesImmutableId ?? '']: engine } });
      return partiesOf(evidence).others.flatMap((party) => inputsOf(party, evidence))[0]?.flow;
    },
  );
  expect(flows).toEqual(['none', 'unknown', 'expression']);
});

test('a soft-deleted user holds addresses, perhaps, but no UPN', () => {
  const deleted = cloudUser({
    id: guid(2),
    deletedDateTime: daysAgo(3),
    userPrincipalName: `${guid(2).replaceAll('-', '')}shared@contoso.com`,
  });
  const asAddress = story({ cloudHolders: [deleted] });
  const asName = story({ cloudHolders: [deleted], attribute: 'userPrincipalName', value: 'shared@contoso.com' });
  expect(holdersOf(partiesOf(asAddress), asAddress)).toHaveLength(1);
  expect(holdersOf(partiesOf(asName), asName)).toEqual([]);
});

test('cases over the same objects share a conflict set, whichever of them is the subject and whatever the attribute', () => {
  const turned = evidenceOf({
    attribute: 'userPrincipalName',
    value: 'bo@contoso.com',
    subject: { cloud: bo, onPremises: [boInAd] },
    cloudHolders: [{ ...anna, userPrincipalName: 'bo@contoso.com' }],
    onPremisesHolders: [annaInAd],
  });
  expect(conflictSetOf(turned)).toBe(conflictSetOf(twoSynchronised()));
  expect(conflictSetOf(turned)).toMatch(/^[0-9a-f]{32}$/);
  expect(conflictSetOf(story({}))).toBeNull();
  expect(conflictSetOf(story({ cloudHolders: [{ ...bo, id: guid(9) }] }))).not.toBe(conflictSetOf(turned));
});

/** Two of one name; what is given differs. */
const namesakes = (ours: object, theirs: object, theirCloud: object = {}) => {
  const ad = adUser({ objectGuid: guid(31), displayName: 'Nina Roth', userPrincipalName: 'nina@contoso.com', ...ours });
  const other = adUser({
    objectGuid: guid(32),
    displayName: 'nina roth',
    userPrincipalName: 'nina@contoso.com',
    ...theirs,
  });
  const cloud = twinOf(other, { id: guid(42), userPrincipalName: 'nina@contoso.com', ...theirCloud });
  const parties = partiesOf(
    evidenceOf({
      value,
      subject: { cloud: null, onPremises: [ad] },
      cloudHolders: [cloud],
      onPremisesHolders: [other],
    }),
  );
  return [parties.subject, ...parties.others].map(({ name }) => name);
};
const inDomain = (domain: string) => ({ distinguishedName: `CN=Nina Roth,OU=Staff,DC=${domain},DC=com` });

test.each([
  [
    'userPrincipalName',
    namesakes({}, {}, { userPrincipalName: 'nina2@contoso.com' }),
    ['Nina Roth (nina@contoso.com)', 'nina roth (nina2@contoso.com)'],
  ],
  [
    'domain',
    namesakes(inDomain('contoso'), inDomain('fabrikam')),
    ['Nina Roth (contoso.com)', 'nina roth (fabrikam.com)'],
  ],
  [
    'DN',
    namesakes({ distinguishedName: 'CN=Nina,DC=contoso,DC=com' }, inDomain('contoso')),
    ['Nina Roth (CN=Nina,DC=contoso,DC=com)', `nina roth (${inDomain('contoso').distinguishedName})`],
  ],
  ['id', namesakes(inDomain('contoso'), inDomain('contoso')), [`Nina Roth (${guid(31)})`, `nina roth (${guid(42)})`]],
])('namesakes are told apart by %s', (_mark, names, expected) => {
  expect(names).toEqual(expected);
});

test('a deleted namesake is told apart by the sign-in name that it had', () => {
  const deleted = { deletedDateTime: daysAgo(3), userPrincipalName: `${guid(42).replaceAll('-', '')}old@contoso.com` };
  expect(namesakes({}, {}, deleted)[1]).toBe('nina roth (old@contoso.com)');
});
