import { expect, test } from 'vitest';
import { candidateNames, newUserPrincipalName } from '../../src/domain/new-name.ts';
import { partiesOf } from '../../src/domain/party.ts';
import { problemsOfUserPrincipalName } from '../../src/domain/user-principal-name.ts';
import { known, unknown } from './evidence-builder.ts';
import { cloudHolderOfName, dora, doraInAd } from './stories.ts';

const propose = (evidence = cloudHolderOfName()) =>
  newUserPrincipalName(partiesOf(evidence).subject, 'active-directory', evidence);

test('a name comes from the person, is numbered when taken, and says when nobody was asked', () => {
  expect(propose()).toEqual({ name: 'dora.falk2@contoso.com', note: expect.stringContaining('was not asked') });
});

test('a name that the directory has is passed over', () => {
  const asked = {
    ...cloudHolderOfName(),
    namesTaken: { 'dora.falk2@contoso.com': known(true), 'dora.falk3@contoso.com': known(false) },
  };
  expect(propose(asked)).toEqual({ name: 'dora.falk3@contoso.com', note: null });
});

test('a search that failed proves nothing free', () => {
  const asked = { ...cloudHolderOfName(), namesTaken: { 'dora.falk2@contoso.com': unknown() } };
  expect(propose(asked)?.note).toContain('was not asked');
});

test('there is no proposal when every name is taken, or no domain is known', () => {
  const evidence = cloudHolderOfName();
  const all = Object.fromEntries(candidateNames(evidence).map((name) => [name, known(true)]));
  expect(propose({ ...evidence, namesTaken: all })).toBeNull();
  expect(propose({ ...evidence, tenant: { ...evidence.tenant, verifiedDomains: unknown() } })).toBeNull();
});

test.each([
  ['Jörg', 'Müller', 'jorg.muller2@contoso.com'],
  ['Sean', "O'Neil", 'sean.oneil@contoso.com'],
  ['Anna  Maria', 'von Berg', 'anna.maria.von.berg@contoso.com'],
  ['李', '伟', 'dfalk@contoso.com'],
  ['a'.repeat(80), 'b', `${'a'.repeat(60)}@contoso.com`],
])('the name of %s %s is written in letters that a UPN may have', (givenName, surname, expected) => {
  const ad = {
    ...doraInAd,
    givenName,
    surname,
    mailNickname: 'dfalk',
    proxyAddresses: ['smtp:jorg.muller@contoso.com'],
  };
  const { givenName: _given, surname: _surname, ...cloud } = dora;
  const name = propose(cloudHolderOfName({ subject: { cloud, onPremises: [ad] } }))?.name ?? '';
  expect(name).toBe(expected);
  expect(problemsOfUserPrincipalName(name)).toEqual([]);
});

test('the names to ask about are few, valid and free of repetition', () => {
  const names = candidateNames(cloudHolderOfName());
  expect(names.length).toBeLessThanOrEqual(20);
  expect(new Set(names).size).toBe(names.length);
  expect(names.flatMap(problemsOfUserPrincipalName)).toEqual([]);
});
