import { type AuditSource, type AuditRun as Readings, startAudit } from '../audit/audit.ts';
import type { Finding, Severity } from '../audit/finding.ts';
import { entraRules } from '../audit/index.ts';
import type { PredictionSettings } from '../audit/prediction/prediction-settings.ts';
import { type AuditCount, type AuditRun, auditRunId } from '../domain/audit-run.ts';
import { type Failure, failed, type Result, succeeded } from '../domain/result.ts';
import type { Sighting } from '../domain/sighting.ts';
import {
  type AuditFiles,
  type AuditRuns,
  type CloudObjects,
  type DirectoryObjects,
  type LinesWriter,
  type SightingSource,
  StoreUnavailable,
} from '../ports.ts';
import { auditDirectory } from './audit-directory.ts';
import { type AuditPolicy, auditSettings, predictionSettings } from './audit-policy.ts';
import { predictNext } from './audit-predictions.ts';
import { auditSourceName, SightingChoice, sightingOfFinding } from './audit-sightings.ts';
import { type Detection, type DetectPorts, detect } from './detect.ts';
import { placedByEngine } from './placed-by-engine.ts';
import { type ForestFile, ToldObjects } from './told-objects.ts';

export interface AuditPorts extends DetectPorts {
  readonly tenant: string;
  readonly random: () => number;
  readonly objects: DirectoryObjects;
  readonly cloudObjects: CloudObjects;
  readonly files: AuditFiles;
  readonly runs: AuditRuns;
  /** The objects of these files, to be read twice. */
  readonly sourceOf: (names: readonly string[], onProblem: (message: string) => void) => AuditSource;
}

export interface AuditLimits {
  /** Most new cases of one run. */
  readonly mostCases: number;
}

type Mode = AuditRun['asked'];

/** A run renews it by its own progress, and Graph and the relay may pause for minutes. */
const leaseSeconds = 15 * 60;
/** Less than the host allows: at its limit it would end the worker, and every neighbour with it. */
const longestSeconds = 55 * 60;
const mostProblems = 100;
/** Findings of one block of a report: a page of the API reads one or two. */
const reportBlockLines = 1000;
const objectsFolder = 'objects';
const reportsFolder = 'reports';

/**
 * One run of the directory audit: both directories are brought up to date, every object is held against the rules and all
 * others, and what is wrong becomes cases. The record of the run says what was read and found.
 *
 * @param asked `changes`: only what has changed on premises is read, as far as an earlier run allows
 */
export async function audit(
  ports: AuditPorts,
  policy: AuditPolicy,
  limits: AuditLimits,
  asked: Mode,
  owner: string,
): Promise<{ readonly detection: Detection; readonly run: AuditRun | null }> {
  let latest: Running | null = null;
  let mode = asked;
  const source: SightingSource = {
    name: auditSourceName,
    leaseSeconds,
    async read(keepLease = async () => true) {
      const running = new Running(ports, mode, keepLease);
      // A run that was asked for meanwhile gets what has changed since.
      mode = 'changes';
      latest = running;
      return running.recorded(() => readDirectories(ports, policy, limits, running));
    },
  };
  const detection = await detect(ports, source, owner, policy);
  // The compiler does not see that `read` assigns it.
  const running = latest as Running | null;
  if (running === null) return { detection, run: null };
  try {
    await running.end(detection);
  } catch (cause) {
    // Cases are what matters; the record of the run stays at `running`.
    if (!(cause instanceof StoreUnavailable)) throw cause;
  }
  return { detection, run: running.record };
}

/** The run has to leave everything as it is: another one holds the lease, or its time is over. */
class GivenUp extends Error {}
class TimeIsOver extends GivenUp {}

/** A run and what is recorded of it. */
class Running {
  record: AuditRun;
  readonly #ports: AuditPorts;
  readonly #keepLease: () => Promise<boolean>;

  constructor(ports: AuditPorts, asked: Mode, keepLease: () => Promise<boolean>) {
    const now = ports.clock.now();
    this.#ports = ports;
    this.#keepLease = keepLease;
    const word = Math.floor(ports.random() * 36 ** 6)
      .toString(36)
      .padStart(6, '0');
    this.record = {
      v: 1,
      id: auditRunId(now, word),
      state: 'running',
      asked,
      startedAt: now.toISOString(),
      domains: [],
      objects: { activeDirectory: 0, entra: 0 },
      findings: [],
      cases: { opened: 0, known: 0, leftOut: 0 },
      problems: [],
      problemCount: 0,
    };
  }

  note(more: Partial<AuditRun>): void {
    this.record = { ...this.record, ...more };
  }

  problem(message: string): void {
    const { problems, problemCount } = this.record;
    this.note({
      problems: problems.length < mostProblems ? [...problems, message] : problems,
      problemCount: problemCount + 1,
    });
  }

