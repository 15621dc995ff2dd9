import { expect, test } from 'vitest';
import { anna, codesOf, contact, theFinding } from './finding.ts';

const withMail = (mail: string) => ({ ...anna, mail });

test.each(["o'neil@contoso.com", 'a+b&c=d@contoso.health', 'anna@xn--mller-kva.de', 'anna@elsewhere.example.net'])(
  '%s passes',
  (mail) => {
    expect(codesOf(withMail(mail))).toEqual([]);
  },
);

test.each([
  ['anna berg@contoso.com', 'space', 'annaberg@contoso.com'],
  ['jörg@contoso.com', '"ö" (U+00F6)', 'jorg@contoso.com'],
  ['anna;berg@contoso.com', '";" (U+003B)', 'annaberg@contoso.com'],
  ['anna@müller.de', '"ü" (U+00FC)', 'anna@xn--mller-kva.de'],
])('MailCharacters: %s has %s', (mail, characters, proposal) => {
  const found = theFinding('MailCharacters', withMail(mail));
  expect(found.message).toContain(characters);
  expect(found.proposals[0]).toBe(proposal);
});

test.each([
  ['anna', 'it has no @', undefined],
  ['@contoso.com', 'it starts with @', undefined],
  ['a@b@contoso.com', 'it has more than one @', 'ab@contoso.com'],
  ['.anna..berg.@contoso.com', 'starts or ends with a full stop', 'anna.berg@contoso.com'],
  ['anna..berg@contoso.com', 'two full stops in a row', 'anna.berg@contoso.com'],
  ['anna@localhost', 'its domain is not a domain name', undefined],
  [`${'a'.repeat(65)}@contoso.com`, 'longer than 64', undefined],
])('MailFormat: %s, because %s', (mail, reason, proposal) => {
  const found = theFinding('MailFormat', withMail(mail));
  expect(found.message).toContain(reason);
  expect(found.proposals[0]).toBe(proposal);
});

test('MailLength: more than 256 characters are too many, and a domain is not cut', () => {
  const mail = `anna@${'contoso.'.repeat(32)}com`;
  expect(theFinding('MailLength', { ...contact, mail }).proposals).toEqual([]);
});
