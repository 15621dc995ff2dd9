import { fileChunks } from '../../src/adapters/files/file-chunks.ts';
import { ndjsonSource } from '../../src/adapters/files/ndjson-source.ts';
import { startAudit } from '../../src/audit/audit.ts';
import { entraRules } from '../../src/audit/index.ts';
import { auditDirectory } from '../../src/pipeline/audit-directory.ts';
import { measure } from './measured.ts';
import { verifiedDomains } from './million-objects.ts';

/* The whole audit of a file, profile entra, with or without its attribute rules; the findings are counted and let go. */

const [which, path = ''] = process.argv.slice(2);
const tell = measure();
const run = startAudit(
  {
    verifiedDomains,
    initialDomain: 'contoso.onmicrosoft.com',
    now: new Date().toISOString(),
    inactiveDays: 90,
    userNameAttribute: 'userPrincipalName',
    matchOption: { by: 'none' },
    scope: null,
  },
  which === 'duplicates-only' ? [] : entraRules,
  { seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0 },
);
const source = ndjsonSource(
  () => fileChunks(path),
  ({ line, message }) => console.error(`line ${line}: ${message}`),
);
const counts = new Map<string, number>();
for await (const findings of auditDirectory(source, run)) {
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
}
tell([...counts].map(([rule, count]) => `${rule} ${count}`).join(', '));
