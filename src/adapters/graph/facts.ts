import { z } from 'zod';
import type { CloudFacts, CloudObject, Fact } from '../../domain/evidence.ts';
import type { Result } from '../../domain/result.ts';
import { failed, succeeded } from '../../domain/result.ts';
import type { Clock } from '../../ports.ts';
import { failureOf, isSuccess, tryAgain } from './answer.ts';
import { collections } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { known, unknown } from './fact.ts';
import { segment, withQuery } from './odata.ts';
import { exchangeOnlineReader, type Need, needs } from './permissions.ts';
import { readPrivileges } from './privileges.ts';
import { readRecipient } from './recipient.ts';

/** Everything that Graph knows of an object beyond its properties. Each fact stands or falls on its own. */
export async function readFacts(connection: Connection, clock: Clock, object: CloudObject): Promise<CloudFacts> {
  const [lastSignIn, privileges, recipient, isCloudManaged] = await Promise.all([
    readLastSignIn(connection, clock, object),
    readPrivileges(connection, clock, object),
    readRecipient(connection, clock, object),
    readIsCloudManaged(connection, clock, object),
  ]);
  return {
    lastSignIn,
    privileges,
    recipient,
    isCloudManaged,
    exchangeCloudManaged: exchangeCloudManaged(object, clock),
    litigationHold: litigationHold(object, recipient, clock),
  };
}

export const signIns = z.object({
  signInActivity: z
    .object({
      lastSignInDateTime: z.string().nullish(),
      lastNonInteractiveSignInDateTime: z.string().nullish(),
      lastSuccessfulSignInDateTime: z.string().nullish(),
    })
    .nullish(),
});

/** Asked for by id alone: by userPrincipalName it is a 400. */
async function readLastSignIn(connection: Connection, clock: Clock, object: CloudObject): Promise<Fact<string | null>> {
  if (object.objectType !== 'user') return known(null, `a ${object.objectType} does not sign in`, clock);
  const path = withQuery(`/users/${segment(object.id)}`, { $select: 'id,signInActivity' });
  const answer = await readBody(connection, path, signIns, needs.readSignIns);
  if (!answer.ok) return unknown(answer.failure, needs.readSignIns);
  return known(latestSignIn(answer.value), 'Graph: signInActivity', clock);
}

/** Of any kind; null: none is on record. */
export function latestSignIn({ signInActivity }: z.infer<typeof signIns>): string | null {
  const moments = Object.values(signInActivity ?? {}).filter((moment) => typeof moment === 'string');
  return moments.toSorted().at(-1) ?? null;
}

const sourceOfAuthorityNeeds = {
  user: needs.readUserSourceOfAuthority,
  group: needs.readGroupSourceOfAuthority,
  contact: needs.readContactSourceOfAuthority,
} as const;

const syncBehavior = z.object({ isCloudManaged: z.boolean() });

async function readIsCloudManaged(connection: Connection, clock: Clock, object: CloudObject): Promise<Fact<boolean>> {
  const need = sourceOfAuthorityNeeds[object.objectType];
  const path = `${collections[object.objectType].path}/${segment(object.id)}/onPremisesSyncBehavior`;
  const answer = await readBody(connection, path, syncBehavior, need);
  if (!answer.ok) return unknown(answer.failure, need);
  return known(answer.value.isCloudManaged, 'Graph: onPremisesSyncBehavior', clock);
}

/** Graph has no property for it (v1.0 metadata of 2026-08); it can be true of synchronised users only. */
function exchangeCloudManaged(object: CloudObject, clock: Clock): Fact<boolean> {
  if (object.objectType !== 'user') return known(false, 'IsExchangeCloudManaged exists for users only', clock);
  if (neverSynchronised(object)) return known(false, 'Graph: the user was never synchronised', clock);
  return unknownToGraph('Microsoft Graph does not show IsExchangeCloudManaged');
}

function litigationHold(object: CloudObject, recipient: CloudFacts['recipient'], clock: Clock): Fact<boolean> {
  if (object.deletedDateTime === undefined && recipient.state === 'known' && withoutMailbox.has(recipient.value)) {
    return known(false, `Graph: no mailbox to hold (${recipient.value})`, clock);
  }
  return unknownToGraph('Microsoft Graph does not show LitigationHoldEnabled');
}

const withoutMailbox = new Set(['none', 'mail-user', 'mail-contact', 'distribution-group']);

const unknownToGraph = (because: string) => ({ state: 'unknown', because, remedy: exchangeOnlineReader }) as const;

/** No trace of Active Directory at all; `onPremisesSyncEnabled` alone would not prove it. */
const neverSynchronised = (user: CloudObject): boolean =>
  user.onPremisesSyncEnabled !== true &&
  user.onPremisesImmutableId === undefined &&
  user.onPremisesSecurityIdentifier === undefined &&
  user.onPremisesDistinguishedName === undefined &&
  user.onPremisesDomainName === undefined;

async function readBody<T>(connection: Connection, path: string, shape: z.ZodType<T>, need: Need): Promise<Result<T>> {
  const sent = await connection.get(path);
  if (!sent.ok) return sent;
  if (!isSuccess(sent.value)) return failed(failureOf(sent.value, need));
  const parsed = shape.safeParse(sent.value.body);
  return parsed.success ? succeeded(parsed.data) : failed(tryAgain(`Graph answered ${path} with another shape`));
}
