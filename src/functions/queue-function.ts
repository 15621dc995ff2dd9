import { app } from '@azure/functions';
import type { Composition } from '../compose.ts';
import type { FunctionDefinition } from './http-function.ts';

/**
 * A Service Bus function. The connection is `ServiceBus__fullyQualifiedNamespace`; nothing is read from the trigger's
 * metadata, which the body can overwrite, and there is no retry policy: what fails for a while is scheduled by the pipeline.
 */
function queueFunction(
  queue: 'diagnose' | 'apply' | 'verify' | 'preflight',
  isSessionsEnabled: boolean,
): FunctionDefinition {
  return {
    name: queue,
    register(composition: Composition) {
      app.serviceBusQueue(queue, {
        connection: 'ServiceBus',
        queueName: queue,
        isSessionsEnabled,
        handler: async (body, context) => {
          const outcome = await composition[queue](body);
          if (outcome === 'rejected') context.warn('A malformed message was put aside', { queue });
          if (outcome === 'putOff') context.warn('The store did not answer; the message is tried again', { queue });
        },
      });
    },
  };
}

export const diagnose = queueFunction('diagnose', false);
/** The session is the lane: one worker at a time writes to one directory. */
export const apply = queueFunction('apply', true);
export const verify = queueFunction('verify', false);
export const preflight = queueFunction('preflight', false);
