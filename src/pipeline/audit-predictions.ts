import type { AuditSource } from '../audit/audit.ts';
import { startPrediction } from '../audit/predict-directory.ts';
import type { PredictionSettings } from '../audit/prediction/prediction-settings.ts';
import type { AuditRun, PredictionCount } from '../domain/audit-run.ts';
import type { LinesWriter } from '../ports.ts';
import { auditDirectory } from './audit-directory.ts';

/**
 * Writes what the next synchronisation will do, as far as these objects tell, and counts it.
 * @param goOn called between the batches; what it throws ends the prediction
 */
export async function predictNext(
  source: AuditSource,
  settings: PredictionSettings,
  { file, writer }: { readonly file: string; readonly writer: LinesWriter },
  goOn: () => Promise<void>,
): Promise<Required<Pick<AuditRun, 'predictions' | 'forecast'>>> {
  const counts = new Map<string, PredictionCount>();
  for await (const predictions of auditDirectory(source, startPrediction(settings))) {
    await goOn();
    await writer.write(predictions);
    for (const { outcome, certainty } of predictions) {
      const key = `${outcome} ${certainty}`;
      counts.set(key, { outcome, certainty, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  const { lines, blocks } = await writer.close();
  const predictions = [...counts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, count]) => count);
  return { predictions, forecast: { file, lines, blocks: [...blocks] } };
}
