import { type AuditProgress, auditDirectory } from '../../pipeline/audit-directory.ts';
import type { AuditRequest } from './arguments.ts';
import { openSource, type SourceEdges } from './audit-source.ts';
import { Complaints } from './complaint.ts';
import { whyUnreadable } from './file-octets.ts';
import type { IdFixProgress } from './idfix-progress.ts';
import { Progress } from './progress.ts';
import { readIdFix } from './read-idfix.ts';
import { type ReportedReadings, readingsOf } from './readings.ts';
import type { ReportContext, Reported, ReportedBatches, ReportKind, WriteReport } from './report.ts';
import { whyUnwritable, writeFile, writeStream } from './report-sink.ts';
import { amount, nounOf, severitiesInWords, Tally } from './tally.ts';
import { writeCsv } from './write-csv.ts';
import { writeHtml } from './write-html.ts';
import { writeJson } from './write-json.ts';
import { writeTable } from './write-table.ts';

/** What the process gives to an audit. */
export interface Edges extends SourceEdges {
  readonly output: NodeJS.WriteStream;
}

/** Somebody ended the audit before its end. */
export class Interrupted extends Error {
  constructor() {
    super('it was interrupted.');
  }
}

/** 0: everything was read and nothing found; 1: something found; 2: it could not run, or not everything could be read. */
export type ExitCode = 0 | 1 | 2;

export async function runAudit(request: AuditRequest, edges: Edges): Promise<ExitCode> {
  const progress = new Progress(edges.errors, request.quiet);
  const complaints = new Complaints((line) => progress.print(line));
  const obstacles = await obstaclesTo(request);
  for (const obstacle of obstacles) progress.print(obstacle);
  if (obstacles.length > 0) return 2;

  const idFix = await readIdFix(request.idFixFiles, complaints);
  if (complaints.fatal) return 2;
  await using source = await openSource(request, edges, complaints, progress);
  if (source === null) return 2;
  for (const note of request.notes) progress.say(note);

  let read = 0;
  const readings = await startReadings(request, idFix);
  const onProgress = (now: AuditProgress): void => {
    if (now.reading === 'first') read = now.objects;
    progress.onProgress(now);
  };
  const found = auditDirectory(source, readings, onProgress, edges.signal);
  // The whole first reading comes before the first finding.
  const begun = await found.next();
  complaints.finish();
  if (complaints.fatal && read === 0) return 2;
  progress.say(`${amount(read, 'object')} read.`);

  const tally = new Tally();
  const context = contextOf(request, idFix, read, complaints.lost);
  const isWhole = await write(request, edges, writerOf(request, edges.output)(counted(begun, found, tally), context));
  for (const notice of readings.notices()) progress.print(notice);
  if (isWhole) sayOutcome(request, tally, idFix, progress);
  return isFound(request, tally) ? 1 : complaints.lost ? 2 : 0;
}

/** What predicts is loaded only when it is asked for. */
async function startReadings(request: AuditRequest, idFix: IdFixProgress): Promise<ReportedReadings> {
  if (request.prediction === null) return readingsOf(request, idFix);
  const { predictionReadings } = await import('./prediction-readings.ts');
  return predictionReadings(request.prediction);
}

/** That an object is left out, of which Entra knows nothing, is no failure. */
const isFound = ({ prediction }: AuditRequest, { findings, bySeverity }: Tally): boolean =>
  (prediction === null ? findings : findings - bySeverity.information) > 0;

async function obstaclesTo({ files, entraFiles, ldap, idFixFiles, outputFile }: AuditRequest): Promise<string[]> {
  const paths = [
    ...files.map(({ path }) => path).filter((path) => path !== '-'),
    ...entraFiles,
    ...idFixFiles,
    ...(ldap?.caFile ? [ldap.caFile] : []),
  ];
  const unreadable = await Promise.all(paths.map(whyUnreadable));
  const unwritable = outputFile === null ? null : await whyUnwritable(outputFile);
  return [...unreadable, unwritable].filter((obstacle) => obstacle !== null);
}

async function* counted(
  begun: IteratorResult<readonly Reported[], void>,
  rest: AsyncGenerator<readonly Reported[], void>,
  tally: Tally,
): ReportedBatches {
  for (let next = begun; !next.done; next = await rest.next()) {
    for (const { row } of next.value) tally.add(row);
    yield next.value;
  }
}

function contextOf(request: AuditRequest, idFix: IdFixProgress, objects: number, incomplete: boolean): ReportContext {
  const { profile, settings, ldap, files, entraFiles } = request;
  const onPremises = ldap === null ? files.map(({ path }) => (path === '-' ? 'standard input' : path)) : [ldap.url];
  return {
    kind: kindOf(request),
    profile: profile.name === 'entra' ? 'entra' : `idfix-compat (${profile.mode})`,
    now: settings.now,
    sources: [...onPremises, ...entraFiles],
    withIdFix: idFix.size > 0,
    objects,
    incomplete,
  };
}

function kindOf({ profile, prediction }: AuditRequest): ReportKind {
  if (prediction !== null) return 'predictions';
  return profile.name === 'entra' ? 'findings' : 'idfix-rows';
}

const usualWidth = 140;

function writerOf({ format, outputFile }: AuditRequest, output: NodeJS.WriteStream): WriteReport {
  switch (format) {
    case 'json':
      return writeJson;
    case 'csv':
      return writeCsv;
    case 'html':
      return writeHtml;
    default:
      return writeTable(outputFile === null && output.isTTY ? output.columns : usualWidth);
  }
}

/** @returns false when the reader of standard output went away */
async function write({ outputFile }: AuditRequest, { output }: Edges, text: AsyncIterable<string>): Promise<boolean> {
  if (outputFile === null) return writeStream(output, text);
  await writeFile(outputFile, text);
  return true;
}

function sayOutcome(request: AuditRequest, tally: Tally, idFix: IdFixProgress, progress: Progress): void {
  const { outputFile, format } = request;
  if (idFix.size > 0) {
    const counts = [...idFix.counts()].map(([outcome, count]) => `${count} ${outcome.replaceAll('-', ' ')}`);
    progress.say(`Carried over from IdFix: ${counts.join(', ')}.`);
  }
  const where = outputFile === null ? '' : ` Written to ${outputFile}.`;
  // The table ends with its own summary.
  if (outputFile === null && format === 'table') return;
  progress.say(`${amount(tally.findings, nounOf[kindOf(request)])}: ${severitiesInWords(tally)}.${where}`);
}
