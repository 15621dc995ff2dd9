import { describe, expect, test } from 'vitest';
import { approve, reject, undo } from '../../src/pipeline/answer-person.ts';
import { anApprover, claim, fixOf } from '../domain/case-builder.ts';
import { cloudUser, guid } from '../domain/evidence-builder.ts';
import { anna, bo, boInAd } from '../domain/stories.ts';
import { approvedCase } from './approved-cases.ts';
import { day, diagnosed, entraLane, hour, World } from './world.ts';

/** Bo's address has been taken from him in Active Directory; nothing has been synchronised yet. */
async function applied(): Promise<World> {
  const world = await diagnosed();
  await world.approve(world.case());
  await world.live(60);
  expect(world.case().state).toBe('Applied');
  return world;
}

/** The same, proven: the case is resolved. */
async function resolved(): Promise<World> {
  const world = await applied();
  world.directories.cycle(world.clock.now());
  world.directories.release();
  await world.live(hour + 900);
  expect(world.case()).toMatchObject({ state: 'Resolved', resolution: { cause: 'fixed' } });
  return world;
}

/** A plan that also gives a name in Entra; its first stage is written. */
async function twoStagesWritten(): Promise<World> {
  const world = await diagnosed();
  world.directories.clouds.push(cloudUser({ id: guid(6), userPrincipalName: 'anna.berg@contoso.com' }));
  const fix = world.fixOf(world.case());
  const staged = fixOf([...fix.changes, claim({ objectId: guid(6) })], { id: 'staged' });
  const stored = world.store.projections.get(world.case().id);
  if (stored) stored.case = { ...stored.case, fixes: [staged] };
  await approve(world.ports, world.person, world.case().id, anApprover, {
    fixId: staged.id,
    planHash: staged.planHash,
    reason: 'r',
  });
  await world.live(60);
  return world;
}

/** An undo is asked for, approved and written. */
async function undoIt(world: World): Promise<void> {
  const proposed = await undo(world.ports, world.person, world.case().id, anApprover, 'Bo needs it');
  expect(proposed).toMatchObject({ case: { state: 'UndoProposed' } });
  const fix = world.case().fixes.find((one) => one.undoOf !== undefined);
  if (!fix) throw new Error('no undo');
  await world.approve(world.case(), fix);
  await world.live(60);
  expect(world.case().state).toBe('Applied');
}

const proofs = (world: World): string[] => world.case().events.map((event) => event.type);

describe('a change in Active Directory', () => {
  test('is not proven before the connector space shows the new value', async () => {
    const world = await applied();
    world.directories.exportedAt = world.clock.now();
    await world.live(2 * hour);
    expect(proofs(world)).not.toContain('ExportProven');
    world.directories.space.set(boInAd.objectGuid, { proxyAddresses: boInAd.proxyAddresses });
    await world.live(2 * hour);
    expect(world.case().state).toBe('Applied');
  });

  test('is not proven before an export followed that import', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    world.directories.exportedAt = new Date(world.clock.now().getTime() - day * 1000);
    await world.live(hour);
    expect(proofs(world)).not.toContain('ExportProven');
    world.directories.exportedAt = world.clock.now();
    await world.live(900);
    expect(proofs(world)).toContain('ExportProven');
  });

  test('then waits for one release interval, and reads the object by id', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    world.directories.release();
    await world.live(hour - 120);
    expect(world.case().state).toBe('Applied');
    await world.live(900);
    expect(world.case().state).toBe('Resolved');
    expect(world.case().message).toContain('read by id');
  });

  test('waits while the relay does not answer', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    world.directories.release();
    world.directories.relayIsDown = true;
    await world.live(3 * hour);
    expect(world.case().state).toBe('Applied');
    world.directories.relayIsDown = false;
    await world.live(2 * hour);
    expect(world.case().state).toBe('Resolved');
  });

  test('waits while Graph does not answer', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    world.directories.release();
    await world.live(600);
    world.directories.graphIsDown = true;
    await world.live(3 * hour);
    expect(world.case().state).toBe('Applied');
    world.directories.graphIsDown = false;
    await world.live(600);
    expect(world.case().state).toBe('Resolved');
  });

  test('that somebody takes back is Reverted, and diagnosed again', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    await world.live(600);
    const bo = world.directories.ad(boInAd.objectGuid);
    bo.proxyAddresses.push('smtp:shared@contoso.com');
    bo.attributeChangedAt = { proxyAddresses: '2026-11-22T12:30:00.000Z' };
    bo.attributeChangedOn = { proxyAddresses: 'DC1' };
    world.directories.cycle(world.clock.now());
    await world.live(2 * hour);
    expect(proofs(world)).toContain('Reverted');
    expect(world.case().state).toBe('NeedsPerson');
    const reverted = (await world.store.events(world.case().id)).find(({ type }) => type === 'Reverted');
    expect(reverted?.event?.data).toMatchObject({
      reason: expect.stringContaining('at 2026-11-22T12:30:00.000Z on DC1'),
    });
  });
});

