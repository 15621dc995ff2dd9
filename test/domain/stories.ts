import type { Evidence } from '../../src/domain/evidence.ts';
import { adUser, cloudUser, daysAgo, evidenceOf, guid, known, type Story, twinOf } from './evidence-builder.ts';

/** Two synchronised users of one forest want smtp:shared@contoso.com; Bo has it as a secondary address, Anna claims it. */
export function twoSynchronised(story: Partial<Story> = {}): Evidence {
  return evidenceOf({ value: 'smtp:shared@contoso.com', ...annaAndBo, ...story });
}

export const annaInAd = adUser({
  objectGuid: guid(11),
  displayName: 'Anna Berg',
  givenName: 'Anna',
  surname: 'Berg',
  employeeId: '100',
  userPrincipalName: 'anna.berg@contoso.com',
  proxyAddresses: ['SMTP:anna.berg@contoso.com', 'smtp:shared@contoso.com'],
});
export const anna = twinOf(annaInAd, {
  id: guid(1),
  givenName: 'Anna',
  surname: 'Berg',
  employeeId: '100',
  userPrincipalName: 'anna.berg@contoso.com',
  proxyAddresses: ['SMTP:anna.berg@contoso.com'],
});
export const boInAd = adUser({
  objectGuid: guid(12),
  displayName: 'Bo Lind',
  givenName: 'Bo',
  surname: 'Lind',
  employeeId: '200',
  userPrincipalName: 'bo.lind@contoso.com',
  proxyAddresses: ['SMTP:bo.lind@contoso.com', 'smtp:shared@contoso.com'],
});
export const bo = twinOf(boInAd, {
  id: guid(2),
  givenName: 'Bo',
  surname: 'Lind',
  employeeId: '200',
  userPrincipalName: 'bo.lind@contoso.com',
  proxyAddresses: ['SMTP:bo.lind@contoso.com', 'smtp:shared@contoso.com'],
});
const annaAndBo = {
  subject: { cloud: anna, onPremises: [annaInAd] },
  cloudHolders: [bo],
  onPremisesHolders: [boInAd, annaInAd],
};

/** Dora of Active Directory wants the UPN dora.falk@contoso.com that another Dora, in Entra only, signs in with. */
export function cloudHolderOfName(story: Partial<Story> = {}): Evidence {
  return evidenceOf({
    attribute: 'userPrincipalName',
    value: 'dora.falk@contoso.com',
    subject: { cloud: dora, onPremises: [doraInAd] },
    cloudHolders: [otherDora],
    onPremisesHolders: [doraInAd],
    facts: { [otherDora.id]: { lastSignIn: known(daysAgo(2)) } },
    ...story,
  });
}

export const doraInAd = adUser({
  objectGuid: guid(13),
  displayName: 'Dora Falk',
  givenName: 'Dora',
  surname: 'Falk',
  employeeId: '300',
  userPrincipalName: 'dora.falk@contoso.com',
});
export const dora = twinOf(doraInAd, {
  id: guid(3),
  givenName: 'Dora',
  surname: 'Falk',
  employeeId: '300',
  userPrincipalName: 'dora.falk+1234@contoso.onmicrosoft.com',
});
export const otherDora = cloudUser({
  id: guid(4),
  displayName: 'Dorothea Falk',
  givenName: 'Dorothea',
  surname: 'Falk',
  employeeId: '400',
  userPrincipalName: 'dora.falk@contoso.com',
});
