import { withoutInvisible } from '../../domain/invisible-characters.ts';
import { parseProxyAddress } from '../../domain/proxy-address.ts';
import { faultOfSmtpAddress, isSimpleMailbox } from '../../domain/smtp-address.ts';
import { isDomainName } from '../../domain/user-principal-name.ts';
import { attributeRules, type Concern } from '../attribute-rules.ts';
import type { AuditSettings } from '../audit-settings.ts';
import { invisibleCharacters, visibleMatches } from '../character-concerns.ts';
import { longerThan } from '../length-concern.ts';
import { repairedAddress, withoutPrefixes } from '../repair.ts';
import { source } from '../sources.ts';

const longest = 256;

/** The mail address that mail is sent on to; null when the value routes to something else, such as X.400. */
function smtpIn(value: string): string | null {
  const parsed = parseProxyAddress(withoutInvisible(value));
  if (parsed === null) return withoutInvisible(value);
  return parsed.prefix === 'smtp' ? parsed.address : null;
}

const concerns: Concern[] = [
  longerThan(longest, {
    code: 'TargetAddressLength',
    description: 'A targetAddress is too long',
    source: source.prepare,
    remedy: 'Enter a shorter address that mail is to be sent on to.',
  }),
  {
    code: 'TargetAddressCharacters',
    severity: 'error',
    description: 'A targetAddress has characters that Entra refuses',
    source: source.prepare,
    remedy: 'Enter the address that mail is to be sent on to, without these characters.',
    check(value) {
      const found = visibleMatches(smtpIn(value) ?? '', /[ \\<>();,[\]"]|[^\x20-\x7e]/gu);
      return found === null
        ? null
        : `It has ${found}; a space, \\ < > ( ) ; , [ ] " and letters with accents are refused.`;
    },
  },
  {
    code: 'TargetAddressFormat',
    severity: 'error',
    description: 'A targetAddress is not a mail address',
    source: source.smtp,
    remedy: 'Enter the address that mail is to be sent on to, as SMTP:name@domain.',
    check(value) {
      const address = smtpIn(value);
      if (address === null) return null;
      const fault = address.includes(':') ? 'it has a second colon' : faultOfSmtpAddress(address.trim());
      return fault === null ? null : `As a mail address ${fault}.`;
    },
  },
];

export const targetAddressRules = attributeRules({
  attribute: 'targetAddress',
  values: ({ targetAddress }) => (targetAddress === undefined ? [] : [targetAddress]),
  surelyPasses: ({ targetAddress }) =>
    targetAddress === undefined || isSimpleAddress(targetAddress.replace(/^smtp:/i, '')),
  concerns: [invisibleCharacters, ...concerns],
  candidates,
});

const isSimpleAddress = (address: string): boolean =>
  isSimpleMailbox(address) &&
  isDomainName(address.slice(address.indexOf('@') + 1)) &&
  address.length < longest - 'SMTP:'.length;

/** Never numbered: another address is another mailbox. */
function candidates(value: string | null, _object: unknown, settings: AuditSettings): string[] {
  const address = smtpIn(value ?? '');
  const repaired = address === null ? null : repairedAddress(withoutPrefixes(address), settings);
  if (repaired === null) return [];
  const prefix = /^smtp:/i.exec(withoutInvisible(value ?? ''))?.[0] ?? 'SMTP:';
  return [`${prefix}${repaired}`];
}
