import type { InvocationContext } from '@azure/functions';
import type { Composition } from '../compose.ts';
import { timerFunction } from './timer-function.ts';

/** The directory audit over everything. */
export const auditFull = timerFunction(
  'auditFull',
  (config) => config.SYNCMEND_AUDIT_FULL_SCHEDULE,
  (composition, context) => run(composition, context, 'full'),
);

/** The directory audit, for which only what has changed on premises is read. */
export const auditChanges = timerFunction(
  'auditChanges',
  (config) => config.SYNCMEND_AUDIT_SCHEDULE,
  (composition, context) => run(composition, context, 'changes'),
);

async function run(composition: Composition, context: InvocationContext, asked: 'full' | 'changes'): Promise<void> {
  const { detection, run: record } = await composition.audit(asked);
  const details = { ...detection, run: record?.id, domains: record?.domains, cases: record?.cases };
  if (detection.outcome === 'failed' || detection.problems.length > 0)
    context.warn('The directories were not audited completely', details);
  else context.log('The directories were audited', details);
}
