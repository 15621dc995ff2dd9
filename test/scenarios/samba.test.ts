import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sambaIsInstalled } from '../../dev/active-directory/samba/template.ts';
import { type Stack, startStack } from '../../dev/stack.ts';
import type { CaseView } from '../../src/api-contract.ts';
import { missingPackages, OutsideTools } from './outside-tools.ts';
import { waitFor } from './wait-for.ts';

const samba = sambaIsInstalled() ? [] : ['samba-ad-dc', 'samba-ad-provision', 'ldb-tools'];
const missing = [...samba, ...missingPackages()];
const why = `apt-get install ${missing.join(' ')}`;
/** The first start of Samba on a machine provisions. */
const whileProvisioning = 180_000;

let stack: Stack | undefined;
let outside: OutsideTools;
let directory: string;

/** A developer may lack the tools; the build must not. */
describe.skipIf(missing.length > 0 && process.env['CI'] !== 'true')(
  `with real Samba, driven by OpenLDAP's tools and curl${missing.length > 0 ? ` (missing: ${why})` : ''}`,
  () => {
    beforeAll(async () => {
      if (missing.length > 0) throw new Error(`These are needed: ${why}`);
      directory = mkdtempSync(join(tmpdir(), 'syncmend-samba-story-'));
      stack = await startStack({ samba: true, empty: true, directory });
      outside = new OutsideTools(JSON.parse(readFileSync(join(directory, 'endpoints.json'), 'utf8')));
    }, whileProvisioning);
    afterAll(async () => {
      await stack?.stop();
      if (directory) rmSync(directory, { recursive: true });
    });

    test('an address that two people claim is released in Samba, proven gone, and given back', async () => {
      const ben = await addUser('Ben Alt', '1', ['smtp:office@contoso.com']);
      await cycle();
      const eva = await addUser('Eva Öhl', '2', []);
      await cycle();
      await outside.ldif('ldapmodify', [
        `dn:: ${base64(eva)}`,
        'add: proxyAddresses',
        'proxyAddresses: smtp:office@contoso.com',
      ]);
      await cycle();

      const found = await detected('smtp:office@contoso.com');
      expect(found).toMatchObject({
        error: { code: 'QuarantinedProxyAddress', objectType: 'user', attribute: 'proxyAddresses' },
        subject: { displayName: 'Eva Öhl', authority: 'active-directory', onPremises: { dn: eva } },
        holders: [{ displayName: 'Ben Alt', onPremises: { dn: ben } }],
      });
      const id = found.id;
      await approve(
        found,
        fixOf(found, ({ title }) => title.startsWith('Eva Öhl keeps')),
      );
      await reach(id, 'Applied');
      expect(await outside.values(ben, 'proxyAddresses')).toEqual(['SMTP:ben.alt@contoso.com']);
      await cycle();
      await reach(id, 'Resolved');
      const { body: inCloud } = await outside.graph('GET', `/users/${found.subject.cloud?.id}?$select=proxyAddresses`);
      expect(inCloud.proxyAddresses).toContain('smtp:office@contoso.com');

      const undo = await outside.api('approver', 'POST', `/cases/${id}/undo`, { reason: 'It was the other one.' });
      expect(undo).toMatchObject({ status: 200, body: { state: 'UndoProposed' } });
      await approve(
        undo.body,
        fixOf(undo.body, ({ undoOf }) => undoOf !== undefined),
      );
      await reach(id, 'Applied');
      expect(await outside.values(ben, 'proxyAddresses')).toEqual([
        'SMTP:ben.alt@contoso.com',
        'smtp:office@contoso.com',
      ]);
      await cycle();
      await reach(id, 'Undone');
    });

    test('a user name that a user of Entra has is given up in Samba, and the two go on as they are', async () => {
      const created = await outside.graph('POST', '/users', {
        accountEnabled: true,
        displayName: 'Clara Wolke',
        mailNickname: 'clara',
        userPrincipalName: 'clara@contoso.com',
        employeeId: '3',
        passwordProfile: { password: 'Passw0rd-of-Clara' },
      });
      expect(created.status).toBe(201);
      const klara = await addUser('Klara Erde', '4', []);
      await cycle();
      await outside.ldif('ldapmodify', [
        `dn: ${klara}`,
        'replace: userPrincipalName',
        'userPrincipalName: clara@contoso.com',
      ]);
      await cycle();

      const found = await detected('clara@contoso.com');
      expect(found).toMatchObject({
        error: { code: 'QuarantinedUserPrincipalName', attribute: 'userPrincipalName' },
        holders: [{ authority: 'entra', cloud: { id: created.body.id } }],
      });
      const fix = fixOf(found, ({ title }) => title.startsWith('Clara Wolke keeps'));
      expect(fix.changes).toMatchObject([{ target: 'active-directory', attribute: 'userPrincipalName' }]);
      await approve(found, fix);
      await reach(found.id, 'Applied');
      expect(await outside.values(klara, 'userPrincipalName')).toEqual(fix.changes[0]?.values);
      await cycle();
      await reach(found.id, 'Resolved');
      const kept = await outside.graph('GET', `/users/${created.body.id}?$select=userPrincipalName`);
      expect(kept.body.userPrincipalName).toBe('clara@contoso.com');
    });
  },
);

