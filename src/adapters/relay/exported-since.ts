import type { RunHistoryResponse } from '../../relay-contract.ts';

type Run = RunHistoryResponse['runs'][number];

/** An import that found nothing is as good as one that found something. */
const importSucceeded = new Set(['success', 'completed-no-objects']);
/** Errors of an export are of single objects; all others were exported. */
const exportCompleted = new Set(['success', 'completed-no-objects', 'completed-export-errors']);

/**
 * The newest Entra export that can have carried a write made before `since`: it began after the end of a successful import
 * of the forest's AD connector, which began at or after `since`. Only complete runs of this history count.
 * @param forest DNS name; Entra Connect names the AD connector so
 * @returns when that export began, null when there is none yet
 */
export function exportAfterImport(runs: readonly Run[], forest: string, since: Date): Date | null {
  const importEnds = runs
    .filter((run) => isImportOf(run, forest) && importSucceeded.has(run.result) && moment(run.startDate) >= +since)
    .map(({ endDate }) => moment(endDate))
    .filter((end) => !Number.isNaN(end));
  const firstImportEnd = Math.min(...importEnds);

  const exports = runs
    .filter((run) => isEntraExport(run) && exportCompleted.has(run.result) && run.endDate !== null)
    .map(({ startDate }) => moment(startDate))
    .filter((start) => start >= firstImportEnd);
  return exports.length === 0 ? null : new Date(Math.max(...exports));
}

const isImportOf = ({ connectorType, connectorName, runProfileName }: Run, forest: string): boolean =>
  connectorType === 'AD' && connectorName.toLowerCase() === forest.toLowerCase() && /import/i.test(runProfileName);

const isEntraExport = ({ connectorType, runProfileName }: Run): boolean =>
  connectorType === 'AAD' && /export/i.test(runProfileName);

const moment = (date: string | null): number => (date === null ? Number.NaN : Date.parse(date));
