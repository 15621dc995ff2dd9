import { parseArgs } from 'node:util';

export type Arguments =
  | { readonly do: 'verify'; readonly repair: boolean }
  | { readonly do: 'erase'; readonly names: readonly string[]; readonly reason: string }
  | { readonly do: 'show'; readonly id: string }
  | { readonly do: 'find'; readonly names: readonly string[] }
  | { readonly do: 'help' }
  | { readonly do: 'refuse'; readonly problems: readonly string[] };

export const usage = `npm run audit-trail -- <command>

  verify [--repair]
      Checks the hash chain of every case, rebuilds every case from its events and compares it with what is shown.
      --repair replaces what is shown where the chain holds.
  erase --object <name> [--object <name> ...] --reason "<why>"
      Erases the data of every ended case that speaks of the person, and its evidence. It cannot be taken back.
      <name> is an Entra object id, an objectGUID, a UPN or an address; give every one that the person has.
  show <case id>
      The history of one case: who did what, when and why.
  show --object <name> [...]
      The cases that speak of the person: what erase would look at.

  Settings: SYNCMEND_TENANT_ID, SYNCMEND_TABLES_URL, SYNCMEND_BLOBS_URL, from the environment or, while the local stack
  runs, from .local/audit-trail.env.
  Exit code: 0 nothing wrong, 1 something found or left undone, 2 it could not run.
`;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What the command line asks for; every problem of it is named. */
export function readArguments(args: readonly string[]): Arguments {
  const read = parse(args);
  if (typeof read === 'string') return { do: 'refuse', problems: [read] };
  const { values, positionals } = read;
  const [command, ...rest] = positionals;
  if (values.help || command === 'help') return { do: 'help' };
  const names = (values.object ?? []).map((name) => name.trim().replace(/^smtp:/i, ''));
  const problems = [
    ...problemsOfNames(names),
    ...(command === 'erase' || values.reason === undefined ? [] : ['--reason belongs to erase.']),
    ...(command === 'verify' || !values.repair ? [] : ['--repair belongs to verify.']),
    ...(command === 'verify' && names.length > 0 ? ['--object belongs to erase and show.'] : []),
    ...(command !== 'show' && rest.length > 0 ? [`'${rest.join(' ')}' is not understood.`] : []),
  ];
  const { read: asked, problems: more } = commandOf(command, names, values, rest);
  return asked && problems.length === 0 ? asked : { do: 'refuse', problems: [...problems, ...more] };
}

function commandOf(
  command: string | undefined,
  names: readonly string[],
  { reason = '', repair = false }: { readonly reason?: string; readonly repair?: boolean },
  rest: readonly string[],
): { read?: Arguments; problems: string[] } {
  switch (command) {
    case 'verify':
      return { read: { do: 'verify', repair }, problems: [] };
    case 'erase': {
      const problems = [
        ...(names.length === 0 ? ['erase needs --object: whose data?'] : []),
        ...(reason.trim() === '' ? ['erase needs --reason: it is recorded in every case.'] : []),
      ];
      return problems.length > 0 ? { problems } : { read: { do: 'erase', names, reason: reason.trim() }, problems };
    }
    case 'show': {
      const [id, ...others] = rest;
      if (others.length > 0 || (id === undefined) === (names.length === 0))
        return { problems: ['show takes one case id, or --object.'] };
      if (id === undefined) return { read: { do: 'find', names }, problems: [] };
      return /^[0-9a-f]{32}$/.test(id)
        ? { read: { do: 'show', id }, problems: [] }
        : { problems: [`'${id}' is no case id: 32 hex digits.`] };
    }
    default:
      return { problems: [command === undefined ? 'say what to do.' : `there is no command '${command}'.`] };
  }
}

function problemsOfNames(names: readonly string[]): string[] {
  return names
    .filter((name) => !guid.test(name) && !address.test(name))
    .map((name) => `--object '${name}' is no object id, UPN or address.`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        object: { type: 'string', multiple: true },
        reason: { type: 'string' },
        repair: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
