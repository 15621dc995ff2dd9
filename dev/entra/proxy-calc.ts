import {
  addressesFromShadow,
  type DirectoryObject,
  isRecipient,
  isSharedResource,
  shadowList,
  shadowText,
} from './directory-object.ts';
import { holderOfAddress } from './holders.ts';
import {
  addressKey,
  domainOf,
  hasUnseenCharacter,
  localPartOf,
  type ProxyAddress,
  parseProxyAddress,
  smtpKeys,
} from './proxy-address.ts';
import type { TenantState } from './tenant-state.ts';

export interface CalculatedAddresses {
  readonly proxyAddresses: readonly string[];
  readonly mail: string | undefined;
  readonly routing: readonly string[];
  /** Addresses that an input yields and another object holds, with their prefix. */
  readonly collisions: readonly string[];
}

/** S8, ProxyCalc: the visible addresses of one object, from every input that yields one. */
export function calculateAddresses(state: TenantState, object: DirectoryObject): CalculatedAddresses {
  const recipient = isRecipient(object);
  const given = sourceAddresses(object)
    .map(parseProxyAddress)
    .filter((address) => survives(state, object, address));
  const others = given.filter(({ scheme }) => scheme !== 'smtp').map(({ value }) => value);
  const claims = new Claims(state, object);

  const upn = recipient ? upnInput(object) : [];
  const candidates = [...primaryInput(given), ...mailInput(state, object), ...upn];
  const primary = claims.firstFree(candidates);
  for (const { scheme, address } of given) if (scheme === 'smtp') claims.claim(address);
  for (const address of upn) claims.claim(address);

  const routing = recipient ? withInitialDomainAddress(state, object) : object.routing;
  for (const address of [...routing, ...object.residue]) claims.claimIfFree(address);
  if (state.fault === 'S8') for (const key of smtpKeys(object.proxyAddresses)) claims.claimIfFree(key);

  const wouldBePrimary = candidates.slice(0, primary === undefined ? undefined : candidates.indexOf(primary));
  const shown = primary ?? routing.find((address) => claims.has(address));
  const smtp = claims.granted.map((address) => `${isSame(address, shown) ? 'SMTP' : 'smtp'}:${address}`);
  return {
    proxyAddresses: [...smtp, ...others],
    mail: shown ?? cloudMail(object),
    routing,
    collisions: claims.refused.map((address) => `${wouldBePrimary.includes(address) ? 'SMTP' : 'smtp'}:${address}`),
  };
}

/** The addresses of an object that come from proxyAddresses itself, wherever that is mastered. */
export function sourceAddresses(object: DirectoryObject): readonly string[] {
  return addressesFromShadow(object) ? shadowList(object.shadow, 'proxyAddresses') : object.ownAddresses;
}

/** S8: values that never become visible, in silence. */
export function survives(state: TenantState, object: DirectoryObject, proxyAddress: ProxyAddress): boolean {
  const { scheme, address, value } = proxyAddress;
  if (scheme === '' || scheme === 'x400' || scheme === 'ms' || scheme === 'msmail') return false;
  if (scheme !== 'smtp') return true;
  if (hasUnseenCharacter(value) || !address.includes('@')) return false;
  const domain = domainOf(address);
  if (/\.(onmicrosoft|microsoftonline)\.com$/.test(domain) && !isOwnRoutingDomain(state, domain)) return false;
  return state.domains.isVerified(address) || !needsVerifiedSuffix(object);
}

/** `tenant.mail.onmicrosoft.com` belongs to every tenant with an initial domain `tenant.onmicrosoft.com`. */
function isOwnRoutingDomain(state: TenantState, domain: string): boolean {
  const routing = state.domains.initial.replace(/\.onmicrosoft\.com$/, '.mail.onmicrosoft.com');
  return domain === routing || state.domains.isVerified(`x@${domain}`);
}

function needsVerifiedSuffix(object: DirectoryObject): boolean {
  const remote = shadowText(object.shadow, 'msExchRemoteRecipientType');
  return object.exchangePlan || remote !== undefined || isSharedResource(object);
}

