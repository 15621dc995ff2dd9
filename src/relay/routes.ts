import { z } from 'zod';
import {
  applyRequest,
  connectionsRequest,
  connectorSpaceRequest,
  type DomainsResponse,
  explainRequest,
  objectsRequest,
  readStatesRequest,
  type SchedulerResponse,
  searchRequest,
  syncCycleRequest,
} from '../relay-contract.ts';
import type { SyncCycles } from './adsync/cycles.ts';
import type { EngineAnswer, SyncEngine } from './adsync/sync-engine.ts';
import { findConnectorSpaceObject } from './connector-space.ts';
import { applyChanges, readStates } from './ldap/changes.ts';
import type { Directory } from './ldap/directory.ts';
import type { DoneWrites } from './ldap/idempotency.ts';
import { ldapFailureOf } from './ldap/ldap-failure.ts';
import { searchDirectory } from './ldap/search.ts';
import type { Log } from './log.ts';
import { begun, objectLines } from './object-lines.ts';
import { json, ndjson, problem, type RelayResponse } from './request.ts';
import type { Role } from './token.ts';

/** What the verbs work on. */
export interface RelayParts {
  readonly directory: Directory;
  readonly engine: SyncEngine;
  readonly cycles: SyncCycles;
  readonly done: DoneWrites;
}

/** What a verb gets: the body as its schema read it, the query, the last part of the path where the route has one, and the log. */
export interface Call<Body> {
  readonly body: Body;
  readonly query: URLSearchParams;
  readonly id: string;
  /** For what goes on after the answer has begun. */
  readonly log: Log;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly role: Role;
  /** null: the verb has no body. */
  readonly schema: z.ZodType | null;
  readonly answer: (parts: RelayParts, call: Call<unknown>) => Promise<RelayResponse>;
}

export const routes: readonly Route[] = [
  post('/v1/search', 'Relay.Read', searchRequest, async ({ directory }, { body }) => {
    const found = await searchDirectory(directory, body.by);
    if (found.ok) return json(200, found.value);
    return tryAgain('DirectoryUnavailable', `Forest ${found.forest} did not answer: ${found.failure.message}`);
  }),
  post('/v1/changes/read', 'Relay.Read', readStatesRequest, async ({ directory }, { body }) =>
    json(200, { answers: await readStates(directory, body.changes, body.domainController) }),
  ),
  post('/v1/changes', 'Relay.Write', applyRequest, async ({ directory, done }, { body }) =>
    json(200, { answers: await applyChanges(directory, done, body.changes) }),
  ),
  get('/v1/domains', async ({ directory }) => {
    const domains = directory.forests.flatMap(({ name, domains }) =>
      domains.map(({ dnsName }) => ({ forest: name, domain: dnsName })),
    );
    return json(200, { domains } satisfies DomainsResponse);
  }),
  post('/v1/objects', 'Relay.Read', objectsRequest, async ({ directory }, { body, log }) => {
    const domain = directory.forest(body.forest)?.domains.find(({ dnsName }) => isNamed(dnsName, body.domain));
    if (domain === undefined)
      return problem(404, 'UnknownDomain', `The relay has no domain ${body.domain} in a forest ${body.forest}.`);
    if (body.from !== null && !(isNamed(body.from.forest, body.forest) && isNamed(body.from.domain, body.domain)))
      return problem(400, 'BadRequest', 'from: is the checkpoint of another domain');
    try {
      return ndjson(await begun(objectLines(domain, body, log)));
    } catch (thrown) {
      return tryAgain('DirectoryUnavailable', `Domain ${body.domain} did not answer: ${ldapFailureOf(thrown).message}`);
    }
  }),
  post('/v1/explain', 'Relay.Read', explainRequest, async ({ engine }, { body }) =>
    engineSays(await engine.explainValue(body.sourceAnchor, body.attribute)),
  ),
  post('/v1/metaverse-connections', 'Relay.Read', connectionsRequest, async ({ engine }, { body }) =>
    engineSays(await engine.metaverseConnections(body.sourceAnchor)),
  ),
  post('/v1/connector-space-object', 'Relay.Read', connectorSpaceRequest, async ({ engine, directory }, { body }) =>
    engineSays(await findConnectorSpaceObject(engine, directory, body)),
  ),
  get('/v1/scheduler', async ({ engine }) => {
    const said = await engine.scheduler();
    if (!said.ok && said.kind === 'NotInstalled') return json(200, notInstalled);
    return engineSays(said, (value) => ({ installed: true, ...value }));
  }),
  get('/v1/run-history', async ({ engine }, { query }) => {
    const count = z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(50)
      .safeParse(query.get('count') ?? undefined);
    if (!count.success) return problem(400, 'BadRequest', 'count: is not a whole number from 1 to 1000');
    return engineSays(await engine.runHistory(count.data), (runs) => ({ runs }));
  }),
  get('/v1/export-errors', async ({ engine }) => engineSays(await engine.exportErrors(), (errors) => ({ errors }))),
  post('/v1/sync-cycles', 'Relay.Write', syncCycleRequest, async ({ cycles }, { body }) => {
    const asked = await cycles.request(body.policyType);
    if (asked.ok) return json(202, { id: asked.id }, { location: `/v1/sync-cycles/${asked.id}` });
    if (asked.kind === 'NotInstalled') return engineSays(asked);
    return problem(
      409,
      'DeletionsPending',
      'The last export was stopped by the deletion threshold: clear that before an initial cycle.',
    );
  }),
  get('/v1/sync-cycles/([0-9A-Za-z-]{1,64})', async ({ cycles }, { id }) => {
    const cycle = cycles.find(id);
    return cycle === undefined ? problem(404, 'NotFound', `There is no sync cycle ${id}.`) : json(200, cycle);
  }),
];

const isNamed = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const notInstalled: SchedulerResponse = {
  installed: false,
  version: null,
  stagingModeEnabled: false,
  syncCycleEnabled: false,
  schedulerSuspended: false,
  syncCycleInProgress: false,
  nextSyncCycleStartTimeInUtc: null,
  currentlyEffectiveSyncCycleInterval: null,
  nextSyncCyclePolicyType: null,
};

const tryAgain = (code: string, detail: string): RelayResponse => problem(503, code, detail, { 'retry-after': '15' });

function engineSays<T>(said: EngineAnswer<T>, shape: (value: T) => unknown = (value) => value): RelayResponse {
  if (said.ok) return json(200, shape(said.value));
  if (said.kind === 'NotInstalled')
    return problem(501, 'NotInstalled', 'Entra Connect is not installed on the machine of the relay.');
  return tryAgain('EngineUnavailable', said.message);
}

function post<Schema extends z.ZodType>(
  path: string,
  role: Role,
  schema: Schema,
  answer: (parts: RelayParts, call: Call<z.infer<Schema>>) => Promise<RelayResponse>,
): Route {
  return {
    method: 'POST',
    path: new RegExp(`^${path}$`),
    role,
    schema,
    answer: (parts, call) => answer(parts, call as Call<z.infer<Schema>>),
  };
}

function get(path: string, answer: (parts: RelayParts, call: Call<unknown>) => Promise<RelayResponse>): Route {
  return { method: 'GET', path: new RegExp(`^${path}$`), role: 'Relay.Read', schema: null, answer };
}
