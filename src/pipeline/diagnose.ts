import { type ApprovalPolicy, approvedByPolicy } from '../domain/approval-policy.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { Actor, Case } from '../domain/case.ts';
import { system } from '../domain/case-event.ts';
import { conflictSetOf } from '../domain/conflict-set.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import { duplicateInDirectoryCode, duplicateValue } from '../domain/error-family.ts';
import type { Evidence } from '../domain/evidence.ts';
import { partiesOf } from '../domain/party.ts';
import { bareAddress } from '../domain/proxy-address.ts';
import type { Sighting } from '../domain/sighting.ts';
import { conflictSetKey } from '../domain/sighting-keys.ts';
import { kindOf } from '../errors/index.ts';
import type { EvidenceStore } from '../ports.ts';
import { type CommitPorts, commit } from './commit.ts';
import { diagnoseWithFreeNames } from './free-names.ts';
import { type GatherPorts, gather, type TenantPolicy } from './gather.ts';
import { holderViews, subjectView } from './object-views.ts';
import { putOff } from './put-off.ts';
import { supersedeOthers } from './supersede-others.ts';
import type { CaseMessage } from './wake.ts';

export interface DiagnosePorts extends CommitPorts, GatherPorts {
  readonly evidence: EvidenceStore;
}

export interface DiagnosePolicy extends TenantPolicy {
  readonly approval: ApprovalPolicy;
  readonly approvalDays: number;
}

const policyActor: Actor = { oid: 'policy' };
const diagnosable: readonly Case['state'][] = [
  'Detected',
  'AwaitingApproval',
  'NeedsPerson',
  'Stale',
  'Failed',
  'Reopened',
  'Reverted',
  'Expired',
];

/** Gathers the facts of one case, diagnoses it, and joins it with the other cases of the same pair of objects. */
export async function diagnose(ports: DiagnosePorts, policy: DiagnosePolicy, message: CaseMessage): Promise<void> {
  const subject = (await ports.store.read(message.case))?.case;
  if (!subject || !diagnosable.includes(subject.state)) return;
  const sighting = sightingOf(subject);
  const kind = kindOf(sighting.code);
  const sought = kind.seeks(sighting);
  if (!sought) return recordUnsought(ports, subject, sighting);

  const gathered = await gather(ports, policy, subject, sought);
  // Without the subject there is nothing to show: wait for Graph instead of filling the case with what is not known.
  if (gathered.evidence.subject.cloud.state === 'unknown' && gathered.unreachable.includes('Microsoft Graph'))
    return putOff(ports, 'diagnose', subject, message);
  const { evidence, diagnosis } = await diagnoseWithFreeNames(ports, gathered.evidence, (facts) =>
    kind.diagnose(sighting, facts),
  );
  await record(ports, subject, evidence, diagnosis);
  await mergeSamePerson(ports, subject.id, evidence, diagnosis);
  await mergeForeseen(ports, subject, evidence);
  await approveByPolicy(ports, policy, subject.id);
  if (gathered.unreachable.length > 0 || isInOpenPlan(evidence)) await putOff(ports, 'diagnose', subject, message);
}

/** Until that plan has come to its end nothing is proposed for the object: no other message would wake the case then. */
function isInOpenPlan(evidence: Evidence): boolean {
  const { subject, others } = partiesOf(evidence);
  const ids = new Set(
    [subject, ...others].flatMap(({ cloud, onPremises }) => [cloud?.id, ...onPremises.map((ad) => ad.objectGuid)]),
  );
  return evidence.openPlans.some(({ objectId }) => ids.has(objectId));
}

/** The sighting that a case stands for, as its kind wants to see it. */
export function sightingOf({ tenant, error, identities, subject }: Case): Sighting {
  const { source, code, family, originalCode, objectType, raw, attribute, value } = error;
  return {
    v: 1,
    tenant,
    source: source === 'sync-engine' || source === 'directory-audit' ? source : 'graph',
    code,
    family,
    originalCode,
    objectType: objectType === 'user' || objectType === 'group' || objectType === 'contact' ? objectType : 'unknown',
    displayName: subject.displayName,
    identities,
    ...(attribute === undefined ? {} : { attribute }),
    ...(value === undefined ? {} : { value }),
    raw,
  };
}

async function recordUnsought(ports: DiagnosePorts, subject: Case, sighting: Sighting): Promise<void> {
  const diagnosis = kindOf(sighting.code).diagnose(sighting, null);
  if (isShown(subject, diagnosis)) return;
  await commit(ports, subject.id, system, {
    do: 'recordDiagnosis',
    evidence: '',
    gatheredAt: ports.clock.now().toISOString(),
    subject: subject.subject,
    holders: [],
    diagnosis,
  });
}

