import { describe, expect, test } from 'vitest';
import type { Change } from '../../../src/domain/change.ts';
import type { AdObject } from '../../../src/domain/evidence.ts';
import { type Asked, ok, problem, type Reply, startScriptedRelay } from './scripted-relay.ts';

const guid = '897485c7-81a7-42eb-97c6-37ed73077b1f';
const anchor = 'x4V0iaeB60KXxjftcwd7Hw==';

const ann: AdObject = {
  forest: 'contoso.com',
  domainController: 'dc1.contoso.com',
  distinguishedName: 'CN=Ann\\, Müller,OU=Staff,DC=contoso,DC=com',
  objectGuid: guid,
  sidHistory: [],
  objectType: 'user',
  displayName: 'Ann Müller',
  proxyAddresses: ['SMTP:ann@contoso.com'],
  phones: [],
  accountEnabled: true,
  servicePrincipalNames: [],
  isCriticalSystemObject: false,
  isGroupManagedServiceAccount: false,
  tierZero: false,
  inheritanceBroken: false,
  emailAddressPolicyOff: false,
  attributeChangedAt: {},
};
const found = ok({
  objects: [ann],
  searched: [
    { forest: 'contoso.com', domainController: 'gc1', highestCommittedUsn: '9007199254740993', invocationId: guid },
  ],
});

const scheduler = {
  installed: true,
  version: '2.5.190.0',
  stagingModeEnabled: false,
  syncCycleEnabled: true,
  schedulerSuspended: false,
  syncCycleInProgress: false,
  nextSyncCycleStartTimeInUtc: null,
  currentlyEffectiveSyncCycleInterval: '00:30:00',
  nextSyncCyclePolicyType: 'Delta',
};

describe('searches', () => {
  test.each([
    ['address', "o'brien+*(x)\\@müller.example", 'findHolders', 'address'],
    ['sourceAnchor', anchor, 'findBySourceAnchor', 'sourceAnchor'],
    ['distinguishedName', ann.distinguishedName, 'findByDistinguishedName', 'distinguishedName'],
    ['employeeId', '0042', 'findByEmployeeId', 'employeeId'],
    ['accountName', 'anna', 'findByAccountName', 'accountName'],
  ] as const)('by %s arrive unchanged, with a token for the relay', async (kind, value, verb, field) => {
    const relay = await startScriptedRelay(() => found);
    expect(await relay.onPremises[verb](value)).toEqual({ ok: true, value: [ann] });
    expect(relay.asked).toEqual([
      {
        method: 'POST',
        path: '/v1/search',
        authorization: 'Bearer token for api://relay/.default',
        body: { by: { kind, [field]: value } },
      },
    ]);
  });
});

describe('a relay that gives no usable answer', () => {
  const stories: [string, Reply, object][] = [
    ['no listener (502)', { status: 502, text: '' }, {}],
    [
      'no listener (503)',
      problem(503, 'ForestUnreachable', 'The forest fabrikam.com did not answer', { 'Retry-After': '20' }),
      { afterSeconds: 20, message: expect.stringContaining('fabrikam.com') },
    ],
    ['answered too late (504)', { status: 504, text: 'Gateway Timeout' }, {}],
    ['throttled', problem(429, 'TooManyRequests', 'slow'), {}],
    ['an expired token', problem(401, 'InvalidToken', 'exp'), {}],
    ['silence', 'hang', { message: expect.stringMatching(/timeout/i) }],
    ['a broken connection', 'cut', { message: expect.stringMatching(/socket hang up|ECONNRESET/) }],
    ['half a JSON', { status: 200, text: '{"objects": [' }, { message: expect.stringContaining('not JSON') }],
    [
      'another contract',
      ok({ objects: [{ ...ann, displayName: 7 }], searched: [] }),
      { message: expect.stringContaining('objects.0.displayName') },
    ],
  ];
  test.each(stories)('%s: try again', async (_, reply, more) => {
    const relay = await startScriptedRelay(() => reply, { timeoutMs: 300 });
    expect(await relay.onPremises.findHolders('a@b.c')).toMatchObject({
      ok: false,
      failure: { kind: 'TryAgain', ...more },
    });
    expect(relay.asked).toHaveLength(1);
  });

  test('it is not running: try again', async () => {
    const relay = await startScriptedRelay(() => found);
    relay.stop();
    expect(await relay.onPremises.findHolders('a@b.c')).toMatchObject({
      ok: false,
      failure: { kind: 'TryAgain', message: expect.stringContaining('ECONNREFUSED') },
    });
  });

  test('the credential has no token: try again, nothing sent', async () => {
    const relay = await startScriptedRelay(() => found, { token: () => Promise.reject(new Error('identity is down')) });
    expect(await relay.onPremises.findHolders('a@b.c')).toMatchObject({ ok: false, failure: { kind: 'TryAgain' } });
    expect(relay.asked).toHaveLength(0);
  });
});

