import { ControlValueError } from '../control/control.ts';
import { type DistinguishedName, parseDn } from './distinguished-name.ts';
import type { Entry } from './entry.ts';
import { foldText } from './fold-text.ts';
import type { Domain, Forest } from './forest.ts';
import { parseGuid } from './object-guid.ts';
import { Refusal } from './refusal.ts';

export interface Named {
  readonly entry: Entry;
  readonly domain: Domain;
}

/** The object that a person names in a control: by DN, GUID, UPN or sAMAccountName. */
export function findNamed(forests: readonly Forest[], name: string): Named {
  for (const domain of forests.flatMap(({ domains }) => domains)) {
    const entry = findIn(domain, name);
    if (entry) return { entry, domain };
  }
  throw new ControlValueError(`no object of the directory is named ${JSON.stringify(name)}`);
}

function findIn({ spokesman }: Domain, name: string): Entry | undefined {
  spokesman.catchUp();
  const { replica } = spokesman;
  const guid = parseGuid(name);
  if (guid) return replica.byGuid(guid);
  const key = foldText(name);
  const [byName] = [...replica.index.find('userprincipalname', key), ...replica.index.find('samaccountname', key)];
  if (byName || !/^\w+=/.test(name)) return byName;
  const dn = readDn(name);
  const place = dn && replica.resolve(dn);
  return place?.found ? place.entry : undefined;
}

function readDn(text: string): DistinguishedName | undefined {
  try {
    return parseDn(text);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
