import type { Moment } from '../clock.ts';

/** GeneralizedTime as AD writes it: whole seconds and `.0Z`. */
export function generalizedTime(moment: Moment): string {
  const iso = new Date(moment).toISOString();
  return `${iso.slice(0, 19).replace(/[-:T]/g, '')}.0Z`;
}

/** Windows file time: 100 ns units since 1601, as decimal text. */
export function fileTime(moment: Moment): string {
  return String(BigInt(Math.trunc(moment)) * 10_000n + 116_444_736_000_000_000n);
}
