import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/*
 * npm run bench [-- name …]: builds the product, then runs all benches or the named ones, one after another, each in a
 * process of its own. Nothing fails because something is slow.
 */

const all = ['cold-start', 'detect', 'apply', 'start', 'objects', 'audit', 'audit-run'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${all.join(', ')}.`);
  process.exit(2);
}

await runProgram('../scripts/build.ts');
console.log(`Node ${process.version}, ${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown make'}, ${today()}`);
for (const name of asked.length > 0 ? asked : all) await runProgram(`${name}.ts`);

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function runProgram(file: string): Promise<void> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const root = fileURLToPath(new URL('..', import.meta.url));
  const child = spawn(process.execPath, [path], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) {
    console.error(`${file} ended with code ${code}.`);
    process.exit(1);
  }
}
