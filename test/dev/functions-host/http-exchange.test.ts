import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { endEmpty, readBody } from '../../../dev/functions-host/http-exchange.ts';

it('a body that turns out too large only while it arrives is refused, and the refusal can still be sent', async () => {
  const server = createServer(async (incoming, response) => {
    const body = await readBody(incoming, 10);
    endEmpty(response, body ? 200 : 500);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const statusOf = async (chunks: string[]) => {
    const outgoing = request({ host: '127.0.0.1', port, method: 'POST', agent: false });
    for (const chunk of chunks) outgoing.write(chunk);
    outgoing.end();
    const [response] = await once(outgoing, 'response');
    response.resume();
    return response.statusCode;
  };
  expect(await statusOf(['12345', '67890'])).toBe(200);
  expect(await statusOf(['12345', '67890', '1'])).toBe(500);
  server.close();
});
