import { describe, expect, test } from 'vitest';
import { sightingKeys } from '../../src/domain/sighting-keys.ts';
import { detect } from '../../src/pipeline/detect.ts';
import { StoreUnavailable } from '../../src/ports.ts';
import { guid, sightingOf } from '../domain/evidence-builder.ts';
import { anna } from '../domain/stories.ts';
import { annaAndBo, annasError, diagnosed, sourceOf, World } from './world.ts';

const dn = 'CN=Anna Berg,CN=Users,DC=contoso,DC=com';
const byCloudId = sightingOf({ identities: { cloudId: anna.id } });
const byName = sightingOf({ source: 'sync-engine', identities: { distinguishedName: dn } });
const byBoth = sightingOf({ source: 'sync-engine', identities: { cloudId: anna.id, distinguishedName: dn } });

describe('a sighting', () => {
  test('of a new fault becomes a case that waits for its diagnosis', async () => {
    const world = annaAndBo();
    expect(await world.detect([annasError])).toMatchObject({ outcome: 'read', newCases: 1, absent: 0 });
    expect(world.case()).toMatchObject({ state: 'Detected', keys: sightingKeys(annasError), sources: { graph: 0 } });
    expect(world.messages.sent).toMatchObject([{ queue: 'diagnose', body: { case: world.case().id } }]);
  });

  test('that is known changes nothing', async () => {
    const world = await diagnosed();
    const before = world.case();
    expect(await world.detect([annasError])).toMatchObject({ sightings: 1, newCases: 0 });
    expect(world.case()).toEqual(before);
  });

  test('by a second source belongs to the same case', async () => {
    const world = annaAndBo();
    await world.detect([byCloudId]);
    await world.detect([byBoth], {}, 'sync-engine');
    expect(world.cases()).toHaveLength(1);
    expect(world.case().sources).toEqual({ graph: 0, 'sync-engine': 0 });
    expect(world.case().keys).toHaveLength(2);
  });

  test('twice in one read is one case', async () => {
    const world = annaAndBo();
    await world.detect([annasError, { ...annasError, value: 'SMTP:Shared@contoso.com' }]);
    expect(world.cases()).toHaveLength(1);
  });

  test('that is not understood is a case with everything that was said', async () => {
    const world = annaAndBo();
    await world.detect([
      {
        ...byCloudId,
        code: 'NotUnderstood',
        family: 'SomethingNew',
        raw: { category: 'SomethingNew', detail: { a: 1 } },
      },
    ]);
    await world.deliver();
    expect(world.case()).toMatchObject({ state: 'NeedsPerson', error: { raw: { detail: { a: 1 } } } });
  });
});

describe('two cases that turn out to be one', () => {
  const merged = async (): Promise<World> => {
    const world = annaAndBo();
    await world.detect([byCloudId]);
    world.pass(1);
    await world.detect([byName], {}, 'sync-engine');
    expect(world.cases()).toHaveLength(2);
    world.pass(1);
    await world.detect([byBoth], {}, 'sync-engine');
    return world;
  };

  test('are merged into the older', async () => {
    const world = await merged();
    const [older, younger] = [byCloudId, byName].map((sighting) => world.case(sightingKeys(sighting)[0]));
    expect(older).toMatchObject({ state: 'Detected', sources: { graph: 0, 'sync-engine': 0 } });
    expect(younger).toMatchObject({ state: 'MergedInto', mergedInto: older?.id });
  });

  test('later sightings of the younger reach the older', async () => {
    const world = await merged();
    const [olderId = ''] = sightingKeys(byCloudId);
    world.directories.clouds[0] = { ...world.directories.cloud(anna.id), provisioningErrors: [] };
    for (let read = 0; read < 2; read++) {
      await world.detect([]);
      await world.detect([], {}, 'sync-engine');
    }
    await world.deliver();
    expect(world.case(olderId).state).toBe('Resolved');
    await world.detect([byName], {}, 'sync-engine');
    expect(world.case(olderId).state).toBe('Reopened');
    expect(world.cases()).toHaveLength(2);
  });
});

test('a key without a case, left by a crash, is completed by whoever finds it', async () => {
  const world = annaAndBo();
  const [first = '', second = ''] = sightingKeys(annasError);
  await world.store.claimKey(first, first);
  await world.detect([annasError]);
  expect(world.case().id).toBe(first);
  expect(await world.store.claimKey(second, 'x')).toBe(first);
});

test('a key without a case never draws sightings away from the case that knows it', async () => {
  const world = annaAndBo();
  const [cloudKey = ''] = sightingKeys(byCloudId);
  await world.store.claimKey(cloudKey, cloudKey);
  const anchorOnly = sightingOf({ identities: { sourceAnchor: annasError.identities.sourceAnchor ?? '' } });
  await world.detect([anchorOnly]);
  await world.detect([annasError]);
  await world.detect([sightingOf({ source: 'sync-engine', identities: { cloudId: anna.id } })], {}, 'sync-engine');
  expect(world.cases()).toHaveLength(1);
});

