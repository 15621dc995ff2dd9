import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdObject, CloudFacts, CloudObject, Evidence } from '../../src/domain/evidence.ts';
import { scoreKeeper } from '../../src/domain/keeper.ts';
import { partiesOf } from '../../src/domain/party.ts';
import { adUser, cloudUser, daysAgo, evidenceOf, guid, known, twinOf, unknown } from './evidence-builder.ts';

const value = 'smtp:anna.berg@contoso.com';

interface Side {
  readonly ad?: Partial<AdObject>;
  readonly cloud?: Partial<CloudObject>;
  readonly facts?: Partial<CloudFacts>;
}

/** A subject that is synchronised and claims the value, and a holder that is synchronised and has it. */
function conflict(
  subject: Side,
  holder: Side,
  attribute: Evidence['sought']['attribute'] = 'proxyAddresses',
): Evidence {
  const claim =
    attribute === 'proxyAddresses' ? { proxyAddresses: [value] } : { userPrincipalName: 'anna.berg@contoso.com' };
  const first = adUser({ objectGuid: guid(11), displayName: 'Subject', ...claim, ...subject.ad });
  const second = adUser({ objectGuid: guid(12), displayName: 'Holder', ...claim, ...holder.ad });
  return evidenceOf({
    attribute,
    value: attribute === 'proxyAddresses' ? value : 'anna.berg@contoso.com',
    subject: { cloud: twinOf(first, { id: guid(1), ...subject.cloud }), onPremises: [first] },
    cloudHolders: [twinOf(second, { id: guid(2), ...claim, ...holder.cloud })],
    onPremisesHolders: [second],
    facts: { [guid(1)]: subject.facts ?? {}, [guid(2)]: holder.facts ?? {} },
  });
}

function score(evidence: Evidence) {
  const { subject, others } = partiesOf(evidence);
  return scoreKeeper([subject, ...others], evidence);
}

/** What a row says of the subject (0) or the holder (1). */
function row(evidence: Evidence, party: 0 | 1, rule: RegExp): string {
  const found = score(evidence).parties[party]?.rows.find((candidate) => rule.test(candidate.rule));
  return `${found?.fact} ${found?.points} [${found?.least},${found?.most}]`;
}

const mailbox = { recipient: known('user-mailbox' as const) };
const lately = { lastSignIn: known(daysAgo(3)) };

describe('rows of the address table', () => {
  const receives = /receives mail/;
  test.each<[string, Side, Side, 0 | 1, string]>([
    ['a cloud mailbox with the value', {}, { facts: mailbox }, 1, 'yes 40 [40,40]'],
    ['a shared mailbox with the value', {}, { facts: { recipient: known('shared-mailbox') } }, 1, 'yes 40 [40,40]'],
    ['a mail-enabled group', {}, { facts: { recipient: known('distribution-group') } }, 1, 'yes 40 [40,40]'],
    ['a mail user only forwards', {}, { facts: { recipient: known('mail-user') } }, 1, 'no 0 [0,0]'],
    ['a cloud mailbox whose value is quarantined', { facts: mailbox }, {}, 0, 'no 0 [0,0]'],
    ['an on-premises mailbox whose value is quarantined', { ad: { homeMdb: 'CN=DB1' } }, {}, 0, 'yes 40 [40,40]'],
    ['an unknown type of recipient', {}, { facts: { recipient: unknown() } }, 1, 'unknown 0 [0,40]'],
    ['no mailbox', {}, {}, 1, 'no 0 [0,0]'],
  ])('mail: %s', (_story, subject, holder, party, expected) => {
    expect(row(conflict(subject, holder), party, receives)).toBe(expected);
  });

  test.each<[string, Side, string]>([
    ['SMTP: at the master', { ad: { proxyAddresses: ['SMTP:anna.berg@contoso.com'] } }, 'yes 25 [25,25]'],
    [
      'mail at the master, and no SMTP:',
      { ad: { mail: 'anna.berg@contoso.com', proxyAddresses: [] } },
      'yes 25 [25,25]',
    ],
    [
      'another SMTP:',
      { ad: { proxyAddresses: [value, 'SMTP:a@contoso.com'], mail: 'anna.berg@contoso.com' } },
      'no 0 [0,0]',
    ],
  ])('primary: %s', (_story, holder, expected) => {
    expect(row(conflict({}, holder), 1, /primary SMTP/)).toBe(expected);
  });

  test('primary: the object at the master was not read', () => {
    const evidence = { ...conflict({}, {}), onPremisesHolders: known([]) };
    expect(row(evidence, 1, /primary SMTP/)).toBe('unknown 0 [0,25]');
  });
});

