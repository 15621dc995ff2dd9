import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createCertificates, trustInThisProcess } from '../../../dev/certificates.ts';
import { createEvidenceStore } from '../../../src/adapters/blobs/evidence-store.ts';
import { twoSynchronised } from '../../domain/stories.ts';

const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }) };
const tryAgain = { ok: false, failure: { kind: 'TryAgain', message: 'The evidence store does not answer.' } };

/** A blob service that answers everything alike. */
async function answering(status: number) {
  const { authority, server: tls } = await createCertificates();
  trustInThisProcess(authority);
  const server = createServer(tls, (request, response) => {
    request.resume().on('end', () => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}/account`;
  return { store: createEvidenceStore({ url, credential }), stop: () => server.close() };
}

test('evidence that is there already is not written again', async () => {
  const { store, stop } = await answering(409);
  expect(await store.put(twoSynchronised())).toEqual({ ok: true, value: expect.stringMatching(/^[0-9a-f]{64}$/) });
  stop();
});

test('a service that permits nothing is asked again later', async () => {
  const { store, stop } = await answering(403);
  expect(await store.put(twoSynchronised())).toEqual(tryAgain);
  expect(await store.get('f'.repeat(64))).toEqual(tryAgain);
  stop();
});
