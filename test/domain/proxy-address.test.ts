import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseValue } from '../../src/domain/normalise.ts';
import {
  bareAddress,
  isSmtp,
  normaliseProxyAddress,
  parseProxyAddress,
  primarySmtp,
  sameProxyAddress,
} from '../../src/domain/proxy-address.ts';

test.each([
  ['SMTP:Anna@contoso.com', { prefix: 'smtp', address: 'Anna@contoso.com', primary: true }],
  ['smtp:anna@contoso.com', { prefix: 'smtp', address: 'anna@contoso.com', primary: false }],
  ['SIP:anna@contoso.com', { prefix: 'sip', address: 'anna@contoso.com', primary: true }],
  ['X500:/o=Contoso/ou=EU/cn=anna', { prefix: 'x500', address: '/o=Contoso/ou=EU/cn=anna', primary: true }],
  ['x.400:c=US;a= ;p=Contoso', { prefix: 'x400', address: 'c=US;a= ;p=Contoso', primary: false }],
  ['SMTP:user:M@contoso.com', { prefix: 'smtp', address: 'user:M@contoso.com', primary: true }],
  ['anna@contoso.com', null],
])('%s is taken apart', (value, expected) => {
  expect(parseProxyAddress(value)).toEqual(expected);
});

test.each([
  ['SMTP:Anna@Contoso.com', 'smtp:anna@contoso.com', true],
  ['anna@contoso.com', 'smtp:anna@contoso.com', true],
  ['sip:anna@contoso.com', 'smtp:anna@contoso.com', false],
  ['smtp:anna@contoso.com', 'smtp:anne@contoso.com', false],
  ['X500:/o=A', 'x500:/O=a', true],
  ["smtp:o'neil+tag/1@contoso.com", "SMTP:O'Neil+Tag/1@contoso.com", true],
  ['smtp:jörg@contoso.com', 'SMTP:JÖRG@contoso.com', true],
])('%s and %s are the same address: %s', (left, right, same) => {
  expect(sameProxyAddress(left, right)).toBe(same);
});

test('only the upper-case SMTP prefix marks the primary address', () => {
  expect(primarySmtp(['smtp:b@contoso.com', 'SIP:a@contoso.com', 'SMTP:a@contoso.com'])).toBe('SMTP:a@contoso.com');
  expect(primarySmtp(['smtp:b@contoso.com'])).toBeNull();
});

test('a value without prefix is no SMTP address of an object, but is one in a report', () => {
  expect(isSmtp('anna@contoso.com')).toBe(false);
  expect(normaliseProxyAddress('anna@contoso.com')).toBe('smtp:anna@contoso.com');
});

test.each([
  ['proxyAddresses', 'SMTP:Anna@Contoso.com', 'smtp:anna@contoso.com'],
  ['userPrincipalName', ' Anna@Contoso.com', 'anna@contoso.com'],
  ['mail', 'Anna@Contoso.com', 'anna@contoso.com'],
  ['onPremisesSecurityIdentifier', 'S-1-5-21-A', 'S-1-5-21-A'],
])('two reports of one %s agree in its normalised form', (attribute, value, normalised) => {
  expect(normaliseValue(attribute, value)).toBe(normalised);
});

test('normalising twice is normalising once, and case never matters', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(smtp|SMTP|sip|X500):[ -~]{1,260}$/), (value) => {
      const once = normaliseProxyAddress(value);
      expect(normaliseProxyAddress(once)).toBe(once);
      expect(sameProxyAddress(value, value.toUpperCase())).toBe(true);
      expect(once.endsWith(bareAddress(value))).toBe(true);
    }),
  );
});
