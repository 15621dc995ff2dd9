import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { runScript, ScriptFailed } from './scripts.ts';
import type { SyncEngine } from './sync-engine.ts';

const request = z.strictObject({ script: z.string(), args: z.array(z.string()) });

export interface ServedSyncEngine {
  readonly socketPath: string;
  stop(): Promise<void>;
}

/**
 * Serves the engine to powershell.mjs over a Unix domain socket: one connection a script. The client sends
 * `{script, args}` and ends its side; the answer is `{stdout}` or `{stderr}`.
 */
export async function serveSyncEngine(engine: SyncEngine, socketPath: string): Promise<ServedSyncEngine> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A script that was killed while it waited leaves nothing to answer.
    socket.on('error', () => socket.destroy());
    void answer(engine, socket);
  });
  await listen(server, socketPath);
  return {
    socketPath,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      await rm(socketPath, { force: true });
    },
  };
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
}

async function answer(engine: SyncEngine, socket: Socket): Promise<void> {
  const received = await text(socket).catch(() => undefined);
  if (received !== undefined) socket.end(JSON.stringify(outcome(engine, received)));
}

function outcome(engine: SyncEngine, received: string): { stdout: string } | { stderr: string } {
  try {
    const { script, args } = request.parse(JSON.parse(received));
    return { stdout: JSON.stringify(runScript(engine, script, args)) };
  } catch (error) {
    if (error instanceof ScriptFailed) return { stderr: error.message };
    return { stderr: `Unexpected error: ${error instanceof Error ? error.message : String(error)}` };
  }
}