function mailInput(state: TenantState, object: DirectoryObject): string[] {
  const mail = addressesFromShadow(object) ? shadowText(object.shadow, 'mail') : undefined;
  return mail && survives(state, object, parseProxyAddress(`SMTP:${mail}`)) ? [mail] : [];
}

function upnInput(object: DirectoryObject): string[] {
  return object.userPrincipalName ? [object.userPrincipalName] : [];
}

/** The initial-domain address that belongs to the alias; a taken one gets four digits, an older one stays. */
function withInitialDomainAddress(state: TenantState, object: DirectoryObject): readonly string[] {
  const alias = object.mailNickname ?? localPartOf(object.userPrincipalName ?? '');
  const { initial } = state.domains;
  const belongs = (address: string) => {
    const local = addressKey(localPartOf(address));
    const own = addressKey(alias);
    return (
      domainOf(address) === initial &&
      (local === own || (local.startsWith(own) && /^\d{4}$/.test(local.slice(own.length))))
    );
  };
  if (alias === '' || object.routing.some(belongs)) return object.routing;
  let address = `${alias}@${initial}`;
  while (holderOfAddress(state, address, object)) address = `${alias}${state.random.fourDigits()}@${initial}`;
  return [...object.routing, address];
}

function primaryInput(given: readonly ProxyAddress[]): string[] {
  return given.filter(({ scheme, primary }) => scheme === 'smtp' && primary).map(({ address }) => address);
}

/** A cloud object without an address keeps the mail it was given: a guest whose address was taken, for one. */
function cloudMail(object: DirectoryObject): string | undefined {
  return object.sync === 'synced' ? undefined : (object.properties['mail'] as string | undefined);
}

function isSame(left: string, right: string | undefined): boolean {
  return right !== undefined && addressKey(left) === addressKey(right);
}

/** Collects addresses for one object: quarantined ones are passed over, those of others are refused. */
class Claims {
  readonly granted: string[] = [];
  readonly refused: string[] = [];
  readonly #seen = new Map<string, boolean>();
  readonly #quarantined: ReadonlySet<string>;
  readonly #state: TenantState;
  readonly #object: DirectoryObject;

  constructor(state: TenantState, object: DirectoryObject) {
    this.#state = state;
    this.#object = object;
    this.#quarantined = quarantinedKeys(state, object);
  }

  has(address: string): boolean {
    return this.#seen.get(addressKey(address)) ?? false;
  }

  firstFree(addresses: readonly string[]): string | undefined {
    return addresses.find((address) => this.claim(address));
  }

  claim(address: string): boolean {
    const key = addressKey(address);
    const before = this.#seen.get(key);
    if (before !== undefined) return before;
    if (this.#quarantined.has(key)) return this.#note(key, false);
    if (holderOfAddress(this.#state, address, this.#object) && !this.#isDoubleHeld(key)) {
      this.refused.push(address);
      return this.#note(key, false);
    }
    this.granted.push(address);
    return this.#note(key, true);
  }

  /** For what no input yields any more: when another has it, it is gone. */
  claimIfFree(address: string): void {
    if (!holderOfAddress(this.#state, address, this.#object)) this.claim(address);
  }

  /** Planted faults S3 and S4 give one value to two objects. */
  #isDoubleHeld(key: string): boolean {
    const { fault } = this.#state;
    return (fault === 'S3' || fault === 'S4') && smtpKeys(this.#object.proxyAddresses).includes(key);
  }

  #note(key: string, granted: boolean): boolean {
    this.#seen.set(key, granted);
    return granted;
  }
}

function quarantinedKeys(state: TenantState, object: DirectoryObject): ReadonlySet<string> {
  if (state.fault === 'S3') return new Set();
  const values = object.quarantine.filter(({ attribute }) => attribute === 'ProxyAddress').map(({ value }) => value);
  return new Set(smtpKeys(values));
}
