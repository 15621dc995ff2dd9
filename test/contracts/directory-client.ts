import { Attribute, Ber, type BerReader, BerWriter, Change, Client, Control, ResultCodeError } from 'ldapts';

/** How a test reaches one controller. */
export interface Endpoint {
  readonly url: string;
  readonly ca: string;
}

export async function connect({ url, ca }: Endpoint, name: string, password: string): Promise<Client> {
  const client = new Client({ url, tlsOptions: { ca } });
  await client.bind(name, password);
  return client;
}

/** The LDAP result code of an operation; 0 is success. Anything but an LDAP result is thrown on. */
export async function codeOf(operation: Promise<unknown>): Promise<number> {
  try {
    await operation;
    return 0;
  } catch (error) {
    if (error instanceof ResultCodeError) return error.code;
    throw error;
  }
}

type Values = string | Buffer | readonly (string | Buffer)[];

const change = (operation: 'add' | 'delete' | 'replace') => (type: string, values: Values) =>
  new Change({ operation, modification: new Attribute({ type, values: [values].flat() as string[] | Buffer[] }) });

export const adding = change('add');
export const deleting = change('delete');
export const replacing = change('replace');

export const passwordOctets = (password: string): Buffer => Buffer.from(`"${password}"`, 'utf16le');

/** A control without a value. */
export const flagged = (oid: string, critical = true): Control => new Control(oid, { critical });

export const oid = {
  showDeleted: '1.2.840.113556.1.4.417',
  treeDelete: '1.2.840.113556.1.4.805',
  permissiveModify: '1.2.840.113556.1.4.1413',
  assertion: '1.3.6.1.1.12',
} as const;

/** Asks for parts of nTSecurityDescriptor: 4 is the DACL. */
export class SecurityDescriptorFlags extends Control {
  readonly #flags: number;

  constructor(flags: number) {
    super('1.2.840.113556.1.4.801', { critical: true });
    this.#flags = flags;
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(this.#flags);
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
  }
}

/** Asks for what has changed since a cookie, and holds the next one after the search. */
export class DirSync extends Control {
  cookie: Buffer;
  more = false;
  readonly #flags: number;

  constructor(cookie: Buffer = Buffer.alloc(0), flags = 0) {
    super('1.2.840.113556.1.4.841', { critical: true });
    this.cookie = cookie;
    this.#flags = flags;
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(this.#flags);
    value.writeInt(1_000_000);
    if (this.cookie.length > 0) value.writeBuffer(this.cookie, Ber.OctetString);
    else value.writeString('');
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
  }

  override parseControl(reader: BerReader): void {
    if (!reader.readSequence()) return;
    this.more = reader.readInt() !== 0;
    reader.readInt();
    this.cookie = Buffer.from(reader.readString(Ber.OctetString, true) ?? Buffer.alloc(0));
  }
}
