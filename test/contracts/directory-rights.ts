import type { Client } from 'ldapts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf, DirSync, passwordOctets, replacing, SecurityDescriptorFlags } from './directory-client.ts';
import type { Subject } from './directory-subject.ts';

const password = 'Relay!Passw0rd';
const daclProtected = 0x1000;
const writeProperty = 0x20;
const containerInherit = 0x02;

/** schemaIDGUIDs of the Active Directory schema, in the octet order of an access control entry. */
const delegated = {
  mail: '617996bfe60dd011a28500aa003049e2',
  proxyAddresses: '067a96bfe60dd011a28500aa003049e2',
} as const;

export function rightsContract(subject: () => Subject): void {
  let unit = '';
  let relay: Client;
  beforeAll(async () => {
    const { dn, number } = await subject().unit();
    unit = dn;
    const account = `CN=Relay,${dn}`;
    const name = `relay${number}`;
    await subject().admin.add(account, { objectClass: 'user', sAMAccountName: name });
    await subject().admin.modify(account, replacing('unicodePwd', passwordOctets(password)));
    await subject().admin.modify(account, replacing('userAccountControl', '512'));
    for (const cn of ['Open', 'Closed']) await subject().admin.add(`CN=${cn},${dn}`, { objectClass: 'user' });
    const { objectSid } = await subject().read(account, 'objectSid');
    await delegate(objectSid as Buffer);
    await protect(`CN=Closed,${dn}`);
    relay = await subject().connectAs(`${name}@${subject().domain.dnsName}`, password);
  });
  afterAll(() => relay?.unbind());

  const descriptorOf = async (dn: string, client = subject().admin): Promise<Buffer> => {
    const options = {
      scope: 'base',
      attributes: ['nTSecurityDescriptor'],
      explicitBufferAttributes: ['nTSecurityDescriptor'],
    } as const;
    const { searchEntries } = await client.search(
      dn,
      {
        ...options,
        attributes: [...options.attributes],
        explicitBufferAttributes: [...options.explicitBufferAttributes],
      },
      new SecurityDescriptorFlags(4),
    );
    return searchEntries[0]?.['nTSecurityDescriptor'] as Buffer;
  };
  const writeDescriptor = (dn: string, octets: Buffer): Promise<void> =>
    subject().admin.modify(dn, replacing('nTSecurityDescriptor', octets), new SecurityDescriptorFlags(4));

  /** Allows an account to write mail and proxyAddresses of everything below the unit. */
  const delegate = async (sid: Buffer): Promise<void> => {
    const descriptor = await descriptorOf(unit);
    await writeDescriptor(
      unit,
      withEntries(
        descriptor,
        Object.values(delegated).map((guid) => allowEntry(guid, sid)),
      ),
    );
  };
  const protect = async (dn: string): Promise<void> => {
    const descriptor = Buffer.from(await descriptorOf(dn));
    descriptor.writeUInt16LE(descriptor.readUInt16LE(2) | daclProtected, 2);
    // What was inherited is not copied: only the first, empty part of the list stays.
    await writeDescriptor(dn, withoutInherited(descriptor));
  };

  it('lets an account write what was delegated to it', async () => {
    expect(await codeOf(relay.modify(`CN=Open,${unit}`, replacing('mail', 'open@contoso.com')))).toBe(0);
  });

  it('refuses the whole request for one attribute that was not delegated', async () => {
    const changes = [replacing('mail', 'other@contoso.com'), replacing('title', 'x')];
    expect(await codeOf(relay.modify(`CN=Open,${unit}`, changes))).toBe(50);
    expect(await subject().read(`CN=Open,${unit}`, 'title')).toMatchObject({ title: [] });
    expect(await subject().read(`CN=Open,${unit}`, 'mail')).not.toMatchObject({ mail: 'other@contoso.com' });
  });

  it('refuses an object that does not inherit', async () => {
    expect(await codeOf(relay.modify(`CN=Closed,${unit}`, replacing('mail', 'closed@contoso.com')))).toBe(50);
  });

  it('shows in the descriptor whether an object inherits', async () => {
    expect((await descriptorOf(`CN=Open,${unit}`)).readUInt16LE(2) & daclProtected).toBe(0);
    expect((await descriptorOf(`CN=Closed,${unit}`)).readUInt16LE(2) & daclProtected).toBe(daclProtected);
  });

  it('tells an account what it may write', async () => {
    const allowed = async (dn: string): Promise<string[]> => {
      const options = { scope: 'base' as const, attributes: ['allowedAttributesEffective'] };
      const { searchEntries } = await relay.search(dn, options);
      return [searchEntries[0]?.['allowedAttributesEffective'] ?? []].flat().map(String).sort();
    };
    expect(await allowed(`CN=Open,${unit}`)).toEqual(['mail', 'proxyAddresses']);
    expect(await allowed(`CN=Closed,${unit}`)).toEqual([]);
  });

  it('lets an ordinary account neither create nor delete nor rename', async () => {
    expect(await codeOf(relay.add(`CN=New,${unit}`, { objectClass: 'user' }))).toBe(50);
    expect(await codeOf(relay.del(`CN=Open,${unit}`))).toBe(50);
    expect(await codeOf(relay.modifyDN(`CN=Open,${unit}`, 'CN=Renamed'))).toBe(50);
  });

  it('gives DirSync to an ordinary account only with object security', async () => {
    const options = { filter: '(objectClass=user)', attributes: ['cn'] };
    expect(await codeOf(relay.search(subject().baseDn, options, new DirSync()))).toBe(50);
    expect(await codeOf(relay.search(subject().baseDn, options, new DirSync(undefined, 1)))).toBe(0);
  });

  it('lets a disabled account not sign in', async () => {
    const dn = `CN=Relay,${unit}`;
    await subject().admin.modify(dn, replacing('userAccountControl', '514'));
    await expect(subject().connectAs(dn, password)).rejects.toMatchObject({ code: 49 });
    await subject().admin.modify(dn, replacing('userAccountControl', '512'));
  });
}

