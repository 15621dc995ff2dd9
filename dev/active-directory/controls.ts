import type { Control } from '../control/control.ts';
import { ControlValueError } from '../control/control.ts';
import type { Environment } from './environment.ts';
import type { Forest } from './forest.ts';

/** What can be set in the directory from outside because no LDAP client can. */
export function directoryControls(environment: Environment, _forests: readonly Forest[]): Control[] {
  return [replicationDelay(environment)];
}

function replicationDelay(environment: Environment): Control {
  return {
    name: 'ad.replicationDelaySeconds',
    meaning: 'Seconds until a write on one domain controller reaches the others and the global catalogue. Default 0.',
    read: () => environment.replicationDelay / 1000,
    write(value) {
      if (typeof value !== 'number' || !(value >= 0))
        throw new ControlValueError('takes a number of seconds, 0 or more');
      environment.replicationDelay = value * 1000;
    },
  };
}
