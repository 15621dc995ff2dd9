import { z } from 'zod';
import type { Fact } from '../../domain/evidence.ts';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import type { Clock, CloudAccountPage, CloudAccounts, UnusedAccounts } from '../../ports.ts';
import { type Answer, failureOf, isSuccess, tryAgain } from './answer.ts';
import { cloudObjectOf } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { known, unknown } from './fact.ts';
import { latestSignIn, signIns } from './facts.ts';
import { withQuery } from './odata.ts';
import { needs } from './permissions.ts';
import { readIsResource } from './recipient.ts';

const selected = [
  ...['id', 'displayName', 'userType', 'userPrincipalName', 'mail', 'mailNickname', 'proxyAddresses', 'accountEnabled'],
  ...[
    'onPremisesSyncEnabled',
    'onPremisesImmutableId',
    'onPremisesDistinguishedName',
    'assignedLicenses',
    'assignedPlans',
  ],
];

/** Users that are disabled or have not signed in, by filter: it lags behind writes. */
export function createCloudAccounts(connection: Connection, clock: Clock): CloudAccounts {
  return {
    async page(which, pageSize, token) {
      const withSignIns = await connection.get(pathOf(which, pageSize, token, [...selected, 'signInActivity']));
      if (!withSignIns.ok) return withSignIns;
      if (which.kind === 'inactive' || withSignIns.value.status !== 403) return pageOf(withSignIns.value, which, clock);
      // Sign-ins need a permission and a licence of their own; the accounts do not.
      const without = await connection.get(pathOf(which, pageSize, token, selected));
      return without.ok ? pageOf(without.value, which, clock, withSignIns.value) : without;
    },
    isResource: (account) => readIsResource(connection, clock, account),
  };
}

function pathOf(which: UnusedAccounts, pageSize: number, token: string | null, select: readonly string[]): string {
  const path = withQuery('/users', {
    $filter:
      which.kind === 'disabled'
        ? 'accountEnabled eq false'
        : `signInActivity/lastSignInDateTime le ${which.before.toISOString()}`,
    $select: select.join(','),
    $top: pageSize,
  });
  return token === null ? path : `${path}&$skiptoken=${encodeURIComponent(token)}`;
}

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

/** @param refused the answer in the place of the sign-ins, when they could not be had */
function pageOf(answer: Answer, which: UnusedAccounts, clock: Clock, refused?: Answer): Result<CloudAccountPage> {
  if (!isSuccess(answer))
    return failed(failureOf(answer, which.kind === 'inactive' ? needs.readSignIns : needs.readUsers));
  const parsed = page.safeParse(answer.body);
  if (!parsed.success) return failed(tryAgain('Graph answered a list with something that is no page'));
  const accounts: CloudAccountPage['accounts'][number][] = [];
  for (const entry of parsed.data.value) {
    const account = cloudObjectOf('user', entry);
    if (!account.ok) return account;
    accounts.push({ account: account.value, lastSignIn: lastSignInOf(entry, clock, refused) });
  }
  const next = parsed.data['@odata.nextLink'];
  return succeeded({ accounts, token: next === undefined ? null : new URL(next).searchParams.get('$skiptoken') });
}

function lastSignInOf(entry: unknown, clock: Clock, refused: Answer | undefined): Fact<string | null> {
  if (refused !== undefined) return unknown(failureOf(refused, needs.readSignIns), needs.readSignIns);
  const read = signIns.safeParse(entry);
  return known(read.success ? latestSignIn(read.data) : null, 'Graph: signInActivity', clock);
}
