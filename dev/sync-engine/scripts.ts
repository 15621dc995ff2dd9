import { z } from 'zod';
import { csObject } from './connector-space-object.ts';
import { exportErrors } from './export-errors.ts';
import { isoDate, isoDateOrNull } from './iso-date.ts';
import { explainValue, metaverseConnections } from './lineage.ts';
import { cycleIntervalMs } from './scheduler.ts';
import type { SyncEngine } from './sync-engine.ts';

/** A script that ends with exit code 1; the message is what it writes to stderr. */
export class ScriptFailed extends Error {}

/**
 * Answers the one-shot PowerShell scripts that the relay starts on a sync server: the script's name without `.ps1`,
 * and its `-Name value` arguments. Answers the JSON document that the script prints; throws {@link ScriptFailed}.
 */
export function runScript(engine: SyncEngine, script: string, args: readonly string[]): unknown {
  const fault = engine.parts.settings.scriptFaults[script];
  if (fault !== undefined) throw new ScriptFailed(fault);
  const parameters = namedParameters(args);
  switch (script) {
    case 'get-scheduler':
      return scheduler(engine);
    case 'start-sync-cycle':
      return engine.startCycle(read(startParameters, parameters).PolicyType);
    case 'get-run-history':
      return runHistory(engine, read(countParameters, parameters).Count);
    case 'get-export-errors':
      return exportErrors(engine.parts);
    case 'get-cs-object': {
      const { ConnectorName, DistinguishedName } = read(csObjectParameters, parameters);
      return csObject(engine.parts, ConnectorName, DistinguishedName);
    }
    case 'explain-value': {
      const { SourceAnchor, Attribute } = read(explainParameters, parameters);
      return explainValue(engine.parts, SourceAnchor, Attribute);
    }
    case 'get-connectors':
      return connectors(engine);
    case 'get-mv-connections':
      return metaverseConnections(engine.parts, read(anchorParameters, parameters).SourceAnchor);
    default:
      throw new ScriptFailed(`The argument '${script}.ps1' to the -File parameter does not exist.`);
  }
}

const startParameters = z.strictObject({ PolicyType: z.enum(['Delta', 'Initial']) });
const countParameters = z.strictObject({ Count: z.coerce.number().int().min(1) });
const csObjectParameters = z.strictObject({ ConnectorName: z.string(), DistinguishedName: z.string() });
const explainParameters = z.strictObject({ SourceAnchor: z.string(), Attribute: z.string() });
const anchorParameters = z.strictObject({ SourceAnchor: z.string() });

function namedParameters(args: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (let index = 0; index < args.length; index += 2) {
    const name = args[index] ?? '';
    const value = args[index + 1];
    if (!name.startsWith('-') || value === undefined)
      throw new ScriptFailed(`A positional parameter cannot be found that accepts argument '${name}'.`);
    parameters[name.slice(1)] = value;
  }
  return parameters;
}

function read<T>(schema: z.ZodType<T>, parameters: unknown): T {
  const parsed = schema.safeParse(parameters);
  if (!parsed.success) throw new ScriptFailed(z.prettifyError(parsed.error));
  return parsed.data;
}

function scheduler({ parts: { settings }, scheduler: { nextStart, nextPolicyType }, cycleRunning }: SyncEngine) {
  return {
    version: '2.5.190.0',
    stagingModeEnabled: settings.stagingMode,
    syncCycleEnabled: settings.schedulerEnabled,
    schedulerSuspended: settings.suspended,
    syncCycleInProgress: cycleRunning,
    nextSyncCycleStartTimeInUtc: isoDateOrNull(nextStart),
    currentlyEffectiveSyncCycleInterval: new Date(cycleIntervalMs).toISOString().slice(11, 19),
    nextSyncCyclePolicyType: nextPolicyType,
  };
}

function runHistory({ parts: { history } }: SyncEngine, count: number) {
  const newestFirst = history.runs.slice(-count).reverse();
  return newestFirst.map((run) => ({
    runHistoryId: run.runHistoryId,
    connectorName: run.connectorName,
    connectorType: run.connectorType,
    runProfileName: run.runProfileName,
    result: run.result,
    startDate: isoDate(run.startDate),
    endDate: isoDateOrNull(run.endDate),
    steps: [{ stepNumber: 1, stepResult: run.result }],
  }));
}

function connectors({ parts: { adConnectors, entra } }: SyncEngine) {
  const directories = adConnectors.map((connector) => ({
    name: connector.name,
    type: 'AD',
    identifier: connector.identifier,
    forest: connector.forest,
    lastImportedDomainController: connector.lastImportedDomainController ?? null,
    preferredDomainControllers: connector.lastImportedDomainController ? [connector.lastImportedDomainController] : [],
    partitions: connector.domains.map(({ baseDn, dnsName }) => ({ dn: baseDn, dnsName })),
  }));
  const cloud = {
    name: entra.name,
    type: 'AAD',
    identifier: entra.identifier,
    forest: null,
    lastImportedDomainController: null,
    preferredDomainControllers: [],
    partitions: [],
  };
  return [...directories, cloud];
}
