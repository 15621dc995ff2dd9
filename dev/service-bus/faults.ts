import { type Control, control, oneOf, trueOrFalse } from '../control/control.ts';

const sendFaults = ['none', 'refuse', 'loseReply'] as const;

/** What is to go wrong; set through the controls of {@link controlsOf}. */
export interface Faults {
  available: boolean;
  sends: (typeof sendFaults)[number];
}

export function controlsOf(faults: Faults, onUnavailable: () => void): Control[] {
  return [
    control({
      name: 'serviceBus.available',
      meaning: 'False drops every connection to Service Bus and refuses new ones, messages are kept. Default: true.',
      read: () => faults.available,
      accept: (value) => trueOrFalse(value, 'serviceBus.available takes true or false.'),
      set: (available) => {
        faults.available = available;
        if (!available) onUnavailable();
      },
    }),
    control({
      name: 'serviceBus.sends',
      meaning:
        "What becomes of messages that are sent: 'none' (no fault), 'refuse' (server busy, nothing is kept), 'loseReply' (kept, but the connection drops before the answer). Default: none.",
      read: () => faults.sends,
      accept: (value) => oneOf(value, sendFaults, `serviceBus.sends takes one of ${sendFaults.join(', ')}.`),
      set: (fault) => {
        faults.sends = fault;
      },
    }),
  ];
}
