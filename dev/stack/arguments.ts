import { parseArgs } from 'node:util';
import type { StackOptions } from '../stack.ts';

export type Arguments =
  | { readonly kind: 'start'; readonly options: Pick<StackOptions, 'empty' | 'samba' | 'built' | 'ports'> }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const usage = `npm start -- [options]

  --empty      start without the demo organisation
  --samba      use real Samba AD (it must be installed) instead of the AD stand-in
  --built      run the bundle that npm run build made, instead of the sources
  --port N     port of the Functions host; a free one by default
  --help       show this
`;

/** What the command line asks for. */
export function readArguments(args: readonly string[]): Arguments {
  const read = parse(args);
  if (typeof read === 'string') return { kind: 'wrong', message: read };
  const { help = false, empty = false, samba = false, built = false, port } = read;
  if (help) return { kind: 'help' };
  if (port === undefined) return { kind: 'start', options: { empty, samba, built } };
  const functions = Number(port);
  const isPort = /^\d+$/.test(port) && functions > 0 && functions < 65_536;
  if (!isPort) return { kind: 'wrong', message: `--port takes a number from 1 to 65535, not '${port}'.` };
  return { kind: 'start', options: { empty, samba, built, ports: { functions } } };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        empty: { type: 'boolean' },
        samba: { type: 'boolean' },
        built: { type: 'boolean' },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
