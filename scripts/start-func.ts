import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/*
 * Runs the built app under the real Functions host of azure-functions-core-tools, which is an optional dependency: its
 * installer downloads the host, and where it cannot, npm leaves it out.
 */

const settings = 'local.settings.json';
const func = [join('node_modules', '.bin'), ...(process.env['PATH'] ?? '').split(delimiter)]
  .map((folder) => join(folder, process.platform === 'win32' ? 'func.cmd' : 'func'))
  .find((candidate) => existsSync(candidate));

if (!func)
  refuse(
    'The Functions host (azure-functions-core-tools) is not installed: npm could not download it. `npm start` needs no such host.',
  );
if (!existsSync(settings))
  refuse(`${settings} is missing. Copy local.settings.sample.json and fill in the names of your resources.`);
await import('./build.ts');
await copyFile(settings, join('dist', 'app', settings));
const host = spawn(func, ['start', '--script-root', join('dist', 'app'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
host.on('exit', (code) => process.exit(code ?? 1));

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
