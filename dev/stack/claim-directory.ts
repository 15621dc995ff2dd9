import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { removeEndpoints } from './endpoints.ts';

export interface ClaimedDirectory {
  readonly path: string;
  release(): void;
}

/**
 * The folder in which a stack shows where it is. While another one that still runs has it, the claim is for a folder
 * inside it with the number of this process.
 */
export async function claimDirectory(wanted: string): Promise<ClaimedDirectory> {
  const path = resolve(wanted);
  if (!(await isTaken(path))) return claim(path);
  const inside = await claim(join(path, String(process.pid)));
  const release = (): void => {
    inside.release();
    rmSync(inside.path, { recursive: true, force: true });
  };
  return { path: inside.path, release };
}

/**
 * The claim holds as long as the port in its file answers. A process number would not do: in a fresh container another
 * process soon has that of a stack that was killed.
 */
async function claim(path: string): Promise<ClaimedDirectory> {
  mkdirSync(path, { recursive: true });
  const holder = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  holder.unref();
  await once(holder, 'listening');
  const file = claimFile(path);
  writeFileSync(file, String((holder.address() as AddressInfo).port));
  // One that was killed outright left it behind.
  removeEndpoints(path);
  const release = (): void => {
    holder.close();
    rmSync(file, { force: true });
  };
  return { path, release };
}

async function isTaken(path: string): Promise<boolean> {
  let socket: ReturnType<typeof connect> | undefined;
  try {
    socket = connect({ host: '127.0.0.1', port: Number(readFileSync(claimFile(path), 'utf8')) });
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket?.destroy();
  }
}

const claimFile = (path: string): string => join(path, 'claim');
