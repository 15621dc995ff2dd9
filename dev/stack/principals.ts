import { randomUUID } from 'node:crypto';

/** Ready values of the header `x-ms-client-principal`, as App Service sends it for a person who signed in. */
export interface Principals {
  readonly reader: string;
  readonly approver: string;
  /** Another person with the same role: for four-eyes. */
  readonly approver2: string;
  readonly operator: string;
}

/** Four people of the tenant, each with the roles up to the one they are named after. */
export function createPrincipals(tenantId: string): Principals {
  return {
    reader: principal(tenantId, 'Rita Reader', ['Reader']),
    approver: principal(tenantId, 'Anna Approver', ['Reader', 'Approver']),
    approver2: principal(tenantId, 'Arno Approver', ['Reader', 'Approver']),
    operator: principal(tenantId, 'Olga Operator', ['Reader', 'Approver', 'Operator']),
  };
}

function principal(tenantId: string, name: string, roles: readonly string[]): string {
  const claims = [
    { typ: 'aud', val: 'syncmend' },
    { typ: 'oid', val: randomUUID() },
    { typ: 'tid', val: tenantId },
    { typ: 'name', val: name },
    ...roles.map((role) => ({ typ: 'roles', val: role })),
  ];
  const shape = { auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims };
  return Buffer.from(JSON.stringify(shape)).toString('base64');
}
