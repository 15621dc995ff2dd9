import type { AttributeRule } from './rule.ts';
import { displayNameRules } from './rules/display-name.ts';
import { givenNameRules } from './rules/given-name.ts';
import { lastLogonTimestampRules, signInActivityRules, userAccountControlRules } from './rules/leavers.ts';
import { mailRules } from './rules/mail.ts';
import { mailNicknameRules } from './rules/mail-nickname.ts';
import { memberRules } from './rules/member.ts';
import { proxyAddressCountRules, proxyAddressRules } from './rules/proxy-addresses.ts';
import { samAccountNameRules } from './rules/sam-account-name.ts';
import { snRules } from './rules/sn.ts';
import { consistencyGuidRules, objectGUIDRules } from './rules/source-anchor.ts';
import { targetAddressRules } from './rules/target-address.ts';
import { textLengthRules } from './rules/text-lengths.ts';
import { thumbnailPhotoRules } from './rules/thumbnail-photo.ts';
import { userCertificateRules, userSMIMECertificateRules } from './rules/user-certificate.ts';
import { userPrincipalNameRules } from './rules/user-principal-name.ts';

/** The attribute rules of the profile `entra`. */
export const entraRules: readonly AttributeRule[] = [
  ...userPrincipalNameRules,
  ...mailRules,
  ...proxyAddressRules,
  ...proxyAddressCountRules,
  ...targetAddressRules,
  ...mailNicknameRules,
  ...samAccountNameRules,
  ...displayNameRules,
  ...givenNameRules,
  ...snRules,
  ...textLengthRules,
  ...userCertificateRules,
  ...userSMIMECertificateRules,
  ...thumbnailPhotoRules,
  ...memberRules,
  ...objectGUIDRules,
  ...consistencyGuidRules,
  ...userAccountControlRules,
  ...lastLogonTimestampRules,
  ...signInActivityRules,
];
