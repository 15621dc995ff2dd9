import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { TLSSocketOptions } from 'node:tls';
import { Connection } from './connection.ts';
import type { Controller } from './controller.ts';

/** One open port of a controller. */
export interface Listener {
  readonly port: number;
  stop(): Promise<void>;
}

export interface ListenerOptions {
  readonly controller: Controller;
  /** TLS from the first octet (LDAPS); otherwise StartTLS. */
  readonly secure: boolean;
  /** Serves the global catalogue instead of the controller's own domain. */
  readonly catalogue: boolean;
  readonly tls: TLSSocketOptions;
}

/** Opens a free port on the loopback addresses. */
export async function listen({ controller, secure, catalogue, tls }: ListenerOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    if (controller.isDown) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    new Connection(socket, { controller, catalogue, tls, secure });
  });
  await opened(server);
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function opened(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
