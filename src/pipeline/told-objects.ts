import type { AuditObject } from '../audit/audit-object.ts';
import { GuidSet } from '../domain/guid-set.ts';
import { domainOfDn } from '../domain/name-apart.ts';
import type { AuditFiles, DirectoryBatch, LinesWriter } from '../ports.ts';

type Header = Extract<DirectoryBatch, { kind: 'domain' }>;

/** One domain as a run was told of it. */
class ToldDomain {
  readonly header: Header;
  readonly told = new GuidSet();
  /** Deleted here, without having been told of in this run. */
  readonly gone = new GuidSet();
  /** Told of in this run, and deleted later in it. */
  readonly dropped = new GuidSet();

  constructor(header: Header) {
    this.header = header;
  }
}

/** One forest: the file of what was told, and what is needed to join it with the file of before. */
class ToldForest {
  readonly domains = new Map<string, ToldDomain>();
  /** How many lines of an object come before the one that is right: it moved while it was read. */
  readonly repeated = new Map<string, number>();
  writer: LinesWriter | null = null;
  file = '';
  objects = 0;
  /** Whether lines of the file have to be left out. */
  get hasLeftOut(): boolean {
    return this.repeated.size > 0 || [...this.domains.values()].some(({ dropped }) => dropped.size > 0);
  }
}

/** The objects of one forest after a run. */
export interface ForestFile {
  readonly forest: string;
  readonly file: string;
  readonly objects: number;
}

/**
 * What the relay tells in one run, written down as it comes, and afterwards joined with what an earlier run has left. Memory
 * takes 32 octets an object that was told.
 */
export class ToldObjects {
  readonly #files: AuditFiles;
  readonly #folder: string;
  readonly #forests = new Map<string, ToldForest>();
  #forest: ToldForest | null = null;
  #domain: ToldDomain | null = null;

  /** @param folder of the files that are written; no other run has it */
  constructor(files: AuditFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** How each domain was read, and how many objects were told of it. */
  get domains(): { header: Header; read: number }[] {
    return [...this.#forests.values()].flatMap(({ domains }) =>
      [...domains.values()].map(({ header, told, gone }) => ({ header, read: told.size + gone.size })),
    );
  }

  begin(header: Header): void {
    const forest = this.#forests.get(header.forest) ?? new ToldForest();
    this.#forests.set(header.forest, forest);
    this.#forest = forest;
    this.#domain = new ToldDomain(header);
    forest.domains.set(header.domain.toLowerCase(), this.#domain);
  }

  async objects(objects: readonly AuditObject[]): Promise<void> {
    const [forest, domain] = this.#present();
    for (const { objectGUID = '' } of objects) {
      if ([...forest.domains.values()].some(({ told }) => told.has(objectGUID)))
        forest.repeated.set(objectGUID, (forest.repeated.get(objectGUID) ?? 0) + 1);
      domain.told.add(objectGUID);
    }
    if (forest.writer === null) {
      forest.file = `${this.#folder}/${domain.header.forest}.told`;
      forest.writer = this.#files.create(forest.file);
    }
    forest.objects += objects.length;
    await forest.writer.write(objects);
  }

  deleted(deleted: readonly { objectGUID: string }[]): void {
    const [, domain] = this.#present();
    for (const { objectGUID } of deleted) (domain.told.has(objectGUID) ? domain.dropped : domain.gone).add(objectGUID);
  }

  /**
   * The files of all forests as they are now.
   *
   * @param before of the earlier run
   * @param failed DNS names of domains that were not read to their end; null among them: it is not known which there are
   */
  async join(before: readonly ForestFile[], failed: readonly (string | null)[]): Promise<ForestFile[]> {
    for (const { writer } of this.#forests.values()) await writer?.close();
    const names = new Set([...before.map(({ forest }) => forest), ...this.#forests.keys()]);
    const joined: ForestFile[] = [];
    for (const forest of names) {
      const file = await this.#joinForest(forest, before.find((one) => one.forest === forest) ?? null, failed);
      if (file !== null) joined.push(file);
    }
    return joined;
  }

  async #joinForest(
    forest: string,
    before: ForestFile | null,
    failed: readonly (string | null)[],
  ): Promise<ForestFile | null> {
    const told = this.#forests.get(forest) ?? new ToldForest();
    const domains = [...told.domains.values()];
    const failedNames = new Set(failed.map((name) => name?.toLowerCase() ?? null));
    const isWhole = ({ header }: ToldDomain): boolean =>
      header.mode === 'full' && !failedNames.has(header.domain.toLowerCase());
    if (before !== null && told.objects === 0 && domains.every((one) => one.gone.size === 0 && !isWhole(one))) {
      const isThere = domains.length > 0 || failedNames.size > 0;
      return isThere ? before : null;
    }
    if (failedNames.size === 0 && domains.every(isWhole) && !told.hasLeftOut)
      return told.objects === 0 ? null : { forest, file: told.file, objects: told.objects };

    const file = `${this.#folder}/${forest}.joined`;
    const writer = this.#files.create(file);
    let objects = 0;
    const write = async (kept: readonly AuditObject[]): Promise<void> => {
      objects += kept.length;
      if (kept.length > 0) await writer.write(kept);
    };
    const stays = (object: AuditObject): boolean => isStillThere(object, told, failedNames, isWhole);
    if (before !== null)
      for await (const lines of this.#files.read(before.file)) await write((lines as AuditObject[]).filter(stays));
    const isRight = lastOfEach(told);
    if (told.objects > 0)
      for await (const lines of this.#files.read(told.file)) await write((lines as AuditObject[]).filter(isRight));
    await writer.close();
    return { forest, file, objects };
  }

  #present(): [ToldForest, ToldDomain] {
    if (this.#forest === null || this.#domain === null) throw new Error('objects were told before their domain');
    return [this.#forest, this.#domain];
  }
}

/** Of an object that an earlier run knew. */
function isStillThere(
  { objectGUID = '', distinguishedName = '' }: AuditObject,
  { domains }: ToldForest,
  failed: ReadonlySet<string | null>,
  isWhole: (domain: ToldDomain) => boolean,
): boolean {
  for (const { told, dropped } of domains.values()) if (told.has(objectGUID) && !dropped.has(objectGUID)) return false;
  const name = domainOfDn(distinguishedName)?.toLowerCase() ?? '';
  const domain = domains.get(name);
  // A domain of which nothing was said is gone, unless it could not be read.
  if (domain === undefined) return failed.has(name) || failed.has(null);
  return !isWhole(domain) && !domain.gone.has(objectGUID) && !domain.dropped.has(objectGUID);
}

/** Of the lines of this run: the last of each object, unless it was deleted after it. To be asked line by line, in order. */
function lastOfEach({ domains, repeated }: ToldForest): (object: AuditObject) => boolean {
  const before = new Map(repeated);
  return ({ objectGUID = '', distinguishedName = '' }) => {
    const left = before.get(objectGUID) ?? 0;
    if (left > 0) {
      before.set(objectGUID, left - 1);
      return false;
    }
    const domain = domains.get(domainOfDn(distinguishedName)?.toLowerCase() ?? '');
    return domain === undefined || !domain.dropped.has(objectGUID);
  };
}
