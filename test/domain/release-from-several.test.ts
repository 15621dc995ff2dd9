import { expect, test } from 'vitest';
import { holdersOf } from '../../src/domain/conflict-set.ts';
import { partiesOf } from '../../src/domain/party.ts';
import { releaseFix } from '../../src/domain/release-fix.ts';
import { cloudUser, evidenceOf, guid } from './evidence-builder.ts';
import { anna, annaInAd } from './stories.ts';

test('two losers of one name are given different new names', () => {
  const holder = (number: number) =>
    cloudUser({
      id: guid(number),
      displayName: `Kim Lind ${number}`,
      givenName: 'Kim',
      surname: 'Lind',
      userPrincipalName: 'shared@contoso.com',
    });
  const evidence = evidenceOf({
    attribute: 'userPrincipalName',
    value: 'shared@contoso.com',
    subject: { cloud: anna, onPremises: [{ ...annaInAd, userPrincipalName: 'shared@contoso.com' }] },
    cloudHolders: [holder(21), holder(22)],
    onPremisesHolders: [],
  });
  const parties = partiesOf(evidence);
  const { changes } = releaseFix([parties.subject], holdersOf(parties, evidence), parties, evidence);
  expect(changes.map(({ values }) => values[0])).toEqual(['kim.lind@contoso.com', 'kim.lind2@contoso.com']);
});
