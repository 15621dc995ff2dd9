import type { InvocationContext } from '@azure/functions';
import type { Composition } from '../compose.ts';
import { timerFunction } from './timer-function.ts';

type Source = Parameters<Composition['detect']>[number];

/** Every source that reports errors, once. The audit, which reads whole directories, has functions of its own. */
export const detect = timerFunction(
  'detect',
  (config) => config.SYNCMEND_DETECT_SCHEDULE,
  (composition, context) => read(composition, context, 'graph', 'sync-engine'),
);

/** Quarantined values, which only Graph shows. */
export const detectGraph = timerFunction(
  'detectGraph',
  (config) => config.SYNCMEND_DETECT_GRAPH_SCHEDULE,
  (composition, context) => read(composition, context, 'graph'),
);

/** Export errors, which only the sync engine shows. */
export const detectExportErrors = timerFunction(
  'detectExportErrors',
  (config) => config.SYNCMEND_DETECT_EXPORT_ERRORS_SCHEDULE,
  (composition, context) => read(composition, context, 'sync-engine'),
);

async function read(composition: Composition, context: InvocationContext, ...sources: Source[]): Promise<void> {
  for (const detection of await composition.detect(...sources)) {
    if (detection.outcome === 'failed' || detection.problems.length > 0)
      context.warn('A source was not read completely', detection);
    else context.log('A source was read', detection);
  }
}
