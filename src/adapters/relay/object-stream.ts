import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { AuditObject } from '../../audit/audit-object.ts';
import { GuidSet } from '../../domain/guid-set.ts';
import { type Failure, failed, type Result, succeeded } from '../../domain/result.ts';
import type { DirectoryBatch, DirectoryFailure, DirectoryObjects } from '../../ports.ts';
import {
  type DomainsResponse,
  domainsResponse,
  type ObjectsCheckpoint,
  type ObjectsControlLine,
  type ObjectsRequest,
  objectsCheckpoint,
  objectsControlLine,
} from '../../relay-contract.ts';
import { type RelayHttp, StreamCut } from './relay-http.ts';

export interface ObjectStreamOptions {
  /** Attributes to read beside the usual ones: that of the match option. */
  readonly further?: readonly string[];
  /** How long to wait before asking again, in milliseconds, unless the relay says it. */
  readonly pauseMs?: number;
}

type Domain = DomainsResponse['domains'][number];
type Header = Extract<ObjectsControlLine, { header: unknown }>['header'];

/** A cut stream is asked for again as long as it brings anything; so often in a row it may bring nothing. */
const fruitlessAttempts = 3;
/** Objects handed on at once. */
const batchSize = 500;

/** Every object on premises, as the relay streams them. Resumes by itself what is cut in the middle. */
export function createDirectoryObjects(relay: RelayHttp, options: ObjectStreamOptions = {}): DirectoryObjects {
  return { read: (from) => readDirectory(relay, from, options) };
}

async function* readDirectory(
  relay: RelayHttp,
  from: string | null,
  options: ObjectStreamOptions,
): AsyncGenerator<DirectoryBatch, void, undefined> {
  const before = positionsIn(from);
  const domains = await relay.get('/domains', domainsResponse);
  if (!domains.ok) {
    yield { kind: 'outcome', checkpoint: from ?? '[]', failures: [{ domain: null, failure: domains.failure }] };
    return;
  }
  const positions: ObjectsCheckpoint[] = [];
  const failures: DirectoryFailure[] = [];
  for (const domain of domains.value.domains) {
    const position = before.find((one) => one.forest === domain.forest && one.domain === domain.domain) ?? null;
    const read: Result<ObjectsCheckpoint> = yield* readDomain(relay, domain, position, options);
    if (read.ok) positions.push(read.value);
    else {
      failures.push({ domain: domain.domain, failure: read.failure });
      if (position !== null) positions.push(position);
    }
  }
  yield { kind: 'outcome', checkpoint: JSON.stringify(positions), failures };
}

/** One that cannot be read was written by another version: everything is read again. */
function positionsIn(checkpoint: string | null): readonly ObjectsCheckpoint[] {
  const text = z.string().transform((json, context) => {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      context.addIssue('is no JSON');
      return z.NEVER;
    }
  });
  return text.pipe(z.array(objectsCheckpoint)).safeParse(checkpoint).data ?? [];
}

async function* readDomain(
  relay: RelayHttp,
  domain: Domain,
  from: ObjectsCheckpoint | null,
  { further = [], pauseMs = 2_000 }: ObjectStreamOptions,
): AsyncGenerator<DirectoryBatch, Result<ObjectsCheckpoint>, undefined> {
  const reading = new DomainReading(domain, from);
  for (let fruitless = 0; ; ) {
    const before = reading.progress;
    const read: Result<ObjectsCheckpoint> = yield* readOnce(relay, reading, further);
    if (read.ok) return read;
    fruitless = reading.progress > before ? 0 : fruitless + 1;
    if (read.failure.kind !== 'TryAgain' || reading.spoilt || fruitless === fruitlessAttempts)
      return failed(reading.describe(read.failure));
    await sleep(read.failure.afterSeconds === undefined ? pauseMs : read.failure.afterSeconds * 1_000);
  }
}

/** One request, from where the reading is. @returns where the next run begins, when the stream came to its end */
async function* readOnce(
  relay: RelayHttp,
  reading: DomainReading,
  further: readonly string[],
): AsyncGenerator<DirectoryBatch, Result<ObjectsCheckpoint>, undefined> {
  const request: ObjectsRequest = { ...reading.domain, from: reading.from, further: [...further] };
  const stream = await relay.lines('/objects', request, 'Relay.Read');
  if (!stream.ok) return stream;
  reading.begin();
  try {
    for await (const lines of stream.value) {
      for (const line of lines) reading.take(line);
      yield* reading.batches(batchSize);
      if (reading.end !== null) break;
    }
  } catch (thrown) {
    // What came whole before the stream was cut is as good as the rest.
    yield* reading.batches(1);
    if (thrown instanceof StreamCut || thrown instanceof Unfit)
      return failed({ kind: 'TryAgain', message: thrown.message });
    throw thrown;
  }
  yield* reading.batches(1);
  return reading.end === null
    ? failed({ kind: 'TryAgain', message: 'the stream ended early' })
    : succeeded(reading.end);
}

/** A line that the contract does not know, or that tells that the stream cannot be gone on with. */
class Unfit extends Error {}