describe('an error that is not reported any more', () => {
  const vanished = async (): Promise<World> => {
    const world = await diagnosed();
    world.directories.cloud(anna.id).provisioningErrors = [];
    return world;
  };

  test('is looked at once after two complete reads, and resolved with cause elsewhere', async () => {
    const world = await vanished();
    await world.detect([]);
    expect(world.messages.sent).toEqual([]);
    await world.detect([]);
    expect(world.messages.sent).toMatchObject([{ queue: 'verify' }]);
    await world.deliver();
    expect(world.case()).toMatchObject({ state: 'Resolved', resolution: { cause: 'elsewhere' } });
  });

  test('stays open while another source reports it', async () => {
    const world = await vanished();
    await world.detect([byBoth], {}, 'sync-engine');
    for (let read = 0; read < 3; read++) await world.detect([]);
    await world.deliver();
    expect(world.case().state).toBe('NeedsPerson');
  });

  test('stays open while the object itself shows it: the list lags', async () => {
    const world = await diagnosed();
    await world.detect([]);
    await world.detect([]);
    await world.deliver();
    expect(world.case().state).toBe('NeedsPerson');
    await world.detect([annasError]);
    expect(world.case().sources).toEqual({ graph: 0 });
  });

  test('an incomplete read closes nothing', async () => {
    const world = await vanished();
    for (let read = 0; read < 5; read++)
      expect(await world.detect([], { complete: false, problems: ['groups: HTTP 403'] })).toMatchObject({
        absent: 0,
        problems: ['groups: HTTP 403'],
      });
    expect(world.case().sources).toEqual({ graph: 0 });
  });

  test('absence once, then a report, starts the count anew', async () => {
    const world = await vanished();
    await world.detect([]);
    await world.detect([annasError]);
    await world.detect([]);
    expect(world.case().sources).toEqual({ graph: 1 });
  });
});

describe('a resolved case', () => {
  const resolved = async (): Promise<World> => {
    const world = await diagnosed();
    const errors = world.directories.cloud(anna.id).provisioningErrors;
    world.directories.cloud(anna.id).provisioningErrors = [];
    await world.detect([]);
    await world.detect([]);
    await world.deliver();
    world.directories.cloud(anna.id).otherMails = errors.map((error) => error.value ?? '');
    return world;
  };

  test('is not reopened by a list that lags behind', async () => {
    const world = await resolved();
    await world.detect([annasError]);
    expect(world.case().state).toBe('Resolved');
  });

  test('is reopened when the object shows the error again', async () => {
    const world = await resolved();
    world.directories.cloud(anna.id).provisioningErrors = annaAndBo().directories.cloud(anna.id).provisioningErrors;
    await world.detect([annasError]);
    expect(world.case().state).toBe('Reopened');
    await world.deliver();
    expect(world.case().state).toBe('NeedsPerson');
  });
});

describe('a source that another run is reading', () => {
  test('is left alone, and read once more by that run', async () => {
    const world = annaAndBo();
    let reads = 0;
    const slow = {
      name: 'graph',
      read: async () => {
        reads += 1;
        if (reads === 1)
          expect(await detect(world.ports, sourceOf('graph', []), 'another-run')).toMatchObject({ outcome: 'taken' });
        return sourceOf('graph', [annasError]).read();
      },
    };
    expect(await detect(world.ports, slow, 'this-run')).toMatchObject({ outcome: 'read' });
    expect(reads).toBe(2);
  });

  test('is taken over when that run has died', async () => {
    const world = annaAndBo();
    await world.ports.leases.take('graph', 'dead-run', new Date(world.clock.now().getTime() + 600_000));
    expect(await world.detect([annasError])).toMatchObject({ outcome: 'taken' });
    world.pass(601);
    expect(await world.detect([annasError])).toMatchObject({ outcome: 'read', newCases: 1 });
  });
});

describe('what cannot be read', () => {
  test('is named, and the next run begins anew', async () => {
    const world = annaAndBo();
    const failing = {
      name: 'graph',
      read: async () => ({ ok: false as const, failure: { kind: 'TryAgain' as const, message: 'HTTP 503' } }),
    };
    expect(await detect(world.ports, failing, 'this-run')).toMatchObject({ outcome: 'failed', problems: ['HTTP 503'] });
    expect(await detect(world.ports, sourceOf('graph', [annasError]), 'next-run')).toMatchObject({ newCases: 1 });
  });

  test('a store that is out of reach gives the source back as well', async () => {
    const world = annaAndBo();
    const { summaries } = world.store;
    world.store.summaries = async () => {
      throw new StoreUnavailable('the table store answered 503');
    };
    expect(await world.detect([annasError])).toMatchObject({ outcome: 'failed', complete: false });
    world.store.summaries = summaries;
    expect(await detect(world.ports, sourceOf('graph', [annasError]), 'next-run')).toMatchObject({ newCases: 1 });
  });
});

test('hundreds of sightings are hundreds of cases, and none the second time', async () => {
  const world = new World();
  const many = Array.from({ length: 400 }, (_, place) =>
    sightingOf({ identities: { cloudId: guid(place) }, value: `smtp:user${place}@contoso.com` }),
  );
  expect(await world.detect(many)).toMatchObject({ newCases: 400 });
  expect(await world.detect(many)).toMatchObject({ newCases: 0, absent: 0 });
  expect(world.cases()).toHaveLength(400);
});
