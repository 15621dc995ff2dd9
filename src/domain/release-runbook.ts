import { authorityOf } from './authority.ts';
import type { Step } from './diagnosis.ts';
import type { AdObject, Evidence } from './evidence.ts';
import { stepsToRemoveAddress } from './exchange-commands.ts';
import type { Input } from './inputs.ts';
import { newPrimaryAddress, newUserPrincipalName } from './new-name.ts';
import type { Party } from './party.ts';
import { quoted } from './powershell-text.ts';
import { bareAddress, isSmtp, normaliseProxyAddress, primarySmtp, sameProxyAddress } from './proxy-address.ts';
import { isExchangeRecipient, recipientOf } from './recipient.ts';

/** How a person takes the sought value from a party: why no change does it, and every command with its values. */
export function stepsToRelease(
  party: Party,
  inputs: readonly Input[],
  obstacles: readonly string[],
  evidence: Evidence,
): Step[] {
  return [
    { text: `Why this needs a person: ${obstacles.join('; ')}.` },
    ...(party.cloud?.deletedDateTime === undefined
      ? [...nameSteps(party, inputs, evidence), ...addressSteps(party, inputs, evidence)]
      : softDeletedSteps(party)),
  ];
}

function nameSteps(party: Party, inputs: readonly Input[], evidence: Evidence): Step[] {
  const upns = inputs.filter(({ attribute, flow }) => attribute === 'userPrincipalName' && flow !== 'calculated');
  return upns.map((input) => {
    const ad = directoryObject(party, input);
    const name = newUserPrincipalName(party, ad === undefined ? 'entra' : 'active-directory', evidence)?.name;
    if (name === undefined)
      return {
        text: `Choose a new UPN for ${party.name} in a verified domain, and set it where the object is mastered.`,
      };
    return ad === undefined
      ? {
          text: `Give ${party.name} another UPN in Entra. It changes how the person signs in: agree on it first.`,
          command: `Update-MgUser -UserId ${quoted(input.objectId)} -UserPrincipalName ${quoted(name)}`,
        }
      : {
          text: `Give ${party.name} another UPN in Active Directory. It changes how the person signs in: agree on it first.`,
          command: `Set-ADUser ${onController(ad)} -UserPrincipalName ${quoted(name)}`,
        };
  });
}

function addressSteps(party: Party, inputs: readonly Input[], evidence: Evidence): Step[] {
  const addresses = inputs.filter(({ attribute }) => attribute === 'proxyAddresses' || attribute === 'mail');
  const owner = authorityOf(party, 'proxyAddresses', evidence);
  const isAliasLeft = inputs.some(({ attribute, side }) => attribute === 'userPrincipalName' && side === 'entra');
  if (addresses.length === 0 && !(isAliasLeft && recipientOf(party, evidence) !== 'none')) return [];
  if (owner.kind === 'active-directory') {
    return isExchangeRecipient(party)
      ? exchangeSteps(party, inputs, 'on-premises', evidence)
      : directorySteps(party, addresses, evidence);
  }
  if (owner.kind === 'unknown') {
    return [
      { text: `First find out who owns the addresses of ${party.name}: ${owner.because}.` },
      ...exchangeSteps(party, inputs, 'exchange-online', evidence),
    ];
  }
  return exchangeSteps(party, inputs, 'exchange-online', evidence);
}

function exchangeSteps(
  party: Party,
  inputs: readonly Input[],
  where: 'exchange-online' | 'on-premises',
  evidence: Evidence,
): Step[] {
  const [ad] = party.onPremises;
  return stepsToRemoveAddress({
    kind: party.cloud?.userType === 'Guest' ? 'mail-user' : kindOf(party, evidence),
    where,
    identity: where === 'on-premises' && ad !== undefined ? ad.distinguishedName : party.id,
    address: bareAddress(evidence.sought.value),
    isPrimary: inputs.some(({ primary }) => primary),
    newPrimary: newPrimaryAddress(party, undefined, evidence),
  });
}

/** Graph tells groups and contacts apart well enough to choose the cmdlet. */
function kindOf(party: Party, evidence: Evidence) {
  const kind = recipientOf(party, evidence);
  if (kind !== 'unknown' && kind !== 'none') return kind;
  if (party.objectType === 'contact') return 'mail-contact';
  if (party.objectType === 'user') return kind;
  return party.cloud?.groupTypes.includes('Unified') === true ? 'microsoft-365-group' : 'distribution-group';
}

function directorySteps(party: Party, addresses: readonly Input[], evidence: Evidence): Step[] {
  return party.onPremises.flatMap((ad) => {
    const own = addresses.filter(({ objectId }) => objectId === ad.objectGuid);
    const next = newPrimaryAddress(party, undefined, evidence);
    return own.map((input) =>
      input.attribute === 'mail' ? mailStep(party, ad, next) : proxyStep(party, ad, input, next),
    );
  });
}

function proxyStep(party: Party, ad: AdObject, input: Input, next: string | null): Step {
  const remove = `-Remove @{proxyAddresses=${quoted(input.value)}}`;
  if (!input.primary)
    return {
      text: `Remove the address from ${party.name} in Active Directory.`,
      command: `Set-ADObject ${onController(ad)} ${remove}`,
    };
  if (next === null)
    return {
      text: `The value is the primary address of ${party.name}: choose another one with its owner, set it as SMTP: in proxyAddresses, and remove ${input.value}.`,
    };
  const old = ad.proxyAddresses.find((value) => isSmtp(value) && sameProxyAddress(value, next));
  const removed = [input.value, ...(old === undefined ? [] : [old])].map(quoted).join(',');
  return {
    text: `Exchange the primary address of ${party.name} in Active Directory.`,
    command: `Set-ADObject ${onController(ad)} -Remove @{proxyAddresses=@(${removed})} -Add @{proxyAddresses=${quoted(`SMTP:${next}`)}}`,
  };
}

function mailStep(party: Party, ad: AdObject, next: string | null): Step {
  const primary = primarySmtp(ad.proxyAddresses);
  const kept =
    primary !== null && normaliseProxyAddress(primary) !== normaliseProxyAddress(ad.mail ?? '')
      ? bareAddress(primary)
      : next;
  return kept === null
    ? { text: `Choose another mail value for ${party.name} and set it in Active Directory.` }
    : {
        text: `Change mail of ${party.name} in Active Directory: it feeds the address too.`,
        command: `Set-ADObject ${onController(ad)} -Replace @{mail=${quoted(kept)}}`,
      };
}

function softDeletedSteps({ name, id }: Party): Step[] {
  return [
    {
      text: `${name} is soft-deleted. Whether a deleted object still holds an address is not documented alike everywhere. Look at it first.`,
      command: `Get-MgDirectoryDeletedItemAsUser -DirectoryObjectId ${quoted(id)} -Property Id,DisplayName,UserPrincipalName,ProxyAddresses,DeletedDateTime`,
    },
    {
      text: `If ${name} is still needed: restore it, take the value from it, and let the synchronisation run. If not: wait until the 30 days are over. Do not purge it to win time: that cannot be taken back.`,
    },
  ];
}

const directoryObject = (party: Party, input: Input): AdObject | undefined =>
  party.onPremises.find(({ objectGuid }) => objectGuid === input.objectId);

const onController = (ad: AdObject): string =>
  `-Identity ${quoted(ad.objectGuid)} -Server ${quoted(ad.domainController)}`;
