import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { needs } from '../../src/adapters/graph/permissions.ts';
import { appRoles } from '../../src/api-contract.ts';
import { readArguments } from '../../src/cli/arguments.ts';
import { platformVariables, settings } from '../../src/config.ts';
import { caseStates } from '../../src/domain/case.ts';
import { kinds } from '../../src/errors/index.ts';
import { functionsOf } from '../../src/functions/app-functions.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const ignored = ['node_modules', '.git', '.local', 'dist', 'coverage'];
function documentsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ignored.includes(entry.name) ? [] : documentsIn(path);
    return entry.name.endsWith('.md') ? [relative(root, path)] : [];
  });
}
const documents = documentsIn(root);
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
/** As GitHub makes them of headings. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('Every document', () => {
  it.each(documents)('%s has links that lead somewhere', (document) => {
    const broken = [...withoutCode(read(document)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/i.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? document : join(dirname(document), file);
        if (!existsSync(join(root, path))) return true;
        return anchor !== undefined && !anchorsOf(read(path)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s names only npm scripts that exist', (document) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(document).matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  const text = read('docs/operations.md');
  const rows = new Map(
    [...text.matchAll(/^\| `(\w+)` \| .* \| (.*?) ?\|$/gm)].map(([, name = '', standard = '']) => [name, standard]),
  );

  it('has a row for each setting, and for nothing else', () => {
    expect([...rows.keys()].toSorted()).toEqual(Object.keys(settings.shape).toSorted());
  });

  it('says which settings are required', () => {
    const { error } = settings.safeParse({});
    const required = new Set(error?.issues.map(({ path }) => String(path[0])));
    const said = [...rows].filter(([, standard]) => standard === 'required').map(([name]) => name);
    expect(said.toSorted()).toEqual([...required].toSorted());
  });

  it('gives the standard of each number, text and switch as it is', () => {
    const required = [...rows].filter(([, standard]) => standard === 'required').map(([name]) => name);
    const shape = settings.omit(Object.fromEntries(required.map((name) => [name, true])) as never);
    const defaults = shape.parse({}) as Record<string, unknown>;
    for (const [name, standard] of Object.entries(defaults)) {
      if (Array.isArray(standard)) continue;
      expect(rows.get(name), name).toBe(`\`${String(standard)}\``);
    }
  });

  it('names the variables that only the platform may set', () => {
    for (const name of Object.keys(platformVariables.shape)) expect(text).toContain(`\`${name}\``);
  });
});

describe('docs/permissions.md', () => {
  const text = read('docs/permissions.md');
  const rows = new Map(
    [...text.matchAll(/^\| `([A-Za-z.-]+)` \| (yes|no) \| (yes|no) \| (.*)$/gm)].map((row) => [row[1], row]),
  );

  it('has a row for each permission that the Graph adapter asks for, and for nothing else', () => {
    const asked = new Set(Object.values(needs).map(({ permission }) => permission));
    expect([...rows.keys()].toSorted()).toEqual([...asked].toSorted());
  });

  it('gives the permission to write to the worker alone', () => {
    const writers = [...rows.values()].filter(([, , api]) => api === 'no').map(([, name]) => name);
    expect(writers).toEqual([needs.writeUsers.permission]);
  });

  it('names the licences that some of them need', () => {
    for (const need of Object.values(needs)) {
      if ('licence' in need) expect(rows.get(need.permission)?.[0]).toContain(need.licence);
    }
  });
});

describe('docs/api.md', () => {
  const text = read('docs/api.md');

  it('names each role', () => {
    for (const role of appRoles) expect(text).toContain(`\`${role}\``);
  });

  it('names each code of a refusal', () => {
    const codes = [...read('src/domain/decide.ts').matchAll(/^ {4}\| '([A-Z][A-Za-z]+)'/gm)].map(
      ([, code = '']) => code,
    );
    expect(codes.length).toBeGreaterThan(5);
    for (const code of codes.filter((one) => one !== 'NotFound')) expect(text).toContain(`\`${code}\``);
  });

  it('has a route for each HTTP function of the api', () => {
    const http = functionsOf('api').filter(({ name }) => /Cases?$/.test(name));
    const routes = [...text.matchAll(/^\| `(?:GET|POST) \/api\/cases.*`/gm)];
    expect(routes).toHaveLength(http.length);
  });

  it('has a route for each HTTP function of the audit', () => {
    const http = functionsOf('api').filter(({ name }) => /Audit/.test(name));
    const routes = [...text.matchAll(/^\| `GET \/api\/audit.*`/gm)];
    expect(routes).toHaveLength(http.length);
  });
});

describe('The other pages', () => {
  it('README.md links a page for each kind of error', () => {
    const text = read('README.md');
    const pages = readdirSync(join(root, 'docs/errors'));
    expect(pages).toHaveLength(kinds.length);
    for (const page of pages) expect(text).toContain(`docs/errors/${page}`);
  });

  it('ARCHITECTURE.md shows each state of a case', () => {
    const picture = /```mermaid([\s\S]*?)```/.exec(read('ARCHITECTURE.md'))?.[1] ?? '';
    const shown = new Set([...picture.matchAll(/\b[A-Z][A-Za-z]+\b/g)].map(([name]) => name));
    expect(caseStates.filter((state) => !shown.has(state))).toEqual([]);
  });

  it('ARCHITECTURE.md has a row for each room of src', () => {
    const text = read('ARCHITECTURE.md');
    const rooms = readdirSync(join(root, 'src')).map((name) => `src/${name}`);
    expect(rooms.filter((room) => !text.includes(`\`${room}`))).toEqual([]);
  });

  it('docs/operations.md shows commands of the audit trail that it understands', () => {
    const commands = [...read('docs/operations.md').matchAll(/^npm run audit-trail -- (.*)$/gm)].map(([, rest = '']) =>
      (
        rest
          .replace(/[[\]]/g, '')
          .replace('<case id>', 'a'.repeat(32))
          .replace('<objectGUID>', crypto.randomUUID())
          .match(/"[^"]*"|\S+/g) ?? []
      ).map((word) => word.replaceAll('"', '')),
    );
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) expect(readArguments(command).do, command.join(' ')).not.toBe('refuse');
  });

  it('decisions are numbered without a gap', () => {
    const numbers = readdirSync(join(root, 'docs/adr')).map((name) => Number(name.slice(0, 4)));
    expect(numbers.toSorted((left, right) => left - right)).toEqual(numbers.map((_number, place) => place + 1));
  });
});
