import { app, type InvocationContext } from '@azure/functions';
import type { Composition } from '../compose.ts';
import type { Config } from '../config.ts';
import type { FunctionDefinition } from './http-function.ts';

/** A timer function. The schedule is a setting's value, in UTC: a missing one is the configuration's problem, not the host's. */
export function timerFunction(
  name: string,
  schedule: (config: Config) => string,
  run: (composition: Composition, context: InvocationContext) => Promise<void>,
): FunctionDefinition {
  return {
    name,
    register(composition) {
      app.timer(name, {
        schedule: schedule(composition.config),
        handler: (_timer, context) => run(composition, context),
      });
    },
  };
}
