import type { ProvisionedObject, ProvisioningEndpoint } from '../../dev/entra/provisioning.ts';

export interface LargeTenant {
  readonly users: number;
  /** Users whose second address another user already holds. */
  readonly errors: number;
}

const usersAnExport = 5000;

/**
 * Fills a tenant the way a sync engine does, with exports. The errors come about by themselves: the last users arrive with
 * an address that one of the first already has, and the tenant quarantines it.
 */
export function synchroniseUsers(tenant: ProvisioningEndpoint, { users, errors }: LargeTenant): void {
  for (let from = 0; from < users; from += usersAnExport) {
    const numbers = Array.from({ length: Math.min(usersAnExport, users - from) }, (_, index) => from + index);
    const results = tenant.provision(
      numbers.map((number) => {
        const taken = number >= users - errors ? [`smtp:user${number - users + errors}@contoso.com`] : [];
        return { operation: 'add', object: user(number, taken) };
      }),
    );
    const refused = results.find(({ outcome }) => outcome !== 'ok');
    if (refused) throw new Error(`A user was not taken: ${JSON.stringify(refused)}`);
  }
  tenant.settle();
}

function user(number: number, moreAddresses: readonly string[]): ProvisionedObject {
  const name = `user${number}@contoso.com`;
  return {
    sourceAnchor: Buffer.from(String(number).padStart(16, '0')).toString('base64'),
    objectType: 'user',
    attributes: {
      userPrincipalName: name,
      displayName: `User ${number}`,
      mailNickname: `user${number}`,
      accountEnabled: true,
      proxyAddresses: [`SMTP:${name}`, ...moreAddresses],
      onPremisesDistinguishedName: `CN=User ${number},OU=Staff,DC=contoso,DC=com`,
    },
  };
}
