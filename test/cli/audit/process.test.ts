import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = new URL('../../../src/cli/audit.ts', import.meta.url).pathname;

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-process-'));
  file = join(folder, 'objects.ndjson');
  const objects = Array.from({ length: 20_000 }, (_, number) =>
    JSON.stringify({
      objectClass: 'user',
      cn: `U${number}`,
      userPrincipalName: `u&${number}@contoso.com`,
      objectGUID: `6f9619ff-8b86-d011-b42d-${String(number).padStart(12, '0')}`,
    }),
  );
  await writeFile(file, objects.join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { maxBuffer: 2 ** 28 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });

describe('npm run audit', () => {
  it('ends with 2 when it fails by a bug, since 1 would say that something was found', async () => {
    const withBug = ['--import', 'data:text/javascript,Map.groupBy=undefined'];
    const child = spawn(process.execPath, [...withBug, program, '--input', file]);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining('This is a bug') });
    expect(said).toContain('Map.groupBy is not a function');
  });

  it('prints its page of help to standard output, and ends with 0', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('--profile PROFILE');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(130);
  });

  it('says what it does not understand, and ends with 2', async () => {
    const { code, stdout, stderr } = await run('--input', 'a.xlsx');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("'a.xlsx' ends with none of .ldif .csv .ndjson .json");
    expect(stderr).toContain('--help');
  });

  it('gives the report, whole, to standard output and all else to standard error, and ends with 1', async () => {
    const { code, stdout, stderr } = await run('--input', file, '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toHaveLength(20_000);
    expect(stderr).toContain('20,000 objects read.\n');
  });

  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [program, '--input', file, '--format', 'csv', '--quiet']);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'exit');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('writes the whole report when nobody reads the progress', async () => {
    const child = spawn(process.execPath, [program, '--input', file, '--format', 'json']);
    child.stderr.destroy();
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toHaveLength(20_000);
  });

  it('that is interrupted ends with 2, and leaves neither a report nor a copy of the objects behind', async () => {
    const output = join(folder, 'report.html');
    const environment = { ...process.env, TMPDIR: join(folder, 'spool') };
    await mkdir(environment.TMPDIR);
    const args = ['--input', '-', '--input-format', 'ndjson', '--format', 'html', '--output', output];
    const child = spawn(process.execPath, [program, ...args], { env: environment });
    child.stdin.write('{"objectClass":"user"}\n');
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(2);
    expect(await readdir(environment.TMPDIR)).toEqual([]);
    expect(await readdir(folder)).not.toContain('report.html');
  });
});
