import { isUnreadable } from '../audit-object.ts';
import type { Chain } from './chain.ts';
import { smtp, unwanted, x400OrX500 } from './expressions.ts';
import { classOf, cnOf, edit, type IdFixRule } from './failure.ts';
import { rfc2822 } from './rfc2822.ts';
import { type BlankProposal, blank, characters, colon, duplicate, length } from './rules.ts';

const cnAsDisplayName: BlankProposal = (_value, object) => edit('Blank', cnOf(object));

const ofEveryProxyAddress = [length(256), colon, duplicate('proxyAddresses')];
const proxyAddress = {
  smtp: [...ofEveryProxyAddress, characters(unwanted.proxyAddressSmtp), rfc2822],
  x400OrX500: [...ofEveryProxyAddress, characters(unwanted.proxyAddressX400OrX500)],
  other: [...ofEveryProxyAddress, characters(unwanted.proxyAddressOther)],
};

const ofEveryTargetAddress = [length(255), colon, duplicate('targetAddress')];
const targetAddress = {
  smtp: [...ofEveryTargetAddress, characters(unwanted.targetAddressSmtp), rfc2822],
  other: [...ofEveryTargetAddress, characters(unwanted.targetAddressOther)],
};

const lengthForUsers = length(20);
const lengthForOthers = length(256);
const sAMAccountNameLength: IdFixRule = (value, object, claims) =>
  (classOf(object) === 'user' ? lengthForUsers : lengthForOthers)(value, object, claims);

const anySAMAccountName = duplicate('sAMAccountName');
const sAMAccountNameDuplicate: IdFixRule = (value, object, claims) =>
  object.userPrincipalName === undefined && !isUnreadable(object, 'userPrincipalName')
    ? anySAMAccountName(value, object, claims)
    : null;

const userPrincipalName: Chain = {
  attribute: 'userPrincipalName',
  rules: [length(113), characters(unwanted.userPrincipalName), rfc2822, duplicate('userPrincipalName')],
};

const others: readonly Chain[] = [
  { attribute: 'displayName', rules: [length(255), blank(cnAsDisplayName)], whenAbsent: cnAsDisplayName },
  { attribute: 'givenName', rules: [length(63)] },
  { attribute: 'mail', rules: [length(256), duplicate('mail')] },
  {
    attribute: 'mailNickname',
    attr: 'mailNickName',
    rules: [length(64), characters(unwanted.leadingPeriods), duplicate('mailNickname')],
  },
  {
    attribute: 'proxyAddresses',
    rules: (value) => {
      if (smtp.test(value)) return proxyAddress.smtp;
      return x400OrX500.test(value) ? proxyAddress.x400OrX500 : proxyAddress.other;
    },
  },
  {
    attribute: 'sAMAccountName',
    rules: [sAMAccountNameLength, characters(unwanted.sAMAccountName), sAMAccountNameDuplicate],
  },
  {
    attribute: 'targetAddress',
    rules: (value) => (smtp.test(value) ? targetAddress.smtp : targetAddress.other),
  },
];

/** @param alternateLoginId IdFix's option: userPrincipalName is not looked at */
export const multiTenantChains = (alternateLoginId: boolean): readonly Chain[] =>
  alternateLoginId ? others : [...others, userPrincipalName];
