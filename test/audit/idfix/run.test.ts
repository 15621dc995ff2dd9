import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { idFixRows, startIdFixAudit } from '../../../src/audit/idfix/run.ts';
import { type Given, read, report, user } from './report.ts';

const few = fc.constantFrom(
  'a',
  'A',
  'b',
  '.a',
  'a:b',
  '',
  'a@contoso.com',
  'a@contoso.local',
  'smtp:a@contoso.com',
  'smtp:',
);
const maybe = fc.option(few, { nil: undefined });
const objects = fc.array(
  fc.record({
    objectClass: fc.constantFrom('user', 'contact', 'group'),
    cn: fc.constantFrom('a', 'b', '.a', 'Guest'),
    mail: few,
    displayName: maybe,
    mailNickName: maybe,
    homeMDB: maybe,
    sAMAccountName: maybe,
    targetAddress: maybe,
    userPrincipalName: maybe,
    proxyAddresses: fc.array(few, { maxLength: 3 }),
  }) as fc.Arbitrary<Given>,
  { maxLength: 8 },
);
const modes = fc.constantFrom('multi-tenant' as const, 'dedicated' as const);

test('what the second reading does not see would have had nothing to say', () => {
  fc.assert(
    fc.property(objects, modes, (given, mode) => {
      const audited = read(given);
      const whole = startIdFixAudit({ mode });
      for (const object of audited) whole.first(object);
      const rows = audited.flatMap((object, ordinal) => whole.second(ordinal, object));
      expect(idFixRows(audited, { mode })).toEqual({ rows, counts: whole.counts() });
    }),
  );
});

test('rows never depend on what is read later', () => {
  fc.assert(
    fc.property(objects, objects, modes, (before, after, mode) => {
      const { rows } = idFixRows(read(before), { mode });
      expect(idFixRows(read([...before, ...after]), { mode }).rows.slice(0, rows.length)).toEqual(rows);
    }),
  );
});

describe('startIdFixAudit', () => {
  it('needs again only objects with findings and first holders of a duplicate', () => {
    const run = startIdFixAudit({ mode: 'multi-tenant' });
    const same = { targetAddress: 'smtp:same@contoso.com' };
    const given = [
      user('Clean'),
      user('First', same),
      user('Guest', same),
      user('Second', same),
      user('Blank', { displayName: '' }),
    ];
    for (const object of read(given)) run.first(object);
    expect(given.map((_given, ordinal) => run.needsSecond(ordinal))).toEqual([false, true, false, true, true]);
    expect(run.needsSecond(5_000_000)).toBe(false);
  });

  it('counts what the second reading has returned', () => {
    const run = startIdFixAudit({ mode: 'multi-tenant' });
    const audited = read(Array.from({ length: 3 }, () => user('A')));
    for (const object of audited) run.first(object);
    expect(run.counts()).toEqual({ totalErrors: 0, duplicates: 0, gridRows: 0 });
    audited.forEach((object, ordinal) => {
      run.second(ordinal, object);
    });
    expect(run.counts()).toEqual({ totalErrors: 2, duplicates: 2, gridRows: 4 });
  });

  it('has nothing to say of no objects', () => {
    expect(idFixRows([], { mode: 'dedicated' })).toEqual({
      rows: [],
      counts: { totalErrors: 0, duplicates: 0, gridRows: 0 },
    });
  });
});

test('an alternate login id spares userPrincipalName, so that sAMAccountName alone is compared', () => {
  const given = read([
    user('A', { userPrincipalName: 'b d@x.local', sAMAccountName: 'a;' }),
    user('B', { userPrincipalName: 'b d@x.local' }),
  ]);
  const { rows } = idFixRows(given, { mode: 'multi-tenant', alternateLoginId: true });
  expect(rows.map(({ attr }) => attr)).toEqual(['sAMAccountName']);
});

test('rows come object by object, and within an object in the order of the chains', () => {
  const bad = {
    displayName: null,
    givenName: 'g'.repeat(64),
    mail: 'm'.repeat(257),
    mailNickName: '.n',
    proxyAddresses: ['smtp:p', 'x:y:z'],
    sAMAccountName: 's*',
    targetAddress: 'smtp:t',
    userPrincipalName: 'u',
  };
  const attributes = (mode: 'multi-tenant' | 'dedicated') =>
    report(mode, user('U', { ...bad, objectClass: 'group' })).map((row) => row.split(/[ :]/)[1]);
  expect(attributes('multi-tenant')).toEqual([
    'displayName',
    'givenName',
    'mail',
    'mailNickName',
    'proxyAddresses',
    'proxyAddresses',
    'sAMAccountName',
    'targetAddress',
    'userPrincipalName',
  ]);
  expect(attributes('dedicated')).toEqual(['displayName', 'mail', 'proxyAddresses', 'proxyAddresses', 'targetAddress']);
});
