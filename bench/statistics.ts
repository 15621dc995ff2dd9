/** The value below which the share `at` (0 to 1) of all lies; NaN of nothing. */
export function percentile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(at * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const inMilliseconds = (value: number): string => `${Math.round(value)} ms`;
export const inSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
export const inMegabytes = (bytes: number | undefined): string =>
  bytes === undefined ? 'not known here' : `${Math.round(bytes / 1e6)} MB`;
