import type { Controller } from './controller.ts';
import { parseObjectName } from './distinguished-name.ts';
import type { Entry } from './entry.ts';
import { reachable } from './filter-match.ts';
import { foldText } from './fold-text.ts';
import type { Domain } from './forest.ts';
import type { GuidKey } from './object-guid.ts';
import { Refusal, resultCode } from './refusal.ts';
import type { Replica } from './replica.ts';
import { builtInAdministrators, readSid, type Sid } from './security-identifier.ts';

/** The account behind a connection. */
export interface Identity {
  readonly dn: string;
  readonly guid: GuidKey;
  /** `CONTOSO\name`. */
  readonly accountName: string;
  /** Its own SID and those of all groups around it. */
  readonly sids: ReadonlySet<Sid>;
  /** A domain, enterprise or built-in administrator: everything is allowed. */
  readonly isAdministrator: boolean;
}

const accountDisabled = 0x2;

/** Checks name and password of a simple bind; refuses with invalidCredentials and AD's sub-code (525, 52e, 533). */
export function authenticate(controller: Controller, name: string, password: string): Identity {
  const found = findAccount(controller, name);
  if (!found) throw invalidCredentials('525');
  const { account, domain } = found;
  if (account.text('unicodepwd') !== password) throw invalidCredentials('52e');
  if (Number(account.text('useraccountcontrol')) & accountDisabled) throw invalidCredentials('533');
  return identityOf(account, domain, domain === controller.domain ? controller.replica : domain.spokesman.replica);
}

function findAccount(controller: Controller, name: string): { account: Entry; domain: Domain } | undefined {
  for (const domain of [controller.domain, ...controller.domain.forest.domains]) {
    const replica = domain === controller.domain ? controller.replica : domain.spokesman.replica;
    const account = findInDomain(replica, domain, name);
    if (account && !account.isDeleted && account.attributes.has('unicodepwd')) return { account, domain };
  }
  return undefined;
}

/** A bind name is `DOMAIN\account`, a UPN (stored, or `account@domain`), a DN or `<GUID=…>`. */
function findInDomain(replica: Replica, domain: Domain, name: string): Entry | undefined {
  const backslash = /^([^\\=]+)\\([^\\]+)$/.exec(name);
  if (backslash) {
    const [, prefix = '', account = ''] = backslash;
    const own = [domain.netbiosName, domain.dnsName].some((known) => known.toLowerCase() === prefix.toLowerCase());
    return own ? byAccountName(replica, account) : undefined;
  }
  const [stored] = replica.index.find('userprincipalname', foldText(name));
  if (stored) return stored;
  const at = name.lastIndexOf('@');
  if (at > 0 && !name.includes('=')) {
    const own = name.slice(at + 1).toLowerCase() === domain.dnsName.toLowerCase();
    return own ? byAccountName(replica, name.slice(0, at)) : undefined;
  }
  return name.includes('=') ? byDn(replica, name) : undefined;
}

const byAccountName = (replica: Replica, account: string): Entry | undefined =>
  replica.index.find('samaccountname', foldText(account))[0];

function byDn(replica: Replica, text: string): Entry | undefined {
  const name = parseObjectName(text);
  if ('guid' in name) return replica.byGuid(name.guid);
  if ('sid' in name) return undefined;
  const place = replica.resolve(name.dn);
  return place?.found ? place.entry : undefined;
}

export function identityOf(account: Entry, domain: Domain, replica: Replica): Identity {
  const sids = new Set([...sidsOf(account), ...groupSids(account, domain, replica), ...everyone]);
  return {
    dn: account.dn,
    guid: account.guid,
    accountName: `${domain.netbiosName}\\${account.text('samaccountname')}`,
    sids,
    isAdministrator:
      sids.has(builtInAdministrators) ||
      domain.forest.domains.some(({ sid }) => sids.has(`${sid}-519`)) ||
      sids.has(`${domain.sid}-512`),
  };
}

/** Everyone, and everyone who has signed in. */
const everyone: readonly Sid[] = ['S-1-1-0', 'S-1-5-11'];

/** The groups around an account, nested to any depth, its primary group among them: what tokenGroups lists. */
export function groupSids(account: Entry, domain: Domain, replica: Replica): Sid[] {
  const around = (guid: GuidKey): GuidKey[] => replica.index.find('member', guid).map((group) => group.guid);
  const groups = reachable(account.guid, around);
  const primary = account.text('primarygroupid');
  const primarySid = primary === '' ? [] : [`${domain.sid}-${primary}`];
  return [...new Set([...primarySid, ...[...groups].flatMap((guid) => sidsOf(replica.byGuid(guid)))])];
}

/** The SID of a security principal. */
export const sidOf = (entry: Entry): Sid | undefined => sidsOf(entry)[0];

const sidsOf = (entry: Entry | undefined): Sid[] =>
  (entry?.values('objectsid') ?? []).flatMap((value) => (typeof value === 'string' ? [] : [readSid(value)]));

function invalidCredentials(subCode: string): Refusal {
  return new Refusal(
    resultCode.invalidCredentials,
    `80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data ${subCode}, v4563`,
  );
}
