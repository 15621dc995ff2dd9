/** The entity in a link's address or a token's audience: no scheme, host or leading slash (.NET sends one), lower case. */
export function entityPathOf(address: string): string {
  return address
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase();
}

/** What the tokens that a connection has put open to it. */
export class Grants {
  readonly #paths = new Set<string>();

  add(audience: string): void {
    this.#paths.add(entityPathOf(audience));
  }

  /** A token for an entity covers what lies beneath it; one for the namespace covers everything. */
  cover(address: string): boolean {
    const path = entityPathOf(address);
    return [...this.#paths].some((granted) => granted === '' || path === granted || path.startsWith(`${granted}/`));
  }
}
