import { defaultSwitches, type Switches, type SwitchName, switchNames, switchTable } from '../../dev/entra/switches.ts';

export interface Setting {
  readonly name: string;
  readonly switches: Partial<Switches>;
}

/** The defaults, each other value of each switch alone, and every switch away from its default at once. */
export function everySetting(): Setting[] {
  const alone = switchNames.flatMap((name) =>
    otherValues(name).map((value) => ({ name: `${name} ${value}`, switches: { [name]: value } as Partial<Switches> })),
  );
  const together = Object.fromEntries(switchNames.map((name) => [name, otherValues(name)[0]])) as Partial<Switches>;
  return [
    { name: 'the defaults', switches: defaultSwitches() },
    ...alone,
    { name: 'all together', switches: together },
  ];
}

const otherValues = (name: SwitchName): string[] =>
  switchTable[name].values.filter((value: string) => value !== switchTable[name].default);
