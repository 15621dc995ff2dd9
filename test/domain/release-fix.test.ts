import { describe, expect, test } from 'vitest';
import { holdersOf } from '../../src/domain/conflict-set.ts';
import type { Fix } from '../../src/domain/diagnosis.ts';
import type { AdObject, CloudFacts, CloudObject, Evidence } from '../../src/domain/evidence.ts';
import { partiesOf } from '../../src/domain/party.ts';
import { planHash } from '../../src/domain/plan-hash.ts';
import { releaseFix } from '../../src/domain/release-fix.ts';
import {
  adUser,
  cloudUser,
  daysAgo,
  directFlows,
  evidenceOf,
  guid,
  known,
  twinOf,
  unknown,
} from './evidence-builder.ts';
import {
  anna,
  annaInAd,
  bo,
  boInAd,
  cloudHolderOfName,
  dora,
  doraInAd,
  otherDora,
  twoSynchronised,
} from './stories.ts';

function subjectKeeps(evidence: Evidence): Fix {
  const parties = partiesOf(evidence);
  return releaseFix([parties.subject], holdersOf(parties, evidence), parties, evidence);
}
function subjectGivesUp(evidence: Evidence): Fix {
  const parties = partiesOf(evidence);
  return releaseFix(holdersOf(parties, evidence), [parties.subject], parties, evidence);
}
const textOf = (fix: Fix): string => fix.runbook.map(({ text, command = '' }) => `${text} ${command}`).join('\n');
const brief = ({ changes }: Fix): string[] =>
  changes.map(({ target, attribute, operation, values }) => `${target} ${attribute} ${operation} ${values.join()}`);

/** Bo as he is in Active Directory, with other properties, and his twin. */
function boWith(
  ad: Partial<AdObject>,
  cloud: Partial<CloudObject> = {},
  facts: Partial<CloudFacts> = {},
  more: Partial<Evidence> = {},
): Evidence {
  const changed = { ...boInAd, ...ad };
  return twoSynchronised({
    cloudHolders: [{ ...bo, ...cloud }],
    onPremisesHolders: [changed, annaInAd],
    facts: { [bo.id]: facts },
    engine: { [bo.onPremisesImmutableId ?? '']: directFlows(changed) },
    evidence: more,
  });
}

