export type LogLevel = 'info' | 'warn' | 'error';

/** One JSON line an entry: the message is constant text, everything variable is data. Secrets and tokens never go in. */
export type Log = (level: LogLevel, message: string, data?: Readonly<Record<string, unknown>>) => void;

export const logToConsole: Log = (level, message, data = {}) => {
  const line = JSON.stringify({ at: new Date().toISOString(), level, message, ...data });
  (level === 'info' ? process.stdout : process.stderr).write(`${line}\n`);
};
