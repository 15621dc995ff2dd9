import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for every program, whatever the kernel's own clock. */
const millisecondsATick = 10;

/** Milliseconds that a running process has computed so far, in user and system mode; undefined where there is no /proc. */
export function processorTime(pid: number | undefined): number | undefined {
  try {
    // The name, the second field, may hold blanks and ends with the last parenthesis.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * millisecondsATick;
  } catch {
    return undefined;
  }
}
