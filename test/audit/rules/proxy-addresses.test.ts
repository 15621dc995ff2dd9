import { describe, expect, test } from 'vitest';
import { anna, codesOf, contact, contoso, group, theFinding, unknownTenant } from './finding.ts';

const primary = 'SMTP:anna.berg@contoso.com';
const withAddress = (address: string) => ({ ...anna, proxyAddresses: [primary, address] });

test.each([
  ["X500:/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=O'Neil", 'X.500'],
  ['x500:/o=ExchangeLabs/ou=[external], "x"/cn=O\'Neil-ä', 'X.500 with everything'],
  ["X400:c=US;a= ;p=Contoso;o=Exchange;s=O'Neil;g=Anna;", 'X.400'],
  ['x.400:C=DE;A= ;P=x', 'X.400 with a full stop'],
  ["/o=ExchangeLabs/ou=Exchange (x)/cn=O'Neil", 'a bare legacyExchangeDN'],
  ['EUM:1234;phone-context=dial.contoso.com', 'unified messaging'],
  ['SPO:SPO_1@SPO_2', 'SharePoint'],
  ["smtp:o'neil@contoso.com", 'an apostrophe'],
  ['SIP:+4930123@contoso.com', 'a number for SIP'],
  ['smtp:anna@contoso.mail.onmicrosoft.com', 'the routing domain of the tenant'],
  ['smtp:anna+sales@contoso.com', 'a plus sign'],
])('%s passes: %s', (address) => {
  expect(codesOf(withAddress(address))).toEqual([]);
});

test.each(['smtp:anna@contoso.app', 'smtp:anna@xn--mller-kva.de', 'smtp:anna@contoso.xn--p1ai'])(
  '%s passes while the domains of the tenant are not known',
  (address) => {
    expect(codesOf(withAddress(address), unknownTenant)).toEqual([]);
  },
);

test.each([
  ['ProxyAddressPrefix', 'ab@contoso.com', 'does not start with', 'smtp:ab@contoso.com'],
  ['ProxyAddressPrefix', 'nonsense', 'does not start with', undefined],
  ['ProxyAddressSpace', 'smtp: a b@contoso.com', 'a space', 'smtp:ab@contoso.com'],
  ['ProxyAddressCharacters', 'smtp:a;b@contoso.com', '";" (U+003B)', 'smtp:ab@contoso.com'],
  ['ProxyAddressCharacters', 'notes:Anna(Berg)', '"(" (U+0028), ")" (U+0029)', 'notes:AnnaBerg'],
  ['ProxyAddressDiacritics', 'smtp:jörg@contoso.com', '"ö" (U+00F6)', 'smtp:jorg@contoso.com'],
  ['ProxyAddressSecondColon', 'smtp:user:m@contoso.com', 'colon after', 'smtp:userm@contoso.com'],
  ['ProxyAddressSecondColon', 'smtp:SMTP:user@contoso.com', 'colon after', 'smtp:user@contoso.com'],
  ['ProxyAddressFormat', 'smtp:anna', 'it has no @', undefined],
  ['ProxyAddressFormat', 'smtp:a@@contoso.com', 'more than one @', 'smtp:a@contoso.com'],
  ['ProxyAddressFormat', 'smtp:a.@contoso.com', 'full stop', 'smtp:a@contoso.com'],
  ['ProxyAddressForeignTenant', 'smtp:a@fabrikam.onmicrosoft.com', 'another tenant', undefined],
  ['ProxyAddressSuffix', 'smtp:a@corp.local', 'can never be verified', 'smtp:a@contoso.com'],
  ['ProxyAddressSuffix', 'smtp:a@contoso.example.net', 'is not verified', 'smtp:a@contoso.com'],
])('%s: %s', (code, address, reason, proposal) => {
  const found = theFinding(code, withAddress(address));
  expect(found.message).toContain(reason);
  expect(found.proposals[0]).toBe(proposal);
  expect(codesOf(withAddress(address))).toEqual([code]);
});

test('ProxyAddressLength: 256 characters with the prefix are the most, and a domain is never cut', () => {
  const domain = `${'x.'.repeat(120)}contoso.com`;
  expect(theFinding('ProxyAddressLength', { ...contact, proxyAddresses: [`smtp:anna@${domain}`] }).proposals).toEqual(
    [],
  );
});

test('an international domain keeps its letters in the xn-- form', () => {
  const found = theFinding('ProxyAddressDiacritics', { ...contact, proxyAddresses: ['SMTP:anna@müller.de'] });
  expect(found.proposals[0]).toBe('SMTP:anna@xn--mller-kva.de');
});

test('nothing is proposed when the object has the repaired address already', () => {
  expect(theFinding('ProxyAddressSuffix', withAddress('smtp:anna.berg@corp.local')).proposals).toEqual([]);
});

describe('SeveralPrimaryAddresses', () => {
  test('the second one becomes secondary', () => {
    const found = theFinding('SeveralPrimaryAddresses', withAddress('SMTP:ab@contoso.com'));
    expect([found.value, found.proposals[0]]).toEqual(['SMTP:ab@contoso.com', 'smtp:ab@contoso.com']);
  });

  test('a broken second one does not become a second primary by its repair', () => {
    expect(theFinding('ProxyAddressCharacters', withAddress('SMTP:a;b@contoso.com')).proposals[0]).toBe(
      'smtp:ab@contoso.com',
    );
  });
});

describe('Domains of others', () => {
  test('are what a contact, a group or a mail user is for', () => {
    const address = 'smtp:anna@partner.example.net';
    expect(codesOf(contact)).toEqual([]);
    expect(codesOf({ ...group, proxyAddresses: [address] })).toEqual([]);
    expect(codesOf({ ...withAddress(address), msExchRecipientTypeDetails: '128' })).toEqual([]);
    expect(codesOf({ ...withAddress(address), targetAddress: 'SMTP:Anna@partner.example.net' })).toEqual([]);
  });

  test('nobody can receive mail in a private network from outside', () => {
    expect(codesOf({ ...contact, proxyAddresses: ['SMTP:carl@partner.local'] }, unknownTenant)).toEqual([
      'ProxyAddressSuffix',
    ]);
  });

  test("the rule about other tenants is silent while the own tenant's name is not known", () => {
    const address = withAddress('smtp:a@fabrikam.onmicrosoft.com');
    expect(codesOf(address, unknownTenant)).toEqual([]);
    expect(codesOf(address, { ...unknownTenant, initialDomain: contoso.initialDomain })).toEqual([
      'ProxyAddressForeignTenant',
    ]);
  });
});

test('ProxyAddressCount: 300 values pass, more may be too large an object', () => {
  const many = (count: number) => ({
    ...anna,
    proxyAddresses: Array.from({ length: count }, (_, index) => `smtp:a${index}@contoso.com`),
  });
  expect(codesOf(many(300))).toEqual([]);
  const found = theFinding('ProxyAddressCount', many(301));
  expect([found.value, found.severity, found.proposals]).toEqual(['301', 'warning', []]);
});
