import type { Complain } from './complaint.ts';

/** One object of the input, not yet read as an audit object. */
export interface InputRecord {
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** Which one of its file, counted from 1, where the line does not tell. */
  readonly object?: number;
  readonly record: Readonly<Record<string, unknown>>;
  /** Where its fields begin, in a format that spreads an object over lines. */
  readonly lines?: Readonly<Record<string, number>>;
}

export type InputFormat = 'ldif' | 'csv' | 'ndjson' | 'json';

export const inputFormats: readonly InputFormat[] = ['ldif', 'csv', 'ndjson', 'json'];

/**
 * Reads the records of a text in UTF-8, in batches, as they come. What it cannot read it complains of, and goes on with the
 * next record; after a fatal complaint it ends.
 */
export type ReadRecords = (octets: AsyncIterable<Buffer>, complain: Complain) => AsyncIterable<readonly InputRecord[]>;

/** Octets of one line, one object: more than that is a mistake, and would have to be held in memory. */
export const longest = 16 * 2 ** 20;
export const longestInWords = '16 MiB';

const formatByExtension: Readonly<Record<string, InputFormat>> = {
  '.ldif': 'ldif',
  '.ldf': 'ldif',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
};

/** By the end of the file's name; undefined when that says nothing. */
export function formatOfFile(path: string): InputFormat | undefined {
  const end = path.lastIndexOf('.');
  return end < 0 ? undefined : formatByExtension[path.slice(end).toLowerCase()];
}
