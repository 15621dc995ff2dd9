import type { ApplyPolicy } from '../../src/domain/apply-gate.ts';
import type { Case } from '../../src/domain/case.ts';
import type { Fix } from '../../src/domain/diagnosis.ts';
import type { Sighting } from '../../src/domain/sighting.ts';
import { approve, type PersonPolicy } from '../../src/pipeline/answer-person.ts';
import { apply } from '../../src/pipeline/apply.ts';
import { detect } from '../../src/pipeline/detect.ts';
import { diagnose } from '../../src/pipeline/diagnose.ts';
import { sweep } from '../../src/pipeline/sweep.ts';
import { verify } from '../../src/pipeline/verify.ts';
import type { CaseMessage, LaneMessage } from '../../src/pipeline/wake.ts';
import type { OutgoingMessage, SightingSource } from '../../src/ports.ts';
import { anApprover } from '../domain/case-builder.ts';
import { daysAgo, now, sightingOf } from '../domain/evidence-builder.ts';
import { anna, annaInAd, bo, boInAd } from '../domain/stories.ts';
import { FakeDirectories } from './fake-directories.ts';
import {
  InMemoryCaseStore,
  InMemoryLeases,
  InMemoryMessages,
  inMemoryEvidence,
  inMemoryLanes,
} from './in-memory-store.ts';

export const adLane = 'ad:contoso.com';
export const entraLane = 'entra:tenant';
export const hour = 3600;
export const day = 24 * hour;

/** The pipeline over ports in memory, with a clock that only stories move. */
export class World {
  #time = Date.parse(now);
  readonly clock = { now: () => new Date(this.#time) };
  readonly store = new InMemoryCaseStore();
  readonly messages = new InMemoryMessages();
  readonly directories = new FakeDirectories();
  readonly person: PersonPolicy = {
    exchangeAuthority: 'on-premises',
    allowDirectExchangeWrites: false,
    protectedObjects: [],
    approval: [],
    approvalDays: 7,
    fourEyes: false,
  };
  readonly limits: ApplyPolicy = {
    killSwitch: false,
    mostChangesPerRun: 1000,
    mostChangesPerHour: 1000,
    breaker: { atLeast: 20, mostRefusedShare: 0.5 },
  };
  readonly proof = { releaseIntervalSeconds: hour, pollSeconds: 300 };
  readonly ports = {
    clock: this.clock,
    tenant: 'tenant',
    random: () => 0,
    pause: async (milliseconds: number) => {
      this.#time += milliseconds;
    },
    store: this.store,
    messages: this.messages,
    leases: new InMemoryLeases(() => this.clock.now()),
    lanes: inMemoryLanes(),
    evidence: inMemoryEvidence(),
    directory: this.directories.directory,
    onPremises: this.directories.onPremises,
    target: () => this.directories.target,
  };

  pass(seconds: number): void {
    this.#time += seconds * 1000;
  }

  detect(sightings: readonly Sighting[], more: Partial<ReturnType<typeof readOf>> = {}, name = 'graph') {
    return detect(this.ports, sourceOf(name, sightings, more), 'this-run');
  }

  sweep = () => sweep(this.ports);

  /** Delivers everything that is due, and what that leads to, until nothing is. */
  async deliver(): Promise<void> {
    for (
      let due = this.messages.takeDue(this.clock.now());
      due.length > 0;
      due = this.messages.takeDue(this.clock.now())
    )
      for (const message of due) await this.handle(message);
  }

  /** Lets time pass in steps, delivering what becomes due. */
  async live(seconds: number, step = 60): Promise<void> {
    await this.deliver();
    for (let passed = 0; passed < seconds; passed += step) {
      this.pass(step);
      await this.deliver();
    }
  }

  async handle({ queue, body }: OutgoingMessage): Promise<void> {
    if (queue === 'diagnose') await diagnose(this.ports, this.person, body as CaseMessage);
    if (queue === 'verify') await verify(this.ports, this.proof, body as CaseMessage);
    if (queue === 'apply') await apply(this.ports, this.limits, body as LaneMessage);
  }

  apply = (lane: string) => apply(this.ports, this.limits, { v: 1, tenant: 'tenant', lane });

  case(id?: string): Case {
    const cases = [...this.store.projections.values()].map((stored) => stored.case);
    const one = id === undefined ? cases[0] : cases.find((other) => other.id === id);
    if (!one) throw new Error('the story has no such case');
    return one;
  }

  cases = (): Case[] => [...this.store.projections.values()].map((stored) => stored.case);

  /** The fix that takes the value from Bo. */
  fixOf(subject: Case): Fix {
    const fix = subject.fixes.find((one) => one.kind === 'changes' && one.changes[0]?.objectName.includes('Bo'));
    if (!fix) throw new Error(`no such fix: ${JSON.stringify(subject.fixes.map((one) => [one.id, one.kind]))}`);
    return fix;
  }

  approve(subject: Case, fix = this.fixOf(subject)) {
    return approve(this.ports, this.person, subject.id, anApprover, {
      fixId: fix.id,
      planHash: fix.planHash,
      reason: 'Bo agreed',
    });
  }
}

export const readOf = (sightings: readonly Sighting[]) => ({
  sightings: [...sightings],
  complete: true,
  problems: [] as string[],
});

export const sourceOf = (
  name: string,
  sightings: readonly Sighting[],
  more: Partial<ReturnType<typeof readOf>> = {},
): SightingSource => ({
  name,
  read: async () => ({ ok: true, value: { ...readOf(sightings), ...more } }),
});

/** Anna's claim of Bo's address, quarantined in Entra. */
export const annasError = sightingOf({
  identities: { cloudId: anna.id, sourceAnchor: anna.onPremisesImmutableId ?? '' },
});

/** Anna and Bo, two people of one forest, both with smtp:shared@contoso.com; Entra has quarantined Anna's. */
export function annaAndBo(): World {
  const world = new World();
  world.directories.ads = [structuredClone(annaInAd), structuredClone(boInAd)];
  world.directories.clouds = [
    {
      ...structuredClone(anna),
      provisioningErrors: [
        {
          category: 'PropertyConflict',
          propertyCausingError: 'ProxyAddresses',
          value: 'smtp:shared@contoso.com',
          occurredDateTime: daysAgo(1),
        },
      ],
    },
    structuredClone(bo),
  ];
  return world;
}

/** Anna and Bo with the case found and diagnosed. */
export async function diagnosed(world = annaAndBo()): Promise<World> {
  await world.detect([annasError]);
  await world.deliver();
  return world;
}
