import { app } from '@azure/functions';

/* A function app that does nothing, with one function of each trigger kind. */

app.http('http', { methods: ['GET'], authLevel: 'anonymous', handler: async () => ({ body: '{}' }) });
app.timer('timer', { schedule: '0 0 0 1 1 *', handler: async () => undefined });
app.serviceBusQueue('queue', { connection: 'ServiceBus', queueName: 'verify', handler: async () => undefined });