/** ACCESS_ALLOWED_OBJECT_ACE: write one attribute of whatever inherits it. */
function allowEntry(attribute: string, sid: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt8(5, 0);
  head.writeUInt8(containerInherit, 1);
  head.writeUInt32LE(writeProperty, 4);
  head.writeUInt32LE(1, 8);
  const entry = Buffer.concat([head, Buffer.from(attribute, 'hex'), sid]);
  entry.writeUInt16LE(entry.length, 2);
  return entry;
}

const withEntries = (descriptor: Buffer, added: readonly Buffer[]): Buffer =>
  descriptorOfEntries(descriptor.readUInt16LE(2), [...added, ...entriesOf(descriptor)]);

function withoutInherited(descriptor: Buffer): Buffer {
  const own = entriesOf(descriptor).filter((entry) => (entry.readUInt8(1) & 0x10) === 0);
  return descriptorOfEntries(descriptor.readUInt16LE(2), own);
}

function entriesOf(descriptor: Buffer): Buffer[] {
  const dacl = descriptor.readUInt32LE(16);
  const entries: Buffer[] = [];
  for (let offset = dacl + 8; entries.length < descriptor.readUInt16LE(dacl + 4); ) {
    const size = descriptor.readUInt16LE(offset + 2);
    entries.push(descriptor.subarray(offset, offset + size));
    offset += size;
  }
  return entries;
}

/** A self-relative descriptor that holds a DACL and nothing else. */
function descriptorOfEntries(control: number, entries: readonly Buffer[]): Buffer {
  const body = Buffer.concat(entries);
  const header = Buffer.alloc(20);
  header.writeUInt8(1, 0);
  header.writeUInt16LE(control, 2);
  header.writeUInt32LE(20, 16);
  const acl = Buffer.alloc(8);
  acl.writeUInt8(4, 0);
  acl.writeUInt16LE(8 + body.length, 2);
  acl.writeUInt16LE(entries.length, 4);
  return Buffer.concat([header, acl, body]);
}
