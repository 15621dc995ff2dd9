import { type DirectoryObject, shadowList, shadowText } from './directory-object.ts';
import { localPartOf, parseProxyAddress, primarySmtpOf } from './proxy-address.ts';

/** S8: the alias that a new object gets: AD mailNickname, else the prefix of primary SMTP, mail, UPN, a secondary. */
export function mailNicknameAtCreation(shadow: DirectoryObject['shadow']): string | undefined {
  const given = shadowText(shadow, 'mailNickname');
  if (given) return given;
  const addresses = shadowList(shadow, 'proxyAddresses');
  const secondary = addresses.map(parseProxyAddress).find(({ scheme }) => scheme === 'smtp')?.address;
  const source =
    primarySmtpOf(addresses) ?? shadowText(shadow, 'mail') ?? shadowText(shadow, 'userPrincipalName') ?? secondary;
  return source === undefined ? undefined : localPartOf(source);
}

/** S8: later the alias changes only when AD's own mailNickname does. */
export function mailNicknameAfterUpdate(
  object: DirectoryObject,
  shadow: DirectoryObject['shadow'],
): string | undefined {
  const before = shadowText(object.shadow, 'mailNickname');
  const after = shadowText(shadow, 'mailNickname');
  return after !== undefined && after !== before ? after : object.mailNickname;
}
