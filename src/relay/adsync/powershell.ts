import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  connectorSpaceObject,
  connectors,
  explanation,
  exportErrors,
  metaverseConnections,
  runHistory,
  scheduler,
  startedCycle,
} from './engine-answers.ts';
import type { EngineAnswer, SyncEngine } from './sync-engine.ts';

export interface PowerShell {
  /** `powershell.exe`: the ADSync module needs Windows PowerShell 5.1. */
  readonly command: string;
  /** Folder of the scripts. */
  readonly scripts: string;
  readonly timeoutMs?: number;
}

const timeoutMs = 120_000;
const largestOutput = 64 * 1024 * 1024;

/** The engine through its PowerShell module: each verb is one run of one script, which prints one JSON document. */
export function createPowerShellEngine(shell: PowerShell): SyncEngine {
  const run = <T>(
    verb: string,
    parameters: Readonly<Record<string, string>>,
    schema: z.ZodType<T>,
  ): Promise<EngineAnswer<T>> => runScript(shell, verb, parameters, schema);
  return {
    scheduler: () => run('get-scheduler', {}, scheduler),
    startCycle: (policyType) => run('start-sync-cycle', { PolicyType: policyType }, startedCycle),
    runHistory: (count) => run('get-run-history', { Count: String(count) }, runHistory),
    exportErrors: () => run('get-export-errors', {}, exportErrors),
    connectorSpaceObject: (connectorName, distinguishedName) =>
      run(
        'get-cs-object',
        { ConnectorName: connectorName, DistinguishedName: distinguishedName },
        connectorSpaceObject,
      ),
    explainValue: (sourceAnchor, attribute) =>
      run('explain-value', { SourceAnchor: sourceAnchor, Attribute: attribute }, explanation),
    connectors: () => run('get-connectors', {}, connectors),
    metaverseConnections: (sourceAnchor) =>
      run('get-mv-connections', { SourceAnchor: sourceAnchor }, metaverseConnections),
  };
}

async function runScript<T>(
  shell: PowerShell,
  verb: string,
  parameters: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
): Promise<EngineAnswer<T>> {
  for (const [name, value] of Object.entries(parameters)) {
    // `-File` takes a value that begins with a dash for the name of the next parameter.
    if (value.startsWith('-')) return { ok: false, kind: 'Failed', message: `${name} begins with a dash.` };
  }
  const script = join(shell.scripts, `${verb}.ps1`);
  const named = Object.entries(parameters).flatMap(([name, value]) => [`-${name}`, value]);
  const flags = ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', script];
  const output = await execute(shell, [...flags, ...named]);
  return output.ok ? understand(verb, output.value, schema) : output;
}

/** No shell is between: parameters reach the script as they are. */
function execute(shell: PowerShell, parameters: readonly string[]): Promise<EngineAnswer<string>> {
  const options = {
    timeout: shell.timeoutMs ?? timeoutMs,
    maxBuffer: largestOutput,
    windowsHide: true,
    encoding: 'utf8' as const,
  };
  return new Promise((answer) => {
    execFile(shell.command, parameters, options, (error, stdout, stderr) => {
      if (error === null) answer({ ok: true, value: stdout });
      else if (error.code === 'ENOENT') answer({ ok: false, kind: 'NotInstalled' });
      else if (error.killed === true)
        answer({ ok: false, kind: 'Failed', message: 'The sync engine did not answer in time.' });
      else answer({ ok: false, kind: 'Failed', message: stderr.trim() === '' ? error.message : stderr.trim() });
    });
  });
}

function understand<T>(verb: string, output: string, schema: z.ZodType<T>): EngineAnswer<T> {
  let printed: unknown;
  try {
    printed = JSON.parse(output.replace(/^\uFEFF/, ''));
  } catch {
    return { ok: false, kind: 'Failed', message: `${verb} printed no JSON: ${output.slice(0, 200)}` };
  }
  if (saysNotInstalled(printed)) return { ok: false, kind: 'NotInstalled' };
  const read = schema.safeParse(printed);
  if (read.success) return { ok: true, value: read.data };
  const [issue] = read.error.issues;
  return {
    ok: false,
    kind: 'Failed',
    message: `${verb} printed an unexpected ${issue?.path.join('.')}: ${issue?.message}`,
  };
}

/** Every script prints this when the machine has no ADSync module. */
const saysNotInstalled = (printed: unknown): boolean =>
  typeof printed === 'object' && printed !== null && 'installed' in printed && printed.installed === false;