/** Another hand gives Bo the address again in Active Directory, before or after anything was imported. */
function putBack(world: World): void {
  const bo = world.directories.ad(boInAd.objectGuid);
  bo.proxyAddresses = [...bo.proxyAddresses, 'smtp:Shared@contoso.com'];
  bo.attributeChangedAt = { proxyAddresses: '2026-11-22T12:30:00.000Z' };
  bo.attributeChangedOn = { proxyAddresses: 'DC1' };
}
const reasons = async (world: World): Promise<string[]> =>
  (await world.store.events(world.case().id)).flatMap(({ event }) =>
    event?.type === 'Reverted' ? [event.data.reason] : [],
  );

describe('a change in Active Directory that is taken back before it was imported', () => {
  test('is Reverted at the next look, with when and where, and diagnosed again', async () => {
    const world = await applied();
    putBack(world);
    await world.live(600);
    expect(await reasons(world)).toEqual([expect.stringContaining('at 2026-11-22T12:30:00.000Z on DC1')]);
    expect(proofs(world)).not.toContain('ExportProven');
    expect(world.case().state).toBe('NeedsPerson');
  });

  test('is Reverted though the connector space still has what was there before', async () => {
    const world = await applied();
    world.directories.space.set(boInAd.objectGuid, { proxyAddresses: boInAd.proxyAddresses });
    putBack(world);
    await world.live(600);
    expect(await reasons(world)).toHaveLength(1);
  });

  test('is Reverted when an import saw it, and the next one the old value', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    world.directories.exportedAt = null;
    putBack(world);
    await world.live(600);
    expect(await reasons(world)).toEqual([]);
    world.directories.cycle(world.clock.now());
    await world.live(600);
    expect(await reasons(world)).toHaveLength(1);
    expect(proofs(world)).not.toContain('ExportProven');
  });

  test('is not told while its controller cannot be read: another one may be behind', async () => {
    const world = await applied();
    putBack(world);
    world.directories.masterIsSilent = true;
    await world.live(hour);
    expect(world.case().state).toBe('Applied');
    world.directories.masterIsSilent = false;
    await world.live(600);
    expect(await reasons(world)).toHaveLength(1);
  });

  test('is not told while the relay does not answer; the next look is scheduled', async () => {
    const world = await applied();
    putBack(world);
    world.directories.relayIsDown = true;
    await world.live(hour);
    expect(world.case().state).toBe('Applied');
    expect(world.messages.sent.map(({ queue }) => queue)).toEqual(['verify']);
    world.directories.relayIsDown = false;
    await world.live(600);
    expect(await reasons(world)).toHaveLength(1);
  });

  test('is told without a trace when another controller would have to tell it', async () => {
    const world = await applied();
    putBack(world);
    const { atMaster } = world.directories.onPremises;
    const elsewhere: typeof atMaster = async (...asked) => {
      const answer = await atMaster(...asked);
      return answer.ok && answer.value ? { ok: true, value: { ...answer.value, domainController: 'dc9' } } : answer;
    };
    Object.assign(world.directories.onPremises, { atMaster: elsewhere });
    await world.live(600);
    expect(await reasons(world)).toEqual([expect.stringMatching(/changed again after the fix \(found/)]);
  });

  test.each([
    [
      'moved',
      (world: World) => {
        world.directories.ad(boInAd.objectGuid).distinguishedName = 'CN=Bo Lind,OU=Moved,DC=contoso,DC=com';
      },
    ],
    [
      'deleted',
      (world: World) => {
        world.directories.ads = world.directories.ads.filter((ad) => ad.objectGuid !== boInAd.objectGuid);
      },
    ],
    [
      'given other addresses',
      (world: World) => {
        world.directories.ad(boInAd.objectGuid).proxyAddresses.push('smtp:bo@contoso.com', 'X500:/o=bo');
      },
    ],
    [
      'written anew in another case',
      (world: World) => {
        world.directories.ad(boInAd.objectGuid).proxyAddresses = ['SMTP:Bo.Lind@Contoso.com'];
      },
    ],
  ])('is not told of an object that was %s', async (_story, meanwhile) => {
    const world = await applied();
    meanwhile(world);
    await world.live(hour);
    expect(world.case().state).toBe('Applied');
  });

  test('is found out in the first stage of two: the claim is never written', async () => {
    const world = await twoStagesWritten();
    putBack(world);
    await world.live(600);
    expect(await reasons(world)).toHaveLength(1);
    expect(world.directories.written).toHaveLength(1);
    expect(world.case()).toMatchObject({ state: 'NeedsPerson', done: [{ stage: 'release' }] });
  });

  test('is found out of an undo, whose value goes again', async () => {
    const world = await resolved();
    await undoIt(world);
    world.directories.ad(boInAd.objectGuid).proxyAddresses = ['SMTP:bo.lind@contoso.com'];
    await world.live(600);
    expect(await reasons(world)).toEqual([expect.stringContaining('changed again after the undo')]);
  });
});

