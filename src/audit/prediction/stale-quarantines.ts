import { comparedAs } from '../claim-table.ts';
import type { ExportUnit } from './export-units.ts';
import type { Prediction } from './prediction.ts';
import { smtpAddress } from './wanted-values.ts';

/**
 * Values in quarantine today of which nobody who was read is the cause: an object that Graph never shows may hold them (a
 * mail-enabled public folder, for one), or the entry outlives its conflict, of which administrators tell.
 */
export function staleQuarantines(unit: ExportUnit, collisions: readonly Prediction[]): Prediction[] {
  const { cloud, reference } = unit;
  if (cloud?.origin.kind !== 'synchronised') return [];
  return (cloud.origin.quarantined ?? []).flatMap(({ attribute, value }) => {
    const key = keyOf(value);
    const isExplained = collisions.some((collision) => collision.value !== null && keyOf(collision.value) === key);
    if (isExplained || !isAskedFor(unit, attribute, key)) return [];
    return [
      {
        object: reference,
        outcome: attribute === 'userPrincipalName' ? 'QuarantinedUserPrincipalName' : 'QuarantinedProxyAddress',
        certainty: 'possible',
        attribute,
        value,
        with: [],
        message: `Possibly, ${value} stays in quarantine, although no object that was read holds it: one that Graph does not show may, or the entry has outlived its conflict.`,
      } as const,
    ];
  });
}

const keyOf = (value: string): string => smtpAddress(value) ?? comparedAs(value);

/** An entry goes with the value in Active Directory. */
function isAskedFor({ userName, addresses, mailInstead }: ExportUnit, attribute: string, key: string): boolean {
  if (userName?.key === key) return true;
  return attribute === 'proxyAddresses' && [...addresses, mailInstead].some((wanted) => wanted?.key === key);
}
