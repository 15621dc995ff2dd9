import { describe, expect, test } from 'vitest';
import type { PersonPolicy } from '../../src/pipeline/answer-person.ts';
import { daysAgo, known, sightingOf } from '../domain/evidence-builder.ts';
import { anna, annaInAd, bo, boInAd } from '../domain/stories.ts';
import { annaAndBo, annasError, day, diagnosed, type World } from './world.ts';

/** Anna's value, and a second one that Bo has too. */
function twoValues(world: World): World {
  const second = 'smtp:second@contoso.com';
  for (const object of [annaInAd.objectGuid, boInAd.objectGuid])
    world.directories.ad(object).proxyAddresses.push(second);
  world.directories.cloud(bo.id).proxyAddresses.push(second);
  world.directories.cloud(anna.id).provisioningErrors.push({
    category: 'PropertyConflict',
    propertyCausingError: 'ProxyAddresses',
    value: second,
    occurredDateTime: daysAgo(1),
  });
  return world;
}
const secondError = sightingOf({ identities: annasError.identities, value: 'smtp:second@contoso.com' });

/** One employeeId, name and everything: Bo's objects are Anna's other account. */
function onePerson(world: World): World {
  const { givenName = '', surname = '' } = annaInAd;
  for (const other of [world.directories.ad(boInAd.objectGuid), world.directories.cloud(bo.id)])
    Object.assign(other, { employeeId: '100', givenName, surname, displayName: 'Anna Berg' });
  return world;
}

describe('a diagnosis', () => {
  test('shows both objects, their conflict set and every fix', async () => {
    const world = await diagnosed();
    expect(world.case()).toMatchObject({
      state: 'NeedsPerson',
      conflictSet: expect.stringMatching(/^[0-9a-f]{32}$/),
      subject: { displayName: 'Anna Berg', onPremises: { objectGuid: annaInAd.objectGuid }, cloud: { id: anna.id } },
      holders: [{ displayName: 'Bo Lind', attribute: expect.stringContaining('proxyAddresses') }],
      diagnosis: { party: { verdict: 'DifferentParties' } },
    });
    expect(world.fixOf(world.case()).changes).toMatchObject([{ objectId: boInAd.objectGuid, stage: 'release' }]);
    expect(world.ports.evidence.stored.size).toBe(1);
  });

  test('that says the same again is no event', async () => {
    const world = await diagnosed();
    const before = world.case();
    await world.handle({
      queue: 'diagnose',
      id: '',
      body: { v: 1, tenant: 'tenant', case: before.id, sequence: 0, attempt: 0 },
    });
    expect(world.case()).toEqual(before);
  });

  test('of a case that has moved on is dropped', async () => {
    const world = await diagnosed();
    await world.approve(world.case());
    const before = world.case();
    await world.handle({
      queue: 'diagnose',
      id: '',
      body: { v: 1, tenant: 'tenant', case: before.id, sequence: 0, attempt: 0 },
    });
    expect(world.case()).toEqual(before);
  });
});

describe('when Graph is out of reach', () => {
  test('the case waits instead of being filled with what is not known, and is diagnosed afterwards', async () => {
    const world = annaAndBo();
    world.directories.graphIsDown = true;
    await world.detect([annasError]);
    await world.deliver();
    expect(world.case().state).toBe('Detected');
    expect(world.messages.sent).toMatchObject([{ queue: 'diagnose', body: { attempt: 1 } }]);
    await world.live(3600);
    expect(world.case().state).toBe('Detected');
    world.directories.graphIsDown = false;
    await world.live(15 * 60);
    expect(world.case().state).toBe('NeedsPerson');
  });

  test('it is given up after a day, and the sweep starts anew', async () => {
    const world = annaAndBo();
    world.directories.graphIsDown = true;
    await world.detect([annasError]);
    await world.live(day + 1800, 900);
    expect(world.messages.sent).toEqual([]);
    world.directories.graphIsDown = false;
    await world.sweep();
    await world.deliver();
    expect(world.case().state).toBe('NeedsPerson');
  });
});

