import { expect, test } from 'vitest';
import {
  looksLikePlaceholder,
  problemsOfUserPrincipalName,
  sameUserPrincipalName,
  withoutDeletionPrefix,
} from '../../src/domain/user-principal-name.ts';
import { guid } from './evidence-builder.ts';

test('case does not tell two UPNs apart', () => {
  expect(sameUserPrincipalName('Anna@Contoso.com', 'anna@contoso.com')).toBe(true);
  expect(sameUserPrincipalName('anna@contoso.com', 'anna2@contoso.com')).toBe(false);
});

test('the UPN of a soft-deleted user has 32 hex digits in front', () => {
  const stored = `${guid(7).replaceAll('-', '')}anna@contoso.com`;
  expect(withoutDeletionPrefix(stored, guid(7))).toBe('anna@contoso.com');
  expect(withoutDeletionPrefix(stored.toUpperCase(), guid(7))).toBe('ANNA@CONTOSO.COM');
});

test('hex digits of another object are part of the name', () => {
  const name = `${guid(8).replaceAll('-', '')}anna@contoso.com`;
  expect(withoutDeletionPrefix(name, guid(7))).toBe(name);
});

test.each([
  ['anna+1234@contoso.onmicrosoft.com', true],
  ['anna1234@contoso.onmicrosoft.com', true],
  ['anna@contoso.onmicrosoft.com', false],
  ['anna+1234@contoso.com', false],
])('%s looks like a placeholder: %s', (name, expected) => {
  expect(looksLikePlaceholder(name, 'contoso.onmicrosoft.com')).toBe(expected);
});

test.each([
  ["o'neil.anna-b_1!#^~@contoso.com", 0],
  [`${'a'.repeat(64)}@contoso.com`, 0],
  [`${'a'.repeat(65)}@contoso.com`, 1],
  [`a@${'b'.repeat(45)}.com`, 1],
  ['no-at-sign', 1],
  ['@contoso.com', 1],
  ['anna.@contoso.com', 1],
  ['anna berg@contoso.com', 1],
  ['anna+x@contoso.com', 1],
  ['jörg@contoso.com', 1],
  ['anna@contoso', 1],
  ['anna@@contoso.com', 1],
])('%s has %i problems', (name, count) => {
  expect(problemsOfUserPrincipalName(name)).toHaveLength(count);
});