describe('rows of the UPN table', () => {
  const upn = 'userPrincipalName' as const;
  const holds = { cloud: { userPrincipalName: 'anna.berg@contoso.com' } };
  test.each<[string, Side, Side, 0 | 1, RegExp, string]>([
    ['signs in with it', {}, { ...holds, facts: lately }, 1, /signs in with/, 'yes 40 [40,40]'],
    [
      'has it, and no sign-in is on record',
      {},
      { ...holds, facts: { lastSignIn: known(null) } },
      1,
      /signs in with/,
      'unknown 0 [0,40]',
    ],
    ['has a placeholder', { facts: lately }, holds, 0, /signs in with/, 'no 0 [0,0]'],
    ['logged on with it', { ad: { lastLogonTimestamp: daysAgo(5) } }, holds, 0, /logged on/, 'yes 20 [20,20]'],
    ['logged on long ago', { ad: { lastLogonTimestamp: daysAgo(60) } }, holds, 0, /logged on/, 'no 0 [0,0]'],
    [
      'logged on within the lag of the timestamp',
      { ad: { lastLogonTimestamp: daysAgo(40) } },
      holds,
      0,
      /logged on/,
      'unknown 0 [0,20]',
    ],
    ['mail is the value', { ad: { mail: 'anna.berg@contoso.com' } }, holds, 0, /mail is the value/, 'yes 15 [15,15]'],
    ['mail is another', { ad: { mail: 'a@contoso.com' } }, holds, 0, /mail is the value/, 'no 0 [0,0]'],
  ])('%s', (_story, subject, holder, party, rule, expected) => {
    expect(row(conflict(subject, holder, upn), party, rule)).toBe(expected);
  });
});

describe('rows of both tables', () => {
  const holds = { userPrincipalName: 'anna.berg@contoso.com' };
  test.each<[string, Side, Side, 0 | 1, RegExp, string]>([
    ['current UPN, signed in lately', {}, { cloud: holds, facts: lately }, 1, /current UPN/, 'yes 25 [25,25]'],
    ['current UPN, signed in long ago', {}, { cloud: holds }, 1, /current UPN/, 'no 0 [0,0]'],
    [
      'current UPN, no sign-in on record',
      {},
      { cloud: holds, facts: { lastSignIn: known(null) } },
      1,
      /current UPN/,
      'unknown 0 [0,25]',
    ],
    ['another UPN', {}, { facts: lately }, 1, /current UPN/, 'no 0 [0,0]'],
    [
      'held it 30 days before',
      { ad: { attributeChangedAt: { proxyAddresses: daysAgo(10) } } },
      { ad: { attributeChangedAt: { proxyAddresses: daysAgo(40) } } },
      1,
      /held the value/,
      'yes 15 [15,15]',
    ],
    [
      'held it 29 days before',
      { ad: { attributeChangedAt: { proxyAddresses: daysAgo(11) } } },
      { ad: { attributeChangedAt: { proxyAddresses: daysAgo(40) } } },
      1,
      /held the value/,
      'no 0 [0,0]',
    ],
    [
      'nobody knows since when',
      { ad: { proxyAddresses: [] }, cloud: { createdDateTime: undefined } as never },
      {},
      1,
      /held the value/,
      'unknown 0 [0,15]',
    ],
    ['named after it', { ad: { givenName: 'Anna', surname: 'Berg' } }, {}, 0, /derives from/, 'yes 10 [10,10]'],
    [
      'named after it by its alias, with other marks',
      { ad: { mailNickname: 'anna-bérg' } },
      {},
      0,
      /derives from/,
      'yes 10 [10,10]',
    ],
    [
      'both named after it',
      { ad: { mailNickname: 'anna.berg' } },
      { ad: { mailNickname: 'annaberg' } },
      0,
      /derives from/,
      'no 0 [0,0]',
    ],
    ['active by sign-in', { facts: lately }, {}, 0, /active/, 'yes 10 [10,10]'],
    ['active by logon', { ad: { lastLogonTimestamp: daysAgo(2) } }, {}, 0, /active/, 'yes 10 [10,10]'],
    ['not active', { ad: { lastLogonTimestamp: daysAgo(90) } }, {}, 0, /active/, 'no 0 [0,0]'],
    [
      'a shared mailbox is not scored as a person',
      { facts: { ...lately, recipient: known('shared-mailbox') } },
      {},
      0,
      /active/,
      'no 0 [0,0]',
    ],
    [
      'active, but perhaps a shared mailbox',
      { facts: { ...lately, recipient: unknown() } },
      {},
      0,
      /active/,
      'unknown 0 [0,10]',
    ],
    [
      'a leaver',
      {},
      { ad: { accountEnabled: false, whenDisabled: daysAgo(40) }, facts: mailbox },
      1,
      /leaver/,
      'yes -30 [-30,-30]',
    ],
    [
      'disabled last week',
      {},
      { ad: { accountEnabled: false, whenDisabled: daysAgo(7) }, facts: mailbox },
      1,
      /leaver/,
      'no 0 [0,0]',
    ],
    [
      'disabled, nobody knows since when',
      {},
      { ad: { accountEnabled: false }, facts: mailbox },
      1,
      /leaver/,
      'unknown 0 [-30,0]',
    ],
    [
      'a disabled shared mailbox is no leaver',
      {},
      {
        ad: { accountEnabled: false, whenDisabled: daysAgo(40), msExchRecipientTypeDetails: '34359738368' },
        facts: mailbox,
      },
      1,
      /leaver/,
      'no 0 [0,0]',
    ],
    [
      'a guest, in a domain of the tenant',
      {},
      { cloud: { userType: 'Guest' } },
      1,
      /guest or contact/,
      'yes -20 [-20,-20]',
    ],
    ['a member', {}, {}, 1, /guest or contact/, 'no 0 [0,0]'],
    [
      'young and unused',
      { cloud: { createdDateTime: daysAgo(3) }, facts: { lastSignIn: known(null) } },
      {},
      0,
      /unlicensed/,
      'unknown 0 [-15,0]',
    ],
    [
      'young, but it signed in',
      { cloud: { createdDateTime: daysAgo(3) }, facts: lately },
      {},
      0,
      /unlicensed/,
      'no 0 [0,0]',
    ],
    [
      'unused, but a month old',
      { cloud: { createdDateTime: daysAgo(31) }, facts: { lastSignIn: known(null) } },
      {},
      0,
      /unlicensed/,
      'no 0 [0,0]',
    ],
  ])('%s', (_story, subject, holder, party, rule, expected) => {
    const evidence = conflict(subject, holder);
    expect(row(evidence, party, rule)).toBe(expected);
  });

  test('a guest, and the verified domains are unknown', () => {
    const evidence = conflict({}, { cloud: { userType: 'Guest' } });
    const tenant = { ...evidence.tenant, verifiedDomains: unknown() };
    expect(row({ ...evidence, tenant }, 1, /guest or contact/)).toBe('unknown 0 [-20,0]');
  });
});

