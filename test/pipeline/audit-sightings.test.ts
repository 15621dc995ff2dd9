import { describe, expect, test } from 'vitest';
import type { Finding, Holder } from '../../src/audit/finding.ts';
import { groupRules } from '../../src/audit/group-rules.ts';
import { entraRules } from '../../src/audit/index.ts';
import { sighting as sightingShape } from '../../src/domain/sighting.ts';
import { sightingKeys } from '../../src/domain/sighting-keys.ts';
import { kinds } from '../../src/errors/index.ts';
import { SightingChoice, sightingOfFinding } from '../../src/pipeline/audit-sightings.ts';
import { guid } from '../domain/evidence-builder.ts';

const valueRules = new Set(entraRules.map(({ meta }) => meta.code));
const nobody = () => false;
const of = (finding: Finding, isKnown: (key: string) => boolean = nobody) =>
  sightingOfFinding(finding, 'tenant', valueRules, isKnown);

const reference = (number: number): Finding['object'] => ({
  name: `Object ${number}`,
  objectType: 'user',
  origin: { side: 'active-directory', forest: 'contoso.com' },
  distinguishedName: `CN=Object ${number},DC=contoso,DC=com`,
  objectGUID: guid(number),
  sourceAnchor: `anchor-${number}`,
});
const holder = (number: number, attribute: string, value: string, placed?: string): Holder => ({
  object: reference(number),
  inputs: [{ attribute, value }],
  ...(placed === undefined ? {} : { placed }),
});
const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: 'UserPrincipalNameCharacters',
  severity: 'error',
  object: reference(1),
  attribute: 'userPrincipalName',
  value: 'a b@contoso.com',
  message: 'It has a space.',
  remedy: 'Rename it.',
  ...more,
});

const weighty = [...entraRules.map(({ meta }) => meta), ...groupRules].filter(
  ({ severity }) => severity !== 'information',
);

test.each([...new Set(weighty.map(({ code }) => code))])('the rule %s has a kind in the catalogue', (rule) => {
  const sighting = of(finding({ rule }));
  expect(sightingShape.parse(sighting)).toEqual(sighting);
  expect(sighting?.code).not.toBe('NotUnderstood');
  expect(kinds.find(({ meta }) => meta.code === sighting?.code)?.meta.family).toBe(sighting?.family);
});

test('a rule that the catalogue does not know is not understood, with all that was said', () => {
  expect(of(finding({ rule: 'SomethingNew' }))).toMatchObject({
    code: 'NotUnderstood',
    family: 'SomethingNew',
    originalCode: 'SomethingNew',
    raw: { message: 'It has a space.', remedy: 'Rename it.', objectGUID: guid(1), forest: 'contoso.com' },
  });
});

test('two rules that one value breaks are one fault; an absent attribute is one of its rule', () => {
  const [one, other] = [of(finding()), of(finding({ rule: 'UserPrincipalNameFormat' }))];
  expect(one && sightingKeys(one)).toEqual(other && sightingKeys(other));
  const absent = of(finding({ rule: 'UserPrincipalNameAbsent', value: null }));
  expect(absent).not.toHaveProperty('value');
});

test('a count is not what a fault is about: it grows, and the fault stays', () => {
  const [one, other] = ['16', '17'].map((value) =>
    of(finding({ rule: 'CertificateCount', attribute: 'userCertificate', value })),
  );
  expect(one && sightingKeys(one)).toEqual(other && sightingKeys(other));
});

test('an object that nothing identifies has no case', () => {
  expect(of(finding({ object: { name: 'Nameless', objectType: 'user' } }))).toBeNull();
});

describe('a value of several objects', () => {
  const shared = finding({
    rule: 'DuplicateAddress',
    attribute: 'mail',
    value: 'Team@contoso.com',
    holders: [
      holder(1, 'mail', 'Team@contoso.com'),
      holder(2, 'userPrincipalName', 'team@contoso.com'),
      holder(3, 'proxyAddresses', 'smtp:team@contoso.com', 'joined to Object 1'),
    ],
  });

  test('is said as Entra would say it of the first, with the names of all', () => {
    expect(of(shared)).toMatchObject({
      code: 'DuplicateInDirectory',
      family: 'DuplicateValue',
      displayName: 'Object 1',
      attribute: 'proxyAddresses',
      value: 'smtp:team@contoso.com',
      raw: {
        holders: [
          expect.stringContaining('Object 1'),
          expect.stringContaining('Object 2'),
          expect.stringContaining('joined to'),
        ],
      },
    });
  });

  test('is said of the holder that has a case, in the form of that case', () => {
    const quarantined = { ...(of(shared) as NonNullable<ReturnType<typeof of>>) };
    const keys = sightingKeys({
      ...quarantined,
      identities: { sourceAnchor: 'anchor-2' },
      attribute: 'userPrincipalName',
      value: 'TEAM@contoso.com',
    });
    expect(of(shared, (key) => keys.includes(key))).toMatchObject({
      displayName: 'Object 2',
      attribute: 'userPrincipalName',
    });
  });

  test('names twenty holders, and says how many there are more', () => {
    const holders = Array.from({ length: 30 }, (_, number) => holder(number, 'mail', 'team@contoso.com'));
    const { raw } = of({ ...shared, holders }) as NonNullable<ReturnType<typeof of>>;
    expect(raw['holders']).toHaveLength(21);
    expect(raw['holders']).toContain('and 10 more, in the report of the audit');
  });
});

test('of what is new the worst is chosen, whatever comes first; what is known always', () => {
  const all = Array.from({ length: 6 }, (_, number) => of(finding({ object: reference(number) }))).flatMap(
    (one) => one ?? [],
  );
  const [first] = all;
  const known = new Set(first === undefined ? [] : sightingKeys(first));
  const choice = new SightingChoice(2, (key) => known.has(key));
  all.forEach((sighting, index) => {
    choice.add(sighting, index < 4 ? 'warning' : 'error');
  });
  expect(choice.chosen().map(({ displayName }) => displayName)).toEqual(['Object 0', 'Object 4', 'Object 5']);
  expect(choice.leftOut).toBe(3);
});
