import type { CloudObject } from '../../domain/evidence.ts';
import { bareAddress, isSmtp, parseProxyAddress, sameProxyAddress } from '../../domain/proxy-address.ts';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import { sameUserPrincipalName, withoutDeletionPrefix } from '../../domain/user-principal-name.ts';
import { type Answer, failureOf, isSuccess } from './answer.ts';
import { type BatchedRequest, sendBatch } from './batch.ts';
import { cloudObjectOf, collections, objectPath } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { deletedUsersPath, objectsOf } from './deleted-users.ts';
import { confirmHits, filterRequest, type Hit, hitsOf } from './find.ts';
import { literal, segment } from './odata.ts';
import { readAll } from './pages.ts';

/**
 * Every user, guest, group and contact that holds an address as UPN, mail or proxy address, and every soft-deleted user
 * that did. One round trip looks everywhere, one more reads the hits by id. A part that cannot be searched fails the whole:
 * "no holder" must never mean "not looked".
 */
export async function findHolders(connection: Connection, address: string): Promise<Result<CloudObject[]>> {
  const sent = await sendBatch(connection, searches(address));
  if (!sent.ok) return sent;
  const [users, groups, contacts, byName, deleted] = sent.value as [Answer, Answer, Answer, Answer, Answer];

  const hits: Hit[] = [];
  for (const [objectType, answer] of [
    ['user', users],
    ['group', groups],
    ['contact', contacts],
  ] as const) {
    const found = await hitsOf(connection, objectType, answer);
    if (!found.ok) return found;
    hits.push(...found.value);
  }
  const named = userNamed(byName);
  if (!named.ok) return named;
  if (named.value !== null) hits.push({ objectType: 'user', id: named.value.id });
  const holds = (object: CloudObject): boolean => yields(object, address);
  const active = await confirmHits(connection, hits, holds);
  if (!active.ok) return active;

  const deletedEntries = await readAll(connection, deleted, collections.user.need);
  if (!deletedEntries.ok) return failed(deletedEntries.failure);
  const deletedUsers = objectsOf(deletedEntries.value);
  return deletedUsers.ok ? succeeded([...active.value, ...deletedUsers.value.filter(holds)]) : deletedUsers;
}

function searches(address: string): BatchedRequest[] {
  const deleted: BatchedRequest = { method: 'GET', path: deletedUsersPath };
  const prefix = otherPrefixOf(address);
  // Unlike the filter, a read by name does not lag.
  const byName: BatchedRequest = { method: 'GET', path: objectPath('user', segment(address)) };
  if (prefix !== null) {
    const rest = address.slice(prefix.length);
    const filter = eitherCase(prefix, rest);
    return [...(['user', 'group', 'contact'] as const).map((type) => filterRequest(type, filter)), byName, deleted];
  }
  const byAddress = `${eitherCase('smtp:', address)} or mail eq ${literal(address)}`;
  return [
    filterRequest('user', `${byAddress} or userPrincipalName eq ${literal(address)}`),
    filterRequest('group', byAddress),
    filterRequest('contact', byAddress),
    byName,
    deleted,
  ];
}

/** Whether eq ignores the prefix's case is undocumented, so both are asked for. */
const eitherCase = (prefix: string, rest: string): string =>
  [prefix.toLowerCase(), prefix.toUpperCase()]
    .map((written) => `proxyAddresses/any(p:p eq ${literal(`${written}${rest}`)})`)
    .join(' or ');

/** With its colon; null: a plain address, which is SMTP. */
function otherPrefixOf(address: string): string | null {
  const parsed = parseProxyAddress(address);
  return parsed === null ? null : address.slice(0, address.length - parsed.address.length);
}

/** An address that cannot be a name is refused (400): then nobody has it as a name. */
function userNamed(answer: Answer): Result<CloudObject | null> {
  if (answer.status === 404 || answer.status === 400) return succeeded(null);
  return isSuccess(answer) ? cloudObjectOf('user', answer.body) : failed(failureOf(answer, collections.user.need));
}

/** otherMails are contact data: they take no part in the uniqueness of addresses. */
function yields({ id, userPrincipalName, mail, proxyAddresses }: CloudObject, address: string): boolean {
  if (otherPrefixOf(address) !== null) return proxyAddresses.some((value) => sameProxyAddress(value, address));
  const wanted = address.toLowerCase();
  return (
    (userPrincipalName !== undefined && sameUserPrincipalName(withoutDeletionPrefix(userPrincipalName, id), address)) ||
    mail?.toLowerCase() === wanted ||
    proxyAddresses.some((value) => isSmtp(value) && bareAddress(value) === wanted)
  );
}
