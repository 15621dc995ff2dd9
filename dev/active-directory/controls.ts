import type { Moment } from '../clock.ts';
import { type Control, control } from '../control/control.ts';
import { type ReplicatedValue, readDates, readFaults, readSeconds, readUpdates } from './control-values.ts';
import { fileTime, generalizedTime } from './directory-time.ts';
import type { Environment } from './environment.ts';
import { findNamed, type Named } from './find-named.ts';
import type { Forest } from './forest.ts';
import { delegations, protectAdministrators } from './rights-controls.ts';
import { store } from './store.ts';

/** What can be set in the directory from outside because no LDAP client can. */
export function directoryControls(environment: Environment, forests: readonly Forest[]): Control[] {
  return [
    replicationDelay(environment),
    faults(environment),
    replicatedUpdates(forests),
    dates(forests, 'ad.lastLogon', 'the last sign-in (lastLogon and lastLogonTimestamp)', setLastLogon),
    dates(forests, 'ad.whenCreated', 'the time of creation', (named, at) =>
      store(named, new Map([['whencreated', [generalizedTime(at)]]]), at),
    ),
    dates(forests, 'ad.passwordLastSet', 'the last change of the password', (named, at) =>
      store(named, new Map([['pwdlastset', [fileTime(at)]]]), at),
    ),
    dates(forests, 'ad.whenChanged', 'the time of the last change, on every controller', setWhenChanged),
    attributeTimes(forests),
    delegations(forests),
    protectAdministrators(forests),
  ];
}

function replicationDelay(environment: Environment): Control {
  return control({
    name: 'ad.replicationDelaySeconds',
    meaning: 'Seconds until a write on one domain controller reaches the others and the global catalogue. Default 0.',
    read: () => environment.replicationDelay / 1000,
    accept: readSeconds,
    set: (seconds) => {
      environment.replicationDelay = seconds * 1000;
    },
  });
}

function faults(environment: Environment): Control {
  return control({
    name: 'ad.faults',
    meaning:
      'What goes wrong: {down, busy: DNS names of controllers; insufficientRights: DNs of objects that nobody may write; ' +
      'emptyPages: so many next pages are empty; dropAfterWrite: so many next writes are done but not answered}. Default: nothing.',
    read: () => environment.faults,
    accept: readFaults,
    set: (wanted) => {
      environment.faults = wanted;
    },
  });
}

/** Controllers check uniqueness for their clients only: this is how two objects of one forest come to hold one UPN. */
function replicatedUpdates(forests: readonly Forest[]): Control {
  const applied: ReplicatedValue[] = [];
  return control({
    name: 'ad.replicatedUpdates',
    meaning:
      'Values that arrive by replication and are not checked: [{object: DN, GUID, UPN or sAMAccountName, attribute, values: text}]. ' +
      'Setting it applies the list once; reading it shows all that were applied.',
    read: () => applied,
    accept: (value) => readUpdates(value).map((update) => ({ update, named: findNamed(forests, update.object) })),
    set: (updates) => {
      for (const { update, named } of updates) {
        store(named, new Map([[update.attribute.toLowerCase(), update.values]]));
        applied.push(update);
      }
    },
  });
}

function dates(
  forests: readonly Forest[],
  name: string,
  what: string,
  set: (named: Named, at: Moment) => void,
): Control {
  const shown: Record<string, string> = {};
  return control({
    name,
    meaning: `Sets ${what} of objects: {<DN, GUID, UPN or sAMAccountName>: <ISO date>}. Reading shows what was set.`,
    read: () => shown,
    accept: (value) => readDates(value).map(([object, at]) => ({ object, at, named: findNamed(forests, object) })),
    set: (wanted) => {
      for (const { object, at, named } of wanted) {
        set(named, at);
        shown[object] = new Date(at).toISOString();
      }
    },
  });
}

function attributeTimes(forests: readonly Forest[]): Control {
  const shown: Record<string, string> = {};
  return control({
    name: 'ad.attributeTimes',
    meaning:
      'Sets when an attribute was last written (msDS-ReplAttributeMetaData): {"<object>|<attribute>": <ISO date>}. Reading shows what was set.',
    read: () => shown,
    accept: (value) =>
      readDates(value).map(([key, at]) => {
        const [object = '', attribute = ''] = key.split('|');
        return { key, at, named: findNamed(forests, object), attribute: attribute.toLowerCase() };
      }),
    set: (wanted) => {
      for (const { key, at, named, attribute } of wanted) {
        store(named, new Map([[attribute, named.entry.values(attribute)]]), at);
        shown[key] = new Date(at).toISOString();
      }
    },
  });
}

function setLastLogon(named: Named, at: Moment): void {
  const values = [fileTime(at)];
  const attributes = new Map([
    ['lastlogon', values],
    ['lastlogontimestamp', values],
  ]);
  store(named, attributes, at);
}

function setWhenChanged({ entry, domain }: Named, at: Moment): void {
  for (const controller of new Set([...domain.controllers, domain.forest.catalogue])) {
    // What has arrived by now would otherwise be taken in later, and stamp the object again.
    controller.catchUp();
    for (const replica of [controller.replica, ...controller.partialReplicas]) {
      const copy = replica.byGuid(entry.guid);
      if (copy) copy.changedAt = at;
    }
  }
}
