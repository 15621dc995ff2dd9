import { anchorOctets } from './anchor-octets.ts';
import type { AuditObject } from './audit-object.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { ClaimHash } from './claim-hash.ts';
import type { ClaimTable } from './claim-table.ts';
import { eachClaim, type Space, spaces, storedAnchorOf, type TakeClaim } from './claims.ts';
import { DeferredClaims } from './deferred-claims.ts';
import { ReadObjects } from './read-objects.ts';

export interface SharedValuesOptions {
  readonly settings: AuditSettings;
  /** Makes the two tables, with one seed. */
  readonly newTable: () => ClaimTable;
  /** Told of every account name of Active Directory, which are not claimed. */
  readonly onAccountName: (name: string) => void;
}

/** First reading: which values several objects have, by their hashes, and whose they are. */
export class SharedValues {
  readonly read = new ReadObjects();
  readonly #settings: AuditSettings;
  readonly #onAccountName: (name: string) => void;
  readonly #claims: ClaimTable;
  readonly #deferred: DeferredClaims;
  /** Values that more than one object claims. */
  readonly #shared: ClaimTable;
  /** Whose values are being claimed. */
  #claimant = 0;
  /** Its address that was claimed last. */
  #lastAddress = '';
  readonly #octets = new Uint8Array(16);
  #hasReadEntra = false;

  constructor({ settings, newTable, onAccountName }: SharedValuesOptions) {
    this.#settings = settings;
    this.#onAccountName = onAccountName;
    this.#claims = newTable();
    this.#shared = newTable();
    this.#deferred = new DeferredClaims(this.#claims, this.#share);
  }

  /** Objects that share a value are wanted in `read`. @returns the object's ordinal */
  add(object: AuditObject): number {
    const anchor = storedAnchorOf(object);
    const isInEntra = object.origin?.side === 'entra';
    const ordinal = this.read.add(isInEntra, anchor !== null);
    this.#claimant = ordinal;
    this.#lastAddress = '';
    if (isInEntra && !this.#hasReadEntra) this.#beginLookingForTwins();
    if (anchor !== null) this.#claimIdentity(spaces.sourceAnchor, this.#hashOfAnchor(anchor), ordinal);
    const { objectSid } = object;
    if (objectSid) {
      this.#claimIdentity(
        spaces.securityIdentifier,
        this.#claims.hashOf(spaces.securityIdentifier, objectSid),
        ordinal,
      );
    }
    eachClaim(object, this.#settings, this.#claim);
    return ordinal;
  }

  /**
   * One more value of the object that was added last.
   * @param space one of `spaces`, or of the caller's own above those
   * @param value as it is compared
   */
  alsoClaim(space: number, value: string): void {
    this.#deferred.claim(this.#claims.hashOf(space, value), this.#claimant);
  }

  /** After the whole reading. */
  settle(): void {
    this.#deferred.settle();
  }

  isShared(space: number, value: string): boolean {
    const hash = space === spaces.sourceAnchor ? this.#hashOfAnchor(value) : this.#claims.hashOf(space, value);
    return this.#shared.findHash(hash) >= 0;
  }

  /** @returns the ordinal of the first claimant, or -1 */
  firstClaimant(space: Space, value: string): number {
    return this.#claims.find(space, value);
  }

  /** One anchor may be stored as text of a GUID here and as Base64 there. */
  #hashOfAnchor(anchor: string): ClaimHash {
    return anchorOctets(anchor, this.#octets)
      ? this.#claims.hashOfBytes(spaces.sourceAnchor, this.#octets, 0, 16)
      : this.#claims.hashOf(spaces.sourceAnchor, anchor);
  }

  /** As long as all objects are of Active Directory none has a twin, and nobody waits for the answer to a claim. */
  #beginLookingForTwins(): void {
    this.#deferred.settle();
    this.#hasReadEntra = true;
  }

  /** By anchor or SID an Active Directory object and its twin in Entra are one, and claim with one ordinal from then on. */
  #claimIdentity(space: Space, hash: ClaimHash, ordinal: number): void {
    if (!this.#hasReadEntra) {
      this.#deferred.claim(hash, ordinal);
      return;
    }
    const { read } = this;
    const holder = this.#claims.claimHash(hash, this.#claimant);
    if (holder < 0 || read.claimantOf(holder) === this.#claimant) return;
    const bothAnchored = read.hasAnchor(holder) && read.hasAnchor(ordinal);
    const mayBeTwins = space === spaces.sourceAnchor || !bothAnchored;
    if (mayBeTwins && read.unite(holder, ordinal)) this.#claimant = read.claimantOf(ordinal);
    else this.#share(hash, holder, this.#claimant);
  }

  readonly #claim: TakeClaim = (space, text, from) => {
    if (space === spaces.heldAccountName) {
      this.#onAccountName(text);
      return;
    }
    if (space === spaces.address) {
      // Most objects have one value as UPN, as mail and as primary address.
      const last = this.#lastAddress;
      if (text.length - from === last.length && text.startsWith(last, from)) return;
      if (from === 0) this.#lastAddress = text;
    }
    this.#deferred.claim(this.#claims.hashOfText(space, text, from), this.#claimant);
  };

  readonly #share = (hash: Readonly<ClaimHash>, holder: number, claimant: number): void => {
    if (this.read.claimantOf(holder) === claimant) return;
    this.#shared.claimHash(hash, claimant);
    this.read.want(this.read.claimantOf(holder));
    this.read.want(claimant);
  };
}
