import { describe, expect, it, test } from 'vitest';
import { topLevelDomains } from '../../../src/audit/idfix/top-level-domains.ts';
import { report, user } from './report.ts';

const faults = (userPrincipalName: string) =>
  report('multi-tenant', user('U', { userPrincipalName })).map((row) => row.replace('U userPrincipalName: ', ''));

describe('the top-level domain', () => {
  it.each(['com', 'museum', 'travel', 'international', 'COM'])('%s is known', (label) => {
    expect(faults(`u@contoso.${label}`)).toEqual([]);
  });

  it.each(['local', 'app', 'llc', 'ltd', 'health', 'music', 'arab', 'internal'])('%s is not', (label) => {
    expect(faults(`u@contoso.${label}`)).toEqual([`TopLevelDomain -> Edit u@contoso.${label}`]);
  });

  it('is the text after the last period, wherever that stands', () => {
    expect(faults('a.b@contoso')).toEqual(['Format, TopLevelDomain, DomainPart -> Edit a.b@contoso']);
  });

  it('is not looked up when nothing follows the period, or there is none', () => {
    expect(faults('u@contoso.')).toEqual(['Format, DomainPart -> Edit u@contoso.']);
    expect(faults('u@contoso')).toEqual(['Format, DomainPart -> Edit u@contoso']);
  });

  it('in Punycode is unknown and no domain either', () => {
    expect(faults('u@contoso.xn--p1ai')).toEqual(['Format, TopLevelDomain, DomainPart -> Edit u@contoso.xn--p1ai']);
  });

  it('is one of 919', () => {
    expect(topLevelDomains.size).toBe(919);
    expect([...topLevelDomains]).toEqual([...topLevelDomains].toSorted());
    expect([...topLevelDomains].filter((label) => label.startsWith('xn--') || label.includes('.'))).toEqual([]);
  });
});

test.each([
  ['u@a-.com', 'Format, DomainPart -> Edit u@a-.com'],
  ['u@-a.com', 'Format, DomainPart -> Edit u@-a.com'],
  ['u@a..com', 'Format, DomainPart -> Edit u@a..com'],
  ['u@a_b.com', 'DomainPart -> Edit u@ab.com'],
  ['u@a.c0m', 'Format, TopLevelDomain, DomainPart -> Edit u@a.c0m'],
  ['u@a.b.c', 'Format, TopLevelDomain, DomainPart -> Edit u@a.b.c'],
])('the domain of %s', (value, fault) => {
  expect(faults(value)).toEqual([fault]);
});

test.each([
  ['.u@contoso.com', 'Format, LocalPart -> Edit .u@contoso.com'],
  ['u.@contoso.com', 'LocalPart -> Edit u@contoso.com'],
  ['u..@contoso.com', 'Format, LocalPart -> Edit u.@contoso.com'],
  ['u..v@contoso.com', 'Format, LocalPart -> Edit u..v@contoso.com'],
  ['a@b@contoso.com', 'LocalPart -> Edit ab@contoso.com'],
  ['@@contoso.com', 'Format, LocalPart -> Edit @contoso.com'],
  ['@contoso.com', 'Format, LocalPart -> Edit @contoso.com'],
  ['é@contoso.com', 'Format, LocalPart -> Edit @contoso.com'],
  ['contoso', 'Format, DomainPart, LocalPart -> Edit contoso'],
])('the local part of %s', (value, fault) => {
  expect(faults(value)).toEqual([fault]);
});

test('the Kelvin sign passes for a k, as with .NET when case is ignored', () => {
  expect(faults('\u212a@\u212a.com')).toEqual([]);
  expect(faults('u@contoso.\u212ar')).toEqual([]);
  expect(faults('u@@\u212a_.com')).toEqual(['DomainPart, LocalPart -> Edit u@\u212a.com']);
});

const smtpFaults = (address: string) => report('dedicated', user('U', { proxyAddresses: [address] }));

test('a final line feed is overlooked, as $ does in .NET, but not a second one or a carriage return', () => {
  // Multi-tenant mode takes white space out first; the top-level domain is looked up with the line feed.
  expect(smtpFaults('smtp:u@contoso.com\n')).toEqual(['U proxyAddresses: TopLevelDomain -> Edit smtp:u@contoso.com\n']);
  expect(smtpFaults('smtp:u@contoso.com\n\n')).toEqual([
    'U proxyAddresses: TopLevelDomain, DomainPart -> Edit smtp:u@contoso.com',
  ]);
  expect(smtpFaults('smtp:u@contoso.com\r')).toEqual([
    'U proxyAddresses: TopLevelDomain, DomainPart -> Edit smtp:u@contoso.com',
  ]);
});

test('the address begins after the first colon, and the space before the prefix goes when something else is wrong', () => {
  expect(smtpFaults('  smtp:u@contoso.com')).toEqual([]);
  expect(smtpFaults('  smtp:u.@contoso.com')).toEqual(['U proxyAddresses: LocalPart -> Edit smtp:u@contoso.com']);
  expect(smtpFaults('x smtp:u@contoso.com')).toEqual([]);
  expect(smtpFaults('\ufeffsmtp:u.@contoso.com')).toEqual([
    'U proxyAddresses: LocalPart -> Edit \ufeffsmtp:u@contoso.com',
  ]);
});
