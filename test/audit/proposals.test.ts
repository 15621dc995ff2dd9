import { expect, test } from 'vitest';
import type { AttributeRule } from '../../src/audit/rule.ts';
import { audit, make, user } from './organisation.ts';

/** A rule that minds a pattern in a value and proposes what is said. */
function rule(
  code: string,
  attribute: 'userPrincipalName' | 'proxyAddresses' | 'displayName' | 'sAMAccountName',
  pattern: RegExp,
  propose: (value: string) => Iterable<string>,
): AttributeRule {
  return {
    meta: { code, attribute, severity: 'error', description: code, source: 'this test' },
    values: (object) => {
      const value = object[attribute];
      return value === undefined ? [null] : typeof value === 'string' ? [value] : value;
    },
    check: (value) => (value !== null && pattern.test(value) ? { message: `${code} minds it`, remedy: 'think' } : null),
    propose: (value) => propose(value ?? ''),
  };
}

const noSpace = rule('NoSpace', 'userPrincipalName', / /, function* (value) {
  const plain = value.replaceAll(' ', '');
  yield plain;
  for (let number = 2; number < 10; number++) yield plain.replace('@', `${number}@`);
});
const noUmlaut = rule('NoUmlaut', 'userPrincipalName', /ä/, (value) => [value.replaceAll('ä', 'a')]);

const proposals = (...args: Parameters<typeof audit>) =>
  audit(...args).map(({ rule: code, proposal }) => [code, proposal]);

test('a value that breaks one rule gets what that rule proposes first', () => {
  expect(proposals([user('A', { userPrincipalName: 'a b@contoso.com' })], { rules: [noSpace] })).toEqual([
    ['NoSpace', 'ab@contoso.com'],
  ]);
});

test('a value that breaks several rules gets one value that mends them all, named in each finding', () => {
  expect(proposals([user('A', { userPrincipalName: 'ä b@contoso.com' })], { rules: [noSpace, noUmlaut] })).toEqual([
    ['NoSpace', 'ab@contoso.com'],
    ['NoUmlaut', 'ab@contoso.com'],
  ]);
});

test('what somebody else holds, in any attribute, is not proposed', () => {
  const objects = [
    user('A', { userPrincipalName: 'a b@contoso.com' }),
    make('group', { proxyAddresses: ['smtp:AB@contoso.com'] }),
    make('contact', { mail: 'ab2@contoso.com' }),
  ];
  expect(proposals(objects, { rules: [noSpace] })).toEqual([['NoSpace', 'ab3@contoso.com']]);
});

test('what the object itself holds may become its value in another attribute', () => {
  const anna = user('A', { userPrincipalName: 'a b@contoso.com', mail: 'ab@contoso.com' });
  expect(proposals([anna], { rules: [noSpace] })).toEqual([['NoSpace', 'ab@contoso.com']]);
  const bert = user('B', { mail: 'ab@contoso.com' });
  expect(audit([anna, bert], { rules: [noSpace] })[0]?.proposal).toBe('ab2@contoso.com');
});

test('nobody is proposed what was proposed to another', () => {
  const objects = [1, 2, 3].map((number) =>
    user(`A${number}`, { userPrincipalName: `a${' '.repeat(number)}b@contoso.com` }),
  );
  expect(proposals(objects, { rules: [noSpace] }).map(([, proposal]) => proposal)).toEqual([
    'ab@contoso.com',
    'ab2@contoso.com',
    'ab3@contoso.com',
  ]);
});

test('two values of one attribute never become one', () => {
  const tidy = rule('Tidy', 'proxyAddresses', / /, (value) => [value.replaceAll(' ', ''), value.replaceAll(' ', '.')]);
  const one = user('A', { proxyAddresses: ['smtp:a b@contoso.com', 'smtp:a  b@contoso.com', 'SMTP:AB@contoso.com'] });
  expect(proposals([one], { rules: [tidy] })).toEqual([
    ['Tidy', 'smtp:a.b@contoso.com'],
    ['Tidy', 'smtp:a..b@contoso.com'],
  ]);
});

test('an account name is new in every domain', () => {
  const short = rule('Short', 'sAMAccountName', /^.{4,}$/, (value) => [value.slice(0, 3), `${value.slice(0, 2)}2`]);
  const objects = [user('A', { sAMAccountName: 'annalena' }), make('group', { sAMAccountName: 'ANN' }, 'fabrikam.com')];
  expect(proposals(objects, { rules: [short] })).toEqual([['Short', 'an2']]);
});

test('an attribute that need not be unique may get one value twice', () => {
  const named = rule('Named', 'displayName', /^$/, () => ['No name']);
  const objects = [user('', { cn: 'A' }), user('', { cn: 'B' })];
  expect(proposals(objects, { rules: [named] })).toEqual([
    ['Named', 'No name'],
    ['Named', 'No name'],
  ]);
});

test('a rule that proposes without end is left when patience is', () => {
  const endless = rule('Endless', 'userPrincipalName', /a/, function* (value) {
    for (let number = 0; ; number++) yield value.replace('@', `${number}@`);
  });
  expect(proposals([user('A', { userPrincipalName: 'a@contoso.com' })], { rules: [endless] })).toEqual([
    ['Endless', undefined],
  ]);
});

test('rules that undo each other leave the value to a person', () => {
  const there = rule('There', 'userPrincipalName', /^a/, (value) => [value.replace('a', 'b')]);
  const back = rule('Back', 'userPrincipalName', /^b/, (value) => [value.replace('b', 'a')]);
  expect(proposals([user('A', { userPrincipalName: 'a@contoso.com' })], { rules: [there, back] })).toEqual([
    ['There', undefined],
  ]);
});

test('what is out of scope is not held against the rules', () => {
  const critical = user('A', { userPrincipalName: 'a b@contoso.com', isCriticalSystemObject: true });
  expect(audit([critical], { rules: [noSpace] })).toEqual([]);
});
