import type { Step } from './diagnosis.ts';
import type { RecipientKind } from './evidence.ts';
import { doubleQuoted, inFilter, quoted } from './powershell-text.ts';

export interface AddressRemoval {
  readonly kind: RecipientKind | 'unknown' | 'mail-public-folder';
  /** Where Exchange masters the recipient. */
  readonly where: 'exchange-online' | 'on-premises';
  readonly identity: string;
  /** Without prefix. */
  readonly address: string;
  readonly isPrimary: boolean;
  /** What takes the place of a primary address; null: a person must choose. */
  readonly newPrimary: string | null;
}

/** Cmdlet that changes the addresses of a recipient, by its type. */
const onlineCmdlets: Readonly<Record<AddressRemoval['kind'], string>> = {
  none: 'Set-MailUser',
  unknown: 'Set-Mailbox',
  'user-mailbox': 'Set-Mailbox',
  'shared-mailbox': 'Set-Mailbox',
  'room-mailbox': 'Set-Mailbox',
  'equipment-mailbox': 'Set-Mailbox',
  'remote-mailbox': 'Set-Mailbox',
  'on-premises-mailbox': 'Set-MailUser',
  'mail-user': 'Set-MailUser',
  'mail-contact': 'Set-MailContact',
  'distribution-group': 'Set-DistributionGroup',
  'microsoft-365-group': 'Set-UnifiedGroup',
  'dynamic-distribution-group': 'Set-DynamicDistributionGroup',
  'mail-public-folder': 'Set-MailPublicFolder',
};
/** A cloud mailbox is a remote mailbox to the Exchange tools on premises. */
const onPremisesCmdlets: Readonly<Record<AddressRemoval['kind'], string>> = {
  ...onlineCmdlets,
  unknown: 'Set-RemoteMailbox',
  'user-mailbox': 'Set-RemoteMailbox',
  'shared-mailbox': 'Set-RemoteMailbox',
  'room-mailbox': 'Set-RemoteMailbox',
  'equipment-mailbox': 'Set-RemoteMailbox',
  'remote-mailbox': 'Set-RemoteMailbox',
  'on-premises-mailbox': 'Set-Mailbox',
};
/** Cmdlets without -PrimarySmtpAddress in Exchange Online. */
const namesPrimaryByWindowsAddress: ReadonlySet<string> = new Set(['Set-Mailbox', 'Set-MailUser', 'Set-MailContact']);

/** The commands that take an address from a recipient; a primary one is replaced first. */
export function stepsToRemoveAddress(removal: AddressRemoval): Step[] {
  const cmdlet = (removal.where === 'on-premises' ? onPremisesCmdlets : onlineCmdlets)[removal.kind];
  const shell = removal.where === 'on-premises' ? 'the Exchange Management Shell' : 'Exchange Online PowerShell';
  const identity = quoted(removal.identity);
  const steps: Step[] = [];
  if (removal.kind === 'unknown') steps.push(lookUpType(removal, cmdlet));
  if (removal.isPrimary) steps.push(namePrimary(removal, cmdlet, shell));
  steps.push({
    text: `In ${shell}: remove the address.`,
    command: `${cmdlet} -Identity ${identity} -EmailAddresses @{Remove=${quoted(`smtp:${removal.address}`)}}`,
  });
  return steps;
}

function lookUpType({ identity }: AddressRemoval, cmdlet: string): Step {
  return {
    text: `See what type of recipient it is. The commands below are for a mailbox (${cmdlet}); the same parameters fit Set-UnifiedGroup, Set-DistributionGroup, Set-DynamicDistributionGroup, Set-MailContact, Set-MailUser and Set-MailPublicFolder.`,
    command: `Get-Recipient -Identity ${quoted(identity)} | Format-List RecipientTypeDetails,PrimarySmtpAddress,EmailAddresses`,
  };
}

function namePrimary({ identity, newPrimary, where }: AddressRemoval, cmdlet: string, shell: string): Step {
  const text = `In ${shell}: give it another primary address first.`;
  if (newPrimary === null) {
    return {
      text: `${text} It has no other address of its own in a verified domain: choose one with its owner, and use ${cmdlet}.`,
    };
  }
  const parameter =
    where === 'exchange-online' && namesPrimaryByWindowsAddress.has(cmdlet)
      ? '-WindowsEmailAddress'
      : '-PrimarySmtpAddress';
  const policy = where === 'on-premises' ? ' -EmailAddressPolicyEnabled $false' : '';
  return { text, command: `${cmdlet} -Identity ${quoted(identity)} ${parameter} ${quoted(newPrimary)}${policy}` };
}

/** Where Exchange keeps recipients that Graph never shows. */
export function stepsToFindHiddenHolder(address: string): Step[] {
  const filter = doubleQuoted(`EmailAddresses -eq ${inFilter(`smtp:${address}`)}`);
  return [
    {
      text: 'Ask Exchange Online for every recipient with this address; Graph does not show all of them.',
      command: `Get-Recipient -ResultSize Unlimited -Filter ${filter} | Format-List Name,RecipientTypeDetails,ExternalDirectoryObjectId,EmailAddresses`,
    },
    {
      text: 'Look among soft-deleted recipients.',
      command: `Get-Recipient -IncludeSoftDeletedRecipients -ResultSize Unlimited -Filter ${filter} | Format-List Name,RecipientTypeDetails,EmailAddresses`,
    },
    {
      text: 'Look among mail-enabled public folders. If one has it, remove the address there with Set-MailPublicFolder.',
      command: `Get-MailPublicFolder -ResultSize Unlimited -Filter ${filter} | Format-List Identity,EmailAddresses`,
    },
    {
      text: 'Look among inactive mailboxes.',
      command: `Get-Mailbox -InactiveMailboxOnly -ResultSize Unlimited -Filter ${filter} | Format-List Name,DistinguishedName,EmailAddresses`,
    },
  ];
}
