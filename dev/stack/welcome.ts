import { relative } from 'node:path';
import type { Endpoints } from './endpoints.ts';
import { endpointsFile } from './endpoints.ts';

/** What is printed when the stack is ready: what to open, and commands that can be pasted as they are. */
export function welcome({ directory, endpoints }: { directory: string; endpoints: Endpoints }): string {
  const file = relative(process.cwd(), endpointsFile(directory)) || endpointsFile(directory);
  const { ca, functions, graph, ldap, relay, control } = endpoints;
  return `
Syncmend is running.

  Functions  ${functions}
  Graph      ${graph.url}
  Directory  ${ldap.url}   ${ldap.baseDN}
  Relay      ${relay.url}
  Controls   ${control.url}   (GET shows all of them)

Keys, tokens and people are in ${file}. In another terminal:

  export CURL_CA_BUNDLE=${ca}
  of() { node -p "JSON.parse(require('fs').readFileSync('${file}')).$1"; }

  # find sync errors, then list the cases
  curl -X POST ${functions}/admin/functions/detect -H "x-functions-key: $(of masterKey)" -H 'content-type: application/json' -d '{"input": ""}'
  curl ${functions}/api/cases -H "x-ms-client-principal: $(of principals.reader)"

  # look at one case, and approve a fix of it
  curl ${functions}/api/cases/<id> -H "x-ms-client-principal: $(of principals.reader)"
  curl -X POST ${functions}/api/cases/<id>/approve -H "x-ms-client-principal: $(of principals.approver)" -H 'content-type: application/json' -d '{"fixId": "<fix>", "planHash": "<hash>", "reason": "I asked both"}'

  # start a sync cycle; the case becomes Resolved when the fix has arrived in the cloud
  curl -X POST ${relay.url}/v1/sync-cycles -H "authorization: Bearer $(of relay.token)" -H 'content-type: application/json' -d '{"policyType": "Delta"}'

Ctrl-C stops everything.
`;
}
