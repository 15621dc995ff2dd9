import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/**
 * In every folder of a stack there is a claim: the number of a port at which the stack listens as long as it runs. A
 * process number would not do: in a fresh container another process soon has that of a stack that was killed.
 */
export const claimFile = (folder: string): string => join(folder, 'claim');

/** Whether the stack that claimed the folder has ended. Without a claim, or when in doubt, it may run: false. */
export async function isAbandoned(folder: string): Promise<boolean> {
  const port = claimedPort(folder);
  if (port === undefined) return false;
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}

/** Removes what stacks that were killed outright left in `parent`: the folders with such a name that are abandoned. */
export async function removeAbandoned(parent: string, name: RegExp): Promise<void> {
  const folders = foldersIn(parent).filter((folder) => name.test(folder));
  await Promise.all(
    folders.map(async (folder) => {
      const path = join(parent, folder);
      if (await isAbandoned(path)) remove(path);
    }),
  );
}

function claimedPort(folder: string): number | undefined {
  try {
    const port = Number(readFileSync(claimFile(folder), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

function foldersIn(parent: string): string[] {
  try {
    const entries = readdirSync(parent, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** What cannot be removed is no reason not to start. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It stays.
  }
}