describe('fixes', () => {
  test('a secondary address goes, and the plan says what it found', () => {
    const fix = subjectKeeps(twoSynchronised());
    expect(fix).toMatchObject({ kind: 'changes', risk: 'medium', recommended: false, planHash: planHash(fix.changes) });
    expect(fix.changes).toEqual([
      {
        target: 'active-directory',
        objectId: boInAd.objectGuid,
        objectType: 'user',
        objectName: boInAd.distinguishedName,
        forest: 'contoso.com',
        attribute: 'proxyAddresses',
        operation: 'delete',
        values: ['smtp:shared@contoso.com'],
        before: {
          kind: 'multiple',
          present: ['smtp:shared@contoso.com'],
          absent: [],
          primary: 'SMTP:bo.lind@contoso.com',
        },
        after: {
          kind: 'multiple',
          present: [],
          absent: ['smtp:shared@contoso.com'],
          primary: 'SMTP:bo.lind@contoso.com',
        },
        stage: 'release',
      },
    ]);
  });

  test('the subject gives up its claim at its own master', () => {
    expect(subjectGivesUp(twoSynchronised()).changes).toMatchObject([
      { objectId: annaInAd.objectGuid, operation: 'delete' },
    ]);
  });

  test('a primary address is exchanged for one that the object has in Entra already, in one modification', () => {
    const fix = subjectKeeps(
      boWith(
        { proxyAddresses: ['SMTP:shared@contoso.com', 'smtp:bo.lind@contoso.com'] },
        { proxyAddresses: ['SMTP:shared@contoso.com', 'smtp:bo.lind@contoso.com'] },
      ),
    );
    expect(fix.changes).toMatchObject([
      {
        operation: 'replace',
        values: ['SMTP:bo.lind@contoso.com'],
        before: {
          present: ['SMTP:shared@contoso.com', 'smtp:bo.lind@contoso.com'],
          absent: [],
          primary: 'SMTP:shared@contoso.com',
        },
        after: {
          present: ['SMTP:bo.lind@contoso.com'],
          absent: ['SMTP:shared@contoso.com'],
          primary: 'SMTP:bo.lind@contoso.com',
        },
      },
    ]);
  });

  test('the only address is exchanged for the UPN', () => {
    const fix = subjectKeeps(
      boWith({ proxyAddresses: ['SMTP:shared@contoso.com'] }, { proxyAddresses: ['SMTP:shared@contoso.com'] }),
    );
    expect(fix.changes).toMatchObject([
      { values: ['SMTP:bo.lind@contoso.com'], before: { absent: ['SMTP:bo.lind@contoso.com'] } },
    ]);
  });

  test('mail that yields the address is changed too', () => {
    const fix = subjectKeeps(boWith({ mail: 'shared@contoso.com' }));
    expect(brief(fix)).toEqual([
      'active-directory proxyAddresses delete smtp:shared@contoso.com',
      'active-directory mail replace bo.lind@contoso.com',
    ]);
  });

  test('mail alone is the input: mail is changed, and no address is deleted that is not there', () => {
    const fix = subjectKeeps(boWith({ mail: 'shared@contoso.com', proxyAddresses: [] }));
    expect(brief(fix)).toEqual(['active-directory mail replace bo.lind@contoso.com']);
  });

  test('a holder whose UPN is the address too gets another UPN', () => {
    const fix = subjectKeeps(
      boWith({ userPrincipalName: 'shared@contoso.com' }, { userPrincipalName: 'shared@contoso.com' }),
    );
    expect(fix.risk).toBe('high');
    expect(brief(fix)).toEqual([
      'active-directory userPrincipalName replace bo.lind2@contoso.com',
      'active-directory proxyAddresses delete smtp:shared@contoso.com',
    ]);
  });

  test('a subject without mailbox keeps its sign-in name when it gives up the address of the same name', () => {
    const ad = { ...annaInAd, userPrincipalName: 'shared@contoso.com' };
    const subject = { cloud: { ...anna, userPrincipalName: 'shared@contoso.com' }, onPremises: [ad] };
    const fix = subjectGivesUp(twoSynchronised({ subject, onPremisesHolders: [boInAd] }));
    expect(fix.risk).toBe('medium');
    expect(brief(fix)).toEqual(['active-directory proxyAddresses delete smtp:shared@contoso.com']);
  });

  test('a subject with a mailbox, whose placeholder stands for that name, gives up both', () => {
    const ad = { ...annaInAd, userPrincipalName: 'shared@contoso.com' };
    const subject = { cloud: { ...anna, userPrincipalName: 'shared+1234@contoso.onmicrosoft.com' }, onPremises: [ad] };
    const facts = { [anna.id]: { recipient: known('user-mailbox' as const) } };
    const fix = subjectGivesUp(twoSynchronised({ subject, onPremisesHolders: [boInAd], facts }));
    expect(fix.risk).toBe('high');
    expect(brief(fix)).toEqual([
      'active-directory userPrincipalName replace anna.berg2@contoso.com',
      'active-directory proxyAddresses delete smtp:shared@contoso.com',
    ]);
  });

  test('a user in Entra only gets another UPN through Graph, at high risk, with what else the name is for', () => {
    const fix = subjectKeeps(cloudHolderOfName());
    expect(fix.risk).toBe('high');
    expect(brief(fix)).toEqual(['entra userPrincipalName replace dorothea.falk@contoso.com']);
    expect(fix.changes[0]?.before).toEqual({ kind: 'single', value: 'dora.falk@contoso.com' });
    expect(fix.notes.join()).toContain('OneDrive');
  });

  test('a sign-in name of the initial domain may be changed: it routes no mail', () => {
    const name = 'dora.falk@contoso.onmicrosoft.com';
    const evidence = cloudHolderOfName({ value: name, cloudHolders: [{ ...otherDora, userPrincipalName: name }] });
    expect(brief(subjectKeeps(evidence))).toEqual([
      'entra userPrincipalName replace dorothea.falk@contoso.onmicrosoft.com',
    ]);
  });

  test('a new UPN in Entra never has a federated suffix', () => {
    const evidence = evidenceOf({
      attribute: 'userPrincipalName',
      value: 'dora.falk@fabrikam.com',
      subject: { cloud: dora, onPremises: [{ ...doraInAd, userPrincipalName: 'dora.falk@fabrikam.com' }] },
      cloudHolders: [{ ...otherDora, userPrincipalName: 'dora.falk@fabrikam.com' }],
    });
    expect(subjectKeeps(evidence).changes[0]?.values).toEqual(['dorothea.falk@contoso.com']);
    expect(subjectGivesUp(evidence).changes[0]?.values).toEqual(['dora.falk2@fabrikam.com']);
  });

  test('an Exchange recipient is changed directly when the policy allows it and no address policy applies', () => {
    const policy = { allowDirectExchangeWrites: true, protectedObjects: [] };
    expect(subjectKeeps(boWith({ mailNickname: 'bo' }, {}, {}, { policy })).kind).toBe('changes');
  });

  test('an AD attribute that feeds nothing stays, and is named', () => {
    const alternate = directFlows(doraInAd);
    const lineage = { userPrincipalName: [], proxyAddresses: [], mail: [] };
    const evidence = twoSynchronised({
      engine: {
        [bo.onPremisesImmutableId ?? '']: {
          ...directFlows(boInAd),
          lineage: known({
            ...lineage,
            proxyAddresses:
              alternate.lineage.state === 'known'
                ? [{ ...alternate.lineage.value['proxyAddresses']?.[0], adObjectGuid: boInAd.objectGuid }]
                : [],
          } as never),
        },
      },
      onPremisesHolders: [{ ...boInAd, mail: 'shared@contoso.com' }, annaInAd],
    });
    const fix = subjectKeeps(evidence);
    expect(brief(fix)).toEqual(['active-directory proxyAddresses delete smtp:shared@contoso.com']);
    expect(fix.notes.join()).toContain('mail of Bo Lind has the value too, but feeds nothing');
  });

  test('the title tells namesakes apart, as does all else that names two of them', () => {
    const evidence = cloudHolderOfName({ cloudHolders: [{ ...otherDora, displayName: 'dora falk' }] });
    const fix = subjectKeeps(evidence);
    expect(fix.title).toBe(
      'Dora Falk (dora.falk+1234@contoso.onmicrosoft.com) keeps dora.falk@contoso.com; dora falk (dora.falk@contoso.com) gives it up',
    );
    const names = new Set(fix.derived.map(({ objectName }) => objectName));
    expect(names.size).toBe(2);
  });

  test('every derived change names its object', () => {
    const fix = subjectKeeps(twoSynchronised());
    expect(fix.derived.map(({ objectId, attribute }) => `${objectId === bo.id ? 'Bo' : 'Anna'} ${attribute}`)).toEqual(
      expect.arrayContaining(['Bo proxyAddresses', 'Anna proxyAddresses', 'Anna onPremisesProvisioningErrors']),
    );
    expect(fix.derived.every(({ objectId }) => objectId === bo.id || objectId === anna.id)).toBe(true);
  });

  test('a licensed user whose cloud UPN does not follow is told apart', () => {
    const evidence = boWith(
      { userPrincipalName: 'shared@contoso.com' },
      { licensed: true, onPremisesUserPrincipalName: 'shared@contoso.com', userPrincipalName: 'bo.lind@contoso.com' },
    );
    expect(subjectKeeps(evidence).notes.join()).toContain('SynchronizeUpnForManagedUsers');
  });

  test('a server in staging mode is named', () => {
    const base = twoSynchronised();
    const evidence = { ...base, tenant: { ...base.tenant, stagingMode: known(true) } };
    expect(subjectKeeps(evidence).notes.join()).toContain('staging mode');
  });
});

