import type { Call } from './call.ts';
import type { Entry } from './entry.ts';
import { Refusal, resultCode } from './refusal.ts';
import type { AttributeSchema } from './schema.ts';
import { may, right } from './security-descriptor.ts';

/** Refuses a write on the port of the global catalogue, and to objects on which the fault is planted. */
function refuseAlways({ catalogue, controller }: Call, entry: Entry): void {
  if (catalogue) {
    throw new Refusal(
      resultCode.unwillingToPerform,
      '00002035: LdapErr: DSID-0C090EE1, comment: Operation not allowed through GC port, data 0, v4563',
    );
  }
  const planted = controller.environment.faults.insufficientRights;
  if (planted.some((dn) => dn.toLowerCase() === entry.dn.toLowerCase())) throw insufficientAccess();
}

export function requireWrite(call: Call, entry: Entry, attribute: AttributeSchema): void {
  refuseAlways(call, entry);
  const needed = attribute.key === 'ntsecuritydescriptor' ? right.writeDacl : right.writeProperty;
  if (!may(call.identity, entry, needed, attribute)) throw insufficientAccess();
}

export function requireCreateChild(call: Call, parent: Entry): void {
  refuseAlways(call, parent);
  if (!may(call.identity, parent, right.createChild)) throw insufficientAccess();
}

export function requireDelete(call: Call, entry: Entry): void {
  refuseAlways(call, entry);
  const { parent } = entry;
  const allowed =
    may(call.identity, entry, right.delete) || (parent !== undefined && may(call.identity, parent, right.deleteChild));
  if (!allowed) throw insufficientAccess();
}

export function insufficientAccess(): Refusal {
  return new Refusal(
    resultCode.insufficientAccess,
    '00002098: SecErr: DSID-03150F94, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n',
  );
}
