import { expect, test } from 'vitest';
import { anna, codesOf, theFinding } from './finding.ts';

const hidden: readonly (readonly [string, string])[] = [
  ['\u200b', 'U+200B'],
  ['\u200f', 'U+200F'],
  ['\u2060', 'U+2060'],
  ['\ufeff', 'U+FEFF'],
  ['\u00ad', 'U+00AD'],
  ['\u00a0', 'U+00A0'],
  ['\u202e', 'U+202E'],
  ['\u0007', 'U+0007'],
  ['\t', 'U+0009'],
  ['\n', 'U+000A'],
];

test.each(hidden)('InvisibleCharacters: %j is named as %s', (character, name) => {
  const found = theFinding('InvisibleCharacters', {
    ...anna,
    userPrincipalName: `anna.berg${character}@contoso.com`,
  });
  expect(found.message).toContain(name);
  expect(found.proposals[0]).toBe('anna.berg@contoso.com');
});

test.each([
  ['userPrincipalName', { userPrincipalName: 'anna@contoso.com\u200b' }, 'anna@contoso.com'],
  ['mail', { mail: '\u200banna@contoso.com' }, 'anna@contoso.com'],
  ['mailNickname', { mailNickname: 'anna\u200b' }, 'anna'],
  ['sAMAccountName', { sAMAccountName: 'anna\u200b' }, 'anna'],
  ['targetAddress', { targetAddress: 'SMTP:anna\u200b@contoso.com' }, 'SMTP:anna@contoso.com'],
  ['proxyAddresses', { proxyAddresses: ['SMTP:anna@con\u200btoso.com'] }, 'SMTP:anna@contoso.com'],
] as const)('in %s it is the only finding', (attribute, change, proposal) => {
  const user = { ...anna, ...change };
  const found = theFinding('InvisibleCharacters', user);
  expect([found.attribute, found.proposals[0]]).toEqual([attribute, proposal]);
  expect(codesOf(user)).toEqual(['InvisibleCharacters']);
});

test('an address that is there without them as well is to be removed', () => {
  const user = { ...anna, proxyAddresses: ['SMTP:anna@contoso.com', 'smtp:anna\u200b@contoso.com'] };
  expect(theFinding('InvisibleCharacters', user).proposals).toEqual([]);
});

test('display names may have joiners and marks of direction', () => {
  expect(codesOf({ ...anna, displayName: 'می\u200cخواهم' })).toEqual([]);
});
