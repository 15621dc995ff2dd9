import type { Finding, Holder, ObjectReference } from '../../audit/finding.ts';
import type { CarriedOver } from './idfix-progress.ts';
import type { Reported, ReportHolder, ReportRow } from './report.ts';

/** A finding of the profile `entra`. @param carriedOver what IdFix's own files say of its value */
export function reportedFinding(finding: Finding, carriedOver: CarriedOver | null): Reported {
  const { object, holders = [] } = finding;
  const row: ReportRow = {
    severity: finding.severity,
    rule: finding.rule,
    certainty: '',
    ...naming(object),
    attribute: finding.attribute,
    value: finding.value,
    message: finding.message,
    remedy: finding.remedy,
    proposal: finding.proposal ?? null,
    action: '',
    holders: holders.map(reportedHolder),
    idFix: carriedOver?.message ?? '',
    isNote: false,
  };
  return { json: carriedOver === null ? finding : { ...finding, idFix: carriedOver }, row };
}

export const naming = (object: ObjectReference) => ({
  object: object.name,
  objectType: object.objectType,
  distinguishedName: object.distinguishedName ?? '',
  objectGUID: object.objectGUID ?? '',
  origin: originInWords(object),
});

function originInWords({ origin }: ObjectReference): string {
  if (origin === undefined) return '';
  return origin.side === 'entra' ? `entra (${origin.kind})` : origin.forest;
}

export const reportedHolder = ({ object, inputs, placed }: Holder): ReportHolder => ({
  object: object.name,
  objectType: object.origin?.side === 'entra' ? `${object.origin.kind} ${object.objectType}` : object.objectType,
  distinguishedName: object.distinguishedName ?? (object.origin?.side === 'entra' ? object.origin.id : ''),
  inputs: inputs.map(({ attribute, value }) => `${attribute} ${value}`),
  placed: placed ?? '',
});
