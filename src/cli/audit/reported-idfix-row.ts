import type { IdFixRow } from '../../audit/idfix/run.ts';
import type { CarriedOver } from './idfix-progress.ts';
import type { Reported } from './report.ts';

/** A row of the profile `idfix-compat`. @param carriedOver what IdFix's own files say of its value */
export function reportedIdFixRow(row: IdFixRow, carriedOver: CarriedOver | null): Reported {
  const { cn, attr, error, action, value, update, companion, dn = '', objectClass = '' } = row;
  return {
    json: {
      cn,
      attr,
      error,
      action,
      value,
      update,
      ...(companion ? { companion } : {}),
      ...(carriedOver === null ? {} : { idFix: carriedOver }),
    },
    row: {
      severity: 'error',
      rule: error,
      certainty: '',
      object: cn,
      objectType: objectClass,
      distinguishedName: dn,
      objectGUID: '',
      origin: '',
      attribute: attr,
      value,
      message: companion ? 'First holder of the value of the next row.' : '',
      remedy: '',
      proposal: update,
      action,
      holders: [],
      idFix: carriedOver?.message ?? '',
      isNote: false,
    },
  };
}
