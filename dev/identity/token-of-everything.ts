import { randomUUID } from 'node:crypto';
import { everyAppRole } from './identities.ts';
import type { TokenIssuer } from './token-issuer.ts';

const tenYearsInSeconds = 10 * 365 * 24 * 3600;

/** A token with every permission of an audience that outlives the stack, for whoever drives it from outside. */
export async function tokenOfEverything(issuer: TokenIssuer, audience: string): Promise<string> {
  const caller = { objectId: randomUUID(), clientId: randomUUID(), lifetimeSeconds: tenYearsInSeconds };
  const { token } = await issuer.issue({ ...caller, audience, roles: everyAppRole[audience] ?? [] });
  return token;
}
