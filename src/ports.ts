import type { AuditObject } from './audit/audit-object.ts';
import type { WritesOfMinute } from './domain/apply-gate.ts';
import type { AuditBlock, AuditDay, AuditRun, AuditSnapshot } from './domain/audit-run.ts';
import type { Trail } from './domain/audit-trail.ts';
import type { Case } from './domain/case.ts';
import type { Change, ValueState } from './domain/change.ts';
import type {
  AdObject,
  CloudFacts,
  CloudObject,
  Contribution,
  Evidence,
  Fact,
  VerifiedDomain,
} from './domain/evidence.ts';
import type { PreflightJob } from './domain/preflight.ts';
import type { RecordedEvent } from './domain/recorded-event.ts';
import type { Failure, Result } from './domain/result.ts';
import type { Sighting } from './domain/sighting.ts';
import type { CaseSummary } from './domain/summary.ts';

/** The present moment of the process. */
export interface Clock {
  now(): Date;
}

/** A place where sync errors are reported. */
export interface SightingSource {
  /** Names its lease and cursor, kebab-case. */
  readonly name: string;
  /** How long a run that says nothing keeps its lease, in seconds; absent: two minutes. */
  readonly leaseSeconds?: number;
  /**
   * Reads the whole present state of the source. `complete` is false when a part could not be read (a page failed, a kind
   * of object is not permitted): then absence proves nothing. `problems` says what and why, for people.
   *
   * @param keepLease to be asked again and again by a read that may take longer than its lease; once it answers false,
   * another run has taken the source over, and this one has to end
   */
  read(
    keepLease?: () => Promise<boolean>,
  ): Promise<Result<{ sightings: Sighting[]; complete: boolean; problems: string[] }>>;
}

export type CloudObjectType = 'user' | 'group' | 'contact';

/** Microsoft Graph, as far as the pipeline needs it. */
export interface CloudDirectory {
  /** By id; soft-deleted users are found too (with deletedDateTime). `Gone` when there is none. */
  read(objectType: CloudObjectType, id: string): Promise<Result<CloudObject>>;
  readBySourceAnchor(sourceAnchor: string): Promise<Result<CloudObject | null>>;
  /**
   * Every user, guest, group and contact, active or soft-deleted, that holds the address as UPN, mail or proxy address.
   * @param address without `smtp:`; one with another prefix (`sip:`, `x500:`) is looked for among the proxy addresses
   */
  findHolders(address: string): Promise<Result<CloudObject[]>>;
  /** Users with this employeeId, at most two (more than one is not unique). */
  findByEmployeeId(employeeId: string): Promise<Result<CloudObject[]>>;
  /** Each fact known or unknown on its own; never fails as a whole. */
  facts(object: CloudObject): Promise<CloudFacts>;
  verifiedDomains(): Promise<Fact<VerifiedDomain[]>>;
}

/** The relay: on-premises AD and the sync engine. */
export interface OnPremises {
  findHolders(address: string): Promise<Result<AdObject[]>>;
  /** Matches objectGUID and mS-DS-ConsistencyGuid. */
  findBySourceAnchor(sourceAnchor: string): Promise<Result<AdObject[]>>;
  findByDistinguishedName(distinguishedName: string): Promise<Result<AdObject[]>>;
  findByEmployeeId(employeeId: string): Promise<Result<AdObject[]>>;
  /** By sAMAccountName, in every domain: it is unique within one only. */
  findByAccountName(accountName: string): Promise<Result<AdObject[]>>;
  /** AD objectGuids joined to the metaverse object of this anchor; null when the engine does not know the anchor. */
  joined(sourceAnchor: string): Promise<Result<string[] | null>>;
  /** AD attributes that feed this cloud attribute of the object with this anchor. */
  explain(sourceAnchor: string, attribute: string): Promise<Result<Contribution[]>>;
  /** Attributes of the object in the AD connector's space, by the names the connector uses; null when it is not there. */
  connectorSpace(forest: string, objectGuid: string): Promise<Result<Record<string, string[]> | null>>;
  /**
   * What an applied change touches, as the domain controller that took the write shows it now; null when the object is in no
   * domain of the forest any more. Never another controller's answer, which may be older than the write: when that one cannot
   * be read, or the object has left its domain, it fails.
   *
   * @param where of the change's outcome
   */
  atMaster(change: Change, where: string): Promise<Result<AtMaster | null>>;
  scheduler(): Promise<Result<{ stagingMode: boolean }>>;
  blockOnPremisesSync(sourceAnchor: string): Promise<Result<boolean>>;
  /** Start of the last successful Entra export that followed a successful import of the forest's AD connector begun at or after `since`; null when there is none yet. */
  exportedSince(forest: string, since: Date): Promise<Result<Date | null>>;
}

