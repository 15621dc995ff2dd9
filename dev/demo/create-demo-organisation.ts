import type { RunningForest } from '../active-directory/active-directory.ts';
import type { Control } from '../control/control.ts';
import { bystanders } from './bystanders.ts';
import type { CloudUser, DemoObject, DirectoryObject } from './demo-object.ts';
import { DirectoryAdministrator } from './directory-administrator.ts';
import { cloudFacts, directoryFacts } from './facts.ts';
import { GraphAdministrator } from './graph-administrator.ts';
import { stories } from './stories.ts';

export interface DemoSurroundings {
  readonly forests: readonly RunningForest[];
  /** PEM of the authority behind LDAPS. */
  readonly authority: string;
  /** With a token that may do everything. */
  readonly graph: { readonly url: string; readonly token: string };
  readonly controls: readonly Control[];
  runCycle(): Promise<unknown>;
  now(): number;
}

/**
 * Brings in the people of the stories as their administrators would: through LDAP, Graph and sync cycles. Nothing writes
 * an error; they come about because the claimants arrive after the holders.
 */
export async function createDemoOrganisation(around: DemoSurroundings): Promise<void> {
  const directory = new DirectoryAdministrator(around.forests, around.authority);
  const graph = new GraphAdministrator(around.graph);
  try {
    const first = [...bystanders, ...stories.flatMap(({ holders }) => holders)];
    const later = stories.flatMap(({ claimants }) => claimants);
    await arrive(first, directory, graph, around);
    await set(around.controls, { 'entra.hiddenHolders': stories.flatMap(({ hiddenHolders = [] }) => hiddenHolders) });
    await arrive(later, directory, graph, around);
    await around.runCycle();
  } finally {
    await directory.close();
  }
}

async function arrive(
  objects: readonly DemoObject[],
  directory: DirectoryAdministrator,
  graph: GraphAdministrator,
  { controls, runCycle, now }: DemoSurroundings,
): Promise<void> {
  const inDirectory = objects.filter((object): object is DirectoryObject => object.kind !== 'cloudUser');
  const inCloud = objects.filter((object): object is CloudUser => object.kind === 'cloudUser');
  for (const object of inDirectory) await directory.add(object);
  for (const user of inCloud) await graph.createUser(user);
  await set(controls, directoryFacts(inDirectory, now()));
  await runCycle();
  await set(controls, cloudFacts(objects, await graph.readAll(), now()));
}

/** Real Samba has no controls: there its objects are as young as they are. */
async function set(controls: readonly Control[], values: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await controls.find((control) => control.name === name)?.write(value);
  }
}
