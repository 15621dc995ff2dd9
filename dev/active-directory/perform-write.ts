import { addObject } from './add.ts';
import type { Call } from './call.ts';
import { deleteObject } from './delete.ts';
import type { Request } from './ldap-message.ts';
import { modifyObject } from './modify.ts';
import { modifyDn } from './modify-dn.ts';

type WriteRequest = Extract<Request, { kind: 'add' | 'modify' | 'delete' | 'modifyDn' }>;

/** Carries out one write, or throws the refusal with nothing written. */
export function performWrite(call: Call, request: WriteRequest): void {
  switch (request.kind) {
    case 'add':
      addObject(call, request.dn, request.attributes);
      break;
    case 'modify':
      modifyObject(call, request.dn, request.changes);
      break;
    case 'delete':
      deleteObject(call, request.dn);
      break;
    case 'modifyDn':
      modifyDn(call, request);
  }
}
