import type { Step } from './diagnosis.ts';
import type { AdObject, Evidence } from './evidence.ts';
import type { Party } from './party.ts';
import { quoted } from './powershell-text.ts';
import { isSmtp, parseProxyAddress } from './proxy-address.ts';
import { isExchangeRecipient, recipientOf } from './recipient.ts';
import { isSynchronised } from './replace-value.ts';

/** How a person puts `next` in the place of the sought value, with every command filled in. Null: choose one first. */
export function stepsToReplace(party: Party, ad: AdObject, next: string | null, evidence: Evidence): Step[] {
  const { value } = evidence.sought;
  if (next === null) {
    return [
      {
        text: `Look at the object: ${ad.distinguishedName}, on ${ad.domainController}.`,
        command: lookAt(ad, evidence),
      },
      {
        text: `Choose a value in the place of '${value}' with its owner, and set it in Active Directory${isExchangeMatter(party, evidence) ? ' with the tools of Exchange' : ''}.`,
      },
    ];
  }
  return isExchangeMatter(party, evidence)
    ? exchangeSteps(party, ad, next, evidence)
    : [{ text: `Put ${next} in the place of '${value}'.`, command: setIn(ad, next, evidence) }];
}

/** After any change by hand. */
export function stepsAfterReplacing(party: Party, evidence: Evidence): Step[] {
  return [
    ...(isSynchronised(party, evidence)
      ? [
          {
            text: 'On the sync server: let the change travel to Entra.',
            command: 'Start-ADSyncSyncCycle -PolicyType Delta',
          },
        ]
      : []),
    { text: 'Recheck the case, or wait for the next audit: it is resolved when the value is in order.' },
  ];
}

const exchangeAttributes: ReadonlySet<string> = new Set(['proxyAddresses', 'mail', 'mailNickname', 'targetAddress']);

const isExchangeMatter = (party: Party, { sought }: Evidence): boolean =>
  exchangeAttributes.has(sought.attribute) && isExchangeRecipient(party);

const identityOf = (ad: AdObject): string =>
  `-Identity ${quoted(ad.objectGuid)} -Server ${quoted(ad.domainController)}`;

const lookAt = (ad: AdObject, { sought }: Evidence): string =>
  `Get-ADObject ${identityOf(ad)} -Properties ${sought.attribute} | Format-List ${sought.attribute}`;

function setIn(ad: AdObject, next: string, { sought: { attribute, value } }: Evidence): string {
  if (attribute === 'proxyAddresses')
    return `Set-ADObject ${identityOf(ad)} -Remove @{proxyAddresses=${quoted(value)}} -Add @{proxyAddresses=${quoted(next)}}`;
  return `Set-ADObject ${identityOf(ad)} -Replace @{${attribute}=${quoted(next)}}`;
}

/** Cmdlet on premises by the type of the recipient. */
function cmdletFor(party: Party, ad: AdObject, evidence: Evidence): string {
  if (party.objectType === 'group') return 'Set-DistributionGroup';
  if (party.objectType === 'contact') return 'Set-MailContact';
  if (ad.homeMdb !== undefined) return 'Set-Mailbox';
  return recipientOf(party, evidence) === 'mail-user' || ad.msExchRecipientTypeDetails === '128'
    ? 'Set-MailUser'
    : 'Set-RemoteMailbox';
}

function exchangeSteps(party: Party, ad: AdObject, next: string, evidence: Evidence): Step[] {
  const { attribute, value } = evidence.sought;
  const head = `${cmdletFor(party, ad, evidence)} -Identity ${quoted(ad.distinguishedName)}`;
  const bare = parseProxyAddress(next)?.address ?? next;
  const text = `In the Exchange Management Shell: put ${next} in the place of '${value}'.`;
  const policy = ad.emailAddressPolicyOff ? '' : ' -EmailAddressPolicyEnabled $false';
  if (attribute === 'mailNickname') {
    return [
      {
        text: `${text} Other addresses are made of the alias: read them before and after.`,
        command: `${head} -Alias ${quoted(next)}`,
      },
    ];
  }
  if (attribute === 'targetAddress') {
    const parameter = head.startsWith('Set-RemoteMailbox') ? '-RemoteRoutingAddress' : '-ExternalEmailAddress';
    return [{ text: `${text} Mail is routed by it.`, command: `${head} ${parameter} ${quoted(bare)}` }];
  }
  if (attribute === 'mail' || (isSmtp(value) && value.startsWith('SMTP:'))) {
    return [{ text, command: `${head} -PrimarySmtpAddress ${quoted(bare)}${policy}` }];
  }
  return [{ text, command: `${head} -EmailAddresses @{Remove=${quoted(value)}; Add=${quoted(next)}}${policy}` }];
}
