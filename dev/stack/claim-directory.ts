import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { claimFile, isAbandoned, removeAbandoned } from './abandoned.ts';
import { removeEndpoints } from './endpoints.ts';

export interface ClaimedDirectory {
  readonly path: string;
  /** Marks another folder as this stack's, so that a later one removes it if this one cannot. */
  mark(folder: string): void;
  release(): void;
}

/**
 * The folder in which a stack shows where it is. While another one that still runs has it, the claim is for a folder
 * inside it with the number of this process.
 */
export async function claimDirectory(wanted: string): Promise<ClaimedDirectory> {
  const path = resolve(wanted);
  await removeAbandoned(path, /^\d+$/);
  if (await isFree(path)) return claim(path);
  const inside = await claim(join(path, String(process.pid)));
  const release = (): void => {
    inside.release();
    rmSync(inside.path, { recursive: true, force: true });
  };
  return { ...inside, release };
}

async function claim(path: string): Promise<ClaimedDirectory> {
  mkdirSync(path, { recursive: true });
  const holder = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  holder.unref();
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const mark = (folder: string): void => writeFileSync(claimFile(folder), String(port));
  mark(path);
  // One that was killed outright left it behind.
  removeEndpoints(path);
  const release = (): void => {
    holder.close();
    rmSync(claimFile(path), { force: true });
  };
  return { path, mark, release };
}

async function isFree(path: string): Promise<boolean> {
  return !existsSync(claimFile(path)) || (await isAbandoned(path));
}