  /** @throws GivenUp */
  async goOn(): Promise<void> {
    if (!(await this.#keepLease())) throw new GivenUp('Another run of the audit has taken over.');
    const seconds = (this.#ports.clock.now().getTime() - Date.parse(this.record.startedAt)) / 1000;
    if (seconds > longestSeconds)
      throw new TimeIsOver(
        `The run was given up after ${longestSeconds / 60} minutes. What it has read on premises is kept once it was read to the end; see the relay's and Graph's throttling.`,
      );
  }

  /** Writes the record before and after, so that a run that dies is seen as running for ever. */
  async recorded<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    await this.#ports.runs.write(this.record);
    try {
      const answer = await work();
      if (!answer.ok) this.problem(answer.failure.message);
      return answer;
    } catch (cause) {
      if (cause instanceof GivenUp || cause instanceof StoreUnavailable) {
        this.problem(cause.message);
        return failed({ kind: 'TryAgain', message: cause.message });
      }
      this.problem(`The run ended unexpectedly: ${String(cause)}`);
      await this.end(null);
      throw cause;
    }
  }

  async end(detection: Detection | null): Promise<void> {
    const { runs, clock } = this.#ports;
    const opened = detection?.newCases ?? 0;
    const isRead = detection?.outcome === 'read';
    for (const message of isRead ? [] : (detection?.problems ?? []))
      if (!this.record.problems.includes(message)) this.problem(message);
    this.note({
      state: isRead ? (detection.complete ? 'complete' : 'incomplete') : 'failed',
      endedAt: clock.now().toISOString(),
      cases: { ...this.record.cases, opened },
    });
    await runs.write(this.record);
    if (!isRead) return;
    const { id, startedAt, objects, findings } = this.record;
    if (detection.complete) await runs.writeDay({ v: 1, day: startedAt.slice(0, 10), run: id, objects, findings });
  }
}

type Read = Awaited<ReturnType<SightingSource['read']>>;

async function readDirectories(
  ports: AuditPorts,
  policy: AuditPolicy,
  limits: AuditLimits,
  running: Running,
): Promise<Read> {
  const onPremises = await bringUpToDate(ports, running);
  if (!onPremises.ok) return onPremises;
  const cloud = await readCloud(ports, running);
  const domains = await ports.directory.verifiedDomains();
  if (domains.state === 'unknown') running.problem(`The verified domains are not known: ${domains.because}`);

  const names = [...onPremises.value.files.map(({ file }) => file), cloud.file];
  let isWhole = onPremises.value.complete && cloud.complete && domains.state === 'known';
  const source = ports.sourceOf(names, (message) => {
    isWhole = false;
    running.problem(message);
  });
  const settings = auditSettings(policy, domains, ports.clock.now());
  const sightings = await findAll(ports, limits, running, watched(source, running), startAudit(settings, entraRules));
  const extent = onPremises.value.complete ? 'whole' : 'part';
  // Without all of Entra what was synchronised long ago would count as new.
  if (cloud.complete) await predict(ports, running, names, predictionSettings(settings, policy, extent));
  await ports.files.removeAllBut(
    objectsFolder,
    onPremises.value.files.map(({ file }) => file),
  );
  return succeeded({ sightings, complete: isWhole, problems: running.record.problems.slice() });
}

/** Reads what is new on premises, and makes it the snapshot that the next run goes on from. */
async function bringUpToDate(
  { objects, files, clock }: AuditPorts,
  running: Running,
): Promise<Result<{ files: readonly ForestFile[]; complete: boolean }>> {
  const before = await files.snapshot();
  const isFresh = before === null || running.record.asked === 'full';
  const told = new ToldObjects(files, `${objectsFolder}/${running.record.id}`);
  let outcome: { checkpoint: string; failures: readonly { domain: string | null; failure: Failure }[] } | null = null;
  for await (const batch of objects.read(isFresh ? null : before.checkpoint)) {
    await running.goOn();
    switch (batch.kind) {
      case 'domain':
        told.begin(batch);
        break;
      case 'objects':
        await told.objects(batch.objects);
        break;
      case 'deleted':
        told.deleted(batch.deleted);
        break;
      case 'problems':
        for (const { distinguishedName, attribute, message } of batch.problems)
          running.problem(`${attribute} of ${distinguishedName}: ${message}`);
        break;
      case 'outcome':
        outcome = batch;
    }
  }
  if (outcome === null) throw new Error('the stream of objects had no outcome');
  for (const { domain, failure } of outcome.failures) running.problem(`${domain ?? 'The domains'}: ${failure.message}`);
  running.note({
    domains: told.domains.map(({ header: { kind: _, mode, because, ...where }, read }) => ({
      ...where,
      mode,
      read,
      ...becauseOf(running.record.asked, mode, because, before === null),
    })),
  });
  const nothingRead = told.domains.length === 0 && before === null;
  const [first] = outcome.failures;
  if (nothingRead && first !== undefined) return failed(first.failure);
  const joined = await told.join(
    before?.forests ?? [],
    outcome.failures.map(({ domain }) => domain),
  );
  await running.goOn();
  await files.replaceSnapshot({
    v: 1,
    at: clock.now().toISOString(),
    checkpoint: checkpointAfter(outcome, isFresh ? null : before.checkpoint),
    forests: joined,
  });
  running.note({
    objects: { ...running.record.objects, activeDirectory: joined.reduce((sum, one) => sum + one.objects, 0) },
  });
  return succeeded({ files: joined, complete: outcome.failures.length === 0 });
}

const becauseOf = (asked: Mode, mode: Mode, because: string | null, isFirst: boolean): { because?: string } => {
  if (asked === 'full' || mode === 'changes') return {};
  return {
    because:
      because ??
      (isFirst ? 'no earlier run has left anything to go on from' : 'nothing of it was read to its end before'),
  };
};

/** Where nothing is known of the domains, the earlier checkpoint stays good. */
const checkpointAfter = (
  { checkpoint, failures }: { checkpoint: string; failures: readonly { domain: string | null }[] },
  before: string | null,
): string => (failures.some(({ domain }) => domain === null) && before !== null ? before : checkpoint);

async function readCloud(
  { cloudObjects, files }: AuditPorts,
  running: Running,
): Promise<{ file: string; complete: boolean }> {
  const file = `${objectsFolder}/${running.record.id}/entra`;
  const writer = files.create(file);
  let complete = true;
  let entra = 0;
  for await (const batch of cloudObjects.read()) {
    await running.goOn();
    if (batch.kind === 'failure') {
      complete &&= !batch.essential;
      running.problem(`Entra, ${batch.part}: ${batch.failure.message}`);
      continue;
    }
    entra += batch.objects.length;
    await writer.write(batch.objects);
  }
  await writer.close();
  running.note({ objects: { ...running.record.objects, entra } });
  return { file, complete };
}

/** Over the same files, which are small beside what came over the network. What was found does not wait for it. */
async function predict(
  ports: AuditPorts,
  running: Running,
  names: readonly string[],
  settings: PredictionSettings,
): Promise<void> {
  // The audit has told what cannot be read of the files.
  const source = watched(
    ports.sourceOf(names, () => undefined),
    running,
  );
  const file = `${reportsFolder}/${running.record.id}-predictions`;
  const writer = ports.files.create(file, reportBlockLines);
  try {
    running.note(await predictNext(source, settings, { file, writer }, () => running.goOn()));
  } catch (cause) {
    if (!(cause instanceof TimeIsOver)) throw cause;
    running.problem('What the next synchronisation will do is not predicted: the time of the run was over.');
  }
}

/** The lease is kept between the batches of both readings. */
function watched(source: AuditSource, running: Running): AuditSource {
  return {
    async *first() {
      for await (const batch of source.first()) {
        await running.goOn();
        yield batch;
      }
    },
    async *again(wanted) {
      for await (const batch of source.again(wanted)) {
        await running.goOn();
        yield batch;
      }
    },
  };
}

/** Holds every object against the rules; all findings go to the report, the worst to cases. */
async function findAll(
  ports: AuditPorts,
  limits: AuditLimits,
  running: Running,
  source: AuditSource,
  readings: Readings,
): Promise<Sighting[]> {
  const keys = new Set((await ports.store.summaries()).flatMap((summary) => [summary.id, ...summary.keys]));
  const isKnown = (key: string): boolean => keys.has(key);
  const choice = new SightingChoice(limits.mostCases, isKnown);
  const file = `${reportsFolder}/${running.record.id}`;
  const report = ports.files.create(file, reportBlockLines);
  const tally = new Tally();
  const placing = placedByEngine(ports.onPremises);
  for await (const found of auditDirectory(source, readings)) {
    await running.goOn();
    await reportFindings(await placing(found), report, tally, (finding, severity) => {
      const sighting = sightingOfFinding(finding, ports.tenant, valueRules, isKnown);
      if (sighting !== null) choice.add(sighting, severity);
    });
  }
  const { lines, blocks } = await report.close();
  const sightings = choice.chosen();
  running.note({
    findings: tally.counts(),
    report: { file, lines, blocks: [...blocks] },
    cases: { ...running.record.cases, known: choice.known.length, leftOut: choice.leftOut },
  });
  return sightings;
}

const valueRules: ReadonlySet<string> = new Set(entraRules.map(({ meta }) => meta.code));

async function reportFindings(
  findings: readonly Finding[],
  report: LinesWriter,
  tally: Tally,
  choose: (finding: Finding, severity: 'error' | 'warning') => void,
): Promise<void> {
  await report.write(findings);
  for (const finding of findings) {
    const { rule, severity } = finding;
    tally.add(rule, severity);
    if (severity !== 'information') choose(finding, severity);
  }
}

/** Counts by rule and severity. */
class Tally {
  readonly #counts = new Map<string, AuditCount>();

  add(rule: string, severity: Severity): void {
    const key = `${rule} ${severity}`;
    const { count } = this.#counts.get(key) ?? { count: 0 };
    this.#counts.set(key, { rule, severity, count: count + 1 });
  }

  counts(): AuditCount[] {
    return [...this.#counts.values()].sort((left, right) => (left.rule < right.rule ? -1 : 1));
  }
}
