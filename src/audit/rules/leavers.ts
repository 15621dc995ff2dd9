import { isSmtp } from '../../domain/proxy-address.ts';
import { resourceTypes } from '../../domain/recipient.ts';
import { daysLater, isWithinDays } from '../../domain/time.ts';
import { attributeRules } from '../attribute-rules.ts';
import { type AuditObject, objectTypeOf } from '../audit-object.ts';
import type { AuditSettings } from '../audit-settings.ts';
import { source } from '../sources.ts';

/** ADS_UF_ACCOUNTDISABLE of userAccountControl. */
const disabled = 0x2;

const isDisabled = ({ userAccountControl }: AuditObject): boolean => ((userAccountControl ?? 0) & disabled) !== 0;

/** Nobody signs in to these: they are disabled, or silent, by design. */
const isResource = ({ msExchRecipientTypeDetails }: AuditObject): boolean =>
  resourceTypes.has(msExchRecipientTypeDetails ?? '');

/** Something that somebody else could use: addresses where they are mastered, a licence in Entra. Null: nothing. */
function heldBy(object: AuditObject): string | null {
  if (objectTypeOf(object) !== 'user' || isResource(object)) return null;
  const { origin } = object;
  const inEntra = origin?.side === 'entra';
  if (inEntra && origin.kind === 'soft-deleted') return null;
  const addresses = inEntra && origin.kind !== 'cloud-only' ? 0 : addressCount(object);
  const things = [
    ...(addresses === 0 ? [] : [addresses === 1 ? 'an address' : `${addresses} addresses`]),
    ...(inEntra && origin.licensed === true ? ['a licence'] : []),
  ];
  return things.length === 0 ? null : things.join(' and ');
}

const addressCount = ({ proxyAddresses, mail }: AuditObject): number =>
  proxyAddresses.filter(isSmtp).length || (mail === undefined || mail === '' ? 0 : 1);

const remedy =
  'Ask whether the person has left; then release the addresses and the licence, or make the mailbox a shared one.';

export const userAccountControlRules = attributeRules({
  attribute: 'userAccountControl',
  alsoInEntra: true,
  values: ({ userAccountControl }) => (userAccountControl === undefined ? [] : [String(userAccountControl)]),
  surelyPasses: (object) => !isDisabled(object),
  concerns: [
    {
      code: 'DisabledAccountWithAddresses',
      severity: 'information',
      description: 'A disabled account still has addresses or a licence',
      source: source.directory,
      remedy,
      check(value, object) {
        const held = (Number(value) & disabled) === 0 ? null : heldBy(object);
        return held === null ? null : `The account is disabled and still has ${held}.`;
      },
    },
  ],
});

/** The sign-in that says whether an account is in use: to Windows for an AD object, to Entra for an Entra object. */
const lastUse = ({ lastLogonTimestamp, origin }: AuditObject): string | undefined =>
  origin?.side === 'entra' ? origin.lastSignIn : lastLogonTimestamp;

const isInactive = (moment: string, { inactiveDays, now }: AuditSettings): boolean =>
  !Number.isNaN(Date.parse(moment)) && !isWithinDays(moment, inactiveDays, now);

function sayInactive(moment: string, object: AuditObject, settings: AuditSettings, what: string): string | null {
  if (isDisabled(object) || !isInactive(moment, settings)) return null;
  const held = heldBy(object);
  return held === null
    ? null
    : `${what} was on ${moment.slice(0, 10)}, more than ${settings.inactiveDays} days ago, and the account still has ${held}.`;
}

const cutoffs = new WeakMap<AuditSettings, string>();

/** ISO 8601, a day later than the moment before which an account is inactive, so that texts can be compared. */
function cutoffOf(settings: AuditSettings): string {
  const known = cutoffs.get(settings);
  if (known !== undefined) return known;
  const cutoff = daysLater(settings.now, 1 - settings.inactiveDays);
  cutoffs.set(settings, cutoff);
  return cutoff;
}

const isSurelyUsed = (object: AuditObject, settings: AuditSettings): boolean => {
  const moment = lastUse(object);
  return moment === undefined || (moment.endsWith('Z') && moment > cutoffOf(settings));
};

export const lastLogonTimestampRules = attributeRules({
  attribute: 'lastLogonTimestamp',
  values: ({ lastLogonTimestamp }) => (lastLogonTimestamp === undefined ? [] : [lastLogonTimestamp]),
  surelyPasses: isSurelyUsed,
  concerns: [
    {
      code: 'InactiveAccountWithAddresses',
      severity: 'information',
      description: 'An account that nobody uses still has addresses',
      source: source.directory,
      remedy,
      check: (value, object, settings) =>
        sayInactive(value, object, settings, 'The last logon (known to within 14 days)'),
    },
  ],
});

export const signInActivityRules = attributeRules({
  attribute: 'signInActivity',
  alsoInEntra: true,
  values: ({ origin }) => (origin?.side === 'entra' && origin.lastSignIn !== undefined ? [origin.lastSignIn] : []),
  surelyPasses: (object, settings) => object.origin?.side !== 'entra' || isSurelyUsed(object, settings),
  concerns: [
    {
      code: 'InactiveAccountWithLicence',
      severity: 'information',
      description: 'An account in Entra that nobody uses still has a licence or addresses',
      source: source.graph,
      remedy,
      check: (value, object, settings) => sayInactive(value, object, settings, 'The last sign-in to Entra'),
    },
  ],
});