describe('a change that no cycle picks up', () => {
  const told = (world: World) => proofs(world).filter((type) => type === 'StillWaiting').length;

  test('is told of after four hours, once a day, and goes on when a cycle comes', async () => {
    const world = await applied();
    await world.live(4 * hour - 600);
    expect(told(world)).toBe(0);
    await world.live(1200);
    expect(world.case()).toMatchObject({ state: 'Applied', message: expect.stringContaining('has not imported') });
    await world.live(22 * hour, 300);
    expect(told(world)).toBe(1);
    await world.live(3 * hour, 300);
    expect(told(world)).toBe(2);
    world.directories.cycle(world.clock.now());
    world.directories.release();
    await world.live(600);
    expect(world.case().message).toContain('exported it to Entra');
    await world.live(hour + 600);
    expect(world.case().state).toBe('Resolved');
  });

  test.each([
    [
      'no export followed',
      (world: World) => {
        world.directories.cycle(world.clock.now());
        world.directories.exportedAt = null;
      },
      'no export to Entra followed',
    ],
    [
      'the relay is silent',
      (world: World) => {
        world.directories.relayIsDown = true;
      },
      'The relay does not answer',
    ],
    [
      'the controller is silent',
      (world: World) => {
        world.directories.masterIsSilent = true;
      },
      'its controller could not be read',
    ],
    [
      'the object is gone',
      (world: World) => {
        world.directories.ads = world.directories.ads.filter((ad) => ad.objectGuid !== boInAd.objectGuid);
      },
      'not in its forest any more',
    ],
  ])('says why: %s', async (_story, meanwhile, expected) => {
    const world = await applied();
    meanwhile(world);
    await world.live(5 * hour, 300);
    expect(world.case()).toMatchObject({ state: 'Applied', message: expect.stringContaining(expected) });
  });
});

describe('an error that is still shown', () => {
  test('while a holder is left is diagnosed again at once, naming it', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    world.directories.clouds.push(
      cloudUser({ id: guid(9), displayName: 'Cy Dahl', proxyAddresses: ['smtp:shared@contoso.com'] }),
    );
    await world.live(hour + 900);
    const event = (await world.store.events(world.case().id)).find((one) => one.type === 'StillQuarantined');
    expect(JSON.stringify(event)).toContain('The value is still held by Cy Dahl');
    expect(world.case()).toMatchObject({ state: 'NeedsPerson', intervalsWithoutHolder: 0 });
  });

  test('names a holder of the same name apart', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    const proxyAddresses = ['smtp:shared@contoso.com'];
    world.directories.clouds.push(cloudUser({ id: guid(9), displayName: anna.displayName, proxyAddresses }));
    await world.live(hour + 900);
    const event = (await world.store.events(world.case().id)).find((one) => one.type === 'StillQuarantined');
    expect(JSON.stringify(event)).toContain(`The value is still held by Anna Berg (${guid(9)})`);
  });

  test('without a holder is given three release intervals, then it is stuck', async () => {
    const world = await applied();
    world.directories.cycle(world.clock.now());
    await world.live(2 * hour + 900);
    expect(world.case().state).toBe('Applied');
    await world.live(2 * hour);
    expect(proofs(world)).toContain('StillQuarantined');
    expect(world.case().intervalsWithoutHolder).toBe(3);
  });
});

