import { stat } from 'node:fs/promises';
import type { AuditSource, ObjectBatches, OrdinalObject } from '../../audit/audit.ts';
import type { Complain } from './complaint.ts';
import { objectOf } from './file-objects.ts';
import { octetsOf } from './file-octets.ts';
import { isBlank, objectOnLine } from './read-ndjson.ts';
import { linesOf } from './text-lines.ts';
import { utf8Octets } from './text-octets.ts';

/**
 * A regular NDJSON file, which is read twice as it is: no copy of it is made, and of the second reading only what is wanted is
 * parsed. Complaints are of the first reading.
 */
export function ndjsonFileSource(
  path: string,
  further: readonly string[],
  complain: Complain,
  onOctets: (count: number) => void,
): AuditSource {
  const withoutObject = new Set<number>();
  const lines = (tell: Complain, count: (octets: number) => void) =>
    linesOf(utf8Octets(octetsOf(path, tell, count), tell), tell);
  let read: string | null = null;

  return {
    async *first(): ObjectBatches {
      read = await versionOf(path);
      for await (const batch of lines(complain, onOctets)) {
        yield batch.flatMap((line) => {
          if (isBlank(line)) return [];
          const record = objectOnLine(line, complain);
          if (record === null) withoutObject.add(line.number);
          return record === null ? [] : objectOf(record, further, complain);
        });
      }
    },
    async *again(wanted: (ordinal: number) => boolean): AsyncGenerator<readonly OrdinalObject[]> {
      if ((await versionOf(path)) !== read) throw new ChangedMeanwhile(path);
      let next = 0;
      for await (const batch of lines(ignore, ignore)) {
        const objects: OrdinalObject[] = [];
        for (const line of batch) {
          if (isBlank(line) || withoutObject.has(line.number)) continue;
          const ordinal = next++;
          const record = wanted(ordinal) ? objectOnLine(line, ignore) : null;
          if (record !== null) objects.push({ ordinal, object: objectOf(record, further, ignore) });
        }
        if (objects.length > 0) yield objects;
      }
    },
  };
}

/** The file is another than at the first reading. */
export class ChangedMeanwhile extends Error {
  constructor(path: string) {
    super(`'${path}' was changed while it was read; run the audit again, on a copy if it is still written to.`);
  }
}

async function versionOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${size} ${mtimeMs} ${ino}`;
}

const ignore = (): void => undefined;
