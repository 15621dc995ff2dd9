import { randomUUID } from 'node:crypto';
import tls from 'node:tls';
import { generate } from 'selfsigned';
import type { TlsMaterial } from './tokens.ts';

export interface Certificates {
  /** PEM of the authority that signed {@link server}. */
  readonly authority: string;
  /** For `localhost`, `127.0.0.1` and `::1`; every endpoint of one stack serves it. */
  readonly server: TlsMaterial;
}

const tenYears = 10 * 365 * 24 * 3_600_000;

/** Makes an authority and one server certificate, both for ten years. The authority's key is thrown away. */
export async function createCertificates(): Promise<Certificates> {
  const lifetime = { notBeforeDate: new Date(Date.now() - 86_400_000), notAfterDate: new Date(Date.now() + tenYears) };
  // A name of its own: two authorities of one name are not told apart by a process that trusts both.
  const authority = await generate([{ name: 'commonName', value: `Syncmend local stack ${randomUUID()}` }], {
    ...lifetime,
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...lifetime,
    keySize: 2048,
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { authority: authority.cert, server: { key: server.private, cert: server.cert } };
}

/** Lets every TLS client of this process trust the authority, besides those that it trusts anyway. */
export function trustInThisProcess(authority: string): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority]);
}