test('a missing app role is named', async () => {
  const relay = await startScriptedRelay(() => problem(403, 'Forbidden', 'The role Relay.Read is missing'));
  expect(await relay.onPremises.findHolders('a@b.c')).toMatchObject({
    ok: false,
    failure: { kind: 'NotPermitted', remedy: expect.stringContaining('Relay.Read') },
  });
});

test('a refusal keeps the word of the relay', async () => {
  const relay = await startScriptedRelay(() => problem(400, 'MalformedAnchor', 'no'));
  expect(await relay.onPremises.findBySourceAnchor('?')).toMatchObject({
    ok: false,
    failure: { kind: 'Refused', code: 'MalformedAnchor' },
  });
});

describe('what the sync engine knows', () => {
  const answering = (answers: Record<string, unknown>) =>
    startScriptedRelay(({ path }: Asked) => ok(answers[path.replace(/^\/v1|\?.*$/g, '')]));

  test('AD objects joined to an anchor, without the Entra connector', async () => {
    const connectors = [
      { connectorName: 'contoso.com', distinguishedName: ann.distinguishedName, objectGuid: guid.toUpperCase() },
      { connectorName: 'contoso.onmicrosoft.com - AAD', distinguishedName: 'CN={78}', objectGuid: null },
    ];
    const relay = await answering({ '/metaverse-connections': { found: true, connectors } });
    expect(await relay.onPremises.joined(anchor)).toEqual({ ok: true, value: [guid] });
    const stranger = await answering({ '/metaverse-connections': { found: false, connectors: [] } });
    expect(await stranger.onPremises.joined(anchor)).toEqual({ ok: true, value: null });
  });

  test('the attributes that feed a cloud value', async () => {
    const contribution = {
      connectorName: 'contoso.com',
      forest: 'contoso.com',
      adDistinguishedName: ann.distinguishedName,
      adObjectGuid: guid,
      adAttribute: 'mail',
      syncRuleName: 'In from AD - User Common',
      flow: 'direct',
    };
    const relay = await answering({ '/explain': { found: true, contributions: [contribution] } });
    expect(await relay.onPremises.explain(anchor, 'userPrincipalName')).toEqual({ ok: true, value: [contribution] });
    expect(relay.asked[0]?.body).toEqual({ sourceAnchor: anchor, attribute: 'userPrincipalName' });
  });

  test('an object of the connector space, or its absence', async () => {
    const object = {
      found: true,
      connectorName: 'contoso.com',
      distinguishedName: ann.distinguishedName,
      objectType: 'user',
      attributes: { proxyAddresses: ['SMTP:ann@contoso.com'] },
      lineage: [],
      connectedMvObjectId: null,
      sourceAnchor: anchor,
      exportError: null,
      lastImportedAt: null,
      lastExportedAt: null,
      blockOnPremisesSync: true,
    };
    const relay = await answering({ '/connector-space-object': object });
    expect(await relay.onPremises.connectorSpace('contoso.com', guid)).toEqual({ ok: true, value: object.attributes });
    expect(await relay.onPremises.blockOnPremisesSync(anchor)).toEqual({ ok: true, value: true });
    expect(relay.asked.map(({ body }) => body)).toEqual([
      { forest: 'contoso.com', objectGuid: guid },
      { sourceAnchor: anchor },
    ]);

    const empty = await answering({ '/connector-space-object': { found: false } });
    expect(await empty.onPremises.connectorSpace('contoso.com', guid)).toEqual({ ok: true, value: null });
    expect(await empty.onPremises.blockOnPremisesSync(anchor)).toMatchObject({ ok: false, failure: { kind: 'Gone' } });
  });

  test('whether it is in staging mode, and that there is none', async () => {
    const staging = await answering({ '/scheduler': { ...scheduler, stagingModeEnabled: true } });
    expect(await staging.onPremises.scheduler()).toEqual({ ok: true, value: { stagingMode: true } });
    const without = await answering({ '/scheduler': { ...scheduler, installed: false } });
    expect(await without.onPremises.scheduler()).toMatchObject({
      ok: false,
      failure: { kind: 'Refused', code: 'NotInstalled' },
    });
  });

  const run = (connectorType: 'AD' | 'AAD', runProfileName: string, startDate: string, endDate: string) => ({
    runHistoryId: guid,
    connectorName: connectorType === 'AD' ? 'contoso.com' : 'contoso.onmicrosoft.com - AAD',
    connectorType,
    runProfileName,
    result: 'success',
    startDate,
    endDate,
    steps: [],
  });
  const runs = [
    run('AAD', 'Export', '2026-11-25T10:03:00Z', '2026-11-25T10:04:00Z'),
    run('AD', 'Delta Import', '2026-11-25T10:01:00Z', '2026-11-25T10:02:00Z'),
  ];

  test('an export that followed an import', async () => {
    const relay = await answering({ '/scheduler': scheduler, '/run-history': { runs } });
    expect(await relay.onPremises.exportedSince('contoso.com', new Date('2026-11-25T10:00:00Z'))).toEqual({
      ok: true,
      value: new Date('2026-11-25T10:03:00Z'),
    });
  });

  test('in staging mode no export counts', async () => {
    const staging = { ...scheduler, stagingModeEnabled: true };
    const relay = await answering({ '/scheduler': staging, '/run-history': { runs } });
    expect(await relay.onPremises.exportedSince('contoso.com', new Date(0))).toEqual({ ok: true, value: null });
  });
});

