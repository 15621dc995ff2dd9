import { invisibleIn } from '../../domain/invisible-characters.ts';
import { domainOf, localPartOf, parseProxyAddress } from '../../domain/proxy-address.ts';
import { type AuditObject, objectTypeOf } from '../audit-object.ts';
import { comparedAs } from '../claim-table.ts';
import { isForeignTenant, tenantDomains } from '../tenant-domains.ts';
import { allOf, type Likelihood, notSurely } from './likelihood.ts';
import type { PredictionSettings } from './prediction-settings.ts';

/** A value that an export asks for. */
export interface Wanted {
  /** Where Active Directory has it, in its LDAP name. */
  readonly attribute: string;
  /** As stored; a calculated one as it would be. */
  readonly value: string;
  /** As it is compared with others: without prefix, in lower case. */
  readonly key: string;
  readonly likely: Exclude<Likelihood, 'no'>;
}

/** The address of an `smtp:` value as it is compared; null: another kind of value, or none with a prefix. */
export function smtpAddress(value: string): string | null {
  const parsed = parseProxyAddress(value);
  return parsed?.prefix === 'smtp' ? comparedAs(parsed.address) : null;
}

/**
 * The user name that is exported. Without one the sync engine makes it of the account name ("Understanding the default
 * configuration": `IIF(IsPresent([userPrincipalName]), …, [sAMAccountName] & "@" & %Domain.FQDN%)`).
 */
export function exportedUserName(object: AuditObject, settings: PredictionSettings): Wanted | null {
  if (objectTypeOf(object) !== 'user') return null;
  const attribute = settings.userNameAttribute;
  const own = object[attribute];
  if (own) return { attribute, value: own, key: comparedAs(own), likely: 'yes' };
  const { sAMAccountName, distinguishedName } = object;
  const domain = domainNameOf(distinguishedName);
  if (!sAMAccountName || domain === null) return null;
  const made = `${sAMAccountName}@${domain}`;
  return { attribute: 'sAMAccountName', value: made, key: comparedAs(made), likely: 'yes' };
}

function domainNameOf(distinguishedName: string | undefined): string | null {
  const labels = [...(distinguishedName ?? '').matchAll(/,\s*dc=([^,]+)/gi)].map(([, label]) => label);
  return labels.length === 0 ? null : labels.join('.').toLowerCase();
}

/**
 * Whether Entra could show the name as it is: a verified domain, and nothing in it that is dropped in silence ("Microsoft
 * Entra UserPrincipalName population").
 */
