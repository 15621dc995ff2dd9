const day = 86_400_000;

/** Days from one ISO 8601 moment to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / day;

/** Not more than so many days before `now`. */
export const isWithinDays = (moment: string, days: number, now: string): boolean => daysBetween(moment, now) <= days;

/** ISO 8601 in UTC. */
export const daysLater = (moment: string, days: number): string =>
  new Date(Date.parse(moment) + days * day).toISOString();
