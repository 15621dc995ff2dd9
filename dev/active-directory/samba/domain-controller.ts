import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { TlsMaterial } from '../../tokens.ts';
import { configurationPath, privateDirectory, writeConfiguration } from './configuration.ts';
import { forward } from './forwarder.ts';
import { bridgeSocket, ports } from './ports.ts';
import { copyTemplate, provisionedTemplate } from './template.ts';

export interface SambaOptions {
  /** DNS name of the domain, which is the whole forest. */
  readonly realm: string;
  readonly adminPassword: string;
  readonly tls: TlsMaterial;
  /** A database of this domain to copy from; without it an empty one. */
  readonly template?: string;
}

export interface SambaDomainController {
  readonly ldapsPort: number;
  readonly ldapPort: number;
  readonly globalCataloguePort: number;
  stop(): Promise<void>;
}

type PortName = keyof typeof ports;

/** How one running Samba is reached. */
interface Daemon {
  readonly process: ChildProcess;
  /** The last that it said. */
  output(): string;
  targetOf(name: PortName): NetConnectOpts;
}

/**
 * Starts a Samba domain controller on a copy of the provisioned template. It is a child process that ends when its
 * stdin closes, so it cannot outlive this process, however that ends.
 */
export async function startDomainController({
  realm,
  adminPassword,
  tls,
  template = provisionedTemplate(realm, adminPassword),
}: SambaOptions): Promise<SambaDomainController> {
  const directory = mkdtempSync(join(tmpdir(), 'syncmend-dc-'));
  copyTemplate(template, directory);
  const address = canOpenLowPorts() ? randomLoopback() : '127.0.0.1';
  writeConfiguration({ directory, realm, address });
  writeFileSync(join(privateDirectory(directory), 'tls', 'key.pem'), tls.key, { mode: 0o600 });
  writeFileSync(join(privateDirectory(directory), 'tls', 'cert.pem'), tls.cert);
  const daemon = canOpenLowPorts() ? startDirectly(directory, address) : startInNamespace(directory);
  await ready(daemon);
  const [ldap, ldaps, globalCatalogue] = await Promise.all([
    forward(daemon.targetOf('ldap')),
    forward(daemon.targetOf('ldaps')),
    forward(daemon.targetOf('globalCatalogue')),
  ]);
  return {
    ldapPort: ldap.port,
    ldapsPort: ldaps.port,
    globalCataloguePort: globalCatalogue.port,
    async stop() {
      await Promise.all([ldap, ldaps, globalCatalogue].map((forwarder) => forwarder.stop()));
      await end(daemon.process);
    },
  };
}

function canOpenLowPorts(): boolean {
  if (process.getuid?.() === 0) return true;
  return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) <= ports.ldap;
}

const randomLoopback = (): string => `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(2, 255)}`;

const sambaArguments = (directory: string): string[] => [
  ...['-s', configurationPath(directory)],
  ...['--interactive', '--model', 'single', '--debug-stdout'],
];

/** Arguments of each script: the directory, then Samba's. The last thing to go is the data, whoever ended Samba. */
const runAndCleanUp = 'samba "$@" 3<&-; rm -rf "$directory"';
const script = `directory=$1; shift; ${runAndCleanUp}`;
const namespacedScript = `directory=$1; node=$2; bridge=$3; shift 3; ip link set lo up
"$node" "$bridge" "$directory" <&3 & ${runAndCleanUp}`;

function startDirectly(directory: string, address: string): Daemon {
  return {
    ...spawnDaemon('sh', ['-c', script, 'sh', directory, ...sambaArguments(directory)]),
    targetOf: (name) => ({ host: address, port: ports[name] }),
  };
}

/** An ordinary user may open the fixed low ports in a network namespace of its own; Unix sockets lead out of it. */
function startInNamespace(directory: string): Daemon {
  const bridge = join(import.meta.dirname, 'bridge.ts');
  const shell = ['sh', '-c', namespacedScript, 'sh', directory, process.execPath, bridge, ...sambaArguments(directory)];
  return {
    ...spawnDaemon('unshare', ['-rUmn', '--propagation', 'private', ...shell]),
    targetOf: (name) => ({ path: bridgeSocket(directory, ports[name]) }),
  };
}

/**
 * Descriptors 0 and 3 are pipes that only this process holds: Samba and the bridge end when they close. The group of its
 * own keeps a Ctrl-C from the shell, which would die before it has removed the data.
 */
function spawnDaemon(command: string, args: readonly string[]): Omit<Daemon, 'targetOf'> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      output = `${output}${data}`.slice(-outputKept);
    });
  }
  return { process: child, output: () => output };
}

/** Characters of Samba's output that are kept to explain a failed start. */
const outputKept = 4000;

const startTimeout = 30_000;

/** Ready is a finished TLS handshake: a plain connection succeeds before Samba listens when it is bridged. */
async function ready(daemon: Daemon): Promise<void> {
  for (const deadline = Date.now() + startTimeout; Date.now() < deadline; await sleep(20)) {
    if (await shakesHands(daemon.targetOf('ldaps'))) return;
    if (daemon.process.exitCode !== null) break;
  }
  await end(daemon.process);
  throw new Error(`Samba did not start:\n${daemon.output()}`);
}

function shakesHands(target: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    // Whom we speak to does not matter yet, only that someone answers.
    const socket = connectTls({ ...target, rejectUnauthorized: false }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin?.end();
  child.stdio[3]?.destroy();
  const impatience = setTimeout(() => child.kill('SIGKILL'), 3000);
  await exited;
  clearTimeout(impatience);
}
