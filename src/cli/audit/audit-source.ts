import { stat } from 'node:fs/promises';
import { spoolObjects } from '../../adapters/files/spool.ts';
import type { AuditSource, ObjectBatches } from '../../audit/audit.ts';
import type { AuditRequest, FileInput } from './arguments.ts';
import type { Complaints } from './complaint.ts';
import { fileObjects } from './file-objects.ts';
import { type FileOfForest, inForests, ofForest } from './forest-of-file.ts';
import { graphObjects } from './graph-objects.ts';
import { ldapObjects } from './ldap-objects.ts';
import { ndjsonFileSource } from './ndjson-file-source.ts';
import { type PasswordEdges, passwordVariable, readPassword } from './password.ts';
import type { Progress } from './progress.ts';

export interface SourceEdges {
  readonly input: NodeJS.ReadStream;
  readonly errors: NodeJS.WriteStream;
  readonly environment: PasswordEdges['environment'];
  /** Ends the audit, and removes what it keeps in files. */
  readonly signal?: AbortSignal;
}

/** The objects of a request, readable twice. @returns null, after a line, when there is no password to read them with */
export async function openSource(
  { files, entraFiles, ldap, settings }: AuditRequest,
  { input, errors, environment, signal }: SourceEdges,
  complaints: Complaints,
  progress: Progress,
): Promise<(AuditSource & AsyncDisposable) | null> {
  const { matchOption } = settings;
  const further = matchOption.by === 'attribute' ? [matchOption.attribute] : [];
  if (ldap !== null) {
    const password = await readPassword(ldap.bindDn, { environment, input, prompt: errors });
    if (password !== null)
      return spoolObjects(
        inTurn(
          ldapObjects(ldap, password, further, complaints.about(ldap.url)),
          entraObjects(entraFiles, complaints, progress),
        ),
        signal,
      );
    progress.print(`There is no password: set ${passwordVariable}, or start from a terminal to be asked.`);
    return null;
  }
  const [file, ...others] = files;
  const isOnly = others.length + entraFiles.length === 0;
  if (file !== undefined && isOnly && (await canBeReadTwice(file))) {
    const source = ndjsonFileSource(file.path, further, complaints.about(file.path), progress.onOctets);
    return { ...source, [Symbol.asyncDispose]: async () => undefined };
  }
  return spoolObjects(
    inTurn(
      allFiles(inForests(files, matchOption), further, input, complaints, progress),
      entraObjects(entraFiles, complaints, progress),
    ),
    signal,
  );
}

const canBeReadTwice = async ({ path, format }: FileInput): Promise<boolean> =>
  format === 'ndjson' && path !== '-' && (await stat(path)).isFile();

async function* inTurn(...all: readonly ObjectBatches[]): ObjectBatches {
  for (const one of all) yield* one;
}

async function* entraObjects(
  paths: readonly string[],
  complaints: Complaints,
  { onOctets }: Pick<Progress, 'onOctets'>,
): ObjectBatches {
  for (const path of paths) yield* graphObjects(path, complaints.about(path), onOctets);
}

async function* allFiles(
  files: readonly FileOfForest[],
  further: readonly string[],
  input: NodeJS.ReadStream,
  complaints: Complaints,
  progress: Progress,
): ObjectBatches {
  for (const { path, format, forest } of files) {
    const source = path === '-' ? input : path;
    const complain = complaints.about(path === '-' ? 'standard input' : path);
    yield* ofForest(forest, fileObjects(source, format, further, complain, progress.onOctets));
  }
}
