import { expect, test } from 'vitest';
import type { AdObject, CloudFacts, CloudObject, Evidence } from '../../src/domain/evidence.ts';
import { immutableIdOf } from '../../src/domain/immutable-id.ts';
import { partiesOf } from '../../src/domain/party.ts';
import { judgeAll } from '../../src/domain/same-party.ts';
import { adUser, cloudUser, daysAgo, evidenceOf, guid, known, twinOf, unknown } from './evidence-builder.ts';

interface Row {
  readonly story: string;
  readonly mine?: Partial<AdObject>;
  readonly theirs?: Partial<CloudObject>;
  readonly theirsInAd?: Partial<AdObject>;
  readonly facts?: readonly [Partial<CloudFacts>, Partial<CloudFacts>];
  readonly counts?: Evidence['employeeIdCounts'];
  readonly expected: string;
}

const unique: Evidence['employeeIdCounts'] = { '7': known({ cloud: 1, onPremises: 1 }) };
const lately = { lastSignIn: known(daysAgo(3)) };
const names = { givenName: 'Anna', surname: 'Berg' };

const rows: Row[] = [
  { story: 'nothing known', expected: 'Undecided' },
  {
    story: 'the anchor of one is the objectGUID of the other',
    theirs: { onPremisesImmutableId: immutableIdOf(guid(11)) ?? '' },
    mine: { consistencyGuid: 'AQEBAQEBAQEBAQEBAQEBAQ==' },
    expected: 'SamePerson',
  },
  {
    story: 'the same SID',
    mine: { objectSid: 'S-1-5-21-1' },
    theirsInAd: { sidHistory: ['S-1-5-21-1'] },
    expected: 'SamePerson',
  },
  {
    story: 'the same mailbox GUID',
    mine: { msExchMailboxGuid: guid(77) },
    theirsInAd: { msExchMailboxGuid: guid(77) },
    expected: 'SamePerson',
  },
  {
    story: 'a linked mailbox and its account',
    mine: { objectSid: 'S-1-5-21-1' },
    theirsInAd: { msExchMasterAccountSid: 'S-1-5-21-1' },
    expected: 'SamePerson',
  },
  {
    story: 'SELF as master account of two shared mailboxes',
    mine: { msExchMasterAccountSid: 'S-1-5-10', objectSid: 'S-1-5-10' },
    theirsInAd: { msExchMasterAccountSid: 'S-1-5-10' },
    expected: 'Undecided',
  },
  {
    story: 'the same unique employeeId',
    mine: { employeeId: '7' },
    theirs: { employeeId: '7' },
    counts: unique,
    expected: 'SamePerson',
  },
  {
    story: 'the same employeeId, which a third one has too',
    mine: { employeeId: '7' },
    theirs: { employeeId: '7' },
    counts: { '7': known({ cloud: 2, onPremises: 1 }) },
    expected: 'Undecided',
  },
  {
    story: 'the same employeeId, not counted',
    mine: { employeeId: '7' },
    theirs: { employeeId: '7' },
    counts: { '7': unknown() },
    expected: 'Undecided',
  },
  {
    story: 'the same employeeId, not counted, and another type of recipient',
    mine: { employeeId: '7' },
    theirs: { employeeId: '7', objectType: 'group' },
    expected: 'Undecided',
  },
  {
    story: 'a strong fact for and one against',
    mine: { employeeId: '7' },
    theirs: { employeeId: '7' },
    counts: unique,
    facts: [lately, lately],
    expected: 'Undecided',
  },
  { story: 'two employeeIds', mine: { employeeId: '7' }, theirs: { employeeId: '8' }, expected: 'DifferentParties' },
  { story: 'an employeeId on one side only', mine: { employeeId: '7' }, expected: 'Undecided' },
  { story: 'both signed in lately', facts: [lately, lately], expected: 'DifferentParties' },
  {
    story: 'one signed in lately, the other unknown',
    facts: [lately, { lastSignIn: known(null) }],
    expected: 'Undecided',
  },
  { story: 'a user and a group', theirs: { objectType: 'group' }, expected: 'DifferentParties' },
  { story: 'a user and a contact', theirs: { objectType: 'contact' }, expected: 'Undecided' },
  { story: 'a person and a room', facts: [{}, { recipient: known('room-mailbox') }], expected: 'DifferentParties' },
  {
    story: 'a person of unknown recipient type and a room',
    facts: [{ recipient: unknown() }, { recipient: known('room-mailbox') }],
    expected: 'Undecided',
  },
  {
    story: 'two employeeIds and the same name',
    mine: { employeeId: '7', ...names },
    theirs: { employeeId: '8', ...names },
    expected: 'DifferentParties',
  },
  {
    story: 'two employeeIds, the same name and telephone',
    mine: { employeeId: '7', ...names, phones: ['+46 8 123 456'] },
    theirs: { employeeId: '8', ...names, phones: ['+468123456'] },
    expected: 'Undecided',
  },
  {
    story: 'two employeeIds, the same account name, manager and department',
    mine: { employeeId: '7', sAMAccountName: 'anna', manager: 'CN=M', department: 'D' },
    theirsInAd: { employeeId: '8', sAMAccountName: 'ANNA', manager: 'cn=m', department: 'd' },
    expected: 'Undecided',
  },
  { story: 'only medium facts', mine: names, theirs: names, expected: 'Undecided' },
];

