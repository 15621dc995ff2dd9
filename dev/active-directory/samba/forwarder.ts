import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

export interface Forwarder {
  readonly port: number;
  stop(): Promise<void>;
}

/** Opens a free port on 127.0.0.1 and passes every connection on: Samba's own LDAP ports cannot be chosen. */
export async function forward(target: NetConnectOpts): Promise<Forwarder> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    for (const one of join(socket, connect({ noDelay: true, ...target }))) {
      open.add(one);
      one.on('close', () => open.delete(one));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Joins two connections: what ends or breaks on one side ends on the other. */
export function join(near: Socket, far: Socket): readonly [Socket, Socket] {
  near.pipe(far).pipe(near);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
  return [near, far];
}
