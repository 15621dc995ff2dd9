import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { expect, it } from 'vitest';
import { bodyOf, metadataOf } from '../../../dev/functions-host/service-bus-message.ts';

const message = (more: Partial<ServiceBusReceivedMessage>) =>
  ({ body: Buffer.from('text'), messageId: 'm', deliveryCount: 0, ...more }) as ServiceBusReceivedMessage;

it('dates in the metadata are ISO strings, and a message that never expires does so at the end of time', () => {
  const enqueuedTimeUtc = new Date('2030-01-15T10:00:00.5Z');
  expect(metadataOf(message({ enqueuedTimeUtc }))).toMatchObject({
    EnqueuedTimeUtc: { string: '2030-01-15T10:00:00.500Z' },
    ExpiresAtUtc: { string: '9999-12-31T23:59:59.9999999Z' },
  });
  const expiresAtUtc = new Date('2030-01-29T10:00:00Z');
  expect(metadataOf(message({ expiresAtUtc }))['ExpiresAtUtc']).toEqual({ string: '2030-01-29T10:00:00.000Z' });
});

it('the delivery count starts at 1, where the SDK starts at 0', () => {
  expect(metadataOf(message({}))['DeliveryCount']).toEqual({ json: '1' });
  expect(metadataOf(message({ deliveryCount: 4 }))['DeliveryCount']).toEqual({ json: '5' });
});

it('a body that is not text stays bytes, and has no properties to overwrite anything', () => {
  const body = Buffer.from([0xff, 0xfe, 0x00]);
  expect(bodyOf(message({ body }))).toEqual({ bytes: body });
  expect(metadataOf(message({ body }))['MessageId']).toEqual({ string: 'm' });
});

it('a body that is a JSON array or a number overwrites nothing', () => {
  for (const text of ['[{"messageId": "spoof"}]', '7', 'null']) {
    expect(metadataOf(message({ body: Buffer.from(text) }))['MessageId']).toEqual({ string: 'm' });
  }
});
