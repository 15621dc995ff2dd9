import { withoutInvisible } from '../../domain/invisible-characters.ts';
import { attributeRules, type Concern } from '../attribute-rules.ts';
import type { AuditObject } from '../audit-object.ts';
import { cutTo, longerThan } from '../length-concern.ts';
import { source } from '../sources.ts';

const longest = 256;

const blank: Concern = {
  code: 'DisplayNameBlank',
  severity: 'error',
  description: 'A display name is present but blank',
  source: source.prepare,
  remedy: 'Enter a display name, or clear the attribute: then Entra Connect uses cn.',
  check: (value) => (withoutInvisible(value).trim() === '' ? 'It is present, but it has no letter.' : null),
};

export const displayNameRules = attributeRules({
  attribute: 'displayName',
  values: ({ displayName }) => (displayName === undefined ? [] : [displayName]),
  surelyPasses: ({ displayName }) =>
    displayName === undefined || (displayName.length <= longest && /^[\x21-\x7e]/.test(displayName)),
  concerns: [
    longerThan(longest, {
      code: 'DisplayNameLength',
      description: 'A display name is too long',
      source: source.prepare,
      remedy: `Enter a display name of at most ${longest} characters.`,
    }),
    blank,
  ],
  candidates: (value, { givenName, sn, cn }: AuditObject) =>
    [value ?? '', [givenName, sn].filter(Boolean).join(' '), cn ?? ''].map((name) => cutTo(longest, name)),
});
