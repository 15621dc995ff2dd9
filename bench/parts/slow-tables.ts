import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SlowTables {
  /** The same tables, further away. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Stands before table storage and holds back everything that a client sends, for so many milliseconds. */
export async function slowTables(tablesUrl: string, milliseconds: number): Promise<SlowTables> {
  const { port, pathname } = new URL(tablesUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const storage = connect(Number(port), '127.0.0.1');
    client.on('data', (chunk) => setTimeout(() => storage.writable && storage.write(chunk), milliseconds));
    storage.pipe(client);
    for (const [one, other] of [
      [client, storage],
      [storage, client],
    ] as const) {
      sockets.add(one);
      one.setNoDelay();
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
