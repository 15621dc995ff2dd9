import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** What a made directory has of each thing. */
export interface DirectorySize {
  readonly objects: number;
  /** One object in so many holds an address of another. */
  readonly duplicateEvery: number;
  /** One object in so many has a value that breaks a rule. */
  readonly faultEvery: number;
}

export const addressesEach = 4;

const domains = ['contoso.com', 'fabrikam.com', 'northwind.example'] as const;
export const verifiedDomains = [...domains, 'contoso.onmicrosoft.com'];
const givenNames = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Ken', 'Margaret', 'Tim'] as const;
const surnames = ['Lovelace', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Knuth', 'Perlman', 'Thompson'] as const;

/** Four addresses of the object with this number, SMTP addresses without their prefix. */
export function addressesOf(number: number, size: DirectorySize): string[] {
  const name = nameOf(number);
  const domain = domains[number % domains.length] as string;
  const own = [
    `${name}@${domain}`,
    `${initialOf(number)}${name}@${domain}`,
    `${name}.alias@${domains[(number + 1) % domains.length]}`,
    `${name}@contoso.onmicrosoft.com`,
  ];
  const other = Math.floor(number * 0.618) % Math.max(1, number);
  return number > 0 && number % size.duplicateEvery === 0
    ? own.with(2, `${nameOf(other)}.alias@${domains[(other + 1) % domains.length]}`)
    : own;
}

/** One line of NDJSON, without its end. */
export function lineOf(number: number, size: DirectorySize): string {
  const addresses = addressesOf(number, size);
  const isFaulty = number % size.faultEvery === 7;
  const name = nameOf(number);
  const guid = guidOf(number);
  return JSON.stringify({
    origin: { side: 'active-directory', forest: 'contoso.com' },
    distinguishedName: `CN=${name},OU=Branch ${number % 500},OU=People,DC=contoso,DC=com`,
    objectClass: ['top', 'person', 'organizationalPerson', 'user'],
    cn: name,
    displayName: `${givenNameOf(number)} ${surnameOf(number)}`,
    givenName: givenNameOf(number),
    sn: surnameOf(number),
    mail: addresses[0],
    mailNickname: name,
    sAMAccountName: `u${number}`,
    userPrincipalName: isFaulty ? `${name} (old)@contoso.com` : addresses[0],
    proxyAddresses: addresses.map((address, index) => `${index === 0 ? 'SMTP' : 'smtp'}:${address}`),
    objectGUID: guid,
    objectSid: `S-1-5-21-1004336348-1177238915-682003330-${number + 1000}`,
    userAccountControl: 512,
    whenCreated: '2021-03-04T05:06:07.000Z',
  });
}

/** Writes the directory as NDJSON; seeded by nothing, because it is always the same. */
export async function writeObjects(path: string, size: DirectorySize): Promise<void> {
  await writeLines(path, size.objects, (number) => lineOf(number, size));
}

/** Writes every address, one a line, in an order that has nothing to do with that of the objects. */
export async function writeShuffledAddresses(path: string, size: DirectorySize): Promise<void> {
  const order = new Uint32Array(size.objects * addressesEach).map((_, index) => index);
  shuffle(order);
  await writeLines(path, order.length, (place) => {
    const index = order[place] as number;
    return addressesOf(Math.floor(index / addressesEach), size)[index % addressesEach] as string;
  });
}

async function writeLines(path: string, count: number, line: (number: number) => string): Promise<void> {
  const file: WriteStream = createWriteStream(path, { mode: 0o600 });
  for (let from = 0; from < count; from += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, count - from) }, (_, index) => `${line(from + index)}\n`);
    if (!file.write(lines.join(''))) await once(file, 'drain');
  }
  file.end();
  await finished(file);
}

function shuffle(values: Uint32Array): void {
  let state = 0x2f6e2b1;
  for (let last = values.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const at = Math.floor((state / 2 ** 32) * (last + 1));
    [values[last], values[at]] = [values[at] as number, values[last] as number];
  }
}

const givenNameOf = (number: number): string => givenNames[number % givenNames.length] as string;
const surnameOf = (number: number): string => surnames[Math.floor(number / 10) % surnames.length] as string;
const nameOf = (number: number): string => `${givenNameOf(number)}.${surnameOf(number)}${number}`.toLowerCase();
const initialOf = (number: number): string => String.fromCharCode(97 + (number % 26));

function guidOf(number: number): string {
  const digits = (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${digits}-4455-6677-8899-${number.toString(16).padStart(12, '0')}`;
}
