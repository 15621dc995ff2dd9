/** The shape of infra/service-bus.json: queue settings by name, durations in ISO 8601. */
export interface QueueSettingsFile {
  readonly queues: Readonly<Record<string, QueueSettings>>;
}

export interface QueueSettings {
  readonly requiresSession: boolean;
  readonly lockDuration: string;
  readonly maxDeliveryCount: number;
  /** Absent: duplicates are not detected. */
  readonly duplicateDetectionWindow?: string;
  /** Absent: messages never expire unless they say so themselves. */
  readonly defaultTimeToLive?: string;
  /** False: an expired message is dropped. */
  readonly deadLetterOnExpiration: boolean;
}

/** Settings of one queue with every duration in milliseconds. */
export interface QueueRules {
  readonly requiresSession: boolean;
  readonly lockDuration: number;
  readonly maxDeliveryCount: number;
  readonly duplicateDetectionWindow: number;
  readonly timeToLive: number;
  readonly deadLetterOnExpiration: boolean;
}

export function rulesOf(settings: QueueSettings): QueueRules {
  const window = settings.duplicateDetectionWindow;
  const timeToLive = settings.defaultTimeToLive;
  return {
    requiresSession: settings.requiresSession,
    lockDuration: parseDuration(settings.lockDuration),
    maxDeliveryCount: settings.maxDeliveryCount,
    duplicateDetectionWindow: window === undefined ? 0 : parseDuration(window),
    timeToLive: timeToLive === undefined ? Number.POSITIVE_INFINITY : parseDuration(timeToLive),
    deadLetterOnExpiration: settings.deadLetterOnExpiration,
  };
}

/** A dead-letter queue has the lock of its queue, but no sessions, no expiry, no attempts to count and no duplicates. */
export function deadLetterRulesOf(rules: QueueRules): QueueRules {
  return {
    requiresSession: false,
    lockDuration: rules.lockDuration,
    maxDeliveryCount: Number.POSITIVE_INFINITY,
    duplicateDetectionWindow: 0,
    timeToLive: Number.POSITIVE_INFINITY,
    deadLetterOnExpiration: false,
  };
}

const iso8601 = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds; throws on anything else. */
export function parseDuration(duration: string): number {
  const match = iso8601.exec(duration);
  if (!match) throw new Error(`Not a duration of days, hours, minutes and seconds: '${duration}'`);
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
