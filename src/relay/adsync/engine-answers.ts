import { z } from 'zod';
import {
  connectionsResponse,
  connectorSpaceResponse,
  explainResponse,
  exportErrorsResponse,
  runHistoryResponse,
  schedulerResponse,
} from '../../relay-contract.ts';

/** What each script prints: one JSON document. A list of one may come without its brackets (Windows PowerShell 5.1 unrolls). */
const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (value === null ? [] : Array.isArray(value) ? value : [value]), z.array(item));

export const scheduler = schedulerResponse.omit({ installed: true });
export type Scheduler = z.infer<typeof scheduler>;

export const startedCycle = z.union([
  z.object({ started: z.literal(true) }),
  z.object({ started: z.literal(false), reason: z.string() }),
]);
export type StartedCycle = z.infer<typeof startedCycle>;

export const runHistory = listOf(runHistoryResponse.shape.runs.element);
export type Run = z.infer<typeof runHistory>[number];

export const exportErrors = listOf(exportErrorsResponse.shape.errors.element);
export type ExportError = z.infer<typeof exportErrors>[number];

export const connectors = listOf(
  z.object({
    name: z.string(),
    type: z.enum(['AD', 'AAD']),
    identifier: z.string(),
    forest: z.string().nullish(),
    lastImportedDomainController: z.string().nullish(),
    preferredDomainControllers: z.array(z.string()).default([]),
    partitions: z.array(z.object({ dn: z.string(), dnsName: z.string() })).default([]),
  }),
);
export type Connector = z.infer<typeof connectors>[number];

export const connectorSpaceObject = connectorSpaceResponse;

const notFound = z.object({ found: z.literal(false) });
export const explanation = z.union([notFound.transform(() => ({ found: false, contributions: [] })), explainResponse]);
export const metaverseConnections = z.union([
  notFound.transform(() => ({ found: false, connectors: [] })),
  connectionsResponse,
]);
