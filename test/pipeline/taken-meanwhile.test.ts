import { describe, expect, test } from 'vitest';
import type { AdObject } from '../../src/domain/evidence.ts';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import { approve, undo } from '../../src/pipeline/answer-person.ts';
import { broughtBy } from '../../src/pipeline/taken-meanwhile.ts';
import { anApprover, fixOf } from '../domain/case-builder.ts';
import { adUser, cloudUser, guid, twinOf } from '../domain/evidence-builder.ts';
import { approvedCase, giveUp } from './approved-cases.ts';
import { AuditWorld } from './audit-world.ts';
import { adLane, hour, World } from './world.ts';

const eveInAd = adUser({
  objectGuid: guid(31),
  displayName: 'Eve Ek',
  userPrincipalName: 'eve ek@contoso.com',
  proxyAddresses: ['SMTP:eve@contoso.com'],
  sAMAccountName: 'eve',
});

/** Eve's case waits for an approval, of a name that is free. */
async function diagnosed(...ads: AdObject[]) {
  const world = new AuditWorld();
  world.directories.ads = structuredClone([eveInAd, ...ads]);
  await world.audited();
  const subject = world.case();
  const [fix] = subject.fixes;
  const [next = ''] = fix?.changes[0]?.values ?? [];
  if (fix === undefined || next === '') throw new Error('there is no fix');
  return { world, subject, fix, next };
}

const anchor = immutableIdOf(eveInAd.objectGuid) ?? '';
const nameOfEve = (world: World) => world.directories.ad(eveInAd.objectGuid).userPrincipalName;

describe('a name that was free when it was proposed, and is taken before it is written', () => {
  test.each<[string, (world: World, next: string) => void]>([
    [
      'by somebody in Entra alone',
      (world, next) =>
        world.directories.clouds.push(cloudUser({ id: guid(7), displayName: 'Thea', userPrincipalName: next })),
    ],
    [
      'by an address in Active Directory',
      (world, next) =>
        world.directories.ads.push(
          adUser({ objectGuid: guid(32), displayName: 'Thea', proxyAddresses: [`smtp:${next}`] }),
        ),
    ],
  ])('%s: nothing is written, and another is proposed', async (_by, take) => {
    const { world, subject, fix, next } = await diagnosed();
    take(world, next);
    await world.approve(subject, fix);
    await world.apply(adLane);
    expect(world.case()).toMatchObject({ state: 'Stale', message: expect.stringContaining('taken meanwhile by Thea') });
    expect(nameOfEve(world)).toBe('eve ek@contoso.com');
    await world.live(60);
    const anew = world.case();
    expect(anew.state).toBe('AwaitingApproval');
    expect(anew.fixes[0]?.changes[0]?.values).not.toEqual([next]);
  });

  test('by its own twin in Entra: it is written', async () => {
    const { world, subject, fix, next } = await diagnosed();
    world.directories.clouds.push(twinOf(eveInAd, { id: guid(6), userPrincipalName: next }));
    await world.approve(subject, fix);
    await world.apply(adLane);
    expect(nameOfEve(world)).toBe(next);
  });

  test('by the object itself, in an attempt whose answer was lost: it is recorded as written', async () => {
    const { world, subject, fix, next } = await diagnosed();
    await world.approve(subject, fix);
    const { target } = world.directories;
    world.ports.target = () => ({
      largestBatch: 20,
      apply: async (writes) => {
        await target.apply(writes);
        return writes.map(() => ({ outcome: 'TryAgain', message: 'The answer was lost.' }));
      },
    });
    await world.apply(adLane);
    world.directories.clouds.push(cloudUser({ id: guid(7), userPrincipalName: next }));
    world.ports.target = () => target;
    world.pass(hour);
    await world.apply(adLane);
    expect(world.case()).toMatchObject({ state: 'Applied' });
    expect(world.directories.written).toHaveLength(1);
  });
});

test('while a directory does not say who has the name the write waits', async () => {
  const { world, subject, fix, next } = await diagnosed();
  await world.approve(subject, fix);
  world.directories.graphIsDown = true;
  await world.apply(adLane);
  expect(world.case()).toMatchObject({
    state: 'Approved',
    message: expect.stringContaining('still free is not known'),
  });
  world.directories.graphIsDown = false;
  await world.live(300);
  expect(nameOfEve(world)).toBe(next);
});

