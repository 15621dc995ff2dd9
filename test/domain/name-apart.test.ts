import { expect, test } from 'vitest';
import { domainOfDn, nameApart } from '../../src/domain/name-apart.ts';

const named = (name: string, ...marks: (string | undefined)[]) => ({ name, marks });

test.each([
  ['different names', [named('Ann', 'a@x'), named('Bo', 'b@x')], ['Ann', 'Bo']],
  ['names that differ in case alone', [named('Nina', 'n@x'), named('NINA ', 'm@x')], ['Nina (n@x)', 'NINA  (m@x)']],
  [
    'the first mark that differs',
    [named('N', 'n@x', 'x.com', '1'), named('N', 'N@X', 'y.com', '2')],
    ['N (x.com)', 'N (y.com)'],
  ],
  [
    'the last when all else is alike',
    [named('N', 'n@x', 'x.com', '1'), named('N', 'n@x', 'x.com', '2')],
    ['N (1)', 'N (2)'],
  ],
  ['one that lacks a mark', [named('N', 'n@x', '1'), named('N', undefined, '2')], ['N (n@x)', 'N (2)']],
  ['a mark that is empty', [named('N', '', '1'), named('N', '', '2')], ['N (1)', 'N (2)']],
  ['nothing that differs', [named('N', 'n@x'), named('N', 'n@x')], ['N', 'N']],
  ['three, of whom two are namesakes', [named('N', '1'), named('Bo', '1'), named('n', '2')], ['N (1)', 'Bo', 'n (2)']],
])('%s', (_story, all, expected) => {
  expect(nameApart(all)).toEqual(expected);
});

test.each([
  ['CN=Nina\\, Roth,OU=Staff,DC=eu,DC=contoso,DC=com', 'eu.contoso.com'],
  ['dc=contoso,dc=com', 'contoso.com'],
  ['CN=Nina', undefined],
])('the domain of %s', (dn, domain) => {
  expect(domainOfDn(dn)).toBe(domain);
});
