/**
 * IdFix's character classes and expressions, which are .NET's with IgnoreCase and CultureInvariant. Where JavaScript differs:
 * `$` also matches before a final line feed, `[a-z]` includes U+212A (the Kelvin sign folds to k), and white space includes
 * U+0085 but not U+FEFF.
 */

const letters = String.raw`a-z\u212a`;
const space = String.raw`\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const end = String.raw`(?=\n?$)`;
const local = `${letters}0-9!#$%&'*+/=?^_\`{|}~-`;
const localPart = String.raw`^[${local}]+(?:\.[${local}]+)*@`;
const domain = String.raw`(?:[${letters}0-9](?:[${letters}0-9-]*[${letters}0-9])?\.)+[${letters}]{2,17}${end}`;

/** Anywhere: `notsmtp:x` counts as an SMTP address too. */
export const smtp = /smtp:/i;
export const x400OrX500 = /^x\.?[45]00/i;

export const domainPartForm = new RegExp(`@${domain}`, 'i');
export const localPartForm = new RegExp(localPart, 'i');
export const rfc2822Form = new RegExp(localPart + domain, 'i');
export const outsideDomain = new RegExp(`[^${letters}0-9.-]`, 'gi');
export const outsideLocalPart = new RegExp(`[^.${local}]`, 'gi');

/** Each matches what its attribute must not hold; all matches together are taken out. */
export const unwanted = {
  leadingPeriods: /^\.+/,
  space: new RegExp(`[${space}]`),
  outerSpace: new RegExp(`^[${space}]+|[${space}]+$`),
  userPrincipalName: new RegExp(String.raw`[${space}\\%&*+/=?'{}|<>();:,[\]"äëïöüÿ]`, 'i'),
  sAMAccountName: /[\\"|,/[\]:<>+=;?*]/,
  mailNickname: new RegExp(String.raw`[${space}\\!#$%&*+/=?^\x60{}|~<>()';:,[\]"@]`),
  proxyAddressSmtp: new RegExp(String.raw`[${space}<>();,[\]"]`),
  proxyAddressOther: new RegExp(String.raw`[${space}<>(),[\]"]`),
  /** The apostrophe, legal in X.500, is among them (issue 79 of microsoft/idfix). */
  proxyAddressX400OrX500: /[\f\n\r\t\v[\]"']/,
  targetAddressSmtp: new RegExp(String.raw`[${space}\\<>();,[\]"]`),
  targetAddressOther: new RegExp(String.raw`[${space}\\<>(),[\]"]`),
} as const;

/** White space at the start, as .NET's Trim takes it off. */
export const leadingSpace = new RegExp(`^[${space}]+`);
export const onlySpace = new RegExp(`^[${space}]*$`);