/** The holder has a mailbox with the value as primary address, and is active: 75 points against 0. */
const clear = (subject: Side = {}, holder: Side = {}): Evidence =>
  conflict(
    { ...subject, ad: { lastLogonTimestamp: daysAgo(90), ...subject.ad } },
    {
      ad: { proxyAddresses: ['SMTP:anna.berg@contoso.com'], ...holder.ad },
      cloud: { proxyAddresses: ['SMTP:anna.berg@contoso.com'], ...holder.cloud },
      facts: { ...mailbox, ...lately, ...holder.facts },
    },
  );

describe('a recommendation', () => {
  test('is given above threshold and margin', () => {
    expect(score(clear())).toMatchObject({
      keeper: guid(2),
      reasons: [expect.stringContaining('Holder has at least 50')],
    });
  });

  test('is not given below the threshold', () => {
    const weak = clear({}, { ad: { proxyAddresses: [value] }, facts: { lastSignIn: known(daysAgo(90)) } });
    expect(score(weak).parties[1]?.total).toBe(40);
    expect(score(weak).keeper).toBeUndefined();
  });

  test('is not given below the margin', () => {
    const near = clear({ ad: { homeMdb: 'CN=DB1', givenName: 'Anna', surname: 'Berg' } });
    expect(score(near).parties.map(({ total }) => total)).toEqual([50, 75]);
    expect(score(near).keeper).toBeUndefined();
  });

  test.each<[string, Evidence, string]>([
    [
      'a privileged party',
      clear({ facts: { privileges: known(['Global Reader, through Helpdesk']) } }),
      'Global Reader',
    ],
    [
      'privileges that could not be read',
      clear({ facts: { privileges: unknown('403', 'grant RoleManagement.Read.Directory') } }),
      'RoleManagement.Read.Directory',
    ],
    ['a protected party', clear({ ad: { adminCount: 1 } }), 'adminCount'],
    ['a restricted party', clear({ cloud: { isManagementRestricted: true } }), 'restricted'],
    ['a hold', clear({}, { facts: { litigationHold: known(true) } }), 'on litigation hold'],
    ['a hold that is not known', clear({}, { facts: { litigationHold: unknown() } }), 'is not known'],
    ['a soft-deleted party', clear({}, { cloud: { deletedDateTime: daysAgo(2) } }), ''],
    ['a party younger than a day', clear({ cloud: { createdDateTime: daysAgo(0.5) } }), 'younger than 24 hours'],
    [
      'a party of unknown age',
      {
        ...clear(),
        subject: {
          cloud: known(cloudUser({ id: guid(1), createdDateTime: undefined } as never)),
          onPremises: known([]),
        },
      },
      'how old',
    ],
    ['an open plan', { ...clear(), openPlans: [{ objectId: guid(12), caseId: 'c-9' }] }, 'open plan of case c-9'],
    [
      'old evidence',
      {
        ...clear(),
        cloudHolders: {
          ...known(
            clear().cloudHolders.state === 'known'
              ? [
                  twinOf(adUser({ objectGuid: guid(12) }), {
                    id: guid(2),
                    proxyAddresses: ['SMTP:anna.berg@contoso.com'],
                  }),
                ]
              : [],
          ),
          at: daysAgo(2),
        },
      },
      'older than 24 hours',
    ],
    ['a holder search that failed', { ...clear(), onPremisesHolders: unknown('relay down', 'start the relay') }, ''],
    [
      'a domain that is not verified',
      { ...clear(), tenant: { ...clear().tenant, verifiedDomains: known([]) } },
      'not a verified domain',
    ],
    ['unknown domains', { ...clear(), tenant: { ...clear().tenant, verifiedDomains: unknown() } }, 'is not known'],
    [
      'a loser whose only SMTP address it is',
      clear({ cloud: { proxyAddresses: ['smtp:anna.berg@contoso.com'] } }),
      'its only SMTP address',
    ],
    ['a loser that signs in with it', clear({ cloud: { userPrincipalName: 'anna.berg@contoso.com' } }), 'its UPN'],
    [
      'a loser whose mail is routed by it',
      clear({ ad: { targetAddress: 'SMTP:anna.berg@contoso.com' } }),
      'targetAddress',
    ],
  ])('is refused for %s', (_why, evidence, reason) => {
    const { keeper, reasons } = score(evidence);
    expect(keeper).toBeUndefined();
    expect(reasons.join('; ')).toContain(reason);
  });

  test('is refused when the value is the primary address of two mailboxes', () => {
    const both = clear({ ad: { proxyAddresses: ['SMTP:anna.berg@contoso.com'] }, facts: mailbox });
    expect(score(both).keeper).toBeUndefined();
    expect(score(both).reasons.join()).toContain('two mailboxes');
  });

  test('is refused when three parties receive mail', () => {
    const evidence = clear({ facts: mailbox });
    const third = cloudUser({ id: guid(3), objectType: 'group', proxyAddresses: ['smtp:other@contoso.com'] });
    const more = {
      ...evidence,
      cloudHolders:
        evidence.cloudHolders.state === 'known'
          ? known([...evidence.cloudHolders.value, third])
          : evidence.cloudHolders,
      cloudFacts: {
        ...evidence.cloudFacts,
        [guid(3)]: { ...evidence.cloudFacts[guid(1)], recipient: known('distribution-group' as const) } as CloudFacts,
      },
    };
    expect(score(more).reasons.join()).toContain('three or more parties receive mail');
  });
});

