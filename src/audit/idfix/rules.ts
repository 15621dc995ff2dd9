import type { AuditObject } from '../audit-object.ts';
import { smtp } from './expressions.ts';
import { cnOf, edit, type Failure, type IdFixAction, type IdFixRule, type UniqueAttribute } from './failure.ts';

/** In UTF-16 code units. The proposal is cut there, even within a domain. */
export function length(most: number): IdFixRule {
  return (value) => (value.length > most ? edit('Length', value.slice(0, most)) : null);
}

/** The proposal is without the unwanted; the cn, when nothing else is left. */
export function characters(unwanted: RegExp): IdFixRule {
  const every = new RegExp(unwanted, `${unwanted.flags}g`);
  return (value, object) => {
    if (!unwanted.test(value)) return null;
    return edit('Character', value.replace(every, '') || cnOf(object));
  };
}

/** For a value that is present but empty; of an absent one the chain asks `propose` itself. */
export function blank(propose: BlankProposal): IdFixRule {
  return (value, object) => (value === '' ? propose(value, object) : null);
}

/** What to put where nothing (null) or the empty text is. @returns null when this object may go without */
export type BlankProposal = (value: string | null, object: AuditObject) => Failure | null;

/** No second colon, unless the value begins with the first. */
export const colon: IdFixRule = (value) => {
  const prefix = value.indexOf(':') + 1;
  if (prefix <= 1 || !value.includes(':', prefix)) return null;
  return edit('Character', value.slice(0, prefix) + value.slice(prefix).replaceAll(':', ''));
};

/** Against the values of the same attribute alone, as far as they are rewritten: the first holder passes. */
export function duplicate(attribute: UniqueAttribute): IdFixRule {
  return (value, object, claims) =>
    claims.claim(attribute, value)
      ? { error: 'Duplicate', action: duplicateAction(attribute, value, object), update: value }
      : null;
}

/** Complete: nothing to do, in IdFix's opinion, because Exchange keeps the value of a mail recipient. */
function duplicateAction(attribute: UniqueAttribute, value: string, object: AuditObject): IdFixAction {
  const stored = object[attribute];
  if (value !== (typeof stored === 'string' ? stored : stored?.[0])) return 'Edit';
  const recipient = object.mailNickname !== undefined;
  switch (attribute) {
    case 'proxyAddresses':
      if (!smtp.test(value)) return 'Edit';
      if (!recipient) return 'Remove';
      return /^smtp:/i.test(value) ? 'Complete' : 'Edit';
    case 'mailNickname':
      return object.homeMDB === undefined ? 'Edit' : 'Complete';
    case 'targetAddress':
      return 'Edit';
    default:
      return recipient ? 'Complete' : 'Edit';
  }
}
