import { domainOf } from './proxy-address.ts';

export interface Domain {
  readonly name: string;
  readonly isInitial: boolean;
  readonly isDefault: boolean;
  readonly isVerified: boolean;
  readonly authenticationType: 'Managed' | 'Federated';
}

export const standardDomains: readonly Domain[] = [
  {
    name: 'contoso.onmicrosoft.com',
    isInitial: true,
    isDefault: false,
    isVerified: true,
    authenticationType: 'Managed',
  },
  { name: 'contoso.com', isInitial: false, isDefault: true, isVerified: true, authenticationType: 'Managed' },
];

/** The domains of a tenant; the initial one and contoso.com are always there. */
export class Domains {
  #domains: readonly Domain[];

  constructor(more: readonly Domain[] = []) {
    this.#domains = merge(standardDomains, more);
  }

  get all(): readonly Domain[] {
    return this.#domains;
  }

  /** Replaces everything but the standard domains, whose authentication type alone can be given. */
  replace(more: readonly Domain[]): void {
    this.#domains = merge(standardDomains, more);
  }

  get initial(): string {
    return this.#domains.find((domain) => domain.isInitial)?.name ?? '';
  }

  get default(): string {
    return this.#domains.find((domain) => domain.isDefault)?.name ?? this.initial;
  }

  get verified(): readonly string[] {
    return this.#domains.filter((domain) => domain.isVerified).map((domain) => domain.name);
  }

  find(address: string): Domain | undefined {
    const name = domainOf(address);
    return this.#domains.find((domain) => domain.name.toLowerCase() === name);
  }

  isVerified(address: string): boolean {
    return this.find(address)?.isVerified ?? false;
  }

  isFederated(address: string): boolean {
    return this.find(address)?.authenticationType === 'Federated';
  }
}

function merge(standard: readonly Domain[], more: readonly Domain[]): readonly Domain[] {
  const byName = new Map(standard.map((domain) => [domain.name, domain]));
  for (const domain of more) {
    const known = byName.get(domain.name);
    byName.set(domain.name, known ? { ...known, authenticationType: domain.authenticationType } : domain);
  }
  return [...byName.values()];
}
