import type { Case } from '../domain/case.ts';
import { giveUpAfterSeconds, secondsUntilNextAttempt } from '../domain/retry-schedule.ts';
import type { Clock, Messages } from '../ports.ts';
import type { CaseMessage } from './wake.ts';
import { wakeCase } from './wake.ts';

interface PutOffPorts {
  readonly clock: Clock;
  readonly messages: Messages;
}

/**
 * Sends the message's successor for a later attempt. After a day of attempts it stops: the case shows why, and a recheck or
 * the next sighting starts anew. A successor that cannot be sent is not lost: `sweep` finds the waiting case.
 */
export async function putOff(
  ports: PutOffPorts,
  queue: 'diagnose' | 'verify',
  subject: Case,
  message: CaseMessage,
): Promise<void> {
  const now = ports.clock.now();
  if (now.getTime() - Date.parse(subject.updatedAt) > giveUpAfterSeconds * 1000) return;
  const wait = secondsUntilNextAttempt(message.attempt, 0.5) * 1000;
  await ports.messages.send({
    ...wakeCase(queue, subject, 0, message.attempt + 1),
    notBefore: new Date(now.getTime() + wait),
  });
}
