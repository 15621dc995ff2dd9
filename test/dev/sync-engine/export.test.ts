import { beforeEach, describe, expect, test } from 'vitest';
import { MovableClock } from '../../../dev/clock.ts';
import type { AdChange } from '../../../dev/sync-engine/ad-connector.ts';
import type { AdObject } from '../../../dev/sync-engine/ad-object.ts';
import { EntraConnector, pendingExport } from '../../../dev/sync-engine/entra-connector.ts';
import { EventLog } from '../../../dev/sync-engine/event-log.ts';
import { exportPending } from '../../../dev/sync-engine/export.ts';
import { Metaverse } from '../../../dev/sync-engine/metaverse.ts';
import { sourceAnchorOf } from '../../../dev/sync-engine/source-anchor.ts';
import { defaultRules } from '../../../dev/sync-engine/sync-rules.ts';
import { contact, user, withAttributes } from './ad-objects.ts';
import { ScriptedEndpoint } from './scripted-endpoint.ts';

const policy = { rules: defaultRules('userPrincipalName'), userMatch: 'objectSid', scopedOus: [] } as const;

let clock: MovableClock;
let endpoint: ScriptedEndpoint;
let entra: EntraConnector;
let metaverse: Metaverse;
let events: EventLog;

beforeEach(() => {
  clock = new MovableClock();
  endpoint = new ScriptedEndpoint();
  entra = new EntraConnector('contoso.onmicrosoft.com - AAD');
  metaverse = new Metaverse(['contoso.com', 'fabrikam.com']);
  events = new EventLog(clock);
});

const added = (after: AdObject): AdChange => ({ before: undefined, after });

/** What a cycle does after its import from AD. */
function cycle(changes: readonly AdChange[], deletionThreshold = 500) {
  entra.import(endpoint.readShadow(), clock.now());
  const synchronization = entra.synchronize(metaverse, metaverse.synchronize(changes, policy), clock.now());
  const outcome = exportPending(entra, endpoint, deletionThreshold, events, clock.now());
  entra.import(endpoint.readShadow(), clock.now());
  return { synchronization, ...outcome };
}

test('a new object is added, a changed one updated, one without change not sent, a deleted one deleted', () => {
  const ann = user('ann');
  const renamed = withAttributes(ann, { displayName: ['Ann Ash'] });
  cycle([added(ann)]);
  cycle([{ before: ann, after: renamed }]);
  cycle([{ before: renamed, after: { ...renamed } }]);
  cycle([{ before: renamed, after: undefined }]);
  expect(endpoint.exports.map((requests) => requests.map(({ operation }) => operation))).toEqual([
    ['add'],
    ['update'],
    ['delete'],
  ]);
  expect([...entra.objects]).toEqual([]);
});

test('an object that was removed in Entra is added again', () => {
  const ann = user('ann');
  cycle([added(ann)]);
  endpoint.remove(sourceAnchorOf(ann));
  cycle([]);
  expect(endpoint.exports.at(-1)?.map(({ operation }) => operation)).toEqual(['add']);
});

test('a refused object is tried again in every cycle, and its error counts up until it is accepted', () => {
  const ann = user('ann');
  const error = { errorType: 'AttributeValueMustBeUnique', errorCode: '', message: 'taken', details: [] };
  endpoint.refusals.set(sourceAnchorOf(ann), error);
  const first = clock.now();
  expect(cycle([added(ann)])).toMatchObject({ stepResult: 'completed-export-errors', errors: 1, exported: 0 });
  clock.advance(1_800_000);
  cycle([]);
  const failed = entra.find(sourceAnchorOf(ann))?.exportError;
  expect(failed).toMatchObject({ error, retryCount: 2 });
  expect((failed?.firstOccurred ?? 0) - first).toBeLessThan(1_000);
  expect((failed?.dateOccurred ?? 0) - first).toBeGreaterThanOrEqual(1_800_000);
  expect(events.entries.map(({ id }) => id)).toEqual([6941, 6941]);
  endpoint.refusals.clear();
  expect(cycle([])).toMatchObject({ stepResult: 'success', exported: 1 });
  expect(entra.find(sourceAnchorOf(ann))?.exportError).toBeUndefined();
});

describe('the deletion threshold', () => {
  const people = ['a', 'b', 'c'].map((name) => user(name));
  const deletions = people.map((before): AdChange => ({ before, after: undefined }));

  test('more deletions than it allows stop the whole export, other changes too', () => {
    cycle(people.map(added));
    const outcome = cycle([...deletions, added(user('new'))], 2);
    expect(outcome.stepResult).toBe('stopped-deletion-threshold-exceeded');
    expect(endpoint.exports).toHaveLength(1);
    expect(events.entries.map(({ id }) => id)).toEqual([116]);
  });

  test('as many as it allows pass, and those held back pass once it is raised', () => {
    cycle(people.map(added));
    cycle(deletions, 2);
    expect(cycle([], 3)).toMatchObject({ stepResult: 'success', exported: 3 });
    expect(endpoint.readShadow()).toEqual([]);
  });
});

