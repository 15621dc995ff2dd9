import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Task } from './share.ts';

/** Carries the tasks out in as many processes, each with every n-th of them: one answer a process. */
export async function inShares(processes: number, tasks: readonly Task[]): Promise<Answer[]> {
  const shares = Array.from({ length: processes }, (_, share) =>
    carryOut(tasks.filter((_task, place) => place % processes === share)),
  );
  return Promise.all(shares);
}

async function carryOut(tasks: readonly Task[]): Promise<Answer> {
  const child = fork(new URL('./share.ts', import.meta.url), { execArgv: [] });
  const ended = once(child, 'exit').then(([code]): never => {
    throw new Error(`a process of the law test ended with ${code}; its own output says why`);
  });
  const answered = once(child, 'message').then(([answer]) => answer as Answer);
  child.send(tasks);
  const answer = await Promise.race([answered, ended]);
  ended.catch(() => undefined);
  return answer;
}
