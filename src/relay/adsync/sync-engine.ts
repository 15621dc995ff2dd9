import type { ConnectionsResponse, ConnectorSpaceResponse, ExplainResponse } from '../../relay-contract.ts';
import type { Connector, ExportError, Run, Scheduler, StartedCycle } from './engine-answers.ts';

/** What the sync engine said, or why it said nothing. */
export type EngineAnswer<T> =
  | { readonly ok: true; readonly value: T }
  /** There is no Entra Connect on this machine: a tenant of Cloud Sync. */
  | { readonly ok: false; readonly kind: 'NotInstalled' }
  /** A cmdlet failed or timed out, or printed what is not understood. */
  | { readonly ok: false; readonly kind: 'Failed'; readonly message: string };

export type PolicyType = 'Delta' | 'Initial';

/** Entra Connect's engine, one method a verb. Answers are passed on as the engine gave them. */
export interface SyncEngine {
  scheduler(): Promise<EngineAnswer<Scheduler>>;
  startCycle(policyType: PolicyType): Promise<EngineAnswer<StartedCycle>>;
  /** Newest first. */
  runHistory(count: number): Promise<EngineAnswer<Run[]>>;
  exportErrors(): Promise<EngineAnswer<ExportError[]>>;
  connectorSpaceObject(connectorName: string, distinguishedName: string): Promise<EngineAnswer<ConnectorSpaceResponse>>;
  explainValue(sourceAnchor: string, attribute: string): Promise<EngineAnswer<ExplainResponse>>;
  connectors(): Promise<EngineAnswer<Connector[]>>;
  metaverseConnections(sourceAnchor: string): Promise<EngineAnswer<ConnectionsResponse>>;
}
