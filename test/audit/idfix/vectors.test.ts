import { expect, test } from 'vitest';
import { idFixRows } from '../../../src/audit/idfix/run.ts';
import type { IdFixMode } from '../../../src/audit/idfix/scope.ts';
import { readAuditObject } from '../../../src/audit/read-object.ts';
import { bare } from './bare.ts';
import vectors from './idfix-vectors.json' with { type: 'json' };

/**
 * idfix-vectors.json: what the rule classes of IdFix 2.6.0.3 themselves (microsoft/idfix at c1b74fe) said of these objects, in the
 * order of encounter.
 */
const modes: Readonly<Record<string, IdFixMode>> = { MT: 'multi-tenant', D: 'dedicated' };

function modeOf(name: string): IdFixMode {
  const mode = modes[name];
  if (mode === undefined) throw new Error(`The vectors name an unknown mode: ${name}.`);
  return mode;
}

const read = (objects: readonly Record<string, unknown>[]) => objects.map((object) => readAuditObject(object).object);

const groups = vectors.groups.flatMap(({ group, objects, expected }) =>
  Object.entries(expected).map(([mode, says]) => ({ group, mode, objects, says })),
);

test.each(groups)('$group in mode $mode', ({ mode, objects, says: { rows: expectedRows, ...expectedCounts } }) => {
  const { rows, counts } = idFixRows(read(objects), { mode: modeOf(mode) });
  expect(rows.map(bare)).toEqual(expectedRows);
  expect(counts).toEqual(expectedCounts);
});

test.each(vectors.edgeCases)('$name in mode $mode', ({ name, mode, input, expected }) => {
  const alternateLoginId = name.includes('alternate login id');
  const { rows } = idFixRows(read(Array.isArray(input) ? input : [input]), { mode: modeOf(mode), alternateLoginId });
  expect(rows.map(bare)).toEqual(expected);
});
