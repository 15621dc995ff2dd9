import { generate } from 'selfsigned';

/** A certificate for localhost that is its own authority. */
export async function localhostCertificate(): Promise<{ key: string; cert: string }> {
  const altNames = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ] as const;
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [...altNames] }],
  });
  return { key, cert };
}
