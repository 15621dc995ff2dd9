import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface ClaimedDirectory {
  readonly path: string;
  release(): void;
}

/**
 * The folder in which a stack shows where it is. While another one that still runs has it, the claim is for a folder
 * inside it with the number of this process.
 */
export function claimDirectory(wanted: string): ClaimedDirectory {
  const own = (path: string): ClaimedDirectory => {
    const marker = join(path, 'pid');
    writeFileSync(marker, String(process.pid));
    return { path, release: () => rmSync(marker, { force: true }) };
  };
  const path = resolve(wanted);
  mkdirSync(path, { recursive: true });
  if (!isTaken(path)) return own(path);
  const inside = join(path, String(process.pid));
  mkdirSync(inside, { recursive: true });
  const claimed = own(inside);
  return { path: inside, release: () => rmSync(claimed.path, { recursive: true, force: true }) };
}

function isTaken(path: string): boolean {
  try {
    const pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
