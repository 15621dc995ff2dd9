import type { AuditRun, AuditSource } from '../audit/audit.ts';

/** How far an audit has come. */
export interface AuditProgress {
  readonly reading: 'first' | 'second';
  /** Objects read so far; of the second reading, those that were looked at again. */
  readonly objects: number;
}

/** An audit, whatever it finds: an AuditRun, or one of another profile. */
export interface Readings<Found> extends Pick<AuditRun, 'first' | 'needsSecond'> {
  second(...read: Parameters<AuditRun['second']>): readonly Found[];
  finish(): readonly Found[];
}

/**
 * Reads a whole directory twice and answers what is wrong with it, a batch at a time: first what single objects have wrong,
 * at the end the values that several hold. Nothing that was answered is kept.
 *
 * @param onProgress after each batch of objects
 * @throws the reason of the signal when it is aborted, and whatever the source throws: then the findings are not all
 */
export async function* auditDirectory<Found>(
  source: AuditSource,
  run: Readings<Found>,
  onProgress: (progress: AuditProgress) => void = () => undefined,
  signal?: AbortSignal,
): AsyncGenerator<readonly Found[], void> {
  let objects = 0;
  for await (const batch of source.first()) {
    signal?.throwIfAborted();
    for (const object of batch) run.first(object);
    objects += batch.length;
    onProgress({ reading: 'first', objects });
  }
  objects = 0;
  for await (const batch of source.again((ordinal) => run.needsSecond(ordinal))) {
    signal?.throwIfAborted();
    const findings = batch.flatMap(({ ordinal, object }) => run.second(ordinal, object));
    objects += batch.length;
    onProgress({ reading: 'second', objects });
    if (findings.length > 0) yield findings;
  }
  const duplicates = run.finish();
  if (duplicates.length > 0) yield duplicates;
}
