import { type Control, ControlValueError, control, oneOf } from '../control/control.ts';
import { recalculateAddresses } from './address-calculation.ts';
import type { Domain } from './domains.ts';
import { trafficControls } from './graph/traffic-controls.ts';
import { objectControls } from './object-controls.ts';
import { addressKey } from './proxy-address.ts';
import { type SwitchName, switchNames, switchTable } from './switches.ts';
import type { Tenant } from './tenant.ts';
import { upnAfterDomainChange } from './user-principal-name.ts';

/** What a tenant cannot show or set through Graph, by name. */
export function tenantControls(tenant: Tenant): Control[] {
  return [
    ...switchNames.map((name) => switchControl(tenant, name)),
    ...jobControls(tenant),
    domains(tenant),
    hiddenHolders(tenant),
    ...objectControls(tenant),
    ...trafficControls(tenant.traffic),
  ];
}

function switchControl(tenant: Tenant, name: SwitchName): Control {
  const { values, meaning, default: byDefault } = switchTable[name];
  return control({
    name: `entra.${name}`,
    meaning: `${meaning} Values: ${values.join(', ')}; default ${byDefault}.`,
    read: () => tenant.settings.switches[name],
    accept: (value) => oneOf(value, values, `entra.${name} takes ${values.join(' or ')}`),
    set: (value) => {
      Object.assign(tenant.settings.switches, { [name]: value });
      if (name === 'softDeletedAddresses') tenant.state.directory.reindex();
    },
  });
}

function jobControls(tenant: Tenant): Control[] {
  const schedules = ['afterEveryCycle', 'hourly', 'never'] as const;
  return [
    control({
      name: 'entra.releaseJob',
      meaning:
        'When quarantined values that became free are released: afterEveryCycle (and every hour), hourly, or never; default afterEveryCycle.',
      read: () => tenant.settings.releaseSchedule,
      accept: (value) => oneOf(value, schedules, `entra.releaseJob takes ${schedules.join(', ')}`),
      set: (schedule) => {
        tenant.settings.releaseSchedule = schedule;
      },
    }),
    control({
      name: 'entra.runReleaseJob',
      meaning: 'Set to true to run the release job once, now; reads as false.',
      read: () => false,
      accept: (value) => {
        if (value !== true) throw new ControlValueError('entra.runReleaseJob takes true');
      },
      set: () => tenant.runReleaseJob(),
    }),
    control({
      name: 'entra.filterLagMs',
      meaning: 'How long $filter, $search and $count miss a write, in milliseconds; default 1000.',
      read: () => tenant.settings.filterLagMs,
      accept: (value) => {
        if (typeof value !== 'number' || !(value >= 0))
          throw new ControlValueError('entra.filterLagMs takes a number from 0');
        return value;
      },
      set: (milliseconds) => {
        tenant.settings.filterLagMs = milliseconds;
      },
    }),
  ];
}

/** A change of the verified set recalculates every UPN (S9) and every address (S8). */
function domains(tenant: Tenant): Control {
  const { state } = tenant;
  return control({
    name: 'entra.domains',
    meaning:
      'Domains besides the two standard ones: a list of {name, isVerified, authenticationType: Managed or Federated}; naming contoso.com sets only its authenticationType.',
    read: () => state.domains.all,
    accept: parseDomains,
    set: (domains) => {
      const verifiedBefore = state.domains.verified.join();
      state.domains.replace(domains);
      if (state.domains.verified.join() === verifiedBefore) return;
      for (const user of state.directory.all('user')) {
        if (user.deletedAt !== undefined) continue;
        const userPrincipalName = upnAfterDomainChange(state, user);
        if (userPrincipalName !== user.userPrincipalName) state.directory.change(user, { userPrincipalName });
      }
      for (const type of ['user', 'group', 'contact'] as const) {
        for (const object of state.directory.all(type)) recalculateAddresses(state, object);
      }
    },
  });
}

function parseDomains(value: unknown): Domain[] {
  if (!Array.isArray(value)) throw new ControlValueError('entra.domains takes a list');
  return value.map((entry: { name?: unknown; isVerified?: unknown; authenticationType?: unknown } | null) => {
    const authenticationType = entry?.authenticationType ?? 'Managed';
    const isKnownType = authenticationType === 'Managed' || authenticationType === 'Federated';
    if (typeof entry?.name !== 'string' || !isKnownType) {
      throw new ControlValueError(
        'each of entra.domains takes {name, isVerified, authenticationType: Managed or Federated}',
      );
    }
    return {
      name: entry.name,
      isInitial: false,
      isDefault: false,
      isVerified: entry.isVerified !== false,
      authenticationType,
    };
  });
}

function hiddenHolders(tenant: Tenant): Control {
  const { hiddenHolders: held } = tenant.state;
  return control({
    name: 'entra.hiddenHolders',
    meaning:
      'Addresses held by objects that Graph never shows, such as mail-enabled public folders: a list; default empty.',
    read: () => [...held],
    accept: (value): readonly string[] => {
      if (!Array.isArray(value) || !value.every((address) => typeof address === 'string')) {
        throw new ControlValueError('entra.hiddenHolders takes a list of addresses');
      }
      return value;
    },
    set: (addresses) => {
      held.clear();
      for (const address of addresses) held.add(addressKey(address.replace(/^smtp:/i, '')));
    },
  });
}
