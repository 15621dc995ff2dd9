import { z } from 'zod';
import { askedObject, mostLiveObjects, type PreflightJob } from '../domain/preflight.ts';
import { giveUpAfterSeconds, secondsUntilNextAttempt } from '../domain/retry-schedule.ts';
import type { OutgoingMessage } from '../ports.ts';
import { type JobPorts, readAsked } from './ask-preflight.ts';
import type { AuditPolicy } from './audit-policy.ts';
import { preflight } from './preflight.ts';
import { type PreflightMessage, wakePreflight } from './preflight-message.ts';

/** After this long the rest is left to the next message: the host renews the lock of one for ten minutes (host.json). */
const longest = 4 * 60 * 1000;
/** A source that did not answer so often in a row is not waited for any longer: its facts are unknown then. */
const patience = 5;

/**
 * Answers a long request part by part, from where it stands. A part that was answered and not recorded is answered again. What
 * cannot go on now is put off.
 */
export async function continuePreflight(
  ports: JobPorts,
  policy: AuditPolicy,
  message: PreflightMessage,
): Promise<void> {
  const { preflights, clock } = ports;
  const id = message.preflight;
  const read = await preflights.read(id);
  if (read === null || read.job.state === 'completed' || read.job.state === 'failed') return;
  const objects = z.array(askedObject).parse(await preflights.objects(id, read.job.requestHash));
  const { wanted } = readAsked(objects);
  const endsAt = clock.now().getTime() + longest;
  let { job, revision } = read;
  let { attempt } = message;
  while (job.done < job.total) {
    if (clock.now().getTime() > endsAt) return send(ports, wakePreflight(ports.tenant, id, job.done, 0));
    const places = placesFrom(job);
    const part = await preflight(ports, policy, wanted, places, new Map(job.promised));
    if (part.throttledFor > 0 || (part.isUnreachable && attempt < patience)) {
      return putOff(ports, { ...message, attempt }, job, revision, part.throttledFor);
    }
    await preflights.putAnswers(id, job.done, part.answers);
    const { message: _, ...going } = job;
    const done = job.done + places.length;
    const next: PreflightJob = {
      ...going,
      state: done === job.total ? 'completed' : 'running',
      updatedAt: clock.now().toISOString(),
      done,
      deadLetters: 0,
      promised: [...job.promised, ...part.promised],
    };
    const recorded = await preflights.replace(id, next, revision);
    // Somebody else goes on with it.
    if (recorded === null) return;
    job = next;
    revision = recorded;
    attempt = part.isUnreachable ? patience : 0;
  }
}

const placesFrom = ({ done, total }: PreflightJob): number[] =>
  Array.from({ length: Math.min(mostLiveObjects, total - done) }, (_, index) => done + index);

async function putOff(
  ports: JobPorts,
  { preflight: id, attempt }: PreflightMessage,
  job: PreflightJob,
  revision: string,
  throttledFor: number,
): Promise<void> {
  const now = ports.clock.now();
  const isOver = now.getTime() - Date.parse(job.createdAt) > giveUpAfterSeconds * 1000;
  const because = throttledFor > 0 ? 'Microsoft Graph asked to wait.' : 'A directory does not answer.';
  const recorded = await ports.preflights.replace(
    id,
    {
      ...job,
      state: isOver ? 'failed' : 'running',
      updatedAt: now.toISOString(),
      message: isOver ? `${because} Nothing could be read for a day; ask again.` : `${because} It goes on by itself.`,
    },
    revision,
  );
  if (isOver || recorded === null) return;
  const wait = secondsUntilNextAttempt(attempt, 0.5, throttledFor) * 1000;
  await send(ports, {
    ...wakePreflight(ports.tenant, id, job.done, attempt + 1),
    notBefore: new Date(now.getTime() + wait),
  });
}

/** A message that cannot be sent goes back to the broker, which delivers the present one again. */
async function send({ messages }: JobPorts, message: OutgoingMessage): Promise<void> {
  const sent = await messages.send(message);
  if (!sent.ok) throw new Error(`the rest of a preflight could not be scheduled: ${sent.failure.message}`);
}
