import { entryExists } from './add.ts';
import { type Call, showsDeleted } from './call.ts';
import { commit, logWrite } from './commit.ts';
import { parseDn, parseRdn, rdnKey } from './distinguished-name.ts';
import type { Entry } from './entry.ts';
import type { ModifyDnRequest } from './ldap-message.ts';
import { type Located, locate, locateDn } from './locate.ts';
import { Refusal, resultCode } from './refusal.ts';
import { attributeSchema } from './schema.ts';
import { requireCreateChild, requireDelete, requireWrite } from './write-access.ts';

/** Renames an object, moves it, or both. Everything below moves along, and every link follows. */
export function modifyDn(call: Call, request: ModifyDnRequest): void {
  const { entry, replica } = locate(call, request.dn, { deleted: showsDeleted(call) });
  const rdn = parseRdn(request.newRdn);
  const parent =
    request.newSuperior === undefined ? entry.parent : newParent(call, { entry, replica }, request.newSuperior);
  if (!parent) throw unwilling('the root of a naming context stays where it is');
  if (rdn.type.toUpperCase() !== entry.rdnType) throw namingViolation();
  requireRename(call, entry, parent);
  const rival = parent.children.get(rdnKey(rdn));
  if (rival && rival !== entry) throw entryExists();

  const { dn } = entry;
  const placement = { parent: parent.guid, rdnType: entry.rdnType, rdnValue: rdn.value };
  commit(call.controller, replica, { guid: entry.guid, attributes: new Map([['name', [rdn.value]]]), placement });
  logWrite(call, {
    operation: 'modifyDn',
    dn,
    guid: entry.guid,
    changes: [{ operation: 'replace', attribute: 'distinguishedName', values: [entry.dn] }],
  });
}

function newParent(call: Call, { entry, replica }: Located, superior: string): Entry {
  const target = locateDn(call, parseDn(superior));
  if (target.replica !== replica) throw unwilling('a move between domains needs another control');
  if (target.entry.isBelow(entry)) throw unwilling('an object cannot move below itself');
  return target.entry;
}

function requireRename(call: Call, entry: Entry, parent: Entry): void {
  const name = attributeSchema('name');
  if (name) requireWrite(call, entry, name);
  if (parent === entry.parent) return;
  requireDelete(call, entry);
  requireCreateChild(call, parent);
}

function unwilling(detail: string): Refusal {
  return new Refusal(
    resultCode.unwillingToPerform,
    `00002109: UpdErr: DSID-031B0DBD, problem 5003 (WILL_NOT_PERFORM), data 0 (${detail})\n`,
  );
}

function namingViolation(): Refusal {
  return new Refusal(
    resultCode.namingViolation,
    '00002099: NameErr: DSID-0305109C, problem 2005 (NAMING_VIOLATION), data 0\n',
  );
}
