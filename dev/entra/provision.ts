import { softDelete } from './delete-and-restore.ts';
import { type DirectoryObject, newDirectoryObject } from './directory-object.ts';
import { deletingCloudOnlyObjectNotAllowed } from './export-errors.ts';
import { findMatch } from './matching.ts';
import type { ProvisionedObject, ProvisioningRequest, ProvisioningResult } from './provisioning.ts';
import type { TenantState } from './tenant-state.ts';
import type { ExportRun } from './uniqueness.ts';
import { validate } from './validation.ts';
import { writeShadow } from './write-shadow.ts';

/** One export: every request for itself, in an order that nobody may rely on (S6). */
export function provision(state: TenantState, requests: readonly ProvisioningRequest[]): ProvisioningResult[] {
  const run: ExportRun = { newGroups: new Set() };
  const results = new Map<number, ProvisioningResult>();
  const order = state.random.shuffle([...requests.entries()]);
  for (const [step, [position, request]] of order.entries()) {
    const lost = state.fault === 'S6' && step === order.length - 1;
    results.set(position, lost ? acknowledge(state, request) : provisionOne(state, run, request));
  }
  return requests.flatMap((_, position) => results.get(position) ?? []);
}

function provisionOne(state: TenantState, run: ExportRun, request: ProvisioningRequest): ProvisioningResult {
  if (request.operation === 'delete') return deleteSynced(state, request.sourceAnchor);
  const { sourceAnchor } = request.object;
  const existing = state.directory.byAnchor(sourceAnchor);
  if (existing?.sync === 'cloudManaged') return { sourceAnchor, outcome: 'skipped', reason: 'isCloudManaged' };
  const isKnown = existing?.sync === 'synced' && existing.deletedAt === undefined;
  return isKnown ? update(state, run, existing, request.object) : add(state, run, request.object);
}

/** S3. */
function add(state: TenantState, run: ExportRun, incoming: ProvisionedObject): ProvisioningResult {
  const { sourceAnchor } = incoming;
  const match = findMatch(state, incoming);
  if (match.kind === 'refused' && !match.createAllTheSame)
    return { sourceAnchor, outcome: 'error', error: match.error };
  const invalid = validate(incoming);
  if (invalid) return { sourceAnchor, outcome: 'error', error: invalid };

  const target = match.kind === 'matched' ? match.target : newObject(state, incoming);
  const isNew = match.kind !== 'matched';
  const restored = target.deletedAt !== undefined;
  const error = writeShadow(state, run, target, incoming, isNew ? 'create' : restored ? 'restore' : 'join');
  if (error) return { sourceAnchor, outcome: 'error', error };
  if (isNew && incoming.objectType === 'group') run.newGroups.add(target.id);
  state.audits.record(restored ? 'Restore user' : isNew ? `Add ${incoming.objectType}` : 'Update user', target, 'sync');
  if (match.kind === 'refused') return { sourceAnchor, outcome: 'error', error: match.error };
  return { sourceAnchor, outcome: 'ok', cloudId: target.id, ...(restored ? { restored } : {}) };
}

/** S4. */
function update(
  state: TenantState,
  run: ExportRun,
  existing: DirectoryObject,
  incoming: ProvisionedObject,
): ProvisioningResult {
  const { sourceAnchor } = incoming;
  const error = validate(incoming) ?? writeShadow(state, run, existing, incoming, 'update');
  return error ? { sourceAnchor, outcome: 'error', error } : { sourceAnchor, outcome: 'ok', cloudId: existing.id };
}

/** S11. */
function deleteSynced(state: TenantState, sourceAnchor: string): ProvisioningResult {
  const object = state.directory.byAnchor(sourceAnchor);
  if (!object || object.deletedAt !== undefined) return { sourceAnchor, outcome: 'skipped', reason: 'notFound' };
  if (object.sync === 'cloudManaged') return { sourceAnchor, outcome: 'skipped', reason: 'isCloudManaged' };
  if (object.sync !== 'synced') {
    return { sourceAnchor, outcome: 'error', error: deletingCloudOnlyObjectNotAllowed(object.id) };
  }
  state.audits.record(`Delete ${object.type}`, object, 'sync');
  if (object.type === 'user') softDelete(state, object);
  else state.directory.remove(object);
  return { sourceAnchor, outcome: 'ok', cloudId: object.id };
}

function newObject(state: TenantState, { objectType }: ProvisionedObject): DirectoryObject {
  return newDirectoryObject({ id: state.random.guid(), type: objectType, createdAt: state.now() });
}

/** Planted fault S6. */
function acknowledge(state: TenantState, request: ProvisioningRequest): ProvisioningResult {
  const sourceAnchor = request.operation === 'delete' ? request.sourceAnchor : request.object.sourceAnchor;
  const cloudId = state.directory.byAnchor(sourceAnchor)?.id ?? state.random.guid();
  return { sourceAnchor, outcome: 'ok', cloudId };
}