describe('the anchor', () => {
  const otherAnchor = Buffer.alloc(16, 7).toString('base64');

  test('one that changes after the export freezes the object until it is put back', () => {
    const ann = user('ann');
    cycle([added(ann)]);
    const changed = withAttributes(ann, { 'mS-DS-ConsistencyGuid': [otherAnchor], displayName: ['Ann Ash'] });
    expect(cycle([{ before: ann, after: changed }]).synchronization).toBe('completed-sync-errors');
    expect(cycle([]).synchronization).toBe('completed-sync-errors');
    const frozen = entra.find(sourceAnchorOf(ann));
    expect(frozen?.synchronizationError).toMatchObject({
      message: 'sourceAnchor attribute has changed',
      retryCount: 2,
    });
    expect(endpoint.readShadow()).toMatchObject([
      { sourceAnchor: sourceAnchorOf(ann), attributes: { displayName: 'ann' } },
    ]);
    const back = withAttributes(changed, { 'mS-DS-ConsistencyGuid': undefined });
    expect(cycle([{ before: changed, after: back }])).toMatchObject({ synchronization: 'success', exported: 1 });
  });

  test('one that changes before the object was ever accepted is simply the new one', () => {
    const ann = user('ann');
    endpoint.refusals.set(sourceAnchorOf(ann), {
      errorType: 'InvalidSoftMatch',
      errorCode: '',
      message: '',
      details: [],
    });
    cycle([added(ann)]);
    const changed = withAttributes(ann, { 'mS-DS-ConsistencyGuid': [otherAnchor] });
    expect(cycle([{ before: ann, after: changed }])).toMatchObject({ synchronization: 'success', exported: 1 });
    expect([...entra.objects].map(({ sourceAnchor }) => sourceAnchor)).toEqual([otherAnchor]);
  });

  test('an account that was created anew with the old anchor takes the old one over in the same cycle', () => {
    const ann = user('ann');
    cycle([added(ann)]);
    const again = user('ann', { 'mS-DS-ConsistencyGuid': sourceAnchorOf(ann), displayName: 'Ann again' });
    cycle([{ before: ann, after: undefined }, added(again)]);
    expect(endpoint.exports.at(-1)?.map(({ operation }) => operation)).toEqual(['update']);
  });

  test('a second object with an anchor that is in use is in error and leaves the first one alone', () => {
    const ann = user('ann');
    const twin = user('twin', { 'mS-DS-ConsistencyGuid': sourceAnchorOf(ann) });
    expect(cycle([added(ann), added(twin)]).synchronization).toBe('completed-sync-errors');
    expect(endpoint.readShadow().map(({ attributes }) => attributes['displayName'])).toEqual(['ann']);
    expect(cycle([{ before: ann, after: undefined }]).synchronization).toBe('success');
    expect(endpoint.readShadow().map(({ attributes }) => attributes['displayName'])).toEqual(['twin']);
  });

  test('a contact that becomes a user is deleted and created again', () => {
    const gal = contact('ann', { mail: 'ann@contoso.com' });
    cycle([added(gal)]);
    cycle([added(user('ann', { mail: 'ann@contoso.com' }, 'fabrikam.com'))]);
    expect(
      endpoint.exports
        .at(-1)
        ?.map(({ operation }) => operation)
        .sort(),
    ).toEqual(['add', 'delete']);
    expect(endpoint.readShadow().map(({ objectType }) => objectType)).toEqual(['user']);
  });
});

describe('authority in the cloud', () => {
  test('an object whose source of authority is in the cloud is not exported, and event 6956 says so', () => {
    const ann = user('ann');
    cycle([added(ann)]);
    endpoint.change(sourceAnchorOf(ann), { isCloudManaged: true });
    const outcome = cycle([{ before: ann, after: withAttributes(ann, { displayName: ['Ann Ash'] }) }]);
    expect(outcome).toMatchObject({ stepResult: 'success', exported: 0 });
    expect(events.entries.map(({ id }) => id)).toContain(6956);
  });

  test('Exchange attributes mastered in Exchange Online keep their value there, others are exported', () => {
    const ann = user('ann', { proxyAddresses: ['SMTP:ann@contoso.com'], mail: 'ann@contoso.com' });
    cycle([added(ann)]);
    endpoint.change(sourceAnchorOf(ann), { exchangeCloudManaged: true });
    const addresses = withAttributes(ann, { proxyAddresses: ['SMTP:new@contoso.com'], mail: undefined });
    expect(cycle([{ before: ann, after: addresses }]).exported).toBe(0);
    cycle([{ before: addresses, after: withAttributes(addresses, { displayName: ['Ann Ash'] }) }]);
    expect(endpoint.readShadow()[0]?.attributes).toMatchObject({
      displayName: 'Ann Ash',
      mail: 'ann@contoso.com',
      proxyAddresses: ['SMTP:ann@contoso.com'],
    });
  });
});

test('an object of Entra that the engine never had is left alone', () => {
  endpoint.provision([{ operation: 'add', object: { sourceAnchor: 'foreign', objectType: 'user', attributes: {} } }]);
  cycle([added(user('ann'))]);
  const foreign = entra.find('foreign');
  expect(foreign && pendingExport(foreign)).toBeUndefined();
  expect(endpoint.readShadow()).toHaveLength(2);
});
