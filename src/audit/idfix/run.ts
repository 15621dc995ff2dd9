import { type AuditObject, isUnreadable } from '../audit-object.ts';
import { type Chain, check } from './chain.ts';
import { HashedClaims, NamedClaims } from './claims.ts';
import { dedicatedChains } from './dedicated.ts';
import { type Claims, cnOf, type Failure, type FirstHolder, type IdFixAction } from './failure.ts';
import { multiTenantChains } from './multi-tenant.ts';
import { OrdinalSet } from './ordinal-set.ts';
import { type IdFixMode, isExamined } from './scope.ts';

/** One line of IdFix's grid. */
export interface IdFixRow {
  readonly cn: string;
  /** As IdFix's rows spell it: `mailNickName`. */
  readonly attr: string;
  /** `Length, Duplicate`: in the order of the rules. */
  readonly error: string;
  readonly action: IdFixAction;
  /** As stored; null when the attribute is absent. */
  readonly value: string | null;
  /** What IdFix proposes; null when it has nothing to propose. */
  readonly update: string | null;
  /** The row stands for the first holder of a duplicate and precedes that of the later holder. */
  readonly companion?: true;
  readonly dn?: string;
  /** The last class; that of the later holder in a companion row, as in IdFix. */
  readonly objectClass?: string;
}

export interface IdFixOptions {
  readonly mode: IdFixMode;
  /** IdFix's option "Alternate ID". It has no effect in dedicated mode. */
  readonly alternateLoginId?: boolean;
}

export interface IdFixCounts {
  /** Rows without the companions. */
  readonly totalErrors: number;
  /** Of these, those with the error `Duplicate`. */
  readonly duplicates: number;
  /** Rows with the companions. */
  readonly gridRows: number;
}

/** IdFix's findings in two readings of the same objects in the same order. */
export interface IdFixRun {
  /** The ordinal of an object is the number of calls before. */
  first(object: AuditObject): void;
  /** After the whole first reading: whether `second` must see the object. */
  needsSecond(ordinal: number): boolean;
  /** Called for every object that is needed, in the order of the ordinals. @returns its rows, as IdFix meets them */
  second(ordinal: number, object: AuditObject): readonly IdFixRow[];
  /** Of the rows that `second` has returned. */
  counts(): IdFixCounts;
}

/**
 * What IdFix 2.6.0.3 reports, row for row (docs/audit/idfix-compat.md). Memory grows with the number of the values and with
 * the texts of the duplicates, not with all texts.
 */
export function startIdFixAudit({ mode, alternateLoginId = false }: IdFixOptions): IdFixRun {
  const chains = mode === 'dedicated' ? dedicatedChains : multiTenantChains(alternateLoginId);
  const wanted = new OrdinalSet();
  const hashed = new HashedClaims(wanted);
  const named = new NamedClaims(hashed);
  let ordinal = 0;
  const counts = { totalErrors: 0, duplicates: 0, gridRows: 0 };

  return {
    first(object) {
      if (isExamined(object, mode)) {
        hashed.reading(ordinal);
        if (failuresOf(object, chains, hashed).length > 0) wanted.add(ordinal);
      }
      ordinal++;
    },

    needsSecond: (asked) => wanted.has(asked),

    second(_ordinal, object) {
      if (!isExamined(object, mode)) return [];
      named.reading(object);
      const found = failuresOf(object, chains, named);
      counts.totalErrors += found.length;
      counts.duplicates += found.filter(({ failure }) => isDuplicate(failure)).length;
      const rows = found.flatMap((one) => rowsOf(object, one));
      counts.gridRows += rows.length;
      return rows;
    },

    counts: () => ({ ...counts }),
  };
}

/** Both readings over objects in memory. */
export function idFixRows(
  objects: readonly AuditObject[],
  options: IdFixOptions,
): { readonly rows: readonly IdFixRow[]; readonly counts: IdFixCounts } {
  const run = startIdFixAudit(options);
  for (const object of objects) run.first(object);
  const rows = objects.flatMap((object, ordinal) => (run.needsSecond(ordinal) ? run.second(ordinal, object) : []));
  return { rows, counts: run.counts() };
}

interface Found {
  readonly chain: Chain;
  readonly value: string | null;
  readonly failure: Failure;
  /** Gets a row too. */
  readonly firstHolder: FirstHolder | null;
}

const none: readonly Found[] = [];

function failuresOf(object: AuditObject, chains: readonly Chain[], claims: Claims): readonly Found[] {
  let found: Found[] | null = null;
  const add = (chain: Chain, value: string | null, failure: Failure | null | undefined): void => {
    if (failure === null || failure === undefined) return;
    found ??= [];
    found.push({ chain, value, failure, firstHolder: firstHolderFor(chain, value, failure, claims) });
  };
  for (const chain of chains) {
    const stored = object[chain.attribute];
    if (isUnreadable(object, chain.attribute)) continue;
    if (stored === undefined) add(chain, null, chain.whenAbsent?.(null, object));
    else if (typeof stored === 'string') add(chain, stored, check(chain, stored, object, claims));
    else for (const value of stored) add(chain, value, check(chain, value, object, claims));
  }
  return found ?? none;
}

/**
 * IdFix looks for the value as it is stored among values as they were rewritten, and shows no first holder when it is not there
 * (issue 73 of microsoft/idfix).
 */
function firstHolderFor(
  { attribute }: Chain,
  value: string | null,
  failure: Failure,
  claims: Claims,
): FirstHolder | null {
  if (value === null || failure.action !== 'Edit' || !isDuplicate(failure)) return null;
  return claims.holderOf(attribute, value);
}

const isDuplicate = ({ error }: Failure): boolean => error.includes('Duplicate');

function rowsOf(object: AuditObject, { chain, value, failure, firstHolder }: Found): IdFixRow[] {
  const objectClass = object.objectClass.at(-1);
  const row = (holder: FirstHolder, error: string): IdFixRow => ({
    cn: cnOf(holder),
    attr: chain.attr ?? chain.attribute,
    error,
    action: failure.action,
    value,
    update: failure.update,
    ...(holder.distinguishedName === undefined ? {} : { dn: holder.distinguishedName }),
    ...(objectClass === undefined ? {} : { objectClass }),
  });
  const own = row(object, failure.error);
  return firstHolder === null ? [own] : [{ ...row(firstHolder, 'Duplicate'), companion: true }, own];
}
