import { withoutInvisible } from '../../domain/invisible-characters.ts';
import { numbered } from '../../domain/plain-name.ts';
import { attributeRules, type Concern } from '../attribute-rules.ts';
import type { AuditObject } from '../audit-object.ts';
import { invisibleCharacters, visibleMatches } from '../character-concerns.ts';
import { longerThan } from '../length-concern.ts';
import { nameOf, trimStops, without } from '../repair.ts';
import { source } from '../sources.ts';

const longest = 64;

/** Graph's list for groups, without / and ', which Exchange takes in an alias; and everything outside ASCII. */
const unusual = /[@()[\]\\;:<>," ]|[^\x20-\x7e]/gu;

const concerns: Concern[] = [
  longerThan(longest, {
    code: 'MailNicknameLength',
    description: 'An alias is too long',
    source: source.graph,
    remedy: `Choose an alias of at most ${longest} characters.`,
  }),
  {
    code: 'MailNicknamePeriods',
    severity: 'error',
    description: 'An alias starts or ends with a full stop',
    source: `${source.prepare}; IdFix, rules of dedicated tenants`,
    remedy: 'Choose an alias without a full stop at either end.',
    check: (value) =>
      /^\.|\.$/.test(withoutInvisible(value))
        ? 'It starts or ends with a full stop, so no address can be made from it.'
        : null,
  },
  {
    code: 'MailNicknameCharacters',
    severity: 'warning',
    description: 'An alias has characters that no address may have',
    source: source.graph,
    remedy: 'Choose an alias of letters, digits, full stop, hyphen and underscore.',
    check(value) {
      const found = value.trim() === '' ? null : visibleMatches(value, unusual);
      return found === null ? null : `It has ${found}; the address in the initial domain is made from it.`;
    },
  },
  {
    code: 'MailNicknameBlank',
    severity: 'error',
    description: 'An alias is present but blank',
    source: source.idfix,
    remedy: 'Choose an alias, or clear the attribute.',
    check: (value) => (withoutInvisible(value).trim() === '' ? 'It is present, but it has no letter.' : null),
  },
];

export const mailNicknameRules = attributeRules({
  attribute: 'mailNickname',
  values: ({ mailNickname }) => (mailNickname === undefined ? [] : [mailNickname]),
  surelyPasses: ({ mailNickname }) =>
    mailNickname === undefined ||
    (mailNickname.length <= longest && /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/.test(mailNickname)),
  concerns: [invisibleCharacters, ...concerns],
  candidates,
});

function candidates(value: string | null, object: AuditObject): string[] {
  const alias = trimStops(without(unusual, withoutInvisible(value ?? '')));
  const base = alias || nameOf({ ...object, mailNickname: '' });
  return base === '' ? [] : numbered(trimStops(base.length > longest ? base.slice(0, longest - 2) : base));
}
