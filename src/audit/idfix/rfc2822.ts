import {
  domainPartForm,
  leadingSpace,
  localPartForm,
  outsideDomain,
  outsideLocalPart,
  rfc2822Form,
  smtp,
} from './expressions.ts';
import { edit, type IdFixRule } from './failure.ts';
import { topLevelDomains } from './top-level-domains.ts';

/** The form of an e-mail address, after the first colon when the value is an SMTP address. The order of the checks is IdFix's. */
export const rfc2822: IdFixRule = (value) => {
  const start = smtp.test(value) ? value.indexOf(':') + 1 : 0;
  let address = value.slice(start);

  const knownDomain = hasKnownTopLevelDomain(address);
  // The whole form includes both parts, so that most values need no look at them.
  if (knownDomain && rfc2822Form.test(address)) return null;
  const domainPart = domainPartForm.test(address);
  if (!domainPart) address = withCleanDomain(address);
  const localPart = localPartForm.test(address) && address.indexOf('@') === address.lastIndexOf('@');
  if (!localPart) address = withCleanLocalPart(address);
  const format = rfc2822Form.test(address);

  const errors = [
    format ? null : 'Format',
    knownDomain ? null : 'TopLevelDomain',
    domainPart ? null : 'DomainPart',
    localPart ? null : 'LocalPart',
  ];
  return edit(
    errors.filter((error) => error !== null).join(', '),
    value.slice(0, start).replace(leadingSpace, '') + address,
  );
};

/** The text after the last period; without one, or with nothing after it, there is nothing to look up. */
function hasKnownTopLevelDomain(address: string): boolean {
  const period = address.lastIndexOf('.');
  const label = address.slice(period + 1);
  return period < 0 || label === '' || topLevelDomains.has(label) || topLevelDomains.has(label.toLowerCase());
}

function withCleanDomain(address: string): string {
  const domain = address.lastIndexOf('@') + 1;
  return domain === 0 ? address : address.slice(0, domain) + address.slice(domain).replace(outsideDomain, '');
}

function withCleanLocalPart(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return address;
  return (address.slice(0, at).replace(outsideLocalPart, '') + address.slice(at)).replaceAll('.@', '@');
}
