import { basename, extname } from 'node:path';
import type { Complaints } from './complaint.ts';
import { octetsOf } from './file-octets.ts';
import { IdFixProgress } from './idfix-progress.ts';
import { readIdFixCsv } from './read-idfix-csv.ts';
import { readIdFixLog } from './read-idfix-log.ts';
import { utf8Octets } from './text-octets.ts';

/** What IdFix left behind: its CSV export, and what it wrote down while it applied. */
export async function readIdFix(files: readonly string[], complaints: Complaints): Promise<IdFixProgress> {
  const progress = new IdFixProgress();
  for (const file of files) {
    const complain = complaints.about(file);
    const octets = utf8Octets(octetsOf(file, complain), complain);
    const read = extname(file).toLowerCase() === '.csv' ? readIdFixCsv : readIdFixLog;
    for await (const entry of read(basename(file), octets, complain)) progress.add(entry);
  }
  return progress;
}
