/**
 * What a domain administrator runs so that the relay's account may write an attribute. The Exchange hybrid permissions of
 * Entra Connect's ADSyncConfig module cover the addresses; they do not reach an object that refuses inheritance.
 * @param account DN of the relay's account
 */
export function remedyFor(attribute: string, account: string): string {
  if (attribute === 'proxyAddresses') {
    return `On the sync server: Import-Module ADSyncConfig; Set-ADSyncExchangeHybridPermissions -ADConnectorAccountDN ${quoted(account)}`;
  }
  return (
    `On a domain controller, for each container with synchronised users: dsacls <container DN> /I:S ` +
    `/G "<DOMAIN>\\<account name of ${account}>:RPWP;${attribute};user". ` +
    `Objects that refuse inheritance are listed by Get-ADSyncObjectsWithInheritanceDisabled.`
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
