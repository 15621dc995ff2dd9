import type { AuditObject } from '../../src/audit/audit-object.ts';
import { auditObjectOfAd, auditObjectOfCloud } from '../../src/audit/live-object.ts';
import { domainOfDn } from '../../src/domain/name-apart.ts';
import { audit } from '../../src/pipeline/audit.ts';
import { usualAuditPolicy } from '../../src/pipeline/audit-policy.ts';
import type { CloudObjects, DirectoryFailure, DirectoryObjects } from '../../src/ports.ts';
import { InMemoryAuditFiles, InMemoryAuditRuns } from './in-memory-audit.ts';
import { World } from './world.ts';

/** The pipeline with the audit over its directories. */
export class AuditWorld extends World {
  readonly files = new InMemoryAuditFiles();
  readonly runs = new InMemoryAuditRuns();
  /** Domains that break off, with nothing more told of them than before. */
  failures: DirectoryFailure[] = [];
  /** Why the next reading is in full although only changes were asked for. */
  because: string | null = null;
  entraFails = false;
  /** A relay in the place of the directories' own list. */
  relay: DirectoryObjects | null = null;
  /** Called once for each batch, so that a story can let time pass. */
  onBatch: () => Promise<void> | void = () => undefined;
  /** Where each reading went on from, and how many objects it told. */
  readonly readings: { from: string | null; told: number }[] = [];
  #told = new Map<string, string>();

  audit = (asked: 'full' | 'changes', { mostCases = 100, owner = 'this-run' } = {}) =>
    audit(
      {
        ...this.ports,
        objects: this.relay ?? this.#objects,
        cloudObjects: this.#cloudObjects,
        files: this.files,
        runs: this.runs,
        sourceOf: this.files.sourceOf,
      },
      usualAuditPolicy,
      { mostCases },
      asked,
      owner,
    );

  /** One run, and everything that it leads to. */
  async audited(asked: 'full' | 'changes' = 'full', options?: { mostCases?: number }) {
    const { run } = await this.audit(asked, options);
    await this.deliver();
    this.pass(1);
    if (run === null) throw new Error('the audit did not run');
    return run;
  }

  readonly #objects: DirectoryObjects = ((world: AuditWorld) => ({
    async *read(from) {
      const isFull = from === null || world.because !== null;
      const ads = world.directories.ads.map(auditObjectOfAd);
      const known = isFull ? new Map<string, string>() : world.#told;
      const domains = Map.groupBy(ads, ({ distinguishedName = '' }) => domainOfDn(distinguishedName) ?? '');
      let told = 0;
      for (const domain of new Set([...domains.keys(), 'contoso.com'])) {
        const failed = world.failures.some((one) => one.domain === domain);
        yield {
          kind: 'domain',
          forest: domain,
          domain,
          domainController: `dc1.${domain}`,
          mode: isFull ? 'full' : 'changes',
          because: world.because,
        };
        const objects = failed
          ? []
          : (domains.get(domain) ?? []).filter((one) => known.get(one.objectGUID ?? '') !== JSON.stringify(one));
        told += objects.length;
        await world.onBatch();
        yield { kind: 'objects', objects };
        if (isFull || failed) continue;
        const present = new Set(ads.map(({ objectGUID }) => objectGUID));
        const gone = [...known.keys()].filter((objectGUID) => !present.has(objectGUID));
        yield { kind: 'deleted', deleted: gone.map((objectGUID) => ({ objectGUID, distinguishedName: '' })) };
      }
      world.#told = new Map(ads.map((one) => [one.objectGUID ?? '', JSON.stringify(one)]));
      world.readings.push({ from, told });
      world.because = null;
      yield { kind: 'outcome', checkpoint: `checkpoint-${world.readings.length}`, failures: world.failures };
    },
  }))(this);

  readonly #cloudObjects: CloudObjects = ((world: AuditWorld) => ({
    async *read() {
      await world.onBatch();
      if (world.entraFails) {
        const failure = { kind: 'NotPermitted', message: 'HTTP 403', remedy: 'Grant User.Read.All.' } as const;
        yield { kind: 'failure', part: 'users', essential: true, failure };
        return;
      }
      yield { kind: 'objects', objects: world.directories.clouds.map((cloud) => auditObjectOfCloud(cloud, false)) };
    },
  }))(this);

  /** Everything that the last run but for the report knows of Active Directory. */
  snapshot = (): AuditObject[] =>
    (this.files.current?.forests ?? []).flatMap(({ file }) => this.files.lines(file) as AuditObject[]);
}
