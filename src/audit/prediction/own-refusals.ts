import { domainOf, localPartOf } from '../../domain/proxy-address.ts';
import { faultsOfUserPrincipalName } from '../../domain/user-principal-name.ts';
import type { AuditObject } from '../audit-object.ts';
import type { AttributeRule } from '../rule.ts';
import { displayNameRules } from '../rules/display-name.ts';
import { givenNameRules } from '../rules/given-name.ts';
import { mailRules } from '../rules/mail.ts';
import { mailNicknameRules } from '../rules/mail-nickname.ts';
import { proxyAddressCountRules, proxyAddressRules } from '../rules/proxy-addresses.ts';
import { snRules } from '../rules/sn.ts';
import { targetAddressRules } from '../rules/target-address.ts';
import { textLengthRules } from '../rules/text-lengths.ts';
import { thumbnailPhotoRules } from '../rules/thumbnail-photo.ts';
import { userCertificateRules, userSMIMECertificateRules } from '../rules/user-certificate.ts';
import { rulesConcerning } from '../rules-concerning.ts';
import type { ExportUnit } from './export-units.ts';
import { allOf, isSet, type Likelihood, not, perhaps } from './likelihood.ts';
import type { Prediction } from './prediction.ts';
import type { PredictionSettings } from './prediction-settings.ts';
import { aliasOf, isUsable, type Wanted } from './wanted-values.ts';

/** What the service says of an object by itself, whoever else is there. */
export function ownRefusals(unit: ExportUnit, settings: PredictionSettings): Prediction[] {
  return [...invalidUserName(unit), ...tooLarge(unit, settings)];
}

/** Whether one of these could be said of the object; a cheap look. @param userName the object's */
export function mayBeRefusedAlone(object: AuditObject, userName: Wanted | null, settings: PredictionSettings): boolean {
  if (userName !== null && !isUsual(userName, settings) && invalidity(userName.value) !== 'no') return true;
  return concerning(object, settings).some((rule) => failing(rule, object, settings) !== null);
}

/** Of verified names only those can be invalid that are long, or end so. */
const isUsual = (userName: Wanted, settings: PredictionSettings): boolean =>
  userName.value.length <= 64 && !userName.value.includes('.@') && isUsable(userName, settings) === 'yes';

function invalidUserName({ userName, reference }: ExportUnit): Prediction[] {
  if (userName === null) return [];
  const likely = allOf(userName.likely, invalidity(userName.value));
  if (likely === 'no') return [];
  const [fault] = faultsOfUserPrincipalName(userName.value);
  return [
    {
      object: reference,
      outcome: 'IdentityDataValidationFailed',
      certainty: likely === 'yes' ? 'certain' : 'possible',
      attribute: userName.attribute,
      value: userName.value,
      with: [],
      message: `Entra refuses the user name ${userName.value}: ${fault?.message ?? 'it is not valid'}; nothing of the user is written until it is changed.`,
    },
  ];
}

/** "Prepare for directory synchronization": characters that make the synchronisation fail, and what a name must have. */
const forbidden = /[\\%&*+/=?{}|<>();:,[\]" ]/;

/** Of the other faults the same page says that they "might return a warning". */
function invalidity(value: string): Likelihood {
  const local = localPartOf(value);
  if (!value.includes('@') || local === '' || domainOf(value) === '') return 'yes';
  if (forbidden.test(local) || local.includes('@') || local.endsWith('.')) return 'yes';
  if (value.length > 113) return 'yes';
  return faultsOfUserPrincipalName(value).length > 0 ? 'maybe' : 'no';
}

interface SizeRule {
  readonly rule: AttributeRule;
  readonly likely: (value: string | null) => Likelihood;
}

const always = (): Likelihood => 'yes';
const perhapsOnly = (): Likelihood => 'maybe';
/** Samples of the error have 311 and more; the number at which it begins is documented nowhere. */
const surelyTooMany = 311;

const lengthsOf = (rules: readonly AttributeRule[]): SizeRule[] =>
  rules.filter(({ meta }) => meta.code.endsWith('Length')).map((rule) => ({ rule, likely: perhapsOnly }));

const sizeRules: readonly SizeRule[] = [
  ...[...userCertificateRules, ...userSMIMECertificateRules, ...thumbnailPhotoRules].map((rule) => ({
    rule,
    likely: always,
  })),
  ...proxyAddressCountRules.map((rule) => ({
    rule,
    likely: (count: string | null) => (Number(count) >= surelyTooMany ? 'yes' : 'maybe') as Likelihood,
  })),
  ...lengthsOf([
    ...textLengthRules,
    ...displayNameRules,
    ...givenNameRules,
    ...snRules,
    ...mailRules,
    ...mailNicknameRules,
    ...targetAddressRules,
    ...proxyAddressRules,
  ]),
];

const concerning = rulesConcerning(sizeRules.map(({ rule }) => rule));

function failing(rule: AttributeRule, object: AuditObject, settings: PredictionSettings) {
  if (rule.surelyPasses?.(object, settings)) return null;
  for (const value of rule.values(object)) {
    const problem = rule.check(value, object, settings);
    if (problem !== null) return { value, problem };
  }
  return null;
}

function tooLarge({ objects, reference }: ExportUnit, settings: PredictionSettings): Prediction[] {
  return objects.flatMap((object) =>
    sizeRules.flatMap(({ rule, likely }) => {
      const failed = failing(rule, object, settings);
      if (failed === null) return [];
      const isSure = objects.length === 1 && likely(failed.value) === 'yes';
      return [
        {
          object: reference,
          outcome: 'LargeObject',
          certainty: isSure ? 'certain' : 'possible',
          attribute: rule.meta.attribute,
          value: null,
          with: [],
          message: `Entra ${isSure ? 'finds' : 'may find'} the object too large, and then takes no change of it. ${failed.problem.message}`,
        } as const,
      ];
    }),
  );
}

/** The UPN that a user gets in the place of one that cannot be used; nothing when it has such a one already. */
export function replacedUserName(unit: ExportUnit, isIgnored: Likelihood, settings: PredictionSettings): Prediction[] {
  const { userName, cloud, mode, objects, reference } = unit;
  if (userName === null) return [];
  const usable = isUsable(userName, settings);
  if (usable === 'yes' || invalidity(userName.value) === 'yes') return [];
  const { initialDomain } = settings;
  const shown = mode === 'update' ? cloud?.userPrincipalName : undefined;
  if (shown !== undefined && (initialDomain === null || domainOf(shown) === initialDomain)) return [];
  // Entra looks at it again only when it changes in Active Directory, which cannot be seen here.
  const changes: Likelihood = mode === 'new' ? 'yes' : 'maybe';
  const likely = allOf(not(usable), userName.likely, changes, not(isIgnored));
  if (likely === 'no') return [];
  const alias = aliasOf(objects[0], userName);
  const replacement = `${alias ?? 'its alias'}@${initialDomain ?? 'the initial domain'}`;
  return [
    {
      object: reference,
      outcome: 'UserPrincipalNameReplaced',
      certainty: likely === 'yes' ? 'certain' : 'possible',
      attribute: userName.attribute,
      value: userName.value,
      with: [],
      message: `Entra cannot use the user name ${userName.value}, whose suffix is not verified or which has characters that it drops; the user gets ${replacement}, without an error.`,
    },
  ];
}

/** Whether a tenant that does not synchronise the UPN of licensed users leaves it as it is. */
export function ignoresUserName(licensed: boolean | undefined, { tenant }: PredictionSettings): Likelihood {
  return allOf(isSet(tenant.synchronizeUpnForManagedUsers, 'off'), perhaps(licensed));
}