export function isUsable({ key, value }: Wanted, settings: PredictionSettings): Likelihood {
  if (!/^[a-z0-9'._!#^~-]+$/i.test(localPartOf(value))) return 'no';
  const { verified, own } = tenantDomains(settings);
  const domain = domainOf(key);
  if (verified === null) return own.has(domain) ? 'yes' : 'maybe';
  return verified.has(domain) ? 'yes' : 'no';
}

/** What the alias of a new object becomes (KB 3190357): mailNickname, else the prefix of the first name that it has. */
export function aliasOf(object: AuditObject, userName: Wanted | null): string | null {
  const { mailNickname, proxyAddresses, mail } = object;
  if (mailNickname) return mailNickname;
  const primary = proxyAddresses.find((value) => value.startsWith('SMTP:'));
  const source =
    primary?.slice(5) ?? (mail || userName?.value) ?? proxyAddresses.find((value) => /^smtp:/i.test(value));
  return source === undefined ? null : localPartOf(source.replace(/^smtp:/i, ''));
}

/** What is known of the object beyond its addresses, for those that Entra drops without a word. */
export interface MailFacts {
  readonly isNew: boolean;
  readonly isLicensed: boolean | undefined;
}

/**
 * Whether Entra shows an address that it is given (KB 3190357): no space or invisible character, no address of another tenant,
 * and, with an Exchange Online plan or a remote or shared mailbox, only domains that are verified.
 */
export function survives(
  address: string,
  object: AuditObject,
  { isNew, isLicensed }: MailFacts,
  settings: PredictionSettings,
): Likelihood {
  if (/\s/.test(address) || invisibleIn(address).length > 0 || !address.includes('@')) return 'no';
  const domain = domainOf(address);
  if (isForeignTenant(domain, settings)) return 'no';
  const { verified, own } = tenantDomains(settings);
  if (own.has(domain)) return 'yes';
  if (/\.(?:onmicrosoft|microsoftonline)\.com$/.test(domain) || verified === null) return 'maybe';
  if (sharedRecipients.has(object.msExchRecipientTypeDetails ?? '')) return 'no';
  if (object.others?.['msExchRemoteRecipientType'] !== undefined) return 'no';
  const mayBeRemote = object.msExchRecipientTypeDetails !== undefined;
  return mayBeRemote || (!isNew && isLicensed !== false) ? 'maybe' : 'yes';
}

/** Shared, room and equipment mailboxes, on premises and remote. */
const sharedRecipients: ReadonlySet<string> = new Set(['4', '16', '32', '8589934592', '17179869184', '34359738368']);

export interface WantedAddresses {
  /** SMTP addresses, once each: those of proxyAddresses, and `mail` where no primary address is given. */
  readonly addresses: readonly Wanted[];
  readonly primary: Wanted | null;
  /** `mail` where a primary address is given: it is wanted only when another object has that. */
  readonly mailInstead: Wanted | null;
  readonly sips: readonly Wanted[];
}

export function wantedAddresses(object: AuditObject, facts: MailFacts, settings: PredictionSettings): WantedAddresses {
  const addresses = new Map<string, Wanted>();
  const sips: Wanted[] = [];
  let primary: Wanted | null = null;
  for (const value of object.proxyAddresses) {
    const key = smtpAddress(value);
    if (key === null) {
      if (/^sip:./i.test(value))
        sips.push({ attribute: 'proxyAddresses', value, key: comparedAs(value, 4), likely: 'yes' });
      continue;
    }
    const likely = survives(value.slice(5), object, facts, settings);
    if (likely === 'no') continue;
    const wanted: Wanted = { attribute: 'proxyAddresses', value, key, likely };
    if (!addresses.has(key) || likely === 'yes') addresses.set(key, wanted);
    if (value.startsWith('SMTP:')) primary ??= wanted;
  }
  for (const value of object.others?.['msRTCSIP-PrimaryUserAddress'] ?? []) {
    const key = comparedAs(value.replace(/^sip:/i, ''));
    // That it reaches Entra as a proxy address is the work of Skype for Business or Exchange, where those are.
    if (!sips.some((wanted) => wanted.key === key)) {
      sips.push({ attribute: 'msRTCSIP-PrimaryUserAddress', value, key, likely: 'maybe' });
    }
  }
  const mail = mailOf(object, facts, settings);
  const isInstead = mail !== null && primary !== null && !addresses.has(mail.key);
  if (mail !== null && !addresses.has(mail.key) && primary === null) addresses.set(mail.key, mail);
  return { addresses: [...addresses.values()], primary, mailInstead: isInstead ? mail : null, sips };
}

function mailOf(object: AuditObject, facts: MailFacts, settings: PredictionSettings): Wanted | null {
  const { mail } = object;
  if (!mail) return null;
  const likely = survives(mail, object, facts, settings);
  return likely === 'no' ? null : { attribute: 'mail', value: mail, key: comparedAs(mail), likely };
}

/** The same values, of which it is not known whether they are exported at all. */
export const doubted = (wanted: readonly Wanted[]): Wanted[] =>
  wanted.map((one) => ({ ...one, likely: notSurely(one.likely) as Wanted['likely'] }));

export const weakened = (wanted: Wanted, by: Likelihood): Wanted | null => {
  const likely = allOf(wanted.likely, by);
  return likely === 'no' ? null : { ...wanted, likely };
};
