/**
 * Runs inside the network namespace of an unprivileged Samba and lets its ports be reached from outside, through Unix
 * sockets in the directory that is its argument. Ends with its stdin.
 */
import { connect, createServer } from 'node:net';
import { join } from './forwarder.ts';
import { bridgeSocket, ports } from './ports.ts';

const directory = process.argv[2] ?? '';
for (const port of Object.values(ports)) {
  const server = createServer((socket) => join(socket, connect({ host: '127.0.0.1', port, noDelay: true })));
  server.listen({ path: bridgeSocket(directory, port) });
}
process.stdin.on('end', () => process.exit(0)).resume();