describe('an applied change at its master', () => {
  const change: Change = {
    target: 'active-directory',
    objectId: guid,
    objectType: 'user',
    objectName: 'Ann',
    forest: 'contoso.com',
    attribute: 'userPrincipalName',
    operation: 'replace',
    values: ['ann2@contoso.com'],
    before: { kind: 'single', value: 'ann@contoso.com' },
    after: { kind: 'single', value: 'ann2@contoso.com' },
    stage: 'release',
  };
  const where = 'dc1.contoso.com, USN 4711';
  const answering = (answer: object) => startScriptedRelay(() => ok({ answers: [answer] }));

  test('is read on the controller that took the write', async () => {
    const found = { kind: 'single', value: 'ann@contoso.com' };
    const relay = await answering({ outcome: 'state', found, domainController: 'DC1.contoso.com' });
    expect(await relay.onPremises.atMaster(change, where)).toEqual({
      ok: true,
      value: { found, domainController: 'DC1.contoso.com' },
    });
    const { objectId, objectName: _name, objectType: _type, stage: _stage, target: _target, ...asked } = change;
    expect(relay.asked).toMatchObject([
      {
        path: '/v1/changes/read',
        body: { changes: [{ ...asked, objectGuid: objectId }], domainController: 'dc1.contoso.com' },
      },
    ]);
  });

  test('is null when the object is gone', async () => {
    const relay = await answering({ outcome: 'gone', message: 'no such object' });
    expect(await relay.onPremises.atMaster(change, where)).toEqual({ ok: true, value: null });
  });

  test.each([
    ['another controller answered', { outcome: 'state', found: change.after, domainController: 'dc2' }, 'TryAgain'],
    ['it does not answer', { outcome: 'tryAgain', message: 'm' }, 'TryAgain'],
    ['it may not be read', { outcome: 'notPermitted', message: 'm', remedy: 'r' }, 'NotPermitted'],
    ['it is not known', { outcome: 'refused', code: 'UnknownController', message: 'm' }, 'Refused'],
    [
      'the answer is one of a write',
      { outcome: 'applied', domainController: 'dc1', usn: '1', at: '2026-11-22T12:00:00Z' },
      'TryAgain',
    ],
  ])('is not known when %s', async (_story, answer, kind) => {
    const relay = await answering(answer);
    expect(await relay.onPremises.atMaster(change, where)).toMatchObject({ ok: false, failure: { kind } });
  });

  test.each([
    ['the relay is down', problem(503, 'DirectoryUnavailable', 'd'), 'TryAgain'],
    ['no relay of this contract is there', problem(404, 'NotFound', 'd'), 'TryAgain'],
    ['the relay is of an earlier release', problem(400, 'BadRequest', 'd'), 'Refused'],
  ])('is not known when %s', async (_story, reply, kind) => {
    const relay = await startScriptedRelay(() => reply);
    expect(await relay.onPremises.atMaster(change, where)).toMatchObject({ ok: false, failure: { kind } });
  });

  test('is not asked for when it is not known where it was written', async () => {
    const relay = await answering({});
    for (const unknown of ['', 'here', ', USN 1'])
      expect(await relay.onPremises.atMaster(change, unknown)).toMatchObject({
        ok: false,
        failure: { kind: 'Refused' },
      });
    expect(relay.asked).toEqual([]);
  });
});
