import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { eventually } from './outside-client.ts';
import { isRunning, processesOf } from './processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(root, 'dev/start.ts');
/** Each starts the whole stack in a process of its own. */
vi.setConfig({ testTimeout: 60_000 });

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

function start(...args: string[]) {
  return startWith({}, ...args);
}

function startWith(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  running.add(child);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  return { child, printed: () => printed, errors: text(child.stderr), exit: once(child, 'exit') };
}

/** The path of endpoints.json that the running stack printed. */
async function ready(printed: () => string): Promise<string> {
  await eventually('the stack says that it runs', async () => printed().includes('Ctrl-C stops everything'));
  const [, file = ''] = /people are in (\S+endpoints\.json)/.exec(printed()) ?? [];
  return file;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} stops everything that npm start started`, async () => {
    const { child, printed, exit } = start('--empty');
    const file = await ready(printed);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('functions');
    const started = processesOf(child.pid ?? 0);
    expect(started.length).toBeGreaterThanOrEqual(4);
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
    expect(started.filter(isRunning)).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });
}

test('a terminal that is closed stops everything, though nothing can be printed any more', async () => {
  const { child, printed, exit } = start('--empty');
  const file = await ready(printed);
  const started = processesOf(child.pid ?? 0);
  child.stdout.destroy();
  child.kill('SIGHUP');
  expect(await exit).toEqual([0, null]);
  expect(started.filter(isRunning)).toEqual([]);
  expect(existsSync(file)).toBe(false);
});

test('its processes end with it when it is killed outright', async () => {
  const { child, printed } = start('--empty');
  await ready(printed);
  const started = processesOf(child.pid ?? 0);
  child.kill('SIGKILL');
  await eventually('all processes have ended', async () => started.filter(isRunning).length === 0);
});

test('what one that was killed outright left behind goes at the next start, and a running one keeps its own', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'start-'));
  const foldersOfStacks = () => readdirSync(temporary).filter((name) => name.startsWith('syncmend-'));
  const begin = async () => {
    const stack = startWith({ TMPDIR: temporary }, '--empty');
    return { ...stack, file: await ready(stack.printed) };
  };
  const stays = await begin();
  const killed = await begin();
  const mine = dirname(join(root, killed.file));
  killed.child.kill('SIGKILL');
  await killed.exit;
  expect(foldersOfStacks()).toHaveLength(2);
  expect(existsSync(mine)).toBe(true);

  const next = await begin();
  expect(foldersOfStacks()).toHaveLength(2);
  expect(existsSync(mine)).toBe(false);
  expect(existsSync(join(root, stays.file))).toBe(true);
  for (const { child, exit } of [next, stays]) {
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  }
  expect(foldersOfStacks()).toEqual([]);
  rmSync(temporary, { recursive: true });
});

test('SIGTERM to the npm that runs it stops everything as well', async () => {
  const child = spawn('npm', ['start', '--', '--empty'], { stdio: ['ignore', 'pipe', 'inherit'], cwd: root });
  running.add(child);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const file = await ready(() => printed);
  const started = processesOf(child.pid ?? 0);
  child.kill('SIGTERM');
  await eventually('all processes have ended', async () => started.filter(isRunning).length === 0);
  expect(existsSync(join(root, file))).toBe(false);
});

test('--help names every option', async () => {
  const { printed, exit } = start('--help');
  expect(await exit).toEqual([0, null]);
  for (const option of ['--empty', '--samba', '--port']) expect(printed()).toContain(option);
});

test('an argument that it does not know, or a port that is none, ends with 2 and the usage', async () => {
  const unknown = start('--emtpy');
  expect(await unknown.exit).toEqual([2, null]);
  expect(await unknown.errors).toContain("'--emtpy'");
  const port = start('--port', '70000');
  expect(await port.exit).toEqual([2, null]);
  expect(await port.errors).toContain('--port takes a number');
});
