import { matchKey, type Value } from './attribute-value.ts';
import type { Controller } from './controller.ts';
import type { GuidKey } from './object-guid.ts';
import { Refusal, resultCode } from './refusal.ts';
import type { Replica } from './replica.ts';
import type { AttributeSchema } from './schema.ts';

/**
 * Refuses a value that another object holds: sAMAccountName in the domain; userPrincipalName and servicePrincipalName
 * in the forest, as far as this controller and the global catalogue know. Addresses are not unique in AD.
 */
export function requireUnique(controller: Controller, guid: GuidKey, attribute: AttributeSchema, value: Value): void {
  switch (attribute.key) {
    case 'samaccountname':
      if (isHeld([controller.replica], guid, attribute, value)) throw accountExists();
      return;
    case 'userprincipalname':
    case 'serviceprincipalname':
      if (isHeld(forestCopies(controller), guid, attribute, value)) throw notUnique(attribute);
  }
}

function forestCopies({ replica, domain }: Controller): readonly Replica[] {
  const { catalogue } = domain.forest;
  catalogue.catchUp();
  return [replica, ...catalogue.partitions(true)];
}

function isHeld(replicas: readonly Replica[], guid: GuidKey, attribute: AttributeSchema, value: Value): boolean {
  const key = matchKey(attribute, value);
  return replicas.some(({ index }) =>
    index.find(attribute.key, key).some((holder) => holder.guid !== guid && !holder.isDeleted),
  );
}

function accountExists(): Refusal {
  return new Refusal(
    resultCode.entryAlreadyExists,
    '00000524: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0\n',
  );
}

function notUnique({ key, name }: AttributeSchema): Refusal {
  const win32 = key === 'userprincipalname' ? '000021C8' : '000021C7';
  return new Refusal(
    resultCode.constraintViolation,
    `${win32}: AtrErr: DSID-03200EA2, #1:\n\t0: ${win32}: DSID-03200EA2, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att (${name})\n`,
  );
}
