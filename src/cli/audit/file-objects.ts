import type { ObjectBatches } from '../../audit/audit.ts';
import type { AuditObject } from '../../audit/audit-object.ts';
import { readAuditObject } from '../../audit/read-object.ts';
import type { FileInput } from './arguments.ts';
import type { Complain } from './complaint.ts';
import { octetsOf } from './file-octets.ts';
import type { InputFormat, InputRecord, ReadRecords } from './input.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readLdif } from './read-ldif.ts';
import { readNdjson } from './read-ndjson.ts';
import { utf8Octets } from './text-octets.ts';

const readers: Readonly<Record<InputFormat, ReadRecords>> = {
  ldif: readLdif,
  csv: readCsv,
  ndjson: readNdjson,
  json: readJson,
};

/**
 * The objects of one file.
 * @param source its path or, of standard input, the stream
 * @param further attributes that are kept beside the usual ones
 */
export async function* fileObjects(
  source: string | AsyncIterable<Buffer>,
  format: FileInput['format'],
  further: readonly string[],
  complain: Complain,
  onOctets: (count: number) => void,
): ObjectBatches {
  const octets = utf8Octets(octetsOf(source, complain, onOctets), complain);
  for await (const records of readers[format](octets, complain)) {
    const objects: AuditObject[] = [];
    for (const one of records) objects.push(objectOf(one, further, complain));
    if (objects.length > 0) yield objects;
  }
}

/** Complains of each value that cannot be read as what it should be. */
export function objectOf(
  { record, line, lines, object: number }: InputRecord,
  further: readonly string[],
  complain: Complain,
): AuditObject {
  const { object, problems } = readAuditObject(record, further);
  const place = number === undefined ? {} : { object: number };
  for (const { field, message } of problems)
    complain({ grade: 'lost', line: lines?.[field] ?? line, ...place, field, message: `${message}.` });
  return object;
}