/** What is known of one domain over all attempts to read it. */
class DomainReading {
  readonly domain: Domain;
  /** Where the next attempt begins. */
  from: ObjectsCheckpoint | null;
  /** The last line of the attempt, once it has come. */
  end: ObjectsCheckpoint | null = null;
  /** Grows with everything that was not known before. */
  progress = 0;
  /** What was told belongs to another database than what comes now: this reading cannot be completed. */
  spoilt = false;

  readonly #met = new GuidSet();
  readonly #deleted = new GuidSet();
  #header: Header | null = null;
  #begun = false;
  #lines = 0;
  #waiting: DirectoryBatch[] = [];
  #objects: AuditObject[] = [];

  constructor(domain: Domain, from: ObjectsCheckpoint | null) {
    this.domain = domain;
    this.from = from;
  }

  begin(): void {
    this.end = null;
    this.#begun = false;
    this.#lines = 0;
  }

  /** What is to be handed on. @param fewest objects that are worth a batch */
  *batches(fewest: number): Generator<DirectoryBatch, void, undefined> {
    if (this.#objects.length >= fewest) this.#flush();
    const waiting = this.#waiting;
    this.#waiting = [];
    yield* waiting;
  }

  /** @throws Unfit */
  take(text: string): void {
    if (text === '') return;
    const line = parse(text);
    if ('header' in line) this.#takeHeader(line.header);
    else if (!this.#begun) throw new Unfit('the stream does not begin with a header');
    else if ('object' in line) this.#takeObject(line.object);
    else if ('deleted' in line) this.#takeDeleted(line.deleted);
    else if ('problem' in line) this.#announce({ kind: 'problems', problems: [line.problem] });
    else if ('checkpoint' in line) this.#takeCheckpoint(line.checkpoint);
    else if ('end' in line) this.#takeEnd(line.end);
    else throw new Unfit(line.interrupted.message);
  }

  /** Names what is missing. */
  describe(failure: Failure): Failure {
    const { domain } = this.domain;
    const objects = `${this.#met.size} ${this.#met.size === 1 ? 'object' : 'objects'}`;
    const upTo =
      this.from?.until == null ? 'from the beginning' : `from update ${this.from.next} of ${this.from.until} on`;
    const where = this.#header === null ? '' : ` on ${this.#header.domainController}`;
    const missing = `Domain ${domain} was not read to its end${where}: ${objects} came, the rest ${upTo} is missing`;
    return { ...failure, message: `${missing}: ${failure.message}` };
  }

  #takeHeader(header: Header): void {
    if (this.#begun) throw new Unfit('a second header came');
    this.#begun = true;
    const before = this.#header;
    this.#header = header;
    if (before === null || (this.#met.size === 0 && this.#deleted.size === 0)) {
      const { forest, domain, domainController, mode, because = null } = header;
      this.#announce({ kind: 'domain', forest, domain, domainController, mode, because });
    } else if (before.mode !== header.mode || before.invocationId !== header.invocationId) {
      this.spoilt = true;
      throw new Unfit(`the reading could not be gone on with: ${header.because ?? 'another database is read now'}`);
    }
  }

  #takeCheckpoint(checkpoint: ObjectsCheckpoint): void {
    this.from = checkpoint;
    this.progress += 1;
  }

  #takeEnd({ count, checkpoint }: Extract<ObjectsControlLine, { end: unknown }>['end']): void {
    if (count !== this.#lines) throw new Unfit(`${this.#lines} objects came of ${count} that were sent`);
    this.end = checkpoint;
  }

  #takeObject(object: AuditObject): void {
    this.#lines += 1;
    if (object.objectGUID === undefined || !this.#met.add(object.objectGUID)) return;
    this.progress += 1;
    this.#objects.push(object);
  }

  #takeDeleted(deleted: Extract<ObjectsControlLine, { deleted: unknown }>['deleted']): void {
    this.#lines += 1;
    if (!this.#deleted.add(deleted.objectGUID)) return;
    this.progress += 1;
    this.#announce({ kind: 'deleted', deleted: [deleted] });
  }

  /** Keeps the order: what was told before an object was deleted comes before its deletion. */
  #announce(batch: DirectoryBatch): void {
    this.#flush();
    this.#waiting.push(batch);
  }

  #flush(): void {
    if (this.#objects.length === 0) return;
    this.#waiting.push({ kind: 'objects', objects: this.#objects });
    this.#objects = [];
  }
}

const dashedGuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function parse(text: string): ObjectsControlLine | { object: AuditObject } {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw new Unfit('a line is not JSON');
  }
  const object = (line as { object?: unknown } | null)?.object;
  if (isAuditObject(object)) return { object };
  const control = objectsControlLine.safeParse(line);
  if (!control.success) throw new Unfit('a line does not fit the contract');
  return control.data;
}

/** A light look: the relay wrote it with the type at hand, and there may be a million. */
function isAuditObject(object: unknown): object is AuditObject {
  if (typeof object !== 'object' || object === null) return false;
  const { objectGUID, objectClass, proxyAddresses, distinguishedName } = object as Partial<Record<string, unknown>>;
  return (
    typeof objectGUID === 'string' &&
    dashedGuid.test(objectGUID) &&
    typeof distinguishedName === 'string' &&
    Array.isArray(objectClass) &&
    Array.isArray(proxyAddresses)
  );
}