test('a recommendation stands for every value of every unknown fact', () => {
  const signIns = fc.constantFrom(known(null), known(daysAgo(3)), known(daysAgo(90)));
  const recipients = fc.constantFrom(
    known('none' as const),
    known('user-mailbox' as const),
    known('shared-mailbox' as const),
    known('mail-user' as const),
  );
  const side = fc.record({
    lastSignIn: signIns,
    recipient: recipients,
    privileges: fc.constantFrom(known<string[]>([]), known(['Global Administrator'])),
    litigationHold: fc.boolean().map(known),
  });
  const hidden = fc.subarray(['lastSignIn', 'recipient', 'privileges', 'litigationHold'] as const);
  const forms = fc.record({ primary: fc.boolean(), logon: fc.constantFrom(2, 90), upn: fc.boolean() });
  const hide = (facts: Partial<CloudFacts>, names: readonly string[]) => ({
    ...facts,
    ...Object.fromEntries(names.map((name) => [name, unknown()])),
  });
  let recommended = 0;
  fc.assert(
    fc.property(side, side, hidden, hidden, forms, forms, (mine, theirs, hideMine, hideTheirs, form, other) => {
      const sideOf = (facts: Partial<CloudFacts>, { primary, logon, upn }: typeof form): Side => ({
        ad: { proxyAddresses: [primary ? 'SMTP:anna.berg@contoso.com' : value], lastLogonTimestamp: daysAgo(logon) },
        cloud: upn ? { userPrincipalName: 'anna.berg@contoso.com' } : {},
        facts,
      });
      const full = conflict(sideOf(mine, form), sideOf(theirs, other));
      const partial = conflict(sideOf(hide(mine, hideMine), form), sideOf(hide(theirs, hideTheirs), other));
      const { keeper } = score(partial);
      if (keeper === undefined) return;
      recommended += 1;
      expect(score(full).keeper).toBe(keeper);
    }),
    { numRuns: 2000, seed: 7 },
  );
  expect(recommended).toBeGreaterThan(0);
});
