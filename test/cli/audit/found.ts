import type { ReportContext, Reported, ReportedBatches, ReportRow } from '../../../src/cli/audit/report.ts';

export const context: ReportContext = {
  kind: 'findings',
  profile: 'entra',
  now: '2026-11-29T08:15:00.000Z',
  sources: ['objects.ndjson'],
  withIdFix: false,
  objects: 3,
  incomplete: false,
};

export const row = (more: Partial<ReportRow> = {}): ReportRow => ({
  severity: 'error',
  rule: 'UserPrincipalNameCharacters',
  certainty: '',
  object: 'Ada Lovelace',
  objectType: 'user',
  distinguishedName: 'CN=Ada,DC=contoso,DC=com',
  objectGUID: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  origin: 'contoso.com',
  attribute: 'userPrincipalName',
  value: 'a&da@contoso.com',
  message: 'The part before @ has "&".',
  remedy: 'Give the user another name.',
  proposal: 'ada@contoso.com',
  action: '',
  holders: [],
  idFix: '',
  isNote: false,
  ...more,
});

export async function* batches(...rows: readonly ReportRow[]): ReportedBatches {
  for (const one of rows) yield [{ json: { rule: one.rule }, row: one } satisfies Reported];
}

export async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}
