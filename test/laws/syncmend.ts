import type { Case } from '../../src/domain/case.ts';
import type { Fix } from '../../src/domain/diagnosis.ts';
import type { Evidence } from '../../src/domain/evidence.ts';
import { approve, type PersonPolicy, undo } from '../../src/pipeline/answer-person.ts';
import { apply } from '../../src/pipeline/apply.ts';
import { detect } from '../../src/pipeline/detect.ts';
import { diagnose } from '../../src/pipeline/diagnose.ts';
import { verify } from '../../src/pipeline/verify.ts';
import { caseMessage, laneMessage } from '../../src/pipeline/wake.ts';
import type { ChangeTarget, OutgoingMessage } from '../../src/ports.ts';
import {
  InMemoryCaseStore,
  InMemoryLeases,
  InMemoryMessages,
  inMemoryEvidence,
  inMemoryLanes,
} from '../pipeline/in-memory-store.ts';
import type { World } from './world.ts';

const person = { oid: 'approver' };
const releaseIntervalSeconds = 3600;
const applyPolicy = {
  killSwitch: false,
  mostChangesPerRun: 1000,
  mostChangesPerHour: 10_000,
  breaker: { atLeast: 20, mostRefusedShare: 0.5 },
};

export type Syncmend = ReturnType<typeof startSyncmend>;

/** The pipeline over the real adapters, its messages delivered by hand: nothing is waited for, time is moved. */
export function startSyncmend(world: World, allowDirectExchangeWrites: boolean) {
  const clock = { now: () => new Date(world.clock.now()) };
  const store = new InMemoryCaseStore();
  const messages = new InMemoryMessages();
  const evidence = inMemoryEvidence();
  const policy: PersonPolicy = {
    exchangeAuthority: 'on-premises',
    allowDirectExchangeWrites,
    protectedObjects: [],
    approval: [],
    approvalDays: 7,
    fourEyes: false,
  };
  const killer = new WorkerKiller(world);
  const targets = { entra: killer.around(world.graph.target), ad: killer.around(world.relay.target) };
  const ports = {
    clock,
    tenant: world.tenant.tenantId,
    random: () => 0.5,
    pause: async (milliseconds: number) => world.clock.advance(milliseconds),
    store,
    messages,
    evidence,
    leases: new InMemoryLeases(clock.now),
    lanes: inMemoryLanes(),
    directory: world.graph.directory,
    onPremises: world.relay.onPremises,
    target: (lane: string) => (lane.startsWith('ad:') ? targets.ad : targets.entra),
  };

  async function deliver({ queue, body }: OutgoingMessage): Promise<void> {
    if (queue === 'diagnose') await diagnose(ports, policy, caseMessage.parse(body));
    if (queue === 'verify') await verify(ports, { releaseIntervalSeconds, pollSeconds: 30 }, caseMessage.parse(body));
    if (queue !== 'apply') return;
    // Twice at least: a killed worker's message is delivered again, and so is one whose settlement was lost.
    for (let delivery = 0; delivery < 2; delivery++)
      await killer.survive(() => apply(ports, applyPolicy, laneMessage.parse(body)));
  }

  /** Delivers what is due, and what becomes due by that. */
  async function deliverAll(): Promise<void> {
    for (;;) {
      await world.pass(2000);
      const due = messages.takeDue(clock.now());
      if (due.length === 0) return;
      for (const message of due) await deliver(message);
    }
  }

  const read = async (id: string): Promise<Case> => {
    const stored = await store.read(id);
    if (!stored) throw new Error(`there is no case ${id}`);
    return stored.case;
  };

  return {
    read,
    cases: async (): Promise<Case[]> => [...store.projections.values()].map((stored) => stored.case),
    evidenceOf: async ({ evidence: stored }: Case): Promise<Evidence | null> => {
      const answer = await evidence.get(stored?.hash ?? '');
      return answer.ok ? answer.value : null;
    },

    /** Reads every source once, and diagnoses what is new. */
    async detect(): Promise<void> {
      for (const source of [world.graph.source, world.relay.source]) {
        const { outcome, problems } = await detect(ports, source, 'laws');
        if (outcome !== 'read' || problems.length > 0) throw new Error(`${source.name}: ${outcome} ${problems}`);
      }
      await deliverAll();
    },

    /** Approves a fix and sees it through cycles and release intervals, until nothing is under way any more. */
    async carryOut(id: string, { id: fixId, planHash }: Fix): Promise<Case> {
      const committed = await approve(ports, policy, id, person, {
        fixId,
        planHash,
        reason: 'law',
        party: 'DifferentParties',
      });
      if ('refusal' in committed) throw new Error(`not approved: ${JSON.stringify(committed.refusal)}`);
      killer.arm();
      for (let round = 0; round < 16; round++) {
        await deliverAll();
        if (!['Approved', 'Applying', 'Applied'].includes((await read(id)).state)) break;
        await world.cycle();
        await deliverAll();
        await world.pass((releaseIntervalSeconds + 60) * 1000);
      }
      return read(id);
    },

    async proposeUndo(id: string): Promise<Fix> {
      const committed = await undo(ports, policy, id, person, 'law');
      if ('refusal' in committed) throw new Error(`no undo: ${JSON.stringify(committed.refusal)}`);
      const fix = committed.case.fixes.find(({ id: fixId }) => fixId === committed.case.undo?.fixId);
      if (!fix) throw new Error('the undo proposes no fix');
      return fix;
    },
  };
}

class Killed extends Error {}

/** Kills the worker once a plan: after the directory has written, before the outcome is recorded. The relay goes with it. */
class WorkerKiller {
  #armed = false;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  arm(): void {
    this.#armed = true;
  }

  around(target: ChangeTarget): ChangeTarget {
    return {
      largestBatch: target.largestBatch,
      apply: async (writes) => {
        const outcomes = await target.apply(writes);
        if (!this.#armed) return outcomes;
        this.#armed = false;
        this.#world.restartRelay();
        throw new Killed();
      },
    };
  }

  async survive(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}
