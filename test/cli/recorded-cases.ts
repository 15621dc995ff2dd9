import type { Actor, Case } from '../../src/domain/case.ts';
import { type CaseEvent, system } from '../../src/domain/case-event.ts';
import type { Fix } from '../../src/domain/diagnosis.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { RecordedEvent } from '../../src/domain/recorded-event.ts';
import type { CaseStore } from '../../src/ports.ts';

export const tenant = '11111111-1111-4111-8111-111111111111';
export const caseId = (digit: string): string => digit.repeat(32);

export const approver: Actor = { oid: '99999999-9999-4999-8999-999999999999', name: 'Anna Approver' };

/** A person as the directories know them. */
export interface Person {
  readonly name: string;
  readonly id: string;
  readonly objectGuid: string;
  readonly address: string;
}
export const mona: Person = {
  name: 'Mona Keller',
  id: 'aaaaaaaa-0000-4000-8000-000000000001',
  objectGuid: 'bbbbbbbb-0000-4000-8000-000000000001',
  address: 'mona.keller@contoso.com',
};
export const kiosk: Person = {
  name: 'Kiosk Berlin',
  id: 'aaaaaaaa-0000-4000-8000-000000000002',
  objectGuid: 'bbbbbbbb-0000-4000-8000-000000000002',
  address: 'kiosk@contoso.com',
};

const planHash = 'f'.repeat(64);

/** The events of a fault that was found, explained, approved, fixed and proven gone. */
export function wholeStory(id: string, subject: Person, holder: Person, evidence: string): CaseEvent[] {
  return [
    sighted(id, subject, holder.address),
    diagnosed(subject, holder, evidence),
    {
      type: 'Approved',
      data: { fixId: 'release', planHash, reason: 'They agreed', until: '2026-02-01T00:00:00.000Z' },
    },
    { type: 'Claimed', data: { claim: 1, changes: [0] } },
    {
      type: 'Applied',
      data: {
        results: [{ index: 0, outcome: 'Applied', alreadyThere: false, where: 'dc1' }],
        at: '2026-01-01T00:00:00.000Z',
      },
    },
    { type: 'Resolved', data: { cause: 'fixed', proof: `Gone from ${subject.name}.` } },
  ];
}

export function sighted(id: string, subject: Person, value: string): CaseEvent {
  return {
    type: 'Sighted',
    data: {
      id,
      keys: [id],
      sighting: {
        v: 1,
        tenant,
        source: 'graph',
        code: 'QuarantinedProxyAddress',
        family: 'DuplicateValue',
        originalCode: 'PropertyConflict',
        objectType: 'user',
        displayName: subject.name,
        identities: { cloudId: subject.id },
        attribute: 'proxyAddresses',
        value: `smtp:${value}`,
        raw: {},
      },
    },
  };
}

export function diagnosed(subject: Person, holder: Person, evidence: string): CaseEvent {
  return {
    type: 'Diagnosed',
    data: {
      evidence,
      gatheredAt: '2026-01-01T00:00:00.000Z',
      subject: viewOf(subject),
      holders: [{ ...viewOf(holder), attribute: 'proxyAddresses' }],
      diagnosis: {
        reason: 'KeeperRecommended',
        message: `${holder.name} keeps ${holder.address}; ${subject.name} gives it up`,
        fixes: [release(subject, holder)],
        unknowns: [],
      },
    },
  };
}

const viewOf = ({ name, id, objectGuid, address }: Person) => ({
  displayName: name,
  objectType: 'user',
  onPremises: { dn: `CN=${name},CN=Users,DC=contoso,DC=com`, objectGuid, forest: 'contoso.com' },
  cloud: { id, userPrincipalName: address },
  authority: 'active-directory',
});

function release(subject: Person, holder: Person): Fix {
  const value = `smtp:${holder.address}`;
  return {
    id: 'release',
    title: `${subject.name} gives ${holder.address} up`,
    kind: 'changes',
    risk: 'medium',
    recommended: true,
    planHash,
    changes: [
      {
        target: 'active-directory',
        objectId: subject.objectGuid,
        objectType: 'user',
        objectName: subject.name,
        forest: 'contoso.com',
        attribute: 'proxyAddresses',
        operation: 'delete',
        values: [value],
        before: { kind: 'multiple', present: [value], absent: [], primary: null },
        after: { kind: 'multiple', present: [], absent: [value], primary: null },
        stage: 'release',
      },
    ],
    runbook: [],
    derived: [],
    notes: [],
  };
}

/** Appends the events one by one, as the pipeline would. */
export async function record(store: CaseStore, id: string, events: readonly CaseEvent[]): Promise<Case> {
  let current: Case | undefined;
  for (const event of events) {
    const stored = await store.read(id);
    const sequence = (stored?.case.sequence ?? -1) + 1;
    const at = new Date(Date.UTC(2026, 0, 1, 0, sequence)).toISOString();
    const happening = { sequence, at, by: event.type === 'Approved' ? approver : system, type: event.type, event };
    const next = evolve(stored?.case, happening);
    const recorded: RecordedEvent = { v: 1, ...happening, state: next.state };
    const outcome = await store.append(stored, next, [recorded], []);
    if (outcome !== 'appended') throw new Error(`the story of ${id} could not be recorded`);
    current = next;
  }
  if (!current) throw new Error('a story has events');
  return current;
}
