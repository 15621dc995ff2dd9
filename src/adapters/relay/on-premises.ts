import type { Change } from '../../domain/change.ts';
import type { AdObject } from '../../domain/evidence.ts';
import { failed, type Result, succeeded } from '../../domain/result.ts';
import type { AtMaster, OnPremises } from '../../ports.ts';
import {
  type ConnectorSpaceRequest,
  type ConnectorSpaceResponse,
  changeAnswers,
  connectionsResponse,
  connectorSpaceResponse,
  explainResponse,
  runHistoryResponse,
  type SearchRequest,
  schedulerResponse,
  searchResponse,
} from '../../relay-contract.ts';
import { directoryChangeOf } from './change-target.ts';
import { exportAfterImport } from './exported-since.ts';
import type { RelayHttp } from './relay-http.ts';
import { controllerOf } from './where-written.ts';

/** Active Directory and the sync engine, as the relay answers for them. Nothing is cached: evidence has to be fresh. */
export function createOnPremises(relay: RelayHttp): OnPremises {
  return {
    findHolders: (address) => search(relay, { kind: 'address', address }),
    findBySourceAnchor: (sourceAnchor) => search(relay, { kind: 'sourceAnchor', sourceAnchor }),
    findByDistinguishedName: (distinguishedName) => search(relay, { kind: 'distinguishedName', distinguishedName }),
    findByEmployeeId: (employeeId) => search(relay, { kind: 'employeeId', employeeId }),
    findByAccountName: (accountName) => search(relay, { kind: 'accountName', accountName }),

    async joined(sourceAnchor) {
      const answer = await relay.post('/metaverse-connections', { sourceAnchor }, connectionsResponse, 'Relay.Read');
      if (!answer.ok) return answer;
      if (!answer.value.found) return succeeded(null);
      return succeeded(answer.value.connectors.flatMap(({ objectGuid }) => objectGuid?.toLowerCase() ?? []));
    },

    async explain(sourceAnchor, attribute) {
      const answer = await relay.post('/explain', { sourceAnchor, attribute }, explainResponse, 'Relay.Read');
      return answer.ok ? succeeded(answer.value.contributions) : answer;
    },

    async connectorSpace(forest, objectGuid) {
      const answer = await connectorSpaceObject(relay, { forest, objectGuid });
      if (!answer.ok) return answer;
      return succeeded(answer.value.found ? answer.value.attributes : null);
    },

    async blockOnPremisesSync(sourceAnchor) {
      const answer = await connectorSpaceObject(relay, { sourceAnchor });
      if (!answer.ok) return answer;
      if (answer.value.found) return succeeded(answer.value.blockOnPremisesSync);
      return failed({ kind: 'Gone', message: `The sync engine does not know the source anchor ${sourceAnchor}` });
    },

    atMaster: (change, where) => atMaster(relay, change, where),
    scheduler: () => readScheduler(relay),
    exportedSince: (forest, since) => exportedSince(relay, forest, since),
  };
}

async function search(relay: RelayHttp, by: SearchRequest['by']): Promise<Result<AdObject[]>> {
  const answer = await relay.post('/search', { by }, searchResponse, 'Relay.Read');
  return answer.ok ? succeeded(answer.value.objects) : answer;
}

const connectorSpaceObject = (
  relay: RelayHttp,
  request: ConnectorSpaceRequest,
): Promise<Result<ConnectorSpaceResponse>> =>
  relay.post('/connector-space-object', request, connectorSpaceResponse, 'Relay.Read');

async function atMaster(relay: RelayHttp, change: Change, where: string): Promise<Result<AtMaster | null>> {
  const domainController = controllerOf(where);
  const asked = directoryChangeOf(change);
  if (domainController === null || asked === null)
    return failed({ kind: 'Refused', code: 'NotAddressed', message: 'It is not known where the change was written' });
  const read = await relay.post('/changes/read', { changes: [asked], domainController }, changeAnswers, 'Relay.Read');
  // A 404 of the request as a whole means that no relay of this contract is there, not that the object is gone.
  if (!read.ok)
    return read.failure.kind === 'Gone' ? failed({ kind: 'TryAgain', message: read.failure.message }) : read;
  const [answer] = read.value.answers;
  switch (answer?.outcome) {
    case 'state':
      return answer.domainController.toLowerCase() === domainController.toLowerCase()
        ? succeeded({ found: answer.found, domainController: answer.domainController })
        : failed({ kind: 'TryAgain', message: `${answer.domainController} answered in place of ${domainController}` });
    case 'gone':
      return succeeded(null);
    case 'tryAgain':
      return failed({ kind: 'TryAgain', message: answer.message });
    case 'notPermitted':
      return failed({ kind: 'NotPermitted', message: answer.message, remedy: answer.remedy });
    case 'refused':
      return failed({ kind: 'Refused', code: answer.code, message: answer.message });
    default:
      return failed({ kind: 'TryAgain', message: 'The relay left the question unanswered' });
  }
}

async function readScheduler(relay: RelayHttp): Promise<Result<{ stagingMode: boolean }>> {
  const answer = await relay.get('/scheduler', schedulerResponse);
  if (!answer.ok) return answer;
  if (answer.value.installed) return succeeded({ stagingMode: answer.value.stagingModeEnabled });
  return failed({ kind: 'Refused', code: 'NotInstalled', message: 'No sync engine is installed beside the relay' });
}

/** Runs that are looked at: a cycle has six to eight, so the last dozen cycles. */
const recentRuns = 100;

async function exportedSince(relay: RelayHttp, forest: string, since: Date): Promise<Result<Date | null>> {
  const scheduler = await readScheduler(relay);
  if (!scheduler.ok) return scheduler;
  if (scheduler.value.stagingMode) return succeeded(null);
  const history = await relay.get(`/run-history?count=${recentRuns}`, runHistoryResponse);
  return history.ok ? succeeded(exportAfterImport(history.value.runs, forest, since)) : history;
}