export interface AtMaster {
  readonly found: ValueState;
  readonly domainController: string;
}

/** Every user, group and contact on premises, for the audit. */
export interface DirectoryObjects {
  /**
   * Reads what has changed since an earlier outcome, or everything: domain by domain, the `outcome` last. Taken as it is asked
   * for; giving the iteration up ends the reading on premises too.
   *
   * @param from the checkpoint of that outcome; null: everything
   */
  read(from: string | null): AsyncIterable<DirectoryBatch>;
}

/** `objects`, `deleted` and `problems` belong to the `domain` that was named last. */
export type DirectoryBatch =
  /**
   * `full`: what is not told of this domain is not there any more. `because`: why it is read in full although there was a
   * checkpoint.
   */
  | {
      readonly kind: 'domain';
      readonly forest: string;
      readonly domain: string;
      readonly domainController: string;
      readonly mode: 'full' | 'changes';
      readonly because: string | null;
    }
  /** Each object once a domain. One that moves to another domain meanwhile may be told in both: the later is right. */
  | { readonly kind: 'objects'; readonly objects: readonly AuditObject[] }
  /** Not in this domain any more. An object that is known in another domain lives on there. */
  | { readonly kind: 'deleted'; readonly deleted: readonly { objectGUID: string; distinguishedName: string }[] }
  /** Values that could not be read; their objects are told without them. */
  | {
      readonly kind: 'problems';
      readonly problems: readonly { distinguishedName: string; attribute: string; message: string }[];
    }
  | {
      readonly kind: 'outcome';
      /** To go on from the next time; what failed is read again from where it was before. Opaque. */
      readonly checkpoint: string;
      /** What is missing; empty when all was read. */
      readonly failures: readonly DirectoryFailure[];
    };

/** A domain that was not read to its end; null: it is not known which domains there are. */
export interface DirectoryFailure {
  readonly domain: string | null;
  readonly failure: Failure;
}

/** Accounts of Entra that somebody who has left may have left behind. */
export interface CloudAccounts {
  /**
   * A page of the users that are disabled, or whose last interactive sign-in was before a moment.
   * @param token of the page before; null: the first. A token that Graph does not know (any more) is refused.
   */
  page(which: UnusedAccounts, pageSize: number, token: string | null): Promise<Result<CloudAccountPage>>;
  /** Whether its mailbox in the cloud is one that nobody signs in to: shared, room, equipment. False as well without one. */
  isResource(account: CloudObject): Promise<Fact<boolean>>;
}

export type UnusedAccounts = { readonly kind: 'disabled' } | { readonly kind: 'inactive'; readonly before: Date };

export interface CloudAccountPage {
  readonly accounts: readonly {
    readonly account: CloudObject;
    /** The latest of any kind, ISO 8601; null: none is on record, which does not mean never. */
    readonly lastSignIn: Fact<string | null>;
  }[];
  readonly token: string | null;
}

/** Every user, guest, group and contact of Entra, soft-deleted users among them, for the audit. */
export interface CloudObjects {
  /** Taken as it is asked for, page by page. */
  read(): AsyncIterable<CloudBatch>;
}

export type CloudBatch =
  | { readonly kind: 'objects'; readonly objects: readonly AuditObject[] }
  /** A part was not read to its end. `essential`: objects are missing; else only something about them. */
  | { readonly kind: 'failure'; readonly part: string; readonly essential: boolean; readonly failure: Failure };

