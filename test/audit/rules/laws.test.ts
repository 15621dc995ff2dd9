import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditObject } from '../../../src/audit/audit-object.ts';
import type { AuditSettings } from '../../../src/audit/audit-settings.ts';
import { entraRules } from '../../../src/audit/index.ts';
import type { AttributeRule } from '../../../src/audit/rule.ts';
import { rulesConcerning } from '../../../src/audit/rules-concerning.ts';
import { contoso } from './finding.ts';

const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abcXYZ019._-') },
  fc.constantFrom(...` @:;,'"()<>[]\\/+*&%$#!?=|~^{}\`äöüßéñøłİ李😀`),
  fc.constantFrom('\u200b', '\u00a0', '\ufeff', '\u00ad', '\u202e', '\t', '\u0301', '\ud800'),
);
const word = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: character, maxLength: 12 }) },
  fc.constantFrom('', ' ', '.', '...', 'anna', 'anna.berg', 'anna.', '.anna', 'a'.repeat(65), 'b'.repeat(300)),
);
const domain = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['contoso.com', 'CONTOSO.com', 'fabrikam.com', 'contoso.onmicrosoft.com', 'contoso.mail.onmicrosoft.com'],
      ...['other.onmicrosoft.com', 'corp.local', 'corp', 'partner.net', 'xn--mller-kva.de', 'müller.de', 'İş.com.tr'],
      ...['con toso.com', 'contoso.com ', 'con\u200btoso.com', 'con,toso.com', 'contoso..com', '-x.com', '1.2.3.4'],
      ...[`${'x'.repeat(64)}.com`, `${'long.'.repeat(10)}com`, `${'x.'.repeat(130)}com`, 'ｃontoso.com', ''],
    ),
  },
  fc.string({ unit: character, maxLength: 12 }),
);
const address = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(word, domain).map(([local, end]) => `${local}@${end}`) },
  word,
);
const prefix = fc.constantFrom('smtp:', 'SMTP:', 'smtp:', 'SMTP:', 'sip:', 'X500:', 'x400:', 'notes:', '', 'Smtp: ');
const proxyAddress = fc.tuple(prefix, address).map(([kind, text]) => kind + text);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const count = fc.constantFrom(0, 15, 16, 50_001, 250_001, 102_401);

const object: fc.Arbitrary<AuditObject> = fc
  .record({
    objectClass: fc.constantFrom(['top', 'person', 'user'], ['top', 'group'], ['top', 'contact'], ['top', 'computer']),
    cn: maybe(word),
    displayName: maybe(word),
    givenName: maybe(word),
    sn: maybe(word),
    mail: maybe(address),
    mailNickname: maybe(word),
    sAMAccountName: maybe(word),
    userPrincipalName: maybe(address),
    targetAddress: maybe(proxyAddress),
    proxyAddresses: fc.array(proxyAddress, { maxLength: 4 }),
    employeeID: maybe(word),
    objectGUID: maybe(fc.oneof(fc.uuid(), word)),
    'mS-DS-ConsistencyGuid': maybe(fc.constantFrom('MyIRAFVEd2aImaq7zN3u/w==', 'QUJD', '')),
    userAccountControl: maybe(fc.constantFrom(512, 514)),
    msExchRecipientTypeDetails: maybe(fc.constantFrom('1', '4', '128')),
    lastLogonTimestamp: maybe(
      fc.constantFrom(
        '2026-11-01T00:00:00Z',
        '2026-08-24T08:00:00.000Z',
        '2026-08-24T10:00:00+02:00',
        '2020-01-01',
        '',
      ),
    ),
    valueCounts: maybe(fc.record({ userCertificate: count, member: count })),
    octetCounts: maybe(fc.record({ thumbnailPhoto: count })),
    others: maybe(
      fc.record({ department: fc.array(word, { maxLength: 2 }), description: fc.constant(['x'.repeat(449)]) }),
    ),
    origin: maybe(
      fc.constantFrom(
        { side: 'active-directory', forest: 'corp.local' } as const,
        { side: 'entra', id: 'x', kind: 'cloud-only', licensed: true, lastSignIn: '2020-01-01T00:00:00Z' } as const,
      ),
    ),
  })
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never);

