import type { Moment } from '../clock.ts';
import type { AuditLog } from './audit-log.ts';
import type { Directory } from './directory.ts';
import type { Domains } from './domains.ts';
import type { PlantedFault } from './planted-faults.ts';
import type { Random } from './random.ts';
import type { Switches } from './switches.ts';

/** What the rules work on. */
export interface TenantState {
  readonly directory: Directory;
  readonly domains: Domains;
  readonly random: Random;
  readonly switches: Switches;
  readonly audits: AuditLog;
  /** Keys of addresses held by objects that Graph never shows (S13). */
  readonly hiddenHolders: Set<string>;
  /** Ids of objects that hold, or are eligible for, a directory role, nested role-assignable groups included. */
  readonly isPrivileged: (id: string) => boolean;
  readonly fault: PlantedFault | undefined;
  readonly now: () => Moment;
}
