import { app, HttpRequest, InvocationContext } from '@azure/functions';
import { vi } from 'vitest';
import { appRoles } from '../../src/api-contract.ts';
import type { Composition } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { functionsOf } from '../../src/functions/app-functions.ts';

export const tenant = '11111111-1111-4111-8111-111111111111';
export const environment = {
  SYNCMEND_APP: 'api',
  SYNCMEND_TENANT_ID: tenant,
  SYNCMEND_TABLES_URL: 'https://store.table.core.windows.net/',
  SYNCMEND_BLOBS_URL: 'https://store.blob.core.windows.net',
  ServiceBus__fullyQualifiedNamespace: 'bus.servicebus.windows.net',
  SYNCMEND_RELAY_URL: 'https://relay.contoso.com',
  SYNCMEND_RELAY_SCOPE: 'api://relay/.default',
  SYNCMEND_EXCHANGE_AUTHORITY: 'on-premises',
  WEBSITE_AUTH_ENABLED: 'True',
};

type Registered = Readonly<Record<string, unknown>> & { readonly handler: (...given: unknown[]) => Promise<unknown> };

/** What the functions of one app registered with the host, by name. */
export function register(
  which: 'api' | 'worker',
  composition: Partial<Composition> = {},
  more: Record<string, string> = {},
): Map<string, { trigger: string; options: Registered }> {
  const found = new Map<string, { trigger: string; options: Registered }>();
  const spies = (['http', 'timer', 'serviceBusQueue'] as const).map((trigger) =>
    vi.spyOn(app, trigger).mockImplementation((name: string, options: unknown) => {
      found.set(name, { trigger, options: options as Registered });
    }),
  );
  const read = readConfig({ ...environment, ...more, SYNCMEND_APP: which });
  if (!('config' in read)) throw new Error(JSON.stringify(read.problems));
  for (const definition of functionsOf(which))
    definition.register({ ...composition, config: read.config } as Composition);
  for (const spy of spies) spy.mockRestore();
  return found;
}

export function principal(claims: readonly (readonly [string, string])[]): string {
  return Buffer.from(JSON.stringify({ auth_typ: 'aad', claims: claims.map(([typ, val]) => ({ typ, val })) })).toString(
    'base64',
  );
}

export const signedInAs = (...roles: readonly string[]): string =>
  principal([['oid', 'a-person'], ['tid', tenant], ['name', 'Ada'], ...roles.map((role) => ['roles', role] as const)]);
export const everyRole = appRoles;

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}

export interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly id?: string;
  readonly query?: Record<string, string>;
  readonly body?: string;
  readonly header?: string | undefined;
}

/** Calls an HTTP function as the host would. */
export async function call(
  functions: ReturnType<typeof register>,
  name: string,
  { method = 'GET', id = '', query = {}, body, header }: Asked,
): Promise<Answer> {
  const request = new HttpRequest({
    method,
    url: 'https://syncmend.azurewebsites.net/api/cases',
    params: { id },
    query,
    ...(body === undefined ? {} : { body: { string: body } }),
    ...(header === undefined ? {} : { headers: { 'x-ms-client-principal': header } }),
  });
  const context = new InvocationContext({
    invocationId: 'an-invocation',
    functionName: name,
    logHandler: () => undefined,
  });
  const answer = (await functions.get(name)?.options.handler(request, context)) as {
    status: number;
    headers: Record<string, string>;
    body: string;
  };
  return { ...answer, body: JSON.parse(answer.body) as Record<string, unknown> };
}
