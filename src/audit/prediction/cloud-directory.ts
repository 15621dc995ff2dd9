import { primarySmtp } from '../../domain/proxy-address.ts';
import { type AuditObject, type Origin, objectTypeOf } from '../audit-object.ts';
import { comparedAs } from '../claim-table.ts';
import type { Input } from '../member.ts';
import { smtpAddress } from './wanted-values.ts';

export type CloudObject = AuditObject & { readonly origin: Extract<Origin, { side: 'entra' }> };

export const isCloudObject = (object: AuditObject): object is CloudObject => object.origin?.side === 'entra';

/** An object in Entra that has an address, or a user name, and where it shows it. */
export interface CloudHolder {
  readonly object: CloudObject;
  readonly inputs: readonly Input[];
}

/** Who holds what in Entra today. */
export class CloudDirectory {
  readonly #byAddress = new Map<string, CloudHolder[]>();
  readonly #byUserPrincipalName = new Map<string, CloudHolder[]>();
  readonly #bySip = new Map<string, CloudHolder[]>();
  readonly #bySecurityIdentifier = new Map<string, CloudHolder[]>();

  constructor(objects: readonly CloudObject[]) {
    for (const object of objects) {
      const { userPrincipalName, mail, proxyAddresses, objectSid, origin } = object;
      for (const value of proxyAddresses) {
        const address = smtpAddress(value);
        if (address !== null) hold(this.#byAddress, address, object, 'proxyAddresses', value);
        else if (/^sip:/i.test(value)) hold(this.#bySip, comparedAs(value, 4), object, 'proxyAddresses', value);
      }
      if (mail) hold(this.#byAddress, comparedAs(mail), object, 'mail', mail);
      if (userPrincipalName && origin.kind !== 'soft-deleted') {
        hold(this.#byUserPrincipalName, comparedAs(userPrincipalName), object, 'userPrincipalName', userPrincipalName);
      }
      if (objectSid) hold(this.#bySecurityIdentifier, objectSid, object, 'objectSid', objectSid);
    }
  }

  /** By any of its proxy addresses, or by `mail`. */
  ofAddress = (key: string): readonly CloudHolder[] => this.#byAddress.get(key) ?? [];
  ofUserPrincipalName = (key: string): readonly CloudHolder[] => this.#byUserPrincipalName.get(key) ?? [];
  ofSip = (key: string): readonly CloudHolder[] => this.#bySip.get(key) ?? [];
  ofSecurityIdentifier = (sid: string): readonly CloudHolder[] => this.#bySecurityIdentifier.get(sid) ?? [];
}

export const isSoftDeleted = ({ origin }: CloudObject): boolean => origin.kind === 'soft-deleted';
export const isGuest = ({ origin }: CloudObject): boolean => origin.kind === 'guest';
export const isGroup = (object: CloudObject): boolean => objectTypeOf(object) === 'group';

/** Mastered in Entra, and never known to the sync engine as far as its anchor tells. */
export const canBeSoftMatched = ({ origin }: CloudObject): boolean =>
  origin.kind !== 'synchronised' && origin.onPremisesImmutableId === undefined;

export const shows = (object: CloudObject, key: string): boolean =>
  object.proxyAddresses.some((value) => smtpAddress(value) === key);

export function showsAsPrimary(object: CloudObject, key: string): boolean {
  const primary = primarySmtp(object.proxyAddresses);
  return primary !== null && smtpAddress(primary) === key;
}

function hold(
  index: Map<string, CloudHolder[]>,
  key: string,
  object: CloudObject,
  attribute: string,
  value: string,
): void {
  const holders = index.get(key) ?? [];
  index.set(key, holders);
  const last = holders.at(-1);
  if (last?.object === object) holders[holders.length - 1] = { object, inputs: [...last.inputs, { attribute, value }] };
  else holders.push({ object, inputs: [{ attribute, value }] });
}
