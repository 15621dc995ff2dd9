import { type Control, ControlValueError } from '../control/control.ts';
import type { Value } from './attribute-value.ts';
import { type Delegation, readDelegations } from './control-values.ts';
import { reachable } from './filter-match.ts';
import { findNamed } from './find-named.ts';
import type { Domain, Forest } from './forest.ts';
import { sidOf } from './identity.ts';
import type { GuidKey } from './object-guid.ts';
import { delegate, newDescriptor } from './security-descriptor.ts';
import { store } from './store.ts';

export function delegations(forests: readonly Forest[]): Control {
  const granted: Delegation[] = [];
  return {
    name: 'ad.delegations',
    meaning:
      'Allows accounts to write attributes of everything below a container: [{account, base, attributes}]. Setting it adds to what was granted; reading shows all.',
    read: () => granted,
    write(value) {
      const wanted = readDelegations(value).map((delegation) => ({
        delegation,
        account: findNamed(forests, delegation.account),
        base: findNamed(forests, delegation.base),
      }));
      for (const { delegation, account, base } of wanted) {
        const sid = sidOf(account.entry);
        if (!sid) throw new ControlValueError(`${delegation.account} is no account`);
        store(base, new Map([['ntsecuritydescriptor', [delegate(base.entry, sid, delegation.attributes)]]]));
        granted.push(delegation);
      }
    },
  };
}

/** What Windows does every hour (SDProp): members of Tier-0 groups no longer inherit, and carry adminCount. */
export function protectAdministrators(forests: readonly Forest[]): Control {
  return {
    name: 'ad.protectAdministrators',
    meaning:
      'Setting it to true stamps adminCount=1 on every account and group inside the protected groups, and takes inheritance from them, as AD does hourly. Reads as false.',
    read: () => false,
    write(value) {
      if (typeof value !== 'boolean') throw new ControlValueError('takes true or false');
      if (value) for (const domain of forests.flatMap(({ domains }) => domains)) protectMembers(domain);
    },
  };
}

function protectMembers(domain: Domain): void {
  const { replica } = domain.spokesman;
  const membersOf = (guid: GuidKey): GuidKey[] => (replica.byGuid(guid)?.values('member') ?? []).map(String);
  const groups = [...replica.entries()].filter(
    (entry) => entry.objectClasses.includes('group') && entry.text('admincount') === '1',
  );
  for (const guid of new Set(groups.flatMap((group) => [...reachable(group.guid, membersOf)]))) {
    const entry = replica.byGuid(guid);
    if (!entry || entry.text('admincount') === '1') continue;
    const attributes = new Map<string, readonly Value[]>([
      ['admincount', ['1']],
      ['ntsecuritydescriptor', [newDescriptor(true)]],
    ]);
    store({ entry, domain }, attributes);
  }
}
