import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';

const program = new URL('../../src/cli/audit-trail.ts', import.meta.url).pathname;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<Ended> {
  const environment = { PATH: process.env['PATH'] ?? '', ...settings };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { env: environment }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe('npm run audit-trail', () => {
  it('names every bad setting, and ends with 2', async () => {
    const { code, stderr } = await run(['verify'], {
      SYNCMEND_TENANT_ID: 'contoso',
      SYNCMEND_TABLES_URL: 'http://contoso.table.core.windows.net',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('SYNCMEND_TENANT_ID must be the directory (tenant) id, a GUID');
    expect(stderr).toContain('SYNCMEND_TABLES_URL must be an https URL');
    expect(stderr).toContain('SYNCMEND_BLOBS_URL is missing');
  });

  it('says what it understands when it is asked for something else, and ends with 2', async () => {
    const { code, stderr } = await run(['forget'], {});
    expect(code).toBe(2);
    expect(stderr).toContain("there is no command 'forget'.");
    expect(stderr).toContain('verify [--repair]');
  });

  it('never reports a clean record when the store cannot be reached, and ends with 2', async () => {
    const port = await unusedPort();
    const { code, stdout, stderr } = await run(['verify'], {
      SYNCMEND_TENANT_ID: '11111111-1111-4111-8111-111111111111',
      SYNCMEND_TABLES_URL: `https://127.0.0.1:${port}/account`,
      SYNCMEND_BLOBS_URL: `https://127.0.0.1:${port}/account`,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: 'x',
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('It could not be finished');
  }, 60_000);
});

function unusedPort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
