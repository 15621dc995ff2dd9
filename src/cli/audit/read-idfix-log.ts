import type { Complain } from './complaint.ts';
import type { IdFixEntry } from './idfix-entry.ts';
import { linesOf } from './text-lines.ts';

/**
 * What IdFix wrote down while it applied: `Update <time>.ldf`, blocks of `name: value` ended by `-` (not LDIF), and the lines
 * `Update: [dn] [class] [attribute] [error] [value] [update] [action]` of `Verbose <time>.txt`.
 *
 * Source: microsoft/idfix at c1b74fe (FormApp.cs), read 2026-11-29.
 */
export async function* readIdFixLog(
  source: string,
  octets: AsyncIterable<Buffer>,
  complain: Complain,
): AsyncGenerator<IdFixEntry> {
  let block: Record<string, string> = {};
  let start = 0;
  let found = false;
  for await (const lines of linesOf(octets, complain)) {
    for (const { number, octets: text } of lines) {
      const line = text.toString('utf8');
      if (/^changetype:\s*modify/i.test(line)) {
        const message =
          "is IdFix's export as LDF, which does not say what was applied. Give its CSV export or Update *.ldf.";
        complain({ grade: 'fatal', line: number, message });
        return;
      }
      const verbose = verboseForm.exec(line)?.groups;
      const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name === 'distinguishedName') {
        if (start > 0)
          complain({ grade: 'lost', line: start, message: 'the block that begins here is not ended by -.' });
        block = {};
        start = number;
      }
      if (verbose === undefined && name !== undefined && start > 0) block[name] = value ?? '';
      const whole = verbose ?? (line === '-' && start > 0 ? block : undefined);
      if (whole === undefined) continue;
      const entry = entryOf(source, verbose === undefined ? start : number, whole);
      if (entry === null)
        complain({ grade: 'lost', line: number, message: 'names no object, attribute or action; it is left out.' });
      else yield entry;
      found = true;
      start = 0;
    }
  }
  if (start > 0)
    complain({ grade: 'lost', line: start, message: 'the block that begins here is cut; it is left out.' });
  if (!found) complain({ grade: 'notice', message: 'tells of no update of IdFix.' });
}

const verboseForm =
  /Update: \[(?<distinguishedName>.*?)\] \[(?<objectClass>.*?)\] \[(?<attribute>.*?)\] \[(?<error>.*?)\] \[(?<value>.*?)\] \[(?<update>.*)\] \[(?<action>\w+)\]$/;

function entryOf(source: string, line: number, read: Readonly<Record<string, string>>): IdFixEntry | null {
  const { distinguishedName = '', attribute = '', value = '', update = '' } = read;
  const action = (read['action'] ?? '').trim().toLowerCase();
  if (distinguishedName === '' || attribute === '') return null;
  if (action !== 'edit' && action !== 'remove' && action !== 'undo') return null;
  const removes = action === 'remove' || (action === 'edit' && update === '');
  return {
    distinguishedName,
    attribute,
    value,
    update: removes ? '' : update,
    action: removes ? 'remove' : action,
    state: 'applied',
    source,
    line,
  };
}
