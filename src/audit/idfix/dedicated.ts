import type { Chain } from './chain.ts';
import { onlySpace, smtp, unwanted } from './expressions.ts';
import { classOf, cnOf, edit } from './failure.ts';
import { rfc2822 } from './rfc2822.ts';
import { type BlankProposal, blank, characters, colon, duplicate, length } from './rules.ts';

const groupDisplayName: BlankProposal = (_value, object) =>
  classOf(object) === 'group' ? edit('Blank', cnOf(object).slice(0, 255)) : null;

const contactMailNickname: BlankProposal = (_value, object) => {
  if (classOf(object) !== 'contact') return null;
  const { givenName = '', sn, sAMAccountName } = object;
  const name = sn === undefined ? givenName : givenName === '' ? sn : `${givenName}.${sn}`;
  return edit('Blank', name || (sAMAccountName ?? cnOf(object)));
};

/** A contact is offered its mail. A user without a mailbox is offered nothing; the row stands all the same. */
const externalTargetAddress: BlankProposal = (value, object) => {
  const kind = classOf(object);
  if ((kind !== 'contact' && kind !== 'user') || !onlySpace.test(object.homeMDB ?? '')) return null;
  return edit('Blank', kind === 'contact' ? `SMTP:${object.mail ?? ''}`.slice(0, 256) : value);
};

const proxyAddress = [length(256), colon, duplicate('proxyAddresses')];
const smtpProxyAddress = [...proxyAddress, rfc2822];
const targetAddress = [length(256), blank(externalTargetAddress)];
const smtpTargetAddress = [...targetAddress, rfc2822];

/** IdFix's further rule about periods in mailNickname can report nothing, so it is left out. */
export const dedicatedChains: readonly Chain[] = [
  {
    attribute: 'displayName',
    rules: [length(256), characters(unwanted.outerSpace), blank(groupDisplayName)],
    whenAbsent: groupDisplayName,
  },
  { attribute: 'mail', rules: [length(256), characters(unwanted.space), rfc2822, duplicate('mail')] },
  {
    attribute: 'mailNickname',
    attr: 'mailNickName',
    rules: [length(64), characters(unwanted.mailNickname), duplicate('mailNickname'), blank(contactMailNickname)],
    whenAbsent: contactMailNickname,
  },
  { attribute: 'proxyAddresses', rules: (value) => (smtp.test(value) ? smtpProxyAddress : proxyAddress) },
  {
    attribute: 'targetAddress',
    rules: (value) => (smtp.test(value) ? smtpTargetAddress : targetAddress),
    whenAbsent: externalTargetAddress,
  },
];
