import { startAudit } from '../../audit/audit.ts';
import type { Finding } from '../../audit/finding.ts';
import { startIdFixAudit } from '../../audit/idfix/run.ts';
import { entraRules } from '../../audit/index.ts';
import type { Readings } from '../../pipeline/audit-directory.ts';
import type { AuditRequest, Profile } from './arguments.ts';
import { ExportedAttributes } from './exported-attributes.ts';
import type { CarriedOver, IdFixProgress } from './idfix-progress.ts';
import type { Reported } from './report.ts';
import { reportedFinding } from './reported-finding.ts';
import { reportedIdFixRow } from './reported-idfix-row.ts';
import { reportedNote } from './reported-note.ts';

export interface ReportedReadings extends Readings<Reported> {
  /** After the second reading: what the input as a whole does not hold. */
  notices(): readonly string[];
}

/** The audit of a profile, with what it finds made ready to be reported. */
export function readingsOf({ profile, settings }: AuditRequest, idFix: IdFixProgress): ReportedReadings {
  const own = profile.name === 'entra' ? entraReadings(settings, idFix) : idFixReadings(profile, idFix);
  return {
    first(object) {
      idFix.see(object);
      own.first(object);
    },
    needsSecond: (ordinal) => own.needsSecond(ordinal),
    second: (ordinal, object) => own.second(ordinal, object),
    notices: () => own.notices(),
    finish: () => [
      ...own.finish(),
      ...idFix.withoutFinding().map((followed) => reportedNote(followed, profile.name === 'entra')),
    ],
  };
}

function entraReadings(settings: AuditRequest['settings'], idFix: IdFixProgress): ReportedReadings {
  const run = startAudit(settings, idFix.preferringPlans(entraRules), { seed: randomSeed() });
  const reported = (finding: Finding): Reported => reportedFinding(finding, carriedOver(finding, idFix));
  const exported = new ExportedAttributes();
  return {
    first(object) {
      exported.see(object);
      run.first(object);
    },
    needsSecond: (ordinal) => run.needsSecond(ordinal),
    second: (ordinal, object) =>
      run
        .second(ordinal, object)
        .filter(({ attribute, value }) => value !== null || exported.canMiss(attribute))
        .map(reported),
    notices: () => exported.notices(),
    finish: () => run.finish().map(reported),
  };
}

/** So that nobody can choose values whose hashes are equal. */
export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

/** Of a duplicate, what is known of any holder's value. */
function carriedOver({ object, attribute, value, holders = [] }: Finding, idFix: IdFixProgress): CarriedOver | null {
  const own = idFix.about(object.distinguishedName, attribute, value);
  if (own !== null) return own;
  for (const holder of holders) {
    for (const input of holder.inputs) {
      const known = idFix.about(holder.object.distinguishedName, input.attribute, input.value);
      if (known !== null) return { ...known, message: `${holder.object.name}: ${known.message}` };
    }
  }
  return null;
}

function idFixReadings(profile: Extract<Profile, { name: 'idfix-compat' }>, idFix: IdFixProgress): ReportedReadings {
  const run = startIdFixAudit(profile);
  return {
    first: (object) => run.first(object),
    needsSecond: (ordinal) => run.needsSecond(ordinal),
    second: (ordinal, object) =>
      run.second(ordinal, object).map((row) => reportedIdFixRow(row, idFix.about(row.dn, row.attr, row.value))),
    notices: () => [],
    finish: () => [],
  };
}
