import { withoutInvisible } from '../../domain/invisible-characters.ts';
import { numbered } from '../../domain/plain-name.ts';
import { domainOf, localPartOf } from '../../domain/proxy-address.ts';
import { faultOfSmtpAddress, isSimpleMailbox } from '../../domain/smtp-address.ts';
import { isDomainName } from '../../domain/user-principal-name.ts';
import { attributeRules, type Concern } from '../attribute-rules.ts';
import { type AuditObject, objectTypeOf } from '../audit-object.ts';
import type { AuditSettings } from '../audit-settings.ts';
import { invisibleCharacters, visibleMatches } from '../character-concerns.ts';
import { longerThan } from '../length-concern.ts';
import { repairedAddress } from '../repair.ts';
import { source } from '../sources.ts';
import { hasGoodDomain } from '../tenant-domains.ts';
import { isCleanUserName, userNameCandidates, userNameConcerns } from './user-principal-name.ts';

const longest = 256;

/** Space, the characters that proxyAddresses may not have, the colon, the backslash, and everything outside ASCII. */
const unusual = /[ <>();,[\]":\\]|[^\x20-\x7e]/gu;

const concerns: Concern[] = [
  {
    code: 'MailCharacters',
    severity: 'warning',
    description: 'A mail attribute has characters that no address may have',
    source: source.graph,
    remedy: 'Write the address without them, as the mailbox has it.',
    check(value) {
      const found = visibleMatches(value, unusual);
      return found === null ? null : `It has ${found}, so it does not become the address of the object.`;
    },
  },
  {
    code: 'MailFormat',
    severity: 'warning',
    description: 'A mail attribute is not a mail address',
    source: source.smtp,
    remedy: 'Enter the address of the object, or clear the attribute.',
    check(value) {
      const fault = faultOfSmtpAddress(withoutInvisible(value));
      return fault === null ? null : `As a mail address ${fault}, so it does not become the address of the object.`;
    },
  },
  longerThan(longest, {
    code: 'MailLength',
    description: 'A mail attribute is too long',
    source: `${source.idfix}; ${source.directory}`,
    remedy: 'Enter a shorter address of the object.',
  }),
];

export const mailRules = attributeRules({
  attribute: 'mail',
  values: ({ mail }) => (mail === undefined ? [] : [mail]),
  surelyPasses: ({ mail }, settings) =>
    mail === undefined ||
    (isSimpleMailbox(mail) &&
      (hasGoodDomain(mail, settings) || isDomainName(mail.slice(mail.indexOf('@') + 1))) &&
      mail.length <= longest &&
      (settings.userNameAttribute !== 'mail' || isCleanUserName(mail, settings))),
  concerns: [invisibleCharacters, ...concerns, ...userNameConcerns('mail')],
  candidates: mailCandidates,
});

function* mailCandidates(value: string | null, object: AuditObject, settings: AuditSettings): Iterable<string> {
  if (settings.userNameAttribute === 'mail' && objectTypeOf(object) === 'user')
    yield* userNameCandidates(value, object, settings);
  const repaired = repairedAddress(value ?? '', settings);
  if (repaired === null) return;
  yield* numbered(localPartOf(repaired)).map((name) => `${name}@${domainOf(repaired)}`);
}
