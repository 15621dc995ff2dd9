import { expect, test } from 'vitest';
import { idFixRows } from '../../../src/audit/idfix/run.ts';
import { type Given, read } from './report.ts';

/**
 * The organisational unit "Character" that IdFix's own test script creates: a user for each of 32 characters, which stands in
 * every attribute. Counts: those of IdFix 2.6.0.3 for these objects (its script promises others).
 */
const names: Readonly<Record<string, string>> = {
  '`': 'Accent',
  '~': 'Tilde',
  '!': 'Exclamation',
  '@': 'At',
  '#': 'Hash',
  $: 'Dollar',
  '%': 'Percent',
  '^': 'Hat',
  '&': 'Ampersand',
  '*': 'Asterix',
  '(': 'LeftParan',
  ')': 'RightParan',
  _: 'Underscore',
  '-': 'Hyphen',
  '+': 'Plus',
  '=': 'Equal',
  '[': 'LeftBracket',
  '{': 'LeftBrace',
  '}': 'RightBrace',
  ']': 'RightBracket',
  '|': 'Pipe',
  '\\': 'LeftSlash',
  ':': 'Colon',
  ';': 'Semicolon',
  '"': 'DoubleQuote',
  "'": 'Apostrophe',
  '<': 'LessThan',
  ',': 'Comma',
  '>': 'GreaterThan',
  '.': 'Period',
  '?': 'Question',
  '/': 'RightSlash',
};

/** Active Directory itself refuses these in a sAMAccountName. */
const refused = new Set('*+=[]|\\:;"<,>?/');

const users = Object.entries(names).map(([character, cn]): Given => {
  const name = `${cn}${character}CHAR`;
  return {
    objectClass: 'user',
    cn,
    displayName: `displayName${name}`,
    givenName: `givenName${name}`,
    mail: `mail${name}@contoso.com`,
    mailNickName: `mailNickName${name}`,
    proxyAddresses: [`SMTP:proxyAddresses${name}@contoso.com`],
    sAMAccountName: refused.has(character) ? cn : name,
    sn: `sn${name}`,
    targetAddress: `smtp:targetAddress${name}@contoso.com`,
    userPrincipalName: `userPrincipalName${name}@contoso.com`,
  };
});

test.each([
  ['multi-tenant', 47],
  ['dedicated', 65],
] as const)('32 characters in every attribute, %s: %i errors', (mode, errors) => {
  const { counts } = idFixRows(read(users), { mode });
  expect(counts).toEqual({ totalErrors: errors, duplicates: 0, gridRows: errors });
});