test('when the relay is out of reach the rest is shown with what is missing, and it is asked again', async () => {
  const world = annaAndBo();
  world.directories.relayIsDown = true;
  await world.detect([annasError]);
  await world.deliver();
  expect(world.case()).toMatchObject({ state: 'NeedsPerson', diagnosis: { reason: 'EvidenceIncomplete' } });
  expect(world.case().diagnosis?.unknowns.join('\n')).toContain('The relay does not answer.');
  expect(world.case().fixes.filter((fix) => fix.kind === 'changes')).toEqual([]);
  world.directories.relayIsDown = false;
  await world.live(60);
  expect(world.case().diagnosis?.reason).not.toBe('EvidenceIncomplete');
  expect(world.messages.sent).toEqual([]);
});

describe('two values of one pair of objects', () => {
  test('are two cases of one conflict set when they are two people', async () => {
    const world = twoValues(annaAndBo());
    await world.detect([annasError, secondError]);
    await world.deliver();
    const [one, other] = world.cases();
    expect(one?.conflictSet).toBe(other?.conflictSet);
    expect(world.cases().map((subject) => subject.state)).toEqual(['NeedsPerson', 'NeedsPerson']);
  });

  test('are one case when they are one person', async () => {
    const world = onePerson(twoValues(annaAndBo()));
    await world.detect([annasError, secondError]);
    await world.deliver();
    expect(
      world
        .cases()
        .map((subject) => subject.state)
        .sort(),
    ).toEqual(['MergedInto', 'NeedsPerson']);
    const survivor = world.cases().find((subject) => subject.state === 'NeedsPerson');
    expect(survivor).toMatchObject({ diagnosis: { party: { verdict: 'SamePerson' }, reason: 'MatchCandidate' } });
    expect(survivor?.fixes.every((fix) => fix.kind === 'runbook')).toBe(true);
    expect(world.cases().find((subject) => subject.mergedInto)?.mergedInto).toBe(survivor?.id);
  });

  test('the survivor stays open until both values are gone', async () => {
    const world = onePerson(twoValues(annaAndBo()));
    await world.detect([annasError, secondError]);
    await world.deliver();
    for (let read = 0; read < 3; read++) await world.detect([annasError, secondError]);
    const survivor = world.cases().find((subject) => subject.state === 'NeedsPerson');
    expect(survivor?.keys).toHaveLength(4);
    expect(survivor?.sources).toEqual({ graph: 0 });
  });
});

describe('approval by policy', () => {
  /** Bo has received mail for the value for a year: Anna's claim is to go. */
  function recommended(approval: PersonPolicy['approval']): World {
    const world = annaAndBo();
    Object.assign(world.person, { approval });
    world.directories.ad(boInAd.objectGuid).attributeChangedAt = { proxyAddresses: daysAgo(365) };
    world.directories.ad(annaInAd.objectGuid).attributeChangedAt = { proxyAddresses: daysAgo(2) };
    world.directories.facts.set(bo.id, { recipient: known('user-mailbox'), lastSignIn: known(daysAgo(1)) });
    return world;
  }

  test('is off by default', async () => {
    const world = await diagnosed(recommended([]));
    expect(world.case().state).toBe('AwaitingApproval');
  });

  test('carries out a recommended fix of the class that it names', async () => {
    const world = await diagnosed(recommended([{ code: 'QuarantinedProxyAddress', mostRisk: 'high' }]));
    expect(world.case()).toMatchObject({ state: 'Approved', execution: { by: { oid: 'policy' } } });
  });

  test('never of a case that was undone', async () => {
    const world = recommended([]);
    await diagnosed(world);
    const stored = world.store.projections.get(world.case().id);
    if (stored) stored.case = { ...stored.case, undone: true };
    Object.assign(world.person, { approval: [{ code: 'QuarantinedProxyAddress', mostRisk: 'high' }] });
    await world.handle({
      queue: 'diagnose',
      id: '',
      body: { v: 1, tenant: 'tenant', case: world.case().id, sequence: 0, attempt: 0 },
    });
    expect(world.case().state).toBe('AwaitingApproval');
  });
});
