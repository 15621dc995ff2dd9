import { entryExists } from './add.ts';
import type { Call } from './call.ts';
import { commit, logWrite } from './commit.ts';
import { parseDn, rdnKey } from './distinguished-name.ts';
import type { Change } from './ldap-message.ts';
import { type Located, locateDn, noSuchObject } from './locate.ts';
import { requireCreateChild, requireDelete } from './write-access.ts';

/** The DN to which a modify brings a tombstone back: it deletes isDeleted and replaces distinguishedName. */
export function reanimationTarget({ entry }: Located, changes: readonly Change[]): string | undefined {
  const named = (name: string, operation: Change['operation']): Change | undefined =>
    changes.find((change) => change.type.toLowerCase() === name && change.operation === operation);
  if (!entry.isDeleted || !named('isdeleted', 'delete')) return undefined;
  return named('distinguishedname', 'replace')?.values[0]?.toString('utf8');
}

/** Brings a tombstone back with what it kept: GUID, SID and account name. Other attributes are lost. */
export function reanimate(call: Call, { entry, replica }: Located, dnText: string): void {
  const [rdn, ...parentDn] = parseDn(dnText);
  if (!rdn) throw noSuchObject('');
  const { entry: parent } = locateDn(call, parentDn);
  requireDelete(call, entry);
  requireCreateChild(call, parent);
  if (parent.children.has(rdnKey(rdn))) throw entryExists();
  const { dn } = entry;
  const attributes = new Map([
    ['isdeleted', []],
    ['name', [rdn.value]],
  ]);
  const placement = { parent: parent.guid, rdnType: entry.rdnType, rdnValue: rdn.value };
  commit(call.controller, replica, { guid: entry.guid, attributes, placement });
  const changes = [{ operation: 'replace' as const, attribute: 'distinguishedName', values: [entry.dn] }];
  logWrite(call, { operation: 'modify', dn, guid: entry.guid, changes });
}
