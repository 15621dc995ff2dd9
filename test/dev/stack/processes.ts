import { execFileSync } from 'node:child_process';

/** The processes that descend from `pid`, but for the `ps` that looks. */
export function processesOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , command]) => command !== 'ps');
  const childrenOf = (parent: number): number[] => {
    const children = table.filter(([, ppid]) => Number(ppid) === parent).map(([child]) => Number(child));
    return children.flatMap((child) => [child, ...childrenOf(child)]);
  };
  return childrenOf(pid);
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