test('a change in Entra needs no cycle, only the release interval', async () => {
  const world = new World();
  world.directories.clouds.push(cloudUser({ id: guid(1), userPrincipalName: 'anna.berg@contoso.com' }));
  world.directories.clouds.push(cloudUser({ id: guid(5) }));
  await approvedCase(world, 5, fixOf([claim()]));
  await world.apply(entraLane);
  await world.live(120);
  expect(proofs(world)).toContain('ExportProven');
  expect(world.case().state).toBe('Applied');
  await world.live(hour + 900);
  expect(world.case().state).toBe('Resolved');
});

describe('a plan of two stages', () => {
  test('claims only after the release is proven', async () => {
    const world = await twoStagesWritten();
    expect(world.case()).toMatchObject({ state: 'Applying', execution: { stage: 'release' } });
    expect(world.directories.written).toHaveLength(1);
    world.directories.cycle(world.clock.now());
    world.directories.release();
    await world.live(hour + 900);
    expect(world.directories.written).toHaveLength(2);
    await world.live(2 * hour);
    expect(world.case().state).toBe('Resolved');
    expect(proofs(world).filter((type) => type === 'ReleaseProven' || type === 'ExportProven')).toEqual([
      'ExportProven',
      'ReleaseProven',
      'ExportProven',
    ]);
  });
});

describe('a resolved case', () => {
  test('is looked at again after 1 and after 7 days, and then no more', async () => {
    const world = await resolved();
    await world.live(8 * day, hour);
    expect(proofs(world).slice(-2)).toEqual(['ConfirmedLater', 'ConfirmedLater']);
    expect(world.case()).toMatchObject({ state: 'Resolved', resolution: { confirmedDays: 7 } });
    expect(world.messages.sent).toEqual([]);
  });

  test('is Reverted when the error is back', async () => {
    const world = await resolved();
    const error = {
      category: 'PropertyConflict',
      propertyCausingError: 'ProxyAddresses',
      value: 'SMTP:shared@contoso.com',
    };
    world.directories.cloud(anna.id).provisioningErrors = [error];
    await world.live(day + hour, hour);
    expect(proofs(world)).toContain('Reverted');
  });

  test('keeps its later looks when an undo was proposed and rejected', async () => {
    const world = await resolved();
    await undo(world.ports, world.person, world.case().id, anApprover, 'r');
    await world.live(2 * day, hour);
    await reject(world.ports, world.case().id, anApprover, 'no');
    expect(world.case().state).toBe('Resolved');
    await world.live(7 * day, hour);
    expect(world.case().resolution?.confirmedDays).toBe(7);
  });
});

test('an undo is applied, exported and Undone; its quarantine may come back', async () => {
  const world = await resolved();
  await undoIt(world);
  expect(world.directories.ad(boInAd.objectGuid).proxyAddresses).toEqual(boInAd.proxyAddresses);
  world.directories.cycle(world.clock.now());
  await world.live(hour + 900);
  expect(world.case()).toMatchObject({ state: 'Undone', undone: true, done: [] });
  expect(world.directories.cloud(bo.id).displayName).toBe('Bo Lind');
});

test('a message for a case that does not exist, or has nothing to prove, does nothing', async () => {
  const world = await diagnosed();
  const before = world.case();
  for (const id of [before.id, 'f'.repeat(32)])
    await world.handle({
      queue: 'verify',
      id: '',
      body: { v: 1, tenant: 'tenant', case: id, sequence: 0, attempt: 0 },
    });
  expect(world.case()).toEqual(before);
  expect(world.messages.sent).toEqual([]);
});