async function record(ports: DiagnosePorts, subject: Case, evidence: Evidence, diagnosis: Diagnosis): Promise<void> {
  if (isShown(subject, diagnosis)) return;
  const stored = await ports.evidence.put(evidence);
  const conflictSet = conflictSetOf(evidence);
  await commit(ports, subject.id, system, {
    do: 'recordDiagnosis',
    // The evidence can be gathered again; a case without it still shows its diagnosis.
    evidence: stored.ok ? stored.value : '',
    gatheredAt: evidence.gatheredAt,
    ...(conflictSet === null ? {} : { conflictSet }),
    subject: subjectView(evidence, subject),
    holders: holderViews(evidence),
    diagnosis,
  });
}

const isShown = ({ state, diagnosis }: Case, found: Diagnosis): boolean =>
  ['AwaitingApproval', 'NeedsPerson'].includes(state) && canonicalJson(diagnosis) === canonicalJson(found);

/** The quarantines of one person with two objects are one case: the first that was diagnosed. */
async function mergeSamePerson(
  ports: DiagnosePorts,
  id: string,
  evidence: Evidence,
  diagnosis: Diagnosis,
): Promise<void> {
  const conflictSet = conflictSetOf(evidence);
  if (diagnosis.party?.verdict !== 'SamePerson' || conflictSet === null) return;
  const first = await ports.store.claimKey(conflictSetKey(evidence.tenant.id, conflictSet), id);
  if (first === id) return;
  const survivor = (await ports.store.read(first))?.case;
  if (!survivor || !diagnosable.includes(survivor.state)) return;
  await commit(ports, id, system, {
    do: 'merge',
    into: first,
    reason: `One person with two objects: this value (${evidence.sought.value}) is dealt with in the case of the same pair.`,
  });
}

/**
 * What the audit has foreseen of one pair of objects and Entra then quarantines at the other of the two is one fault: the case
 * of the quarantine goes on.
 */
async function mergeForeseen(ports: DiagnosePorts, { id, error }: Case, evidence: Evidence): Promise<void> {
  if (error.family !== duplicateValue) return;
  const isForeseen = error.code === duplicateInDirectoryCode;
  const address = bareAddress(evidence.sought.value);
  const others = (await ports.store.summaries(10)).filter(
    (other) =>
      other.id !== id &&
      (isForeseen ? other.code.startsWith('Quarantined') : other.code === duplicateInDirectoryCode) &&
      bareAddress(other.value) === address &&
      diagnosable.includes(other.state),
  );
  const { subject, others: parties } = partiesOf(evidence);
  const own = new Set(
    [subject, ...parties].flatMap(({ cloud, onPremises }) => [
      ...(cloud === null ? [] : [cloud.id]),
      ...onPremises.map(({ objectGuid }) => objectGuid),
    ]),
  );
  for (const { id: otherId } of others) {
    const other = (await ports.store.read(otherId))?.case;
    const common = [other?.subject, ...(other?.holders ?? [])].filter(
      (view) => own.has(view?.onPremises?.objectGuid ?? '') || own.has(view?.cloud?.id ?? ''),
    );
    // Before the first synchronisation and after it the same objects have other ids: one in common tells each.
    if (common.length < 2) continue;
    const [from, into] = isForeseen ? [id, otherId] : [otherId, id];
    await commit(ports, from, system, {
      do: 'merge',
      into,
      reason: 'The audit foresaw what Entra has quarantined: the same value of the same objects.',
    });
    if (isForeseen) return;
  }
}

async function approveByPolicy(ports: DiagnosePorts, policy: DiagnosePolicy, id: string): Promise<void> {
  const subject = (await ports.store.read(id))?.case;
  const fix = subject && approvedByPolicy(policy.approval, subject);
  if (!fix) return;
  const committed = await commit(ports, id, policyActor, {
    do: 'approve',
    fixId: fix.id,
    planHash: fix.planHash,
    reason: 'Approved by policy.',
    until: approvedUntil(ports.clock.now(), policy.approvalDays),
    fourEyes: false,
  });
  if ('case' in committed) await supersedeOthers(ports, committed.case);
}

export const approvedUntil = (now: Date, days: number): string =>
  new Date(now.getTime() + days * 24 * 60 * 60 * 1000).toISOString();
