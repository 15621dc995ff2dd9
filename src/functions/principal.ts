import { z } from 'zod';
import { type AppRole, appRoles } from '../api-contract.ts';

/** Who is calling, as App Service's authentication says in `x-ms-client-principal`. */
export interface Principal {
  readonly oid: string;
  readonly name?: string;
  readonly roles: readonly AppRole[];
}

/** App Service's shape: base64 JSON; claim names may be short or mapped to their long forms. */
const clientPrincipal = z.object({
  role_typ: z.string().optional(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
});

const claimNames = {
  oid: ['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'],
  tid: ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid'],
  name: ['name', 'preferred_username', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name'],
  roles: ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'],
} as const;

/**
 * @param header value of `x-ms-client-principal`
 * @param tenant only people of this tenant are known
 * @returns null when the header is missing, malformed, or speaks of someone of another tenant
 */
export function readPrincipal(header: string | null, tenant: string): Principal | null {
  const parsed = clientPrincipal.safeParse(decode(header));
  if (!parsed.success) return null;
  const { claims, role_typ } = parsed.data;
  const value = (names: readonly string[]): string | undefined =>
    claims.find((claim) => names.includes(claim.typ))?.val;
  const oid = value(claimNames.oid);
  if (!oid || value(claimNames.tid)?.toLowerCase() !== tenant.toLowerCase()) return null;
  const roleNames: readonly string[] = [...claimNames.roles, ...(role_typ ? [role_typ] : [])];
  const held = claims.filter((claim) => roleNames.includes(claim.typ)).map((claim) => claim.val);
  const name = value(claimNames.name);
  return { oid, ...(name === undefined ? {} : { name }), roles: appRoles.filter((role) => held.includes(role)) };
}

/** A role includes the ones before it: an operator approves, an approver reads. */
export function mayActAs(principal: Principal, needed: AppRole): boolean {
  return principal.roles.some((role) => appRoles.indexOf(role) >= appRoles.indexOf(needed));
}

function decode(header: string | null): unknown {
  if (!header) return undefined;
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