const settings: fc.Arbitrary<AuditSettings> = fc.record({
  ...Object.fromEntries(Object.entries(contoso).map(([name, value]) => [name, fc.constant(value)])),
  verifiedDomains: fc.constantFrom(
    null,
    [],
    ['contoso.onmicrosoft.com'],
    ['contoso.onmicrosoft.com', 'Contoso.com', 'fabrikam.com'],
    ['contoso.onmicrosoft.com', 'xn--mller-kva.de', `${'long.'.repeat(10)}com`],
  ),
  initialDomain: fc.constantFrom(null, 'contoso.onmicrosoft.com'),
  userNameAttribute: fc.constantFrom('userPrincipalName', 'mail'),
}) as never;

interface Proposed {
  readonly rule: AttributeRule;
  readonly value: string | null;
  readonly candidate: string;
}

const proposed = (audited: AuditObject, known: AuditSettings): Proposed[] =>
  entraRules.flatMap((rule) =>
    rule
      .values(audited)
      .filter((value) => rule.check(value, audited, known) !== null)
      .flatMap((value) => [...rule.propose(value, audited, known)].map((candidate) => ({ rule, value, candidate }))),
  );

const holds = (law: (audited: AuditObject, known: AuditSettings) => void, numRuns = 3000): void =>
  fc.assert(fc.property(object, settings, law), { numRuns });

test('every proposed value passes its own rule, and every other rule of its attribute', () => {
  const seen = new Set<string>();
  holds((audited, known) => {
    for (const { rule, value, candidate } of proposed(audited, known)) {
      seen.add(rule.meta.code);
      expect(candidate).not.toBe(value);
      const siblings = entraRules.filter(({ meta }) => meta.attribute === rule.meta.attribute);
      for (const sibling of siblings) expect(sibling.check(candidate, audited, known)).toBeNull();
    }
  });
  expect(seen.size).toBeGreaterThan(20);
});

const withDomain = new Set(['userPrincipalName', 'mail', 'proxyAddresses', 'targetAddress']);
const domainOf = (value: string): string => value.slice(value.lastIndexOf('@') + 1).toLowerCase();
/** All that may be missing from a repaired domain wherever it is: spaces, and what nobody sees. */
const visible = (text: string): string => text.replace(/[\s\u200b\ufeff\u00ad\u202e]/g, '');

test('a proposal keeps the domain, or is in one that the tenant has verified', () => {
  let kept = 0;
  let moved = 0;
  holds((audited, known) => {
    for (const { rule, value, candidate } of proposed(audited, known)) {
      if (!withDomain.has(rule.meta.attribute) || !candidate.includes('@')) continue;
      const before = visible(domainOf(value ?? ''));
      const after = domainOf(candidate);
      if (after === before || after === domainToASCII(before)) kept += 1;
      else {
        moved += 1;
        const verified = known.verifiedDomains?.map((name) => name.toLowerCase());
        expect(verified, `${value} -> ${candidate}`).toContain(after);
      }
    }
  });
  expect(Math.min(kept, moved)).toBeGreaterThan(100);
});

test('a value that an object already has beside it is not proposed', () => {
  holds((audited, known) => {
    for (const { rule, value, candidate } of proposed(audited, known)) {
      if (rule.meta.attribute !== 'proxyAddresses') continue;
      const others = audited.proxyAddresses.filter((other) => other !== value).map((other) => other.toLowerCase());
      expect(others).not.toContain(candidate.toLowerCase());
    }
  });
});

test('the cheap look clears no object that a rule complains of', () => {
  const concerning = rulesConcerning(entraRules);
  let cleared = 0;
  holds((audited, known) => {
    const asked = new Set(concerning(audited, known));
    for (const rule of entraRules.filter((one) => !asked.has(one))) {
      cleared += 1;
      for (const value of rule.values(audited)) expect(rule.check(value, audited, known), rule.meta.code).toBeNull();
    }
  });
  expect(cleared).toBeGreaterThan(1000);
});

test('looking changes nothing, and says the same twice', () => {
  holds((audited, known) => {
    const copy = structuredClone(audited);
    expect(proposed(audited, known)).toEqual(proposed(copy, known));
    expect(audited).toEqual(copy);
  }, 500);
});
