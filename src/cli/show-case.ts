import type { Audit } from '../compose.ts';
import type { SealedEvent } from '../domain/audit-chain.ts';
import type { Print } from './verify-trails.ts';

/** Prints the history of one case, oldest first. @returns whether there is such a case */
export async function showCase({ trail }: Pick<Audit, 'trail'>, id: string, print: Print): Promise<boolean> {
  const found = await trail.read(id);
  for (const event of found?.events ?? []) print(lineOf(event));
  if (!found) print(`There is no case ${id}.`);
  return found !== null;
}

function lineOf({ sequence, at, by, type, state, event }: SealedEvent): string {
  const who = by.name === undefined ? by.oid : `${by.name} (${by.oid})`;
  const what = event === null ? '(erased)' : whyOf(event.data);
  return `${String(sequence).padStart(4)}  ${at}  ${type.padEnd(18)} ${state.padEnd(16)} ${who}${what === '' ? '' : `: ${what}`}`;
}

/** The words that people and systems gave with the event; the rest is in the API's answer. */
function whyOf(data: object): string {
  const { reason, message, proof, diagnosis } = data as Readonly<Record<string, unknown>> & {
    readonly diagnosis?: { readonly message: string };
  };
  return [reason, message, proof, diagnosis?.message].filter((words) => typeof words === 'string').join(' ');
}
