/** Whether something will be so, as far as is known. */
export type Likelihood = 'yes' | 'maybe' | 'no';

export function allOf(...parts: readonly Likelihood[]): Likelihood {
  if (parts.includes('no')) return 'no';
  return parts.includes('maybe') ? 'maybe' : 'yes';
}

export function anyOf(...parts: readonly Likelihood[]): Likelihood {
  if (parts.includes('yes')) return 'yes';
  return parts.includes('maybe') ? 'maybe' : 'no';
}

export function not(likelihood: Likelihood): Likelihood {
  if (likelihood === 'maybe') return 'maybe';
  return likelihood === 'yes' ? 'no' : 'yes';
}

export const surely = (is: boolean): Likelihood => (is ? 'yes' : 'no');

/** Of a fact that may not have been read. */
export const perhaps = (is: boolean | undefined): Likelihood => (is === undefined ? 'maybe' : surely(is));

/** Whether a setting of the tenant has the value. */
export const isSet = <T extends string>(setting: T | 'unknown', value: T): Likelihood =>
  setting === 'unknown' ? 'maybe' : surely(setting === value);

/** At most: what would be sure is not. */
export const notSurely = (likelihood: Likelihood): Likelihood => (likelihood === 'yes' ? 'maybe' : likelihood);
