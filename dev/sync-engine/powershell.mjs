#!/usr/bin/env node
// Stands in for powershell.exe on the sync server: takes `... -File <dir>/<script>.ps1 [-Name value]...`, and has the
// stand-in engine behind the socket SYNC_ENGINE_SOCKET answer for the script. Plain JavaScript, so that it starts fast.
import { connect } from 'node:net';
import { basename } from 'node:path';

const args = process.argv.slice(2);
const fileAt = args.findIndex((argument) => argument.toLowerCase() === '-file');
const file = fileAt < 0 ? undefined : args[fileAt + 1];
const socketPath = process.env.SYNC_ENGINE_SOCKET;

if (file === undefined) fail('The -File parameter and a script are needed.');
else if (!socketPath) fail('SYNC_ENGINE_SOCKET names no socket.');
else forward(socketPath, { script: basename(file, '.ps1'), args: args.slice(fileAt + 2) });

function forward(path, request) {
  const received = [];
  const socket = connect({ path, allowHalfOpen: true }, () => socket.end(JSON.stringify(request)));
  socket.on('error', (error) => fail(`The sync engine cannot be reached: ${error.message}`));
  socket.on('data', (chunk) => received.push(chunk));
  socket.on('end', () => {
    const answer = parse(Buffer.concat(received).toString('utf8'));
    if (answer?.stdout !== undefined) process.stdout.write(`${answer.stdout}\n`);
    else fail(answer?.stderr ?? 'The sync engine ended without an answer.');
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
