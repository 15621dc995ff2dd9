import type { CloudUser } from './demo-object.ts';

/** An object as Graph lists it, as far as the demo needs to recognise it. */
export interface ListedObject {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName?: string;
  readonly onPremisesDomainName?: string | null;
}

/** Creates users in Entra and lists what is there, through Microsoft Graph. */
export class GraphAdministrator {
  readonly #url: string;
  readonly #token: string;

  constructor({ url, token }: { readonly url: string; readonly token: string }) {
    this.#url = url;
    this.#token = token;
  }

  async createUser({ name, userPrincipalName, employeeId }: CloudUser): Promise<void> {
    const [mailNickname] = userPrincipalName.split('@');
    const passwordProfile = { password: 'Demo-Passw0rd-1', forceChangePasswordNextSignIn: true };
    await this.#send('/users', {
      accountEnabled: true,
      displayName: name,
      mailNickname,
      userPrincipalName,
      passwordProfile,
      ...(employeeId === undefined ? {} : { employeeId }),
    });
  }

  /** Users alone: what the demo sets of objects, it sets of them. */
  async readAll(): Promise<ListedObject[]> {
    const select = 'id,displayName,userPrincipalName,onPremisesDomainName';
    const { value } = (await this.#send(`/users?$top=999&$select=${select}`)) as { value: ListedObject[] };
    return value;
  }

  async #send(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Graph answered ${response.status} to ${path}: ${text}`);
    return JSON.parse(text);
  }
}
