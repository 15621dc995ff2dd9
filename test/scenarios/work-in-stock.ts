import type { CaseView } from '../../src/api-contract.ts';
import { diagnosedCases, fixKeeping } from './cases.ts';
import type { Organisation } from './organisation.ts';
import { addCloudConflicts, addConflicts } from './people.ts';

type Fix = CaseView['fixes'][number];
type Side = Fix['changes'][number]['target'];

/** A diagnosed case, and its fix in which the claimant gets the value: one change at the master of the holder. */
export interface Work {
  readonly subject: CaseView;
  readonly fix: Fix;
}

/** Work that stories take one after another; making it all at once saves cycles. */
export class WorkInStock {
  readonly #stock: Record<Side, Work[]> = { 'active-directory': [], entra: [] };

  static async make(organisation: Organisation, counts: Readonly<Record<Side, number>>): Promise<WorkInStock> {
    const made = new WorkInStock();
    const conflicts = await addConflicts(organisation, counts['active-directory']);
    const cloudConflicts = await addCloudConflicts(organisation, counts.entra);
    const keepers = new Map([...conflicts, ...cloudConflicts].map(({ value, claimant }) => [value, claimant.name]));
    for (const subject of await diagnosedCases(organisation, [...keepers.keys()])) {
      const fix = fixKeeping(subject, keepers.get(subject.error.value ?? '') ?? '');
      made.#stock[fix.changes[0]?.target ?? 'entra'].push({ subject, fix });
    }
    return made;
  }

  take(side: Side): Work {
    const next = this.#stock[side].shift();
    if (!next) throw new Error(`No work of ${side} is left in stock.`);
    return next;
  }
}
