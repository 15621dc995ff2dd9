import type { Evidence } from '../../src/domain/evidence.ts';
import { adUser, cloudUser, daysAgo, directFlows, guid, known, twinOf, unknown } from '../domain/evidence-builder.ts';
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
} from '../domain/stories.ts';

const value = 'smtp:shared@contoso.com';
const mailbox = { recipient: known('user-mailbox' as const) };

const rivalInAd = adUser({ objectGuid: guid(15), displayName: 'Cia Ek', employeeId: '500', proxyAddresses: [value] });
const { userPrincipalName: _, ...accountNameOnly } = { ...doraInAd, sAMAccountName: 'dora.falk' };

/** One evidence a situation that the kinds of duplicate values tell apart. */
export const everyStory: Readonly<Record<string, Evidence>> = {
  'two synchronised users': twoSynchronised(),
  'a cloud user with the name': cloudHolderOfName(),
  'a holder whose mailbox has it as primary address': twoSynchronised({
    cloudHolders: [{ ...bo, proxyAddresses: ['SMTP:shared@contoso.com', 'smtp:bo.lind@contoso.com'] }],
    onPremisesHolders: [
      { ...boInAd, homeMdb: 'CN=DB1', proxyAddresses: ['SMTP:shared@contoso.com', 'smtp:bo.lind@contoso.com'] },
    ],
    facts: { [bo.id]: { ...mailbox, lastSignIn: known(daysAgo(2)) }, [anna.id]: { lastSignIn: known(daysAgo(90)) } },
  }),
  'one person with two objects': cloudHolderOfName({
    cloudHolders: [{ ...otherDora, employeeId: '300' }],
    evidence: { employeeIdCounts: { '300': known({ cloud: 2, onPremises: 1 }) } },
  }),
  'one person, matched by an anchor': cloudHolderOfName({
    cloudHolders: [{ ...otherDora, employeeId: '300', onPremisesImmutableId: 'AQEBAQEBAQEBAQEBAQEBAQ==' }],
    evidence: { employeeIdCounts: { '300': known({ cloud: 2, onPremises: 1 }) } },
  }),
  'nobody knows whether it is one person': twoSynchronised({
    cloudHolders: [cloudUser({ id: guid(8), displayName: 'Berg, A', proxyAddresses: [value] })],
    onPremisesHolders: [],
  }),
  'no holder at all': twoSynchronised({ cloudHolders: [], onPremisesHolders: [] }),
  'no holder for three intervals': twoSynchronised({
    cloudHolders: [],
    onPremisesHolders: [],
    evidence: { history: { intervalsWithoutHolder: 3, undone: false } },
  }),
  'a holder of Active Directory that is out of scope': twoSynchronised({
    cloudHolders: [],
    onPremisesHolders: [adUser({ objectGuid: guid(21), adminDescription: 'User_Filtered', proxyAddresses: [value] })],
  }),
  'a protected holder and a protected subject': twoSynchronised({
    facts: {
      [bo.id]: { privileges: known(['Global Administrator']) },
      [anna.id]: { privileges: known(['User Administrator']) },
    },
  }),
  'a group in Entra': twoSynchronised({
    cloudHolders: [
      cloudUser({
        id: guid(8),
        objectType: 'group',
        displayName: 'Sales',
        groupTypes: ['Unified'],
        proxyAddresses: [value],
      }),
    ],
    onPremisesHolders: [],
  }),
  'a contact of Active Directory': twoSynchronised({
    cloudHolders: [],
    onPremisesHolders: [adUser({ objectGuid: guid(21), objectType: 'contact', mail: 'shared@contoso.com' })],
  }),
  'a soft-deleted holder': twoSynchronised({
    cloudHolders: [
      cloudUser({
        id: guid(8),
        displayName: 'Gone',
        employeeId: '9',
        deletedDateTime: daysAgo(3),
        proxyAddresses: [value],
      }),
    ],
    onPremisesHolders: [],
  }),
  'a residue in Entra': twoSynchronised({ onPremisesHolders: [{ ...boInAd, proxyAddresses: [] }] }),
  'a claim that is gone': twoSynchronised({
    subject: { cloud: anna, onPremises: [{ ...annaInAd, proxyAddresses: [] }] },
    onPremisesHolders: [boInAd],
  }),
  'a name that the subject has by now': cloudHolderOfName({
    subject: { cloud: { ...dora, userPrincipalName: 'dora.falk@contoso.com' }, onPremises: [doraInAd] },
    cloudHolders: [],
  }),
  'a holder search that failed in Entra': {
    ...twoSynchronised(),
    cloudHolders: unknown('HTTP 403', 'grant User.Read.All'),
  },
  'a holder search that failed in Active Directory': {
    ...twoSynchronised(),
    onPremisesHolders: unknown('the relay is down', 'start the relay'),
  },
  'a value with every awkward character': twoSynchronised({
    value: "smtp:o'neil+$(x)/*(ä)@contoso.com",
    cloudHolders: [{ ...bo, proxyAddresses: ["smtp:o'neil+$(x)/*(ä)@contoso.com"] }],
    onPremisesHolders: [{ ...boInAd, proxyAddresses: ["smtp:o'neil+$(x)/*(ä)@contoso.com"] }],
    subject: { cloud: anna, onPremises: [{ ...annaInAd, proxyAddresses: ["smtp:o'neil+$(x)/*(ä)@contoso.com"] }] },
  }),
  'a rival that is quarantined too': twoSynchronised({
    cloudHolders: [bo, twinOf(rivalInAd, { id: guid(5), userPrincipalName: 'cia@contoso.com' })],
    onPremisesHolders: [boInAd, rivalInAd],
  }),
  'a UPN made by an expression': cloudHolderOfName({
    subject: { cloud: dora, onPremises: [accountNameOnly] },
    onPremisesHolders: [],
    engine: { [dora.onPremisesImmutableId ?? '']: directFlows(accountNameOnly, 'expression') },
  }),
  'an expression in the lineage': twoSynchronised({
    engine: { [bo.onPremisesImmutableId ?? '']: directFlows(boInAd, 'expression') },
  }),
};
