import { approveCase } from './approve-case.ts';
import { askPreflight } from './ask-preflight.ts';
import { auditChanges, auditFull } from './audit.ts';
import { detect, detectExportErrors, detectGraph } from './detect.ts';
import { getAudit } from './get-audit.ts';
import { getAuditTrend } from './get-audit-trend.ts';
import { getCase } from './get-case.ts';
import { getPreflight } from './get-preflight.ts';
import { health, healthName } from './health.ts';
import type { FunctionDefinition } from './http-function.ts';
import { listAuditFindings } from './list-audit-findings.ts';
import { listAuditPredictions } from './list-audit-predictions.ts';
import { listAudits } from './list-audits.ts';
import { listCases } from './list-cases.ts';
import { listLeavers } from './list-leavers.ts';
import { apply, diagnose, preflight, verify } from './queue-function.ts';
import { recheckCase } from './recheck-case.ts';
import { rejectCase } from './reject-case.ts';
import { sweep } from './sweep.ts';
import { undoCase } from './undo-case.ts';

/** The functions of the two apps; each function is in exactly one. `api` reads and decides, `worker` reads and writes. */
export function functionsOf(which: 'api' | 'worker'): readonly FunctionDefinition[] {
  const own =
    which === 'api'
      ? [
          listCases,
          getCase,
          approveCase,
          rejectCase,
          undoCase,
          recheckCase,
          listAudits,
          getAudit,
          listAuditFindings,
          listAuditPredictions,
          getAuditTrend,
          askPreflight,
          getPreflight,
          listLeavers,
        ]
      : [detect, detectGraph, detectExportErrors, auditFull, auditChanges, diagnose, apply, verify, preflight, sweep];
  return [...own, health(which, [...own.map(({ name }) => name), healthName(which)])];
}
