import { defaultSwitches, type Switches, switchTable } from '../../dev/entra/switches.ts';
import type { TenantBehaviour } from '../../src/audit/prediction/prediction-settings.ts';

export interface PredictionCase {
  readonly name: string;
  readonly switches: Partial<Switches>;
  /** What the prediction is told of them; the rest is unknown to it. */
  readonly told: Partial<TenantBehaviour>;
}

const asked = [
  'softMatchOnUpn',
  'blockSoftMatch',
  'blockCloudObjectTakeover',
  'synchronizeUpnForManagedUsers',
  'softMatchAgainst',
  'updateCollision',
  'softDeletedAddresses',
  'addressSpace',
] as const satisfies readonly (keyof TenantBehaviour)[];

/** Switches that a prediction need not know, since its answer is the same for each value. */
const notAsked = ['upnOnUpdateCollision', 'placeholderForm', 'oldUpnAlias', 'staleQuarantine'] as const;

const known = (switches: Switches): TenantBehaviour =>
  Object.fromEntries(asked.map((name) => [name, switches[name]])) as unknown as TenantBehaviour;

const other = (name: keyof typeof switchTable): Partial<Switches> => {
  const definition = switchTable[name];
  return { [name]: definition.values.find((value: string) => value !== definition.default) };
};

/** The default behaviour and each other one, known and unknown. */
export const predictionCases: readonly PredictionCase[] = [
  { name: 'the defaults, known', switches: {}, told: known(defaultSwitches()) },
  { name: 'the defaults, unknown', switches: {}, told: {} },
  ...asked.flatMap((name) => {
    const switches = other(name);
    const told = known({ ...defaultSwitches(), ...switches });
    return [
      { name: `${name} ${switches[name]}, known`, switches, told },
      { name: `${name} ${switches[name]}, unknown`, switches, told: {} },
    ];
  }),
  ...notAsked.map((name) => ({
    name: `${name} ${other(name)[name]}`,
    switches: other(name),
    told: known(defaultSwitches()),
  })),
];
