import type { z } from 'zod';
import { runScript, ScriptFailed } from '../../dev/sync-engine/scripts.ts';
import type { SyncEngine as EngineStandIn } from '../../dev/sync-engine/sync-engine.ts';
import * as answers from '../../src/relay/adsync/engine-answers.ts';
import type { EngineAnswer, SyncEngine } from '../../src/relay/adsync/sync-engine.ts';

/** The relay's engine port over the stand-in in this process: what the scripts print, without starting PowerShell. */
export function inProcessEngine(engine: EngineStandIn): SyncEngine {
  const ask = async <T>(
    script: string,
    parameters: Readonly<Record<string, string>>,
    schema: z.ZodType<T>,
  ): Promise<EngineAnswer<T>> => {
    const named = Object.entries(parameters).flatMap(([name, value]) => [`-${name}`, value]);
    try {
      return { ok: true, value: schema.parse(JSON.parse(JSON.stringify(runScript(engine, script, named)))) };
    } catch (error) {
      if (!(error instanceof ScriptFailed)) throw error;
      return { ok: false, kind: 'Failed', message: error.message };
    }
  };
  return {
    scheduler: () => ask('get-scheduler', {}, answers.scheduler),
    startCycle: (policyType) => ask('start-sync-cycle', { PolicyType: policyType }, answers.startedCycle),
    runHistory: (count) => ask('get-run-history', { Count: String(count) }, answers.runHistory),
    exportErrors: () => ask('get-export-errors', {}, answers.exportErrors),
    connectors: () => ask('get-connectors', {}, answers.connectors),
    connectorSpaceObject: (connectorName, distinguishedName) =>
      ask(
        'get-cs-object',
        { ConnectorName: connectorName, DistinguishedName: distinguishedName },
        answers.connectorSpaceObject,
      ),
    explainValue: (sourceAnchor, attribute) =>
      ask('explain-value', { SourceAnchor: sourceAnchor, Attribute: attribute }, answers.explanation),
    metaverseConnections: (sourceAnchor) =>
      ask('get-mv-connections', { SourceAnchor: sourceAnchor }, answers.metaverseConnections),
  };
}
