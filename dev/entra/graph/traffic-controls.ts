import { type Control, ControlValueError, control } from '../../control/control.ts';
import type { Fault, Quota, Traffic } from './traffic.ts';

/** Throttling and faults of Graph, by name. */
export function trafficControls(traffic: Traffic): Control[] {
  return [
    control({
      name: 'entra.writeQuota',
      meaning: 'Writes that one application may make in a window: {limit, windowSeconds}; default 3000 in 150 s.',
      read: () => traffic.writeQuota,
      accept: (value) => parseQuota('entra.writeQuota', value),
      set: (quota) => {
        traffic.writeQuota = quota;
      },
    }),
    control({
      name: 'entra.resourceUnits',
      meaning:
        'Resource units that one application may spend in a window: {limit, windowSeconds}; default 8000 in 10 s.',
      read: () => traffic.resourceUnits,
      accept: (value) => parseQuota('entra.resourceUnits', value),
      set: (quota) => {
        traffic.resourceUnits = quota;
      },
    }),
    control({
      name: 'entra.faults',
      meaning:
        'Faults that Graph commits: a list of {kind: status, timeout or dropResponse, status?, retryAfterSeconds?, method?, path? and body? (regular expressions; body: of a $batch or of a timeout), times?}; dropResponse applies the call and cuts the connection; default none.',
      read: () => traffic.faults,
      accept: (value) => {
        if (!Array.isArray(value)) throw new ControlValueError('entra.faults takes a list');
        return value.map(parseFault);
      },
      set: (faults) => {
        traffic.faults = faults;
      },
    }),
    control({
      name: 'entra.outageSeconds',
      meaning: 'Cuts every connection to Graph for so many seconds from now; reads as the seconds left; 0 ends it.',
      read: () => traffic.outageSecondsLeft,
      accept: (value) => {
        if (typeof value !== 'number' || !(value >= 0))
          throw new ControlValueError('entra.outageSeconds takes a number from 0');
        return value;
      },
      set: (seconds) => traffic.outFor(seconds),
    }),
  ];
}

function parseQuota(name: string, value: unknown): Quota {
  const { limit, windowSeconds } = (value ?? {}) as Record<string, unknown>;
  if (typeof limit !== 'number' || typeof windowSeconds !== 'number' || !(limit > 0) || !(windowSeconds > 0)) {
    throw new ControlValueError(`${name} takes {limit, windowSeconds}, both above 0`);
  }
  return { limit, windowSeconds };
}

function parseFault(value: unknown): Fault {
  const { kind, status, retryAfterSeconds, method, path, body, times = 1 } = (value ?? {}) as Record<string, unknown>;
  const isKnown = kind === 'status' || kind === 'timeout' || kind === 'dropResponse';
  const isStatus = status === undefined || (Number.isInteger(status) && Number(status) >= 400 && Number(status) < 600);
  if (!isKnown || !isStatus || typeof times !== 'number' || !(times >= 1) || !isPattern(path) || !isPattern(body)) {
    throw new ControlValueError(
      'each of entra.faults takes {kind: status, timeout or dropResponse, status?, retryAfterSeconds?, method?, path?, body?, times?}',
    );
  }
  return {
    kind,
    times,
    ...(status === undefined ? {} : { status: Number(status) }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds: Number(retryAfterSeconds) }),
    ...(method === undefined ? {} : { method: String(method).toUpperCase() }),
    ...(path === undefined ? {} : { path: String(path) }),
    ...(body === undefined ? {} : { body: String(body) }),
  };
}

function isPattern(path: unknown): boolean {
  if (path === undefined) return true;
  if (typeof path !== 'string') return false;
  try {
    new RegExp(path);
    return true;
  } catch {
    return false;
  }
}
