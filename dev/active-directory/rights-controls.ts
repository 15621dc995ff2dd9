import { type Control, ControlValueError, control, trueOrFalse } from '../control/control.ts';
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
  return control({
    name: 'ad.delegations',
    meaning:
      'Allows accounts to write attributes of everything below a container: [{account, base, attributes}]. Setting it adds to what was granted; reading shows all.',
    read: () => granted,
    accept: (value) =>
      readDelegations(value).map((delegation) => {
        const sid = sidOf(findNamed(forests, delegation.account).entry);
        if (!sid) throw new ControlValueError(`${delegation.account} is no account`);
        return { delegation, sid, base: findNamed(forests, delegation.base) };
      }),
    set: (wanted) => {
      for (const { delegation, sid, base } of wanted) {
        store(base, new Map([['ntsecuritydescriptor', [delegate(base.entry, sid, delegation.attributes)]]]));
        granted.push(delegation);
      }
    },
  });
}

/** What Windows does every hour (SDProp): members of Tier-0 groups no longer inherit, and carry adminCount. */
export function protectAdministrators(forests: readonly Forest[]): Control {
  return control({
    name: 'ad.protectAdministrators',
    meaning:
      'Setting it to true stamps adminCount=1 on every account and group inside the protected groups, and takes inheritance from them, as AD does hourly. Reads as false.',
    read: () => false,
    accept: (value) => trueOrFalse(value, 'takes true or false'),
    set: (wanted) => {
      if (wanted) for (const domain of forests.flatMap(({ domains }) => domains)) protectMembers(domain);
    },
  });
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
