import { describe, expect, test } from 'vitest';
import { exportAfterImport } from '../../../src/adapters/relay/exported-since.ts';

type Runs = Parameters<typeof exportAfterImport>[0];
type Run = Runs[number];

const at = (minute: number) => `2026-11-25T10:${String(minute).padStart(2, '0')}:00Z`;
const since = new Date(at(10));

const adImport = (start: number, end: number | null, more: Partial<Run> = {}): Run => ({
  runHistoryId: `import ${start}`,
  connectorName: 'contoso.com',
  connectorType: 'AD',
  runProfileName: 'Delta Import',
  result: 'success',
  startDate: at(start),
  endDate: end === null ? null : at(end),
  steps: [],
  ...more,
});
const entraExport = (start: number, end: number | null, more: Partial<Run> = {}): Run =>
  adImport(start, end, {
    connectorName: 'contoso.onmicrosoft.com - AAD',
    connectorType: 'AAD',
    runProfileName: 'Export',
    ...more,
  });

const exported = (...runs: Run[]) => exportAfterImport(runs, 'Contoso.com', since)?.toISOString() ?? null;
const moment = (minute: number) => new Date(at(minute)).toISOString();

describe('an export proves a write of ten past', () => {
  test.each<[string, Run[]]>([
    ['after a delta import begun at that moment', [adImport(10, 11), entraExport(12, 13)]],
    ['after a full import', [adImport(10, 11, { runProfileName: 'Full Import' }), entraExport(12, 13)]],
    ['although single objects failed', [adImport(10, 11), entraExport(12, 13, { result: 'completed-export-errors' })]],
    ['in whatever order the history lists them', [entraExport(12, 13), adImport(10, 11)]],
    ['begun the moment the import ended', [adImport(11, 12), entraExport(12, 13)]],
  ])('%s', (_, runs) => {
    expect(exported(...runs)).toBe(moment(12));
  });

  test('and the newest of several is told', () => {
    expect(exported(adImport(10, 11), entraExport(12, 13), adImport(40, 41), entraExport(42, 43))).toBe(moment(42));
  });
});

describe('an export proves nothing', () => {
  test.each<[string, Run[]]>([
    ['when the import began before the write', [adImport(9, 11), entraExport(12, 13)]],
    ['when the import failed', [adImport(10, 11, { result: 'stopped-server-down' }), entraExport(12, 13)]],
    ['when the import is still running', [adImport(10, null), entraExport(12, 13)]],
    [
      "when the import was another forest's",
      [adImport(10, 11, { connectorName: 'fabrikam.com' }), entraExport(12, 13)],
    ],
    [
      'when it was a synchronisation, not an import',
      [adImport(10, 11, { runProfileName: 'Delta Synchronization' }), entraExport(12, 13)],
    ],
    ['when it began before the import ended', [adImport(11, 13), entraExport(12, 14)]],
    ['when it is still running', [adImport(10, 11), entraExport(12, null)]],
    ['when it was stopped', [adImport(10, 11), entraExport(12, 13, { result: 'stopped-deletion-threshold-exceeded' })]],
    ['when it went to AD', [adImport(10, 11), entraExport(12, 13, { connectorType: 'AD' })]],
    ['when there is none', [adImport(10, 11)]],
    ['when there is no import', [entraExport(12, 13)]],
    ['when the history is empty', []],
  ])('%s', (_, runs) => {
    expect(exported(...runs)).toBeNull();
  });
});
