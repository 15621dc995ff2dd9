import { approveCase } from './approve-case.ts';
import { detect, detectExportErrors, detectGraph } from './detect.ts';
import { getCase } from './get-case.ts';
import { health, healthName } from './health.ts';
import type { FunctionDefinition } from './http-function.ts';
import { listCases } from './list-cases.ts';
import { apply, diagnose, verify } from './queue-function.ts';
import { recheckCase } from './recheck-case.ts';
import { rejectCase } from './reject-case.ts';
import { sweep } from './sweep.ts';
import { undoCase } from './undo-case.ts';

/** The functions of the two apps; each function is in exactly one. `api` reads and decides, `worker` reads and writes. */
export function functionsOf(which: 'api' | 'worker'): readonly FunctionDefinition[] {
  const own =
    which === 'api'
      ? [listCases, getCase, approveCase, rejectCase, undoCase, recheckCase]
      : [detect, detectGraph, detectExportErrors, diagnose, apply, verify, sweep];
  return [...own, health(which, [...own.map(({ name }) => name), healthName(which)])];
}
