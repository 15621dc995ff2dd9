export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical';

/** One line that the host or one of its apps has to say. */
export interface LogLine {
  readonly app: string;
  readonly level: LogLevel;
  /** `host`: this host; `system`: the @azure/functions library; `user`: `context.log`; `console`: what the app printed. */
  readonly category: 'host' | 'system' | 'user' | 'console';
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
}

export type Log = (line: LogLine) => void;

const levels: readonly LogLevel[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical'];

/** Whether a line of `level` is kept where host.json asks for `minimum` (any casing, `None` keeps nothing). */
export function isLogged(level: LogLevel, minimum: string): boolean {
  const wanted = levels.indexOf(minimum.toLowerCase() as LogLevel);
  return wanted >= 0 && levels.indexOf(level) >= wanted;
}
