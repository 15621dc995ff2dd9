import type { Change } from './change.ts';
import type { AdObject, Evidence } from './evidence.ts';
import type { Input } from './inputs.ts';
import { newPrimaryAddress, newUserPrincipalName } from './new-name.ts';
import type { Party } from './party.ts';
import { bareAddress, primarySmtp, sameProxyAddress } from './proxy-address.ts';

export interface ReleaseChanges {
  readonly changes: Change[];
  readonly notes: string[];
  /** Why there are no changes after all: no new name or primary address could be found. */
  readonly obstacles: string[];
}

/** The changes that take every input away, and name what comes in its place. For inputs without obstacles only. */
export function changesToRelease(party: Party, inputs: readonly Input[], evidence: Evidence): ReleaseChanges {
  const draft: ReleaseChanges = { changes: [], notes: [], obstacles: [] };
  const upn = inputs.find(({ attribute, flow }) => attribute === 'userPrincipalName' && flow !== 'calculated');
  const newUpn = upn === undefined ? undefined : changeUserPrincipalName(party, upn, evidence, draft);
  const ad = party.onPremises.find(({ objectGuid }) => inputs.some(({ objectId }) => objectId === objectGuid));
  if (ad !== undefined) changeAddresses(party, ad, inputs, newUpn, evidence, draft);
  return draft.obstacles.length > 0 ? { ...draft, changes: [] } : draft;
}

function changeUserPrincipalName(
  party: Party,
  input: Input,
  evidence: Evidence,
  draft: ReleaseChanges,
): string | undefined {
  const ad = party.onPremises.find(({ objectGuid }) => objectGuid === input.objectId);
  const proposal = newUserPrincipalName(party, ad === undefined ? 'entra' : 'active-directory', evidence);
  if (proposal === null) {
    draft.obstacles.push(`no new UPN could be found for ${party.name} that passes every check: choose one`);
    return undefined;
  }
  draft.changes.push({
    ...(ad === undefined ? inEntra(party, input) : inDirectory(ad)),
    attribute: 'userPrincipalName',
    operation: 'replace',
    values: [proposal.name],
    before: { kind: 'single', value: input.value },
    after: { kind: 'single', value: proposal.name },
    stage: 'release',
  });
  if (proposal.note !== null) draft.notes.push(proposal.note);
  return proposal.name;
}

function changeAddresses(
  party: Party,
  ad: AdObject,
  inputs: readonly Input[],
  newUpn: string | undefined,
  evidence: Evidence,
  draft: ReleaseChanges,
): void {
  const stored = ad.proxyAddresses.filter((value) => isReleased(value, 'proxyAddresses', ad, inputs));
  const releasesMail = ad.mail !== undefined && isReleased(ad.mail, 'mail', ad, inputs);
  const primary = primarySmtp(ad.proxyAddresses);
  const losesPrimary = primary === null ? releasesMail : stored.includes(primary);
  const next = losesPrimary
    ? newPrimaryAddress(party, newUpn, evidence)
    : primary === null
      ? null
      : bareAddress(primary);
  if (losesPrimary && next === null) {
    draft.obstacles.push(
      `the value is the primary address of ${party.name}, and it has no other address to take its place`,
    );
    return;
  }
  if (stored.length > 0)
    draft.changes.push(
      primary !== null && losesPrimary && next !== null
        ? exchangePrimary(ad, primary, next)
        : removeSecondary(ad, stored),
    );
  if (releasesMail && next !== null) draft.changes.push(replaceMail(ad, next));
}

const isReleased = (value: string, attribute: Input['attribute'], ad: AdObject, inputs: readonly Input[]): boolean =>
  inputs.some((input) => input.objectId === ad.objectGuid && input.attribute === attribute && input.value === value);

function removeSecondary(ad: AdObject, stored: readonly string[]): Change {
  const primary = primarySmtp(ad.proxyAddresses);
  return {
    ...inDirectory(ad),
    attribute: 'proxyAddresses',
    operation: 'delete',
    values: [...stored],
    before: { kind: 'multiple', present: [...stored], absent: [], primary },
    after: { kind: 'multiple', present: [], absent: [...stored], primary },
    stage: 'release',
  };
}

/** One modification takes the old primary away and sets the new one: never a moment without a primary address. */
function exchangePrimary(ad: AdObject, primary: string, next: string): Change {
  const promoted = `SMTP:${next}`;
  const secondary = ad.proxyAddresses.find((value) => sameProxyAddress(value, promoted));
  return {
    ...inDirectory(ad),
    attribute: 'proxyAddresses',
    operation: 'replace',
    values: [promoted],
    before: {
      kind: 'multiple',
      present: secondary === undefined ? [primary] : [primary, secondary],
      absent: secondary === undefined ? [promoted] : [],
      primary,
    },
    after: { kind: 'multiple', present: [promoted], absent: [primary], primary: promoted },
    stage: 'release',
  };
}

function replaceMail(ad: AdObject, next: string): Change {
  return {
    ...inDirectory(ad),
    attribute: 'mail',
    operation: 'replace',
    values: [next],
    before: { kind: 'single', value: ad.mail ?? null },
    after: { kind: 'single', value: next },
    stage: 'release',
  };
}

/** The head of a change of an Active Directory object. */
export function inDirectory(ad: AdObject) {
  return {
    target: 'active-directory',
    objectId: ad.objectGuid,
    objectType: ad.objectType === 'other' ? 'user' : ad.objectType,
    objectName: ad.distinguishedName,
    forest: ad.forest,
  } as const;
}

const inEntra = ({ objectType, name }: Party, { objectId }: Input) =>
  ({ target: 'entra', objectId, objectType, objectName: name }) as const;
