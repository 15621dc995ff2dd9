import type { Client, Filter } from 'ldapts';
import type { AdObject } from '../../domain/evidence.ts';
import { type ReadObject, readObject } from './ad-object.ts';
import type { Connection } from './connection.ts';
import { octetsOf, textOf } from './entry.ts';
import { type LdapAnswer, resultCode } from './ldap-failure.ts';
import { guidOf } from './octets.ts';
import { searchRaw } from './raw-search.ts';

/** What a controller says of itself. */
export interface ControllerState {
  readonly dnsName: string;
  readonly highestCommittedUsn: string;
  readonly invocationId: string;
}

/** A writable controller of one domain. */
export class DomainController {
  readonly connection: Connection;
  readonly forest: string;
  readonly domainBase: string;
  #dnsName: string | null = null;

  constructor(connection: Connection, forest: string, domainBase: string) {
    this.connection = connection;
    this.forest = forest;
    this.domainBase = domainBase;
  }

  /** The controller's own DNS name; its address stands for it until it was reached. */
  get name(): string {
    return this.#dnsName ?? new URL(this.connection.endpoint.url).hostname;
  }

  /** Learns the DNS name, which the sync engine uses, from the controller itself: its address may be another one. */
  async identify(): Promise<LdapAnswer<string>> {
    if (this.#dnsName !== null) return { ok: true, value: this.#dnsName };
    const answer = await this.connection.read(readState);
    if (!answer.ok) return answer;
    this.#dnsName = answer.value.dnsName;
    return { ok: true, value: this.#dnsName };
  }

  /** @returns null when this controller has no such object (any more), or it does not match. */
  async readObject(objectGuid: string, filter?: Filter): Promise<LdapAnswer<ReadObject | null>> {
    return this.#read(`<GUID=${objectGuid}>`, filter);
  }

  async readByName(distinguishedName: string): Promise<LdapAnswer<AdObject | null>> {
    const answer = await this.#read(distinguishedName);
    return answer.ok ? { ok: true, value: answer.value?.object ?? null } : answer;
  }

  async #read(base: string, filter?: Filter): Promise<LdapAnswer<ReadObject | null>> {
    const identified = await this.identify();
    if (!identified.ok) return identified;
    const where = { forest: this.forest, domainController: identified.value, domainBase: this.domainBase };
    const answer = await this.connection.read((client) => readObject(client, base, where, filter));
    return !answer.ok && isElsewhere(answer.failure.code) ? { ok: true, value: null } : answer;
  }
}

const elsewhere: readonly (number | null)[] = [
  resultCode.noSuchObject,
  resultCode.referral,
  resultCode.invalidDnSyntax,
];
const isElsewhere = (code: number | null): boolean => elsewhere.includes(code);

/** The rootDSE, and the invocation id that its NTDS settings object holds. */
export async function readState(client: Client): Promise<ControllerState> {
  const [root] = await searchRaw(client, {
    base: '',
    scope: 'base',
    attributes: ['dnsHostName', 'highestCommittedUSN', 'dsServiceName'],
  });
  const service = root === undefined ? undefined : textOf(root, 'dsServiceName');
  const [settings] =
    service === undefined
      ? []
      : await searchRaw(client, { base: service, scope: 'base', attributes: ['invocationId'] });
  const [invocationId] = settings === undefined ? [] : octetsOf(settings, 'invocationId');
  return {
    dnsName: (root && textOf(root, 'dnsHostName')) ?? '',
    highestCommittedUsn: (root && textOf(root, 'highestCommittedUSN')) ?? '',
    invocationId: invocationId?.length === 16 ? guidOf(invocationId) : '',
  };
}