test.each(rows)('$story: $expected', ({ mine, theirs, theirsInAd, facts, counts, expected }) => {
  const ad = adUser({ objectGuid: guid(11), ...mine });
  const subject = twinOf(ad, {
    id: guid(1),
    onPremisesImmutableId: ad.consistencyGuid ?? immutableIdOf(ad.objectGuid) ?? '',
  });
  const otherAd = theirsInAd === undefined ? undefined : adUser({ objectGuid: guid(12), ...theirsInAd });
  const holder =
    otherAd === undefined
      ? cloudUser({ id: guid(2), proxyAddresses: ['smtp:x@contoso.com'], ...theirs })
      : twinOf(otherAd, { id: guid(2), proxyAddresses: ['smtp:x@contoso.com'], ...theirs });
  const evidence = evidenceOf({
    value: 'smtp:x@contoso.com',
    subject: { cloud: subject, onPremises: [ad] },
    cloudHolders: [holder],
    onPremisesHolders: otherAd === undefined ? [] : [otherAd],
    facts: { [guid(1)]: facts?.[0] ?? {}, [guid(2)]: facts?.[1] ?? {} },
    evidence: { employeeIdCounts: counts ?? {} },
  });
  const parties = partiesOf(evidence);
  expect(judgeAll(parties.subject, parties.others, evidence).verdict).toBe(expected);
});

test('a single same person among several holders decides', () => {
  const ad = adUser({ objectGuid: guid(11), employeeId: '7' });
  const evidence = evidenceOf({
    value: 'smtp:x@contoso.com',
    subject: { cloud: twinOf(ad, { id: guid(1) }), onPremises: [ad] },
    cloudHolders: [cloudUser({ id: guid(2), employeeId: '8' }), cloudUser({ id: guid(3), employeeId: '7' })],
    evidence: { employeeIdCounts: unique },
  });
  const parties = partiesOf(evidence);
  const judged = judgeAll(parties.subject, parties.others, evidence);
  expect(judged.verdict).toBe('SamePerson');
  expect(judged.facts.join()).toContain('employeeId 7');
});

test('an uncounted employeeId is named as an unknown fact', () => {
  const ad = adUser({ objectGuid: guid(11), employeeId: '7' });
  const evidence = evidenceOf({
    value: 'smtp:x@contoso.com',
    subject: { cloud: twinOf(ad, { id: guid(1) }), onPremises: [ad] },
    cloudHolders: [cloudUser({ id: guid(2), employeeId: '7' })],
    evidence: { employeeIdCounts: { '7': unknown('HTTP 403', 'grant User.Read.All') } },
  });
  const parties = partiesOf(evidence);
  expect(judgeAll(parties.subject, parties.others, evidence).unknowns.join()).toContain('grant User.Read.All');
});
