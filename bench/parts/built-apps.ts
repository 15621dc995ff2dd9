import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the built product; bench/run.ts builds it. */
export const builtApp = join(root, 'dist/app');

/**
 * Builds bench/parts/empty-app.ts the way the product is built, into a new folder below the system's temporary one, which
 * the caller removes: what the same SDK costs without anything of ours.
 */
export async function buildEmptyApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'syncmend-empty-app-'));
  await bundle({ main: join(root, 'bench/parts/empty-app.ts') }, folder);
  await copyFile(join(root, 'host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'main.js' }));
  return folder;
}

/** Builds a program that is measured the way the product is built: as sources it would hold the compiler too. @returns its path */
export async function buildProgram(source: URL, folder: string): Promise<string> {
  await bundle({ main: fileURLToPath(source) }, folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  return join(folder, 'main.js');
}

async function bundle(entryPoints: Record<string, string>, folder: string): Promise<void> {
  await build({
    entryPoints,
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // As scripts/build.ts: a CommonJS package behind a dynamic import would export nothing but `default`.
    mainFields: ['module', 'main'],
    format: 'esm',
    splitting: true,
    minify: true,
    keepNames: true,
    legalComments: 'none',
    banner: {
      js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
    },
    logLevel: 'warning',
    external: ['@azure/functions-core'],
  });
}
