import { withoutInvisible } from '../../domain/invisible-characters.ts';
import { numbered } from '../../domain/plain-name.ts';
import { problemsOfUserPrincipalName } from '../../domain/user-principal-name.ts';
import { attributeRules, type Concern } from '../attribute-rules.ts';
import { type AuditObject, objectTypeOf } from '../audit-object.ts';
import { invisibleCharacters, visibleMatches } from '../character-concerns.ts';
import { longerThan } from '../length-concern.ts';
import { nameOf, trimStops, without } from '../repair.ts';
import { source } from '../sources.ts';

const longest = 20;
const unusual = /[[\\"|,/:<>+=;?*'\]]/g;

/** Entra uses the name only when there is no good userPrincipalName to use. */
const withoutGoodName = (concern: Concern): Concern => ({
  ...concern,
  check: (value, object, settings) =>
    objectTypeOf(object) === 'user' && problemsOfUserPrincipalName(object.userPrincipalName ?? '').length > 0
      ? (concern.check?.(value, object, settings) ?? null)
      : null,
});

const concerns: Concern[] = [
  longerThan(longest, {
    code: 'SamAccountNameLength',
    description: 'The sAMAccountName of a user without a good userPrincipalName is too long',
    source: source.prepare,
    remedy: 'Give the user a userPrincipalName in a verified domain; then this name is not used.',
  }),
  {
    code: 'SamAccountNameCharacters',
    severity: 'error',
    description: 'The sAMAccountName of a user without a good userPrincipalName has characters that Entra refuses',
    source: source.prepare,
    remedy: 'Give the user a userPrincipalName in a verified domain; then this name is not used.',
    check(value) {
      const found = visibleMatches(value, unusual);
      return found === null ? null : `It has ${found}; [ \\ " | , / : < > + = ; ? * ' ] are refused.`;
    },
  },
];

export const samAccountNameRules = attributeRules({
  attribute: 'sAMAccountName',
  values: ({ sAMAccountName }) => (sAMAccountName === undefined ? [] : [sAMAccountName]),
  surelyPasses: ({ sAMAccountName }) =>
    sAMAccountName === undefined || (sAMAccountName.length <= longest && /^[\w .$#@!%&(){}~^-]*$/.test(sAMAccountName)),
  concerns: [invisibleCharacters, ...concerns.map(withoutGoodName)],
  candidates,
});

function candidates(value: string | null, object: AuditObject): string[] {
  const name = trimStops(without(unusual, withoutInvisible(value ?? '')).trim());
  const base = name || nameOf({ ...object, sAMAccountName: '' });
  return base === '' ? [] : numbered(base.length >= longest ? trimStops(base.slice(0, longest - 1)) : base);
}
