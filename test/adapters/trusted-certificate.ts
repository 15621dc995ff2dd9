import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';

let made: Promise<{ key: string; cert: string }> | undefined;

/** One certificate a test file, trusted by this process: the Graph client sends no token over plain http. */
export function certificate(): Promise<{ key: string; cert: string }> {
  made ??= makeCertificate();
  return made;
}

async function makeCertificate(): Promise<{ key: string; cert: string }> {
  const altNames = [
    { type: 7 as const, ip: '127.0.0.1' },
    { type: 2 as const, value: 'localhost' },
  ];
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  setDefaultCACertificates([...getCACertificates('default'), pems.cert]);
  return { key: pems.private, cert: pems.cert };
}
