import type { ReportedBatches } from './report.ts';

/** One array. */
export async function* writeJson(found: ReportedBatches): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const batch of found) {
    let text = '';
    for (const { json } of batch) {
      if (json === null) continue;
      text += separator + JSON.stringify(json);
      separator = ',\n';
    }
    if (text !== '') yield text;
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
