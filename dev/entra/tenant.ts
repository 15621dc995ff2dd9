import { randomInt } from 'node:crypto';
import type { MovableClock } from '../clock.ts';
import type { Control } from '../control/control.ts';
import { recalculateDirty } from './address-calculation.ts';
import { AuditLog } from './audit-log.ts';
import { Directory } from './directory.ts';
import { type Domain, Domains } from './domains.ts';
import { Traffic } from './graph/traffic.ts';
import type { PlantedFault } from './planted-faults.ts';
import { provision } from './provision.ts';
import type { ProvisioningEndpoint, ProvisioningRequest, ProvisioningResult, ShadowObject } from './provisioning.ts';
import { Random } from './random.ts';
import { transitiveMembersOf } from './references.ts';
import { runReleaseJob } from './release-job.ts';
import { Roles } from './roles.ts';
import { readShadow } from './shadow-and-calculated.ts';
import { defaultSwitches, type Switches } from './switches.ts';
import { tenantControls } from './tenant-controls.ts';
import type { TenantState } from './tenant-state.ts';

export interface TenantOptions {
  readonly clock: MovableClock;
  /** The same seed gives the same ids, orders and digits; chance by default. */
  readonly seed?: number;
  readonly switches?: Partial<Switches>;
  readonly tenantId?: string;
  /** Besides contoso.onmicrosoft.com and contoso.com, which are always there. */
  readonly domains?: readonly Domain[];
  readonly plantedFault?: PlantedFault;
}

/** When quarantined values are released; `afterEveryCycle` includes `hourly`. */
export type ReleaseSchedule = 'afterEveryCycle' | 'hourly' | 'never';

/** A tenant in memory: what the sync engine and Graph both talk to. RULES.md says how it behaves. */
export interface Tenant extends ProvisioningEndpoint {
  readonly tenantId: string;
  readonly state: TenantState;
  readonly roles: Roles;
  readonly settings: TenantSettings;
  /** Throttling and faults of Graph, kept here because `controls` sets them. */
  readonly traffic: Traffic;
  /** S7, now. */
  runReleaseJob(): void;
  /** Everything that Graph cannot set, by name. */
  controls(): Control[];
}

export interface TenantSettings {
  switches: Switches;
  releaseSchedule: ReleaseSchedule;
  filterLagMs: number;
}

const hour = 3_600_000;

export function createTenant(options: TenantOptions): Tenant {
  const { clock } = options;
  const settings: TenantSettings = {
    switches: { ...defaultSwitches(), ...options.switches },
    releaseSchedule: 'afterEveryCycle',
    filterLagMs: 1000,
  };
  const random = new Random(options.seed ?? randomInt(2 ** 32));
  const roles = new Roles(random);
  const now = () => clock.now();
  const directory = new Directory({
    now,
    filterLag: () => settings.filterLagMs,
    heldWhenDeleted: () => ({
      upn: options.plantedFault === 'S11',
      addresses: options.plantedFault === 'S11' || settings.switches.softDeletedAddresses === 'held',
    }),
  });
  const state: TenantState = {
    directory,
    domains: new Domains(options.domains),
    random,
    switches: settings.switches,
    audits: new AuditLog(random, now),
    hiddenHolders: new Set(),
    isPrivileged: (id) => isPrivileged(state, roles, id),
    fault: options.plantedFault,
    now,
  };

  const releaseEveryHour = (): void => {
    if (settings.releaseSchedule !== 'never') runReleaseJob(state);
    clock.at(clock.now() + hour, releaseEveryHour);
  };
  clock.at(clock.now() + hour, releaseEveryHour);

  const tenant: Tenant = {
    tenantId: options.tenantId ?? random.guid(),
    state,
    roles,
    settings,
    traffic: new Traffic(now),
    get verifiedDomains() {
      return state.domains.verified;
    },
    provision: (requests: readonly ProvisioningRequest[]): ProvisioningResult[] => provision(state, requests),
    readShadow: (): ShadowObject[] => readShadow(state),
    settle: () => {
      recalculateDirty(state);
      if (settings.releaseSchedule === 'afterEveryCycle') runReleaseJob(state);
      directory.settleSearch();
    },
    runReleaseJob: () => runReleaseJob(state),
    controls: () => tenantControls(tenant),
  };
  return tenant;
}

/** Assigned or eligible, directly or through a group that holds the role. */
function isPrivileged(state: TenantState, roles: Roles, id: string): boolean {
  if (roles.all.length === 0) return false;
  if (roles.has(id)) return true;
  return [...state.directory.all('group')].some(
    (group) => roles.has(group.id) && transitiveMembersOf(state, group).some((member) => member.id === id),
  );
}
