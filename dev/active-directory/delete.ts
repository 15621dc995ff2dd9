import type { Value } from './attribute-value.ts';
import { type Call, controlOid } from './call.ts';
import { commit, logWrite } from './commit.ts';
import type { Entry } from './entry.ts';
import { locate } from './locate.ts';
import { formatGuid } from './object-guid.ts';
import { Refusal, resultCode } from './refusal.ts';
import type { Replica } from './replica.ts';
import { requireDelete } from './write-access.ts';

/** What a tombstone keeps. Source: [MS-ADTS] 3.1.1.5.5.1.1. */
const keptByTombstones = new Set([
  'objectclass',
  'objectsid',
  'samaccountname',
  'useraccountcontrol',
  'name',
  'instancetype',
  'whencreated',
  'ntsecuritydescriptor',
  'isdeleted',
  'lastknownparent',
]);

/** Turns an object into a tombstone below `CN=Deleted Objects`; with the tree-delete control also everything below it. */
export function deleteObject(call: Call, dnText: string): void {
  const { entry, replica } = locate(call, dnText);
  requireDelete(call, entry);
  if (entry.text('iscriticalsystemobject') === 'TRUE' || !entry.parent) throw unwilling();
  const tree = call.controls.has(controlOid.treeDelete);
  if (entry.children.size > 0 && !tree) throw notOnNonLeaf();
  const { dn } = entry;
  for (const one of [...entry.subtree()].reverse()) bury(call, replica, one);
  logWrite(call, { operation: 'delete', dn, guid: entry.guid });
}

function bury({ controller }: Call, replica: Replica, entry: Entry): void {
  const graveyard = [...replica.root.children.values()].find(({ rdnValue }) => rdnValue === 'Deleted Objects');
  if (!graveyard) throw new Error(`${replica.baseDn} has no container for deleted objects`);
  const removed = [...entry.attributes.keys()].filter((key) => !keptByTombstones.has(key));
  const rdnValue = `${entry.rdnValue}\nDEL:${formatGuid(entry.guid)}`;
  const attributes = new Map<string, readonly Value[]>([
    ...removed.map((key) => [key, []] as const),
    ['isdeleted', ['TRUE']],
    ['lastknownparent', entry.parent ? [entry.parent.guid] : []],
    ['name', [rdnValue]],
  ]);
  const placement = { parent: graveyard.guid, rdnType: entry.rdnType, rdnValue };
  commit(controller, replica, { guid: entry.guid, attributes, placement });
}

function notOnNonLeaf(): Refusal {
  return new Refusal(
    resultCode.notAllowedOnNonLeaf,
    '00002015: UpdErr: DSID-031A1296, problem 6003 (CANT_ON_NON_LEAF), data 0\n',
  );
}

function unwilling(): Refusal {
  return new Refusal(
    resultCode.unwillingToPerform,
    '0000213E: SvcErr: DSID-031A0FC0, problem 5003 (WILL_NOT_PERFORM), data 0\n',
  );
}
