/** How the outcome of a write names its place; {@link controllerOf} reads it again. */
export const whereWritten = (domainController: string, usn: string): string => `${domainController}, USN ${usn}`;

/** @returns null when the text names no place that {@link whereWritten} wrote */
export const controllerOf = (where: string): string | null => /^(\S+), USN \d*$/.exec(where)?.[1] ?? null;