test('of two plans that bring one address in the same moment the second is stale', async () => {
  const world = new World();
  world.directories.ads = [0, 1].map((place) =>
    adUser({ objectGuid: guid(place), userPrincipalName: `old ${place}@contoso.com` }),
  );
  const bring = (place: number) =>
    fixOf([
      {
        ...giveUp(place),
        attribute: 'userPrincipalName',
        operation: 'replace',
        values: ['new@contoso.com'],
        before: { kind: 'single', value: `old ${place}@contoso.com` },
        after: { kind: 'single', value: 'new@contoso.com' },
      },
    ]);
  const first = await approvedCase(world, 0, bring(0));
  const second = await approvedCase(world, 1, bring(1));
  await world.apply(adLane);
  const [applied, stale] = [first, second]
    .map((id) => world.case(id))
    .toSorted((left, right) => (left.state < right.state ? -1 : 1));
  expect(applied?.state).toBe('Applied');
  expect(stale).toMatchObject({ state: 'Stale', message: expect.stringContaining('same moment') });
  expect(world.directories.written).toHaveLength(1);
});

test('two cases of one attribute of one object: one plan is written; the other case waits for its proof, and is diagnosed anew', async () => {
  const rival = adUser({ objectGuid: guid(32), displayName: 'Eve Other', userPrincipalName: 'eve ek@contoso.com' });
  const world = new AuditWorld();
  world.directories.ads = structuredClone([eveInAd, rival]);
  await world.audited();
  const caseOf = (code: string) => {
    const subject = world
      .cases()
      .find(({ error, identities }) => error.code === code && identities.sourceAnchor === anchor);
    const plan = subject?.fixes.find(({ changes }) => changes[0]?.objectId === eveInAd.objectGuid);
    if (!subject || !plan) throw new Error(`there is no plan of ${code} for Eve`);
    return { subject, plan };
  };
  const duplicate = caseOf('DuplicateInDirectory');
  const invalid = caseOf('InvalidAttributeValue');
  await approve(world.ports, world.person, duplicate.subject.id, anApprover, {
    fixId: duplicate.plan.id,
    planHash: duplicate.plan.planHash,
    reason: 'They are two.',
    party: 'DifferentParties',
  });
  world.pass(60);
  await world.approve(invalid.subject, invalid.plan);
  await world.apply(adLane);
  expect(world.case(duplicate.subject.id).state).toBe('Applied');
  expect(world.case(invalid.subject.id).state).toBe('Stale');
  expect(world.directories.written).toHaveLength(1);
  await world.live(hour);
  expect(world.case(duplicate.subject.id).state).toBe('Resolved');
  expect(world.case(invalid.subject.id).diagnosis?.reason).toBe('AlreadyCorrect');
});

test('what an undo gives back is not asked about: it was there before', async () => {
  const { world, subject, fix } = await diagnosed();
  await world.approve(subject, fix);
  await world.live(600);
  await undo(world.ports, world.person, subject.id, anApprover, 'A mistake.');
  const proposed = world.case().fixes.find(({ undoOf }) => undoOf !== undefined);
  if (!proposed) throw new Error('there is no undo');
  await world.approve(world.case(), proposed);
  world.directories.ads.push(adUser({ objectGuid: guid(32), userPrincipalName: 'eve ek@contoso.com' }));
  await world.apply(adLane);
  expect(nameOfEve(world)).toBe('eve ek@contoso.com');
});

test('brought is what the object had not, but for the disputed value and for what Entra itself guards', () => {
  const change = giveUp(1);
  const before = { kind: 'multiple', present: ['smtp:a@x.com'], absent: ['SMTP:b@x.com'], primary: null } as const;
  const after = {
    kind: 'multiple',
    present: ['SMTP:A@x.com', 'SMTP:b@x.com'],
    absent: [],
    primary: 'SMTP:b@x.com',
  } as const;
  const swap = {
    ...change,
    before: { ...before, present: ['smtp:a@x.com'], absent: [] },
    after: { ...after, present: [...after.present], absent: [] },
  };
  expect(broughtBy(swap, 'smtp:c@x.com')).toEqual(['SMTP:b@x.com']);
  expect(broughtBy(swap, 'smtp:B@x.com')).toEqual([]);
  expect(broughtBy({ ...swap, target: 'entra' }, 'smtp:c@x.com')).toEqual([]);
});
