import type { PreflightJob } from '../domain/preflight.ts';
import type { Clock, Messages, PreflightStore } from '../ports.ts';
import { type PreflightMessage, preflightMessage, wakePreflight } from './preflight-message.ts';

interface ResendPorts {
  readonly clock: Clock;
  readonly tenant: string;
  readonly preflights: PreflightStore;
  readonly messages: Messages;
}

const deadLettersAtOnce = 100;
/** Rounds of deliveries that a request is given without getting further. */
const mostDeadLetters = 3;
const deadLetterDelay = 30_000;

/**
 * Sends what ended as a dead letter again: when a worker ends, the host uses up all deliveries before the next one has started.
 * A request that ends the worker again and again has failed.
 *
 * @returns how many there were
 */
export async function resendDeadPreflights(ports: ResendPorts): Promise<number> {
  const drained = await ports.messages.drainDeadLetters('preflight', deadLettersAtOnce, async (body) => {
    const parsed = preflightMessage.safeParse(body);
    return !parsed.success || resend(ports, parsed.data);
  });
  return drained.ok ? drained.value : 0;
}

/** @returns whether the dead letter is not needed any more */
async function resend(ports: ResendPorts, { preflight: id }: PreflightMessage): Promise<boolean> {
  const { preflights, messages, clock, tenant } = ports;
  const read = await preflights.read(id);
  if (read === null || read.job.state === 'completed' || read.job.state === 'failed') return true;
  const now = clock.now();
  const deadLetters = read.job.deadLetters + 1;
  const job: PreflightJob = { ...read.job, deadLetters, updatedAt: now.toISOString() };
  if (deadLetters > mostDeadLetters) {
    const message =
      'The worker ended again and again before it could answer. What is answered is kept; ask for the rest again.';
    return (await preflights.replace(id, { ...job, state: 'failed', message }, read.revision)) !== null;
  }
  const wake = wakePreflight(tenant, id, job.done, 0);
  const sent = await messages.send({
    ...wake,
    id: `${wake.id}.${deadLetters}`,
    notBefore: new Date(now.getTime() + deadLetterDelay),
  });
  return sent.ok && (await preflights.replace(id, job, read.revision)) !== null;
}