const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function addUser(name: string, employeeId: string, alsoReceives: readonly string[]): Promise<string> {
  const dn = `CN=${name},CN=Users,${outside.baseDn}`;
  const alias = name.toLowerCase().replace(' ', '.').replace('ö', 'oe');
  await outside.ldif('ldapadd', [
    `dn:: ${base64(dn)}`,
    'objectClass: user',
    `displayName:: ${base64(name)}`,
    `sAMAccountName: ${alias}`,
    `userPrincipalName: ${alias}@contoso.com`,
    `mail: ${alias}@contoso.com`,
    `employeeID: ${employeeId}`,
    ...[`SMTP:${alias}@contoso.com`, ...alsoReceives].map((address) => `proxyAddresses: ${address}`),
  ]);
  return dn;
}

async function cycle(): Promise<void> {
  const started = await outside.relay('POST', '/sync-cycles', { policyType: 'Delta' });
  expect(started.status).toBe(202);
  await waitFor('a completed cycle', async () => {
    const { body } = await outside.relay('GET', `/sync-cycles/${started.body.id}`);
    if (body.state === 'failed') throw new Error(JSON.stringify(body));
    return body.state === 'completed';
  });
}

/** Runs every source, and finds the case in the list once it is diagnosed. */
async function detected(value: string): Promise<CaseView> {
  expect((await outside.admin('detect')).status).toBe(202);
  const { id } = await waitFor(`a diagnosed case of ${value}`, async () => {
    const { body } = await outside.api('reader', 'GET', '/cases');
    const cases: CaseView[] = body.value;
    return cases.find(({ error, state }) => error.value === value && state !== 'Detected');
  });
  return (await outside.api('reader', 'GET', `/cases/${id}`)).body;
}

type Fix = CaseView['fixes'][number];

function fixOf({ fixes }: CaseView, wanted: (fix: Fix) => boolean): Fix {
  const fix = fixes.find(wanted);
  if (!fix) throw new Error(`No such fix: ${JSON.stringify(fixes)}`);
  return fix;
}

async function approve({ id }: CaseView, { id: fixId, planHash }: Fix): Promise<void> {
  const answer = await outside.api('approver', 'POST', `/cases/${id}/approve`, {
    fixId,
    planHash,
    reason: 'Both agreed.',
  });
  expect(answer).toMatchObject({ status: 200, body: { state: 'Approved' } });
}

async function reach(id: string, state: CaseView['state']): Promise<void> {
  let last: CaseView | undefined;
  await waitFor(
    `${id} to be ${state}`,
    async () => {
      last = (await outside.api('reader', 'GET', `/cases/${id}`)).body;
      return last?.state === state;
    },
    { seconds: 60, tell: () => JSON.stringify(last?.events) },
  );
}
