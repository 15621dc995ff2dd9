import { type Control, ControlValueError } from '../control/control.ts';

const sendFaults = ['none', 'refuse', 'loseReply'] as const;

/** What is to go wrong; set through the controls of {@link controlsOf}. */
export interface Faults {
  available: boolean;
  sends: (typeof sendFaults)[number];
}

export function controlsOf(faults: Faults, onUnavailable: () => void): Control[] {
  return [
    {
      name: 'serviceBus.available',
      meaning: 'False drops every connection to Service Bus and refuses new ones, messages are kept. Default: true.',
      read: () => faults.available,
      write: (value) => {
        if (typeof value !== 'boolean') throw new ControlValueError('serviceBus.available takes true or false.');
        faults.available = value;
        if (!value) onUnavailable();
      },
    },
    {
      name: 'serviceBus.sends',
      meaning:
        "What becomes of messages that are sent: 'none' (no fault), 'refuse' (server busy, nothing is kept), 'loseReply' (kept, but the connection drops before the answer). Default: none.",
      read: () => faults.sends,
      write: (value) => {
        const fault = sendFaults.find((known) => known === value);
        if (!fault) throw new ControlValueError(`serviceBus.sends takes one of ${sendFaults.join(', ')}.`);
        faults.sends = fault;
      },
    },
  ];
}
