import { type Ground, startGround } from './ground.ts';
import { holdToLaws } from './hold-to-laws.ts';
import { LawBroken } from './laws.ts';
import { randomOrganisation } from './organisation.ts';
import { everySetting } from './settings.ts';

/** One organisation under one setting. */
export interface Task {
  readonly setting: string;
  readonly seed: number;
}

export interface Outcome extends Task {
  readonly reached: readonly string[];
  /** Which law does not hold, with the organisation in words. */
  readonly broken?: string;
}

export interface Answer {
  readonly outcomes: readonly Outcome[];
  readonly processorSeconds: number;
}

// A process of its own for each processor: takes the tasks as one message, and answers with one message.
process.once('message', async (tasks: Task[]) => {
  const ground = await startGround();
  const outcomes: Outcome[] = [];
  for (const task of tasks) outcomes.push(await carryOut(ground, task));
  await ground.stop();
  const { user, system } = process.cpuUsage();
  const answer: Answer = { outcomes, processorSeconds: (user + system) / 1e6 };
  process.send?.(answer, undefined, undefined, () => process.disconnect());
});

async function carryOut(ground: Ground, task: Task): Promise<Outcome> {
  const switches = everySetting().find(({ name }) => name === task.setting)?.switches;
  if (!switches) throw new Error(`there is no setting ${task.setting}`);
  try {
    const reached = await holdToLaws(ground, randomOrganisation(task.seed), { switches });
    return { ...task, reached: [...reached] };
  } catch (error) {
    if (error instanceof LawBroken) return { ...task, reached: [], broken: error.message };
    throw new Error(`organisation ${task.seed} under ${task.setting}`, { cause: error });
  }
}
