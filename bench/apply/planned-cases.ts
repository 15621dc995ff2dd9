import { createCaseStore } from '../../src/adapters/tables/case-store.ts';
import { system } from '../../src/domain/case-event.ts';
import type { Change } from '../../src/domain/change.ts';
import type { Diagnosis } from '../../src/domain/diagnosis.ts';
import { planHash } from '../../src/domain/plan-hash.ts';
import { succeeded } from '../../src/domain/result.ts';
import type { Sighting } from '../../src/domain/sighting.ts';
import { sightingKeys } from '../../src/domain/sighting-keys.ts';
import { type CommitPorts, commit } from '../../src/pipeline/commit.ts';
import { inParallel } from '../../src/pipeline/in-parallel.ts';
import type { CaseStore } from '../../src/ports.ts';
import type { BenchCloud } from '../parts/surroundings.ts';

/** A case that waits for a person's approval of one change in Entra. */
export interface PlannedCase {
  readonly id: string;
  readonly planHash: string;
  readonly change: Change;
}

export const fixId = 'rename';
const width = 8;

/** The product's own store, opened in this process. */
export function openStore({ around, storageCredential }: BenchCloud): CaseStore {
  const { tablesUrl, tenantId } = around;
  return createCaseStore({ url: tablesUrl, credential: storageCredential, tenant: tenantId });
}

/**
 * One case a user, reported and diagnosed with the product's own commands; only the diagnosis is made up here, because what
 * it takes to find one is not what is measured. Nobody is woken: the messages go nowhere.
 */
export function planCases(
  store: CaseStore,
  tenant: string,
  users: readonly { readonly id: string; readonly name: string }[],
): Promise<PlannedCase[]> {
  const nowhere = { send: async () => succeeded(undefined), drainDeadLetters: async () => succeeded(0) };
  const ports: CommitPorts = { clock: { now: () => new Date() }, store, messages: nowhere };
  return inParallel(width, users, async (user) => {
    const sighting = sightingOf(tenant, user);
    const keys = sightingKeys(sighting);
    const [id = ''] = keys;
    const change = renameOf(user);
    await commit(ports, id, system, { do: 'report', id, keys, sighting });
    const diagnosed = await commit(ports, id, system, {
      do: 'recordDiagnosis',
      evidence: '0'.repeat(64),
      gatheredAt: new Date().toISOString(),
      subject: { displayName: user.name, objectType: 'user', cloud: { id: user.id }, authority: 'entra' },
      holders: [],
      diagnosis: diagnosisOf(change),
    });
    if (!('case' in diagnosed)) throw new Error(diagnosed.refusal.message);
    return { id, planHash: planHash([change]), change };
  });
}

function sightingOf(tenant: string, { id, name }: { id: string; name: string }): Sighting {
  return {
    v: 1,
    tenant,
    source: 'graph',
    code: 'QuarantinedUserPrincipalName',
    family: 'DuplicateValue',
    originalCode: 'PropertyConflict',
    objectType: 'user',
    displayName: name,
    identities: { cloudId: id },
    attribute: 'userPrincipalName',
    value: `${name}@contoso.com`,
    raw: {},
  };
}

function renameOf({ id, name }: { id: string; name: string }): Change {
  const [before, after] = [`${name}@contoso.com`, `${name}.renamed@contoso.com`];
  return {
    target: 'entra',
    objectId: id,
    objectType: 'user',
    objectName: name,
    attribute: 'userPrincipalName',
    operation: 'replace',
    values: [after],
    before: { kind: 'single', value: before },
    after: { kind: 'single', value: after },
    stage: 'release',
  };
}

function diagnosisOf(change: Change): Diagnosis {
  return {
    reason: 'DifferentParties',
    message: 'Two people want one name.',
    party: { verdict: 'DifferentParties', facts: [] },
    fixes: [
      {
        id: fixId,
        title: 'Rename the user in Entra.',
        kind: 'changes',
        risk: 'medium',
        recommended: true,
        planHash: planHash([change]),
        changes: [change],
        runbook: [],
        derived: [],
        notes: [],
      },
    ],
    unknowns: [],
  };
}
