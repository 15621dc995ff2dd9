import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { ObjectBatches } from '../../audit/audit.ts';
import type { AuditObject } from '../../audit/audit-object.ts';
import { GuidSet } from '../../domain/guid-set.ts';
import type { ReadAuditEntry } from '../../relay/ldap/audit-object.ts';
import { Connection } from '../../relay/ldap/connection.ts';
import { textOf } from '../../relay/ldap/entry.ts';
import { isPassing, type LdapFailure, ldapFailureOf, resultCode } from '../../relay/ldap/ldap-failure.ts';
import { objectsOfInterest, readPages } from '../../relay/ldap/object-stream.ts';
import { searchRaw } from '../../relay/ldap/raw-search.ts';
import type { LdapInput } from './arguments.ts';
import type { Complain } from './complaint.ts';

type Client = Parameters<typeof searchRaw>[0];

const timeoutMs = 120_000;
const pausesMs = [1_000, 5_000, 15_000];
const globalCataloguePort = /:326[89]$/;

/** What the controller says of itself. */
interface Root {
  readonly forest: string;
  readonly domainController: string;
  readonly base: string;
}

/**
 * The users, groups and contacts of a domain. When the controller goes away meanwhile it is asked again, a few times; what
 * was read before is not given a second time.
 */
export async function* ldapObjects(
  input: LdapInput,
  password: string,
  further: readonly string[],
  complain: Complain,
): ObjectBatches {
  const connection = new Connection({
    url: input.url,
    bindDn: input.bindDn,
    readPassword: async () => password,
    timeoutMs,
    ...(input.caFile === null ? {} : { ca: readFileSync(input.caFile, 'utf8') }),
  });
  if (globalCataloguePort.test(input.url)) {
    const message =
      'is a global catalogue, which holds only a part of the attributes; a controller of the domain has them all.';
    complain({ grade: 'notice', message });
  }
  const met = new GuidSet();
  try {
    for (let attempt = 0; ; attempt++) {
      const failure: LdapFailure | null = yield* oneReading(connection, input, further, met, complain);
      if (failure === null) return;
      const pause = isPassing(failure) && met.size > 0 ? pausesMs[attempt] : undefined;
      if (pause === undefined) {
        complain({ grade: met.size > 0 ? 'lost' : 'fatal', message: inWords(failure, met.size) });
        return;
      }
      complain({ grade: 'notice', message: `${failure.message}; asked again in ${pause / 1000} s.` });
      await wait(pause);
    }
  } finally {
    await connection.close();
  }
}

async function* oneReading(
  connection: Connection,
  input: LdapInput,
  further: readonly string[],
  met: GuidSet,
  complain: Complain,
): AsyncGenerator<readonly AuditObject[], LdapFailure | null, undefined> {
  const root = await connection.read((client) => readRoot(client, input));
  if (!root.ok) return root.failure;
  const { client, giveBack } = await borrow(connection);
  if (client === null) return { code: null, message: 'the connection was lost', cause: null };
  try {
    for await (const page of readPages(client, { ...root.value, further }, objectsOfInterest)) {
      const fresh = page.filter(({ object: { objectGUID } }) => objectGUID === undefined || met.add(objectGUID));
      for (const entry of fresh) report(entry, complain);
      yield fresh.map(({ object }) => object);
    }
    return null;
  } catch (thrown) {
    return ldapFailureOf(thrown);
  } finally {
    await giveBack();
  }
}

/** A client of the connection for as long as it is wanted. */
async function borrow(connection: Connection): Promise<{ client: Client | null; giveBack: () => Promise<void> }> {
  const lent = Promise.withResolvers<Client | null>();
  const back = Promise.withResolvers<void>();
  const asked = connection.write((client) => {
    lent.resolve(client);
    return back.promise;
  });
  void asked.then(() => lent.resolve(null));
  const giveBack = async (): Promise<void> => {
    back.resolve();
    await asked;
  };
  return { client: await lent.promise, giveBack };
}

async function readRoot(client: Client, input: LdapInput): Promise<Root> {
  const attributes = ['defaultNamingContext', 'rootDomainNamingContext', 'dnsHostName'];
  const [root] = await searchRaw(client, { base: '', scope: 'base', attributes });
  const text = (attribute: string): string => (root === undefined ? '' : (textOf(root, attribute) ?? ''));
  return {
    forest: domainNameOf(text('rootDomainNamingContext')),
    domainController: text('dnsHostName') || new URL(input.url).hostname,
    base: input.base ?? (globalCataloguePort.test(input.url) ? '' : text('defaultNamingContext')),
  };
}

/** `DC=contoso,DC=com` is contoso.com. */
const domainNameOf = (base: string): string =>
  base
    .replace(/^DC=/i, '')
    .replace(/,\s*DC=/gi, '.')
    .toLowerCase();

function report({ problems }: ReadAuditEntry, complain: Complain): void {
  for (const { distinguishedName, attribute, message } of problems)
    complain({ grade: 'lost', field: attribute, message: `of ${distinguishedName} ${message}.` });
}

function inWords({ code, message }: LdapFailure, read: number): string {
  if (code === resultCode.invalidCredentials) return `does not accept the name or the password: ${message}`;
  if (code === resultCode.noSuchObject) return `has nothing at the base: ${message}`;
  return read === 0
    ? `cannot be read: ${message}`
    : `went away after ${read} objects, and nothing more is read: ${message}`;
}
