import type { AuditSettings } from '../../audit/audit-settings.ts';
import {
  type PredictionSettings,
  type TenantBehaviour,
  unknownBehaviour,
} from '../../audit/prediction/prediction-settings.ts';

/** What of the command line is about a prediction. */
export interface PredictionValues {
  readonly predict?: boolean | undefined;
  readonly tenant?: readonly string[] | undefined;
  readonly directory?: string | undefined;
  readonly base?: string | undefined;
  readonly 'exchange-authority'?: string | undefined;
}

type Behaviours = { readonly [K in keyof TenantBehaviour]: readonly TenantBehaviour[K][] };

const switches = ['on', 'off', 'unknown'] as const;

/** `--tenant NAME=VALUE` */
export const tenantBehaviours: Behaviours = {
  softMatchOnUpn: switches,
  blockSoftMatch: switches,
  blockCloudObjectTakeover: switches,
  synchronizeUpnForManagedUsers: switches,
  softMatchAgainst: ['primary', 'anyProxy', 'unknown'],
  updateCollision: ['quarantine', 'hardError', 'unknown'],
  softDeletedAddresses: ['free', 'held', 'unknown'],
  addressSpace: ['separate', 'shared', 'unknown'],
};

type OneOf = <T extends string>(option: string, asked: string, known: readonly T[]) => T;

/** @returns null: no prediction is asked for */
export function predictionIn(
  values: PredictionValues,
  settings: AuditSettings,
  oneOf: OneOf,
  refuse: (problem: string) => void,
): PredictionSettings | null {
  if (!values.predict) {
    for (const option of ['tenant', 'directory', 'exchange-authority'] as const)
      if (values[option] !== undefined) refuse(`--${option} belongs to --predict.`);
    return null;
  }
  return {
    ...settings,
    tenant: tenantIn(values.tenant ?? [], refuse),
    directory: oneOf('directory', values.directory ?? (values.base === undefined ? 'whole' : 'part'), [
      'whole',
      'part',
    ]),
    exchangeAuthority: oneOf('exchange-authority', values['exchange-authority'] ?? 'on-premises', [
      'on-premises',
      'mixed',
      'cloud',
    ]),
  };
}

function tenantIn(asked: readonly string[], refuse: (problem: string) => void): TenantBehaviour {
  const said: Record<string, string> = {};
  for (const one of asked) {
    const [name = '', value = ''] = one.split('=', 2);
    const behaviour = Object.keys(tenantBehaviours).find((known) => known.toLowerCase() === name.toLowerCase());
    const choices: readonly string[] = tenantBehaviours[behaviour as keyof TenantBehaviour] ?? [];
    const choice = choices.find((known) => known.toLowerCase() === value.toLowerCase());
    if (behaviour === undefined)
      refuse(`--tenant '${one}' is no NAME=VALUE with a name of ${Object.keys(tenantBehaviours).join(', ')}.`);
    else if (choice === undefined) refuse(`--tenant '${one}': ${behaviour} is one of ${choices.join(', ')}.`);
    else if (behaviour in said) refuse(`--tenant ${behaviour} is said twice.`);
    else said[behaviour] = choice;
  }
  return { ...unknownBehaviour, ...said };
}