describe('refuses', () => {
  const protectedAd: [string, Partial<AdObject>][] = [
    ['adminCount', { adminCount: 1 }],
    ['Tier-0 group', { tierZero: true }],
    ['critical system object', { isCriticalSystemObject: true }],
    ['group managed service account', { isGroupManagedServiceAccount: true }],
    ['service principal names', { servicePrincipalNames: ['HTTP/web'] }],
    ['inherited permissions', { inheritanceBroken: true }],
    ['Entra Connect', { sAMAccountName: 'MSOL_0123' }],
    ['system mailbox', { displayName: 'HealthMailbox-dc1' }],
    ['targetAddress', { targetAddress: 'SMTP:shared@contoso.com' }],
    ['email address policy', { mailNickname: 'bo', emailAddressPolicyOff: false }],
    ['allowDirectExchangeWrites', { homeMdb: 'CN=DB1' }],
  ];
  test.each(protectedAd)('a change of an AD object: %s', (reason, properties) => {
    const fix = subjectKeeps(boWith(properties));
    expect(fix).toMatchObject({ kind: 'runbook', changes: [] });
    expect(textOf(fix)).toContain(reason);
  });

  test.each<[string, Evidence]>([
    ['is privileged: Helpdesk', boWith({}, {}, { privileges: known(['Helpdesk Administrator, eligible']) })],
    [
      'RoleManagement.Read.Directory',
      boWith({}, {}, { privileges: unknown('HTTP 403', 'grant RoleManagement.Read.Directory') }),
    ],
    ['restricted management', boWith({}, { isManagementRestricted: true })],
    [
      'list of protected objects',
      boWith({}, {}, {}, { policy: { allowDirectExchangeWrites: true, protectedObjects: [boInAd.objectGuid] } }),
    ],
    ['soft-deleted', boWith({}, { deletedDateTime: daysAgo(2) })],
    ['Exchange Online', boWith({}, {}, { recipient: known('user-mailbox'), exchangeCloudManaged: known(true) })],
    [
      'In from AD - User Common',
      twoSynchronised({ engine: { [bo.onPremisesImmutableId ?? '']: directFlows(boInAd, 'expression') } }),
    ],
    [
      'lineage could not be read',
      twoSynchronised({ engine: { [bo.onPremisesImmutableId ?? '']: { ...directFlows(boInAd), lineage: unknown() } } }),
    ],
  ])('a change when it finds: %s', (reason, evidence) => {
    const fix = subjectKeeps(evidence);
    expect(fix).toMatchObject({ kind: 'runbook', changes: [] });
    expect(textOf(fix)).toContain(reason);
  });

  test('an address of the initial domain is never removed', () => {
    const value = 'smtp:bo@contoso.onmicrosoft.com';
    const ad = { ...boInAd, proxyAddresses: [value] };
    const evidence = twoSynchronised({
      value,
      cloudHolders: [{ ...bo, proxyAddresses: [value] }],
      onPremisesHolders: [ad],
    });
    expect(textOf(subjectKeeps(evidence))).toContain('initial domain');
  });

  test('a plan that would leave one input of one holder leaves none: the whole fix is a runbook', () => {
    const second = cloudUser({ id: guid(8), displayName: 'Cia', proxyAddresses: ['smtp:shared@contoso.com'] });
    const fix = subjectKeeps(twoSynchronised({ cloudHolders: [bo, second] }));
    expect(fix).toMatchObject({ kind: 'runbook', changes: [] });
    expect(textOf(fix)).toContain(`Set-ADObject -Identity '${boInAd.objectGuid}'`);
    expect(textOf(fix)).toContain(guid(8));
  });

  test('the sign-in name of a mailbox user is not taken: it would stay as an alias', () => {
    const mailbox = cloudHolderOfName({
      cloudHolders: [{ ...otherDora, enabledServices: ['exchange'] }],
      facts: { [otherDora.id]: { recipient: known('user-mailbox') } },
    });
    const fix = subjectKeeps(mailbox);
    expect(fix.kind).toBe('runbook');
    expect(textOf(fix)).toContain(
      "Update-MgUser -UserId '00000004-1111-4111-8111-111111111111' -UserPrincipalName 'dorothea.falk@contoso.com'",
    );
    expect(textOf(fix)).toContain(
      "Set-Mailbox -Identity '00000004-1111-4111-8111-111111111111' -EmailAddresses @{Remove='smtp:dora.falk@contoso.com'}",
    );
  });

  test('a write of mail or UPN in Graph is no fix for an address', () => {
    const cloudOnly = cloudUser({ id: guid(8), mail: 'shared@contoso.com', userPrincipalName: 'shared@contoso.com' });
    const fix = subjectKeeps(twoSynchronised({ cloudHolders: [cloudOnly], onPremisesHolders: [annaInAd] }));
    expect(fix.kind).toBe('runbook');
    expect(textOf(fix)).toContain('does not release');
  });

  test('two AD objects behind one party are not changed one by one', () => {
    const contact = adUser({ objectGuid: guid(21), objectType: 'contact', mail: 'shared@contoso.com' });
    const evidence = twoSynchronised({
      onPremisesHolders: [boInAd, contact],
      engine: {
        [bo.onPremisesImmutableId ?? '']: {
          ...directFlows(boInAd),
          joined: known([boInAd.objectGuid, contact.objectGuid]),
          lineage: unknown(),
        },
      },
    });
    expect(textOf(subjectKeeps(evidence))).toContain('several Active Directory objects');
  });

  test('a subject that Entra does not know yet could be matched on its next export', () => {
    const evidence = twoSynchronised({
      subject: { cloud: null, onPremises: [annaInAd] },
      cloudHolders: [cloudUser({ id: guid(8), proxyAddresses: ['smtp:shared@contoso.com'] })],
      onPremisesHolders: [],
    });
    expect(textOf(subjectGivesUp(evidence))).toContain('could be matched');
  });

  test('a guest is never renamed', () => {
    const guest = cloudUser({
      id: guid(8),
      userType: 'Guest',
      userPrincipalName: 'x_y.com#EXT#@contoso.onmicrosoft.com',
      proxyAddresses: ['SMTP:shared@contoso.com'],
    });
    const fix = subjectKeeps(twoSynchronised({ cloudHolders: [guest], onPremisesHolders: [] }));
    expect(textOf(fix)).toContain('come from another tenant');
    expect(textOf(fix)).toContain('Set-MailUser');
  });

  test('a soft-deleted holder is looked at, never purged', () => {
    const text = textOf(subjectKeeps(boWith({}, { deletedDateTime: daysAgo(2) })));
    expect(text).toContain('Get-MgDirectoryDeletedItemAsUser');
    expect(text).not.toMatch(/Remove-Mg/);
  });

  test('a UPN that comes from mail under an alternate login id needs a person', () => {
    const ad = { ...doraInAd, userPrincipalName: 'dora@corp.local', mail: 'dora.falk@contoso.com' };
    const evidence = cloudHolderOfName({ subject: { cloud: dora, onPremises: [ad] }, onPremisesHolders: [] });
    expect(textOf(subjectGivesUp(evidence))).toContain('alternate login id');
  });
});

test('planning does not change the evidence', () => {
  const evidence = boWith({ mail: 'shared@contoso.com' });
  const copy = structuredClone(evidence);
  subjectKeeps(evidence);
  subjectGivesUp(evidence);
  expect(evidence).toEqual(copy);
});

test('both twins stay apart when only the UPN of one is synchronised', () => {
  const evidence = cloudHolderOfName({
    cloudHolders: [
      twinOf({ ...doraInAd, objectGuid: guid(99) }, { id: guid(9), userPrincipalName: 'dora.falk@contoso.com' }),
    ],
  });
  expect(subjectKeeps(evidence).kind).toBe('runbook');
});
