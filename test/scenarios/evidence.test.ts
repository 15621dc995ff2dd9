import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CaseView } from '../../src/api-contract.ts';
import { diagnosedCases, readCase, typesOf } from './cases.ts';
import { Organisation } from './organisation.ts';
import { waitFor } from './wait-for.ts';

let organisation: Organisation;
/** Cases of the demo organisation whose facts are all to be had as far as they count: each has a recommendation. */
const recommended: Record<'address' | 'userName', string> = { address: '', userName: '' };

beforeAll(async () => {
  organisation = await Organisation.start({ empty: false });
  const [address, userName] = await diagnosedCases(organisation, [
    'smtp:mona.keller@contoso.com',
    'nina.roth@contoso.com',
  ]);
  Object.assign(recommended, { address: address?.id, userName: userName?.id });
});
afterEach(() =>
  organisation.control({
    'entra.faults': [],
    'entra.signInActivityLicence': 'premium',
    'engine.scriptFaults': {},
    'ad.faults': {},
    'relay.available': true,
  }),
);
afterAll(() => organisation.stop());

/**
 * Asks for a new look, and answers the case when a new diagnosis says what is expected. An earlier story's look may still
 * be under way, and end after this one was asked for.
 */
async function lookAgain(id: string, expected: (subject: CaseView) => boolean): Promise<CaseView> {
  const before = typesOf(await readCase(organisation, id)).length;
  const request = { reason: 'Something has changed.' };
  expect(await organisation.api('approver', 'POST', `/api/cases/${id}/recheck`, request)).toMatchObject({
    status: 200,
  });
  let last: CaseView | undefined;
  return waitFor(
    'a new diagnosis that says so',
    async () => {
      last = await readCase(organisation, id);
      const since = typesOf(last).slice(before);
      const isNew = since.lastIndexOf('Diagnosed') > since.lastIndexOf('DiagnosisRequested');
      return isNew && expected(last) && last;
    },
    { seconds: 20, tell: () => `It says: ${last?.diagnosis.message} ${last && unknownsOf(last)}` },
  );
}

const isRecommended = ({ state, diagnosis }: CaseView): boolean =>
  state === 'AwaitingApproval' && diagnosis.reason === 'KeeperRecommended';
const says = (unknown: RegExp) => (subject: CaseView) => unknown.test(unknownsOf(subject));

const refusedAt = (path: string) => ({ 'entra.faults': [{ kind: 'status', status: 403, path, times: 10_000 }] });
const brokenScript = (name: string) => ({ 'engine.scriptFaults': { [name]: 'Access is denied.' } });

/** What may be applied because the product advises it. */
const advisedChanges = ({ fixes }: CaseView) => fixes.filter((fix) => fix.recommended && fix.kind === 'changes');
const unknownsOf = ({ diagnosis }: CaseView): string =>
  'unknowns' in diagnosis && Array.isArray(diagnosis.unknowns) ? diagnosis.unknowns.join('\n') : '';

describe.each(['address', 'userName'] as const)('of a quarantined %s', (which) => {
  test('the recommendation stands when every fact is to be had', async () => {
    const subject = await lookAgain(recommended[which], isRecommended);
    expect(advisedChanges(subject)).toHaveLength(1);
  });

  test.each([
    [
      'User.Read.All for the search of users',
      refusedAt('^/users$'),
      /holders in Entra: unknown, because .*User\.Read\.All/,
    ],
    [
      'User.Read.All for single users',
      refusedAt('^/users/[^/]+$'),
      /cloud object that the error names: unknown, because/,
    ],
    ['Group.Read.All', refusedAt('^/groups$'), /holders in Entra: unknown, because .*Group\.Read\.All/],
    ['OrgContact.Read.All', refusedAt('^/contacts$'), /holders in Entra: unknown, because .*OrgContact\.Read\.All/],
    ['the right to read deleted users', refusedAt('deletedItems'), /holders in Entra: unknown, because/],
    ['Domain.Read.All', refusedAt('^/domains'), /verified domains: unknown, because .*Domain\.Read\.All/],
    [
      'RoleManagement.Read.Directory',
      refusedAt('roleAssignments'),
      /directory roles of .*: unknown, because .*RoleManagement/,
    ],
    ['the eligible roles (P2)', refusedAt('roleEligibilitySchedules'), /directory roles of .*: unknown, because .*P2/],
    ['the memberships', refusedAt('transitiveMemberOf'), /directory roles of .*: unknown, because/],
    [
      'the relay',
      { 'relay.available': false },
      /holders in Active Directory: unknown, because The relay gave no answer/,
    ],
    [
      'the domain controller',
      { 'ad.faults': { down: ['dc1.contoso.com'] } },
      /holders in Active Directory: unknown, because/,
    ],
    ['the lineage', brokenScript('explain-value'), /lineage of .*: unknown, because .*Access is denied/],
  ])('without %s the fact is unknown, and no change is advised', async (_, missing, unknown) => {
    await organisation.control(missing);
    const subject = await lookAgain(recommended[which], says(unknown));
    expect(subject.state).toBe('NeedsPerson');
    expect(advisedChanges(subject)).toEqual([]);
  });

  test.each([
    [
      'the source of authority',
      refusedAt('onPremisesSyncBehavior'),
      /source of authority of .*: unknown, because .*OnPremisesSyncBehavior/,
    ],
    ['the scheduler', brokenScript('get-scheduler'), /staging mode: unknown, because/],
  ])('without %s the fact is unknown, which turns nothing: a change is still advised', async (_, missing, unknown) => {
    await organisation.control(missing);
    const subject = await lookAgain(recommended[which], says(unknown));
    expect(advisedChanges(subject)).toHaveLength(1);
  });
});

test('without Entra ID P1 nobody is known to sign in with the name, and no change is advised', async () => {
  await organisation.control({ 'entra.signInActivityLicence': 'none' });
  const p1 = /last sign-in of Nina Roth \(nina\.roth@contoso\.com\): unknown, because .*P1/;
  const subject = await lookAgain(recommended.userName, says(p1));
  expect(subject.state).toBe('NeedsPerson');
  expect(advisedChanges(subject)).toEqual([]);
});

test('when everything is back, so is the recommendation', async () => {
  for (const id of Object.values(recommended)) {
    expect(advisedChanges(await lookAgain(id, isRecommended))).toHaveLength(1);
  }
});
