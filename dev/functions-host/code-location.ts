import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A folder with a host.json and a package.json, whose `main` (a glob) names the entry points; or the two files themselves. */
export type CodeLocation = { readonly directory: string } | { readonly entry: string; readonly hostJson: string };

export function hostJsonFile(code: CodeLocation): string {
  return 'directory' in code ? join(code.directory, 'host.json') : code.hostJson;
}

/** Absolute paths. Without a `main` there is nothing to load, and as in the real host nobody says so. */
export function entryPoints(code: CodeLocation): { directory: string; entryFiles: string[] } {
  if ('entry' in code) return { directory: dirname(resolve(code.entry)), entryFiles: [resolve(code.entry)] };
  const directory = resolve(code.directory);
  const main = mainOf(join(directory, 'package.json'));
  const files = main === undefined ? [] : globSync(main, { cwd: directory }).sort();
  return { directory, entryFiles: files.map((file) => join(directory, file)) };
}

function mainOf(packageJson: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(packageJson, 'utf8')) as { main?: string }).main;
  } catch {
    return undefined;
  }
}
