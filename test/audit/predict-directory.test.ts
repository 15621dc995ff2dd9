import { expect, test } from 'vitest';
import type { AuditSource } from '../../src/audit/audit.ts';
import type { AuditObject } from '../../src/audit/audit-object.ts';
import { startPrediction } from '../../src/audit/predict-directory.ts';
import { predictExport } from '../../src/audit/predict-export.ts';
import type { PredictionSettings } from '../../src/audit/prediction/prediction-settings.ts';
import { auditDirectory } from '../../src/pipeline/audit-directory.ts';
import { user } from './organisation.ts';
import { inOneLine, predictionSettings, smtp, twin } from './predictions.ts';

const a = 'a@contoso.com';

/** What two readings say, and of which objects they needed the second. */
function readTwice(objects: readonly AuditObject[], settings: PredictionSettings = predictionSettings()) {
  const run = startPrediction(settings);
  for (const object of objects) run.first(object);
  const again = objects.flatMap((object, ordinal) => (run.needsSecond(ordinal) ? [{ object, ordinal }] : []));
  const atOnce = again.flatMap(({ object, ordinal }) => run.second(ordinal, object));
  return {
    again: again.map(({ object }) => object.displayName),
    atOnce: atOnce.map(inOneLine),
    all: [...atOnce, ...run.finish()].map(inOneLine).sort(),
  };
}

const inMemory = (objects: readonly AuditObject[], settings = predictionSettings()): string[] =>
  predictExport(objects, settings).map(inOneLine).sort();

test('only objects that share a value are read again, each with its own in Entra', () => {
  const ben = user('Ben', smtp(a));
  const cleo = user('Cleo', smtp('cleo@contoso.com'));
  const objects = [user('Anna', smtp(a)), ben, cleo, twin(ben), twin(cleo)];
  const { again, all } = readTwice(objects);
  expect(again).toEqual(['Anna', 'Ben', 'Ben in Entra']);
  expect(all).toEqual(inMemory(objects));
  expect(all).toHaveLength(1);
});

test('in any order of the two sides', () => {
  const ben = user('Ben', smtp(a));
  const objects = [twin(ben), user('Anna', smtp(a)), ben];
  expect(readTwice(objects).all).toEqual(inMemory(objects));
});

test('what concerns an object alone is said when it is read, and not kept', () => {
  const objects = [user('Anna', { userPrincipalName: 'an na@contoso.com' }), user('Ben')];
  expect(readTwice(objects)).toEqual({
    again: ['Anna'],
    atOnce: ['Anna certain IdentityDataValidationFailed an na@contoso.com'],
    all: ['Anna certain IdentityDataValidationFailed an na@contoso.com'],
  });
});

test('a user whose name was replaced long ago is not read again', () => {
  const anna = user('Anna', { userPrincipalName: 'anna@corp.local' });
  const ben = user('Ben', { userPrincipalName: 'ben@corp.local' });
  const objects = [anna, twin(anna, { userPrincipalName: 'anna@contoso.onmicrosoft.com' }), ben];
  expect(readTwice(objects)).toEqual({
    again: ['Ben'],
    atOnce: ['Ben certain UserPrincipalNameReplaced ben@corp.local'],
    all: inMemory(objects),
  });
});

test('a name that the engine or Entra makes is seen to be taken', () => {
  const ben = user('Ben', { userPrincipalName: a });
  const made = user('Anna', { sAMAccountName: 'a', distinguishedName: 'CN=Anna,DC=contoso,DC=com' });
  expect(readTwice([made, ben, twin(ben)]).all).toEqual([
    `Anna certain QuarantinedUserPrincipalName ${a} (Ben in Entra)`,
  ]);
  const cleo = user('Cleo', smtp('dora@contoso.onmicrosoft.com'));
  const dora = user('Dora', {
    userPrincipalName: 'd@corp.local',
    mailNickname: 'Dora',
    msExchRecipientTypeDetails: '1',
  });
  expect(readTwice([dora, cleo, twin(cleo)]).all).toEqual([
    'Dora certain UserPrincipalNameReplaced d@corp.local',
    'Dora possible QuarantinedProxyAddress Dora@contoso.onmicrosoft.com (Cleo in Entra)',
  ]);
});

test('an account and its mailbox in another forest are brought together by the SID', () => {
  const sid = 'S-1-5-21-9-9-9-1234';
  const account = user('Anna', { objectSid: sid });
  const mailbox = user(
    'Anna (mailbox)',
    { ...smtp(a), msExchMasterAccountSid: sid, msExchRecipientTypeDetails: '2', objectSid: 'S-1-5-21-8-8-8-1' },
    'fabrikam.com',
  );
  const ben = user('Ben', smtp(a));
  const settings = predictionSettings({}, { matchOption: { by: 'objectSid-msExchMasterAccountSid' } });
  const objects = [account, mailbox, ben, twin(ben)];
  expect(readTwice(objects, settings).all).toEqual(inMemory(objects, settings));
  expect(readTwice(objects, settings).all).toEqual([`Anna certain QuarantinedProxyAddress SMTP:${a} (Ben in Entra)`]);
});

test('what is in quarantine is read again with its object in Active Directory', () => {
  const anna = user('Anna', { proxyAddresses: ['SMTP:anna@contoso.com', `smtp:${a}`] });
  const quarantined = [{ attribute: 'proxyAddresses', value: `smtp:${a}` }] as const;
  const inEntra = twin(anna, smtp('anna@contoso.com'), { quarantined });
  for (const objects of [
    [anna, inEntra],
    [inEntra, anna],
  ]) {
    expect(readTwice(objects).all).toEqual([`Anna possible QuarantinedProxyAddress smtp:${a}`]);
  }
});

test('the pipeline drives the readings as it drives those of an audit', async () => {
  const ben = user('Ben', smtp(a));
  const objects = [user('Anna', smtp(a)), ben, twin(ben)];
  const source: AuditSource = {
    async *first() {
      yield objects;
    },
    async *again(wanted) {
      yield objects.map((object, ordinal) => ({ object, ordinal })).filter(({ ordinal }) => wanted(ordinal));
    },
  };
  const found: string[] = [];
  for await (const batch of auditDirectory(source, startPrediction(predictionSettings()))) {
    found.push(...batch.map(inOneLine));
  }
  expect(found).toEqual([`Anna certain QuarantinedProxyAddress SMTP:${a} (Ben in Entra)`]);
});

test('an object that left the scope is said only where Entra has it', () => {
  const gone = user('Gone', { adminDescription: 'User_1' });
  const never = user('Never', { adminDescription: 'User_2' });
  expect(readTwice([gone, never, twin(gone)]).all).toEqual(['Gone certain OutOfScope (Gone in Entra)']);
  const part = predictionSettings({}, { directory: 'part' });
  expect(readTwice([gone, never, twin(gone)], part).all).toEqual([
    'Gone certain OutOfScope (Gone in Entra)',
    'Never certain OutOfScope',
  ]);
});
