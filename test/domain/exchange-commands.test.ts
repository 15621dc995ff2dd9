import { expect, test } from 'vitest';
import {
  type AddressRemoval,
  stepsToFindHiddenHolder,
  stepsToRemoveAddress,
} from '../../src/domain/exchange-commands.ts';
import { doubleQuoted, quoted } from '../../src/domain/powershell-text.ts';

const removal: AddressRemoval = {
  kind: 'user-mailbox',
  where: 'exchange-online',
  identity: 'id-1',
  address: 'shared@contoso.com',
  isPrimary: false,
  newPrimary: null,
};
const commands = (of: Partial<AddressRemoval>): string[] =>
  stepsToRemoveAddress({ ...removal, ...of }).flatMap(({ command }) => command ?? []);

test.each([
  ['user-mailbox', 'exchange-online', 'Set-Mailbox'],
  ['shared-mailbox', 'exchange-online', 'Set-Mailbox'],
  ['room-mailbox', 'exchange-online', 'Set-Mailbox'],
  ['equipment-mailbox', 'exchange-online', 'Set-Mailbox'],
  ['mail-user', 'exchange-online', 'Set-MailUser'],
  ['mail-contact', 'exchange-online', 'Set-MailContact'],
  ['distribution-group', 'exchange-online', 'Set-DistributionGroup'],
  ['dynamic-distribution-group', 'exchange-online', 'Set-DynamicDistributionGroup'],
  ['microsoft-365-group', 'exchange-online', 'Set-UnifiedGroup'],
  ['mail-public-folder', 'exchange-online', 'Set-MailPublicFolder'],
  ['user-mailbox', 'on-premises', 'Set-RemoteMailbox'],
  ['remote-mailbox', 'on-premises', 'Set-RemoteMailbox'],
  ['on-premises-mailbox', 'on-premises', 'Set-Mailbox'],
  ['distribution-group', 'on-premises', 'Set-DistributionGroup'],
] as const)('a %s, mastered %s, is changed with %s', (kind, where, cmdlet) => {
  expect(commands({ kind, where })).toEqual([
    `${cmdlet} -Identity 'id-1' -EmailAddresses @{Remove='smtp:shared@contoso.com'}`,
  ]);
});

test('a primary address is replaced before it goes', () => {
  expect(commands({ isPrimary: true, newPrimary: 'new@contoso.com' })[0]).toBe(
    "Set-Mailbox -Identity 'id-1' -WindowsEmailAddress 'new@contoso.com'",
  );
  expect(commands({ isPrimary: true, newPrimary: 'new@contoso.com', where: 'on-premises' })[0]).toBe(
    "Set-RemoteMailbox -Identity 'id-1' -PrimarySmtpAddress 'new@contoso.com' -EmailAddressPolicyEnabled $false",
  );
  expect(commands({ isPrimary: true, newPrimary: 'new@contoso.com', kind: 'microsoft-365-group' })[0]).toContain(
    '-PrimarySmtpAddress',
  );
});

test('of an unknown recipient the type is looked up first', () => {
  expect(commands({ kind: 'unknown' })[0]).toContain("Get-Recipient -Identity 'id-1'");
});

test.each([
  ["o'neil@contoso.com", "'o''neil@contoso.com'"],
  ['o’neil$(x)`@contoso.com', "'o’’neil$(x)`@contoso.com'"],
])('%s is quoted so that nothing is expanded', (value, expected) => {
  expect(quoted(value)).toBe(expected);
});

test('a filter carries the value through both quotings', () => {
  expect(stepsToFindHiddenHolder("o'neil$x@contoso.com")[0]?.command).toContain(
    "-Filter \"EmailAddresses -eq 'smtp:o''neil`$x@contoso.com'\"",
  );
  expect(doubleQuoted('a"b`c')).toBe('"a`"b``c"');
});

test('a hidden holder is sought among all kinds of recipients', () => {
  const text = stepsToFindHiddenHolder('shared@contoso.com')
    .map(({ command }) => command)
    .join('\n');
  for (const part of [
    'Get-Recipient -ResultSize',
    '-IncludeSoftDeletedRecipients',
    'Get-MailPublicFolder',
    '-InactiveMailboxOnly',
  ]) {
    expect(text).toContain(part);
  }
});