/** What became of one change. `alreadyThere`: an earlier attempt had written it. */
export type WriteOutcome =
  | { readonly outcome: 'Applied'; readonly alreadyThere: boolean; readonly where: string }
  /** `because`: what else than the object itself has changed. */
  | { readonly outcome: 'Stale'; readonly found: ValueState; readonly because?: string }
  | { readonly outcome: 'Gone'; readonly message: string }
  | { readonly outcome: 'NotPermitted'; readonly message: string; readonly remedy: string }
  | { readonly outcome: 'Refused'; readonly code: string; readonly message: string }
  | { readonly outcome: 'TryAgain'; readonly message: string; readonly afterSeconds?: number };

export interface PlannedWrite {
  /** Unique for one change of one approved plan: `<case>.<plan hash>.<index>`. */
  readonly key: string;
  /** An earlier attempt may have written this change: a state equal to `after` then counts as applied. */
  readonly begun: boolean;
  readonly change: Change;
}

/** Where approved changes are written. One implementation a side (`entra`, `active-directory`). */
export interface ChangeTarget {
  /** Most changes one call takes. */
  readonly largestBatch: number;
  /**
   * For each change: re-reads the object, compares (equal to `after` and begun: Applied; equal to `before`: writes; else
   * Stale), writes, maps the answer. One outcome a write, in order. Never throws for what the outside system did.
   */
  apply(writes: readonly PlannedWrite[]): Promise<WriteOutcome[]>;
}

