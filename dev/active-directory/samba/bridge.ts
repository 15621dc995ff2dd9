/**
 * Runs inside the network namespace of an unprivileged Samba and lets its ports be reached from outside: for each pair
 * of arguments `socket-path port` it passes connections from the Unix socket to the loopback port. Ends with its stdin.
 */
import { connect, createServer } from 'node:net';
import { join } from './forwarder.ts';

const [, , ...pairs] = process.argv;
for (let index = 0; index < pairs.length; index += 2) {
  const [path, port] = [pairs[index], Number(pairs[index + 1])];
  createServer((socket) => join(socket, connect({ host: '127.0.0.1', port, noDelay: true }))).listen({ path });
}
process.stdin.on('end', () => process.exit(0)).resume();