/** A message to be sent. `body` is JSON; names that the host would copy over system metadata are forbidden in it. */
export interface OutgoingMessage {
  readonly queue: 'diagnose' | 'apply' | 'verify' | 'preflight' | 'rejected';
  readonly id: string;
  readonly sessionId?: string;
  readonly notBefore?: Date;
  readonly body: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface Messages {
  send(message: OutgoingMessage): Promise<Result<void>>;
  /** Takes up to `limit` dead letters of a queue: each is handed to `handle` and removed when that answers true. */
  drainDeadLetters(
    queue: 'diagnose' | 'apply' | 'verify' | 'preflight',
    limit: number,
    handle: (body: unknown) => Promise<boolean>,
  ): Promise<Result<number>>;
}

/** Large evidence, by the SHA-256 of its canonical JSON. */
export interface EvidenceStore {
  put(evidence: Evidence): Promise<Result<string>>;
  get(hash: string): Promise<Result<Evidence | null>>;
}

/**
 * Requests that are too long to be answered at once, and their answers. Every method throws {@link StoreUnavailable} when the
 * store does not answer.
 */
export interface PreflightStore {
  /** @returns false when there is one of this id already; it stays as it is */
  create(id: string, job: PreflightJob, objects: readonly unknown[]): Promise<boolean>;
  read(id: string): Promise<{ readonly job: PreflightJob; readonly revision: string } | null>;
  /** As they were given to `create` with a job of this `requestHash`. */
  objects(id: string, requestHash: string): Promise<readonly unknown[]>;
  /** @returns the new revision; null when it is not of this revision any more */
  replace(id: string, job: PreflightJob, revision: string): Promise<string | null>;
  /** @param from place of the first object that is answered */
  putAnswers(id: string, from: number, answers: readonly unknown[]): Promise<void>;
  /** What was put from this place on; null: nothing. */
  answers(id: string, from: number): Promise<readonly unknown[] | null>;
}

/** Evidence is personal data; erasing a person's cases takes theirs along. */
export interface EvidenceEraser {
  /** Also succeeds when there is none (any more). */
  erase(hash: string): Promise<Result<void>>;
}

/** One row a source: who is reading it, and what the last complete read saw. */
export interface SourceLeases {
  /**
   * Takes the lease, or, when another run holds it, notes that one more run is wanted after it.
   * @returns null when it was taken by another run.
   */
  take(source: string, owner: string, until: Date): Promise<Result<{ cursor: string | null } | null>>;
  /** Keeps a lease that was taken. @returns false when another run has it by now */
  renew(source: string, owner: string, until: Date): Promise<Result<boolean>>;
  /** Gives it back with the new cursor; answers whether another run asked meanwhile for one more. */
  release(source: string, owner: string, cursor: string | null): Promise<Result<{ again: boolean }>>;
}

/**
 * Files of the audit: lines that are too many for memory, kept from run to run. A file is there as a whole or not at all, and
 * never changes. Every method throws {@link StoreUnavailable} when the store does not answer.
 */
export interface AuditFiles {
  /** @param blockLines most lines of one block, the unit from which reading can begin */
  create(name: string, blockLines?: number): LinesWriter;
  /** Parsed lines from a block on, many at a time. @param offset of a block; 0: the first */
  read(name: string, offset?: number): AsyncIterable<readonly unknown[]>;
  /** What the last run has left to go on from; null: nothing (that this version can read). */
  snapshot(): Promise<AuditSnapshot | null>;
  /** From now on this is what the next run goes on from. */
  replaceSnapshot(snapshot: AuditSnapshot): Promise<void>;
  /** Removes every file below the folder but those named. */
  removeAllBut(folder: string, names: readonly string[]): Promise<void>;
}

export interface LinesWriter {
  /** Each value becomes a line of JSON. */
  write(values: readonly unknown[]): Promise<void>;
  /** The file is there once this has been answered. A writer that is given up leaves nothing. */
  close(): Promise<{ readonly lines: number; readonly blocks: readonly AuditBlock[] }>;
}

/** What is recorded of the runs of the audit. Every method throws {@link StoreUnavailable} when the store does not answer. */
export interface AuditRuns {
  write(run: AuditRun): Promise<void>;
  read(id: string): Promise<AuditRun | null>;
  /** Newest first. @param after id of the last one of the page before */
  list(pageSize: number, after: string | null): Promise<readonly AuditRun[]>;
  writeDay(day: AuditDay): Promise<void>;
  /** Oldest first. @param from first day, as `2026-11-29` */
  days(from: string): Promise<readonly AuditDay[]>;
}

/** A case as it stands in the store. `revision` guards the next append. */
export interface StoredCase {
  readonly case: Case;
  readonly revision: string;
}

/** A message that its event's transaction has promised and nobody has yet sent. */
export interface PromisedMessage {
  readonly caseId: string;
  readonly sequence: number;
  readonly promisedAt: string;
  readonly message: OutgoingMessage;
}

/** The store cannot be reached or is busy: the work is to be tried again later. Thrown, because no decision can be recorded. */
export class StoreUnavailable extends Error {}

/** The truth about all cases. Every method throws {@link StoreUnavailable} when the store does not answer. */
export interface CaseStore {
  read(id: string): Promise<StoredCase | null>;
  /**
   * Appends events, replaces the projection and promises messages, all or nothing.
   * @returns `conflict` when someone else appended since `previous` was read (or the case exists although `previous` is null)
   */
  append(
    previous: StoredCase | null,
    next: Case,
    events: readonly RecordedEvent[],
    messages: readonly PromisedMessage[],
  ): Promise<'appended' | 'conflict'>;
  events(id: string): Promise<RecordedEvent[]>;
  /** Maps a key to a case for ever; the first wins. @returns the case that owns the key. */
  claimKey(key: string, caseId: string): Promise<string>;
  /** Of every case. @param atMostSecondsOld a reader that can live with it takes an earlier answer */
  summaries(atMostSecondsOld?: number): Promise<CaseSummary[]>;
  promised(): Promise<PromisedMessage[]>;
  /** The message has been sent. */
  kept(message: PromisedMessage): Promise<void>;
}

/** What each lane has written in the last hour, for caps and the circuit breaker. */
export interface LaneRecords {
  read(lane: string): Promise<WritesOfMinute[]>;
  write(lane: string, record: readonly WritesOfMinute[]): Promise<void>;
}

/** The case store as an auditor needs it. Every method throws {@link StoreUnavailable} when the store does not answer. */
export interface AuditTrail {
  /**
   * Every case of the tenant, a page at a time. While others append, the parts of a case may not belong together: what looks
   * wrong is to be looked at again with {@link read}.
   */
  trails(): AsyncIterable<Trail>;
  /** One case whose parts belong together; null when there is nothing of it. */
  read(id: string): Promise<Trail | null>;
  /** Replaces the projection and nothing else. @returns `conflict` when it is not the one of `trail` any more */
  replaceProjection(trail: Trail, next: Case): Promise<'replaced' | 'conflict'>;
  /** Takes data and salt off these events, for ever; hashes, times and states stay. May be repeated. */
  eraseEvents(trail: Trail, sequences: readonly number[]): Promise<void>;
}
