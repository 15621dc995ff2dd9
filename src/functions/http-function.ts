import {
  app,
  type HttpMethod,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { type AppRole, largestRequestBody } from '../api-contract.ts';
import type { Composition } from '../compose.ts';
import { mayActAs, type Principal, readPrincipal } from './principal.ts';
import { problem } from './problem.ts';

export interface Call {
  readonly composition: Composition;
  readonly request: HttpRequest;
  readonly principal: Principal;
  /** Parsed JSON of a POST; undefined when there is none. */
  readonly body: unknown;
}

/** One trigger: its name in the host, and how it is registered. */
export interface FunctionDefinition {
  readonly name: string;
  register(composition: Composition): void;
}

interface HttpOptions {
  readonly name: string;
  readonly method: HttpMethod;
  readonly route: string;
  readonly role: AppRole;
  /** Octets of a POST's body; absent: `largestRequestBody`. */
  readonly largestBody?: number;
  readonly answer: (call: Call) => Promise<HttpResponseInit>;
}

/**
 * An HTTP function behind our own check of the caller: the host lets everybody in (`anonymous`), and answers a throw with an
 * empty 500, so nothing may escape from here.
 */
export function httpFunction(options: HttpOptions): FunctionDefinition {
  const { name, method, route } = options;
  return {
    name,
    register(composition) {
      app.http(name, {
        methods: [method],
        route,
        authLevel: 'anonymous',
        handler: async (request, context) => {
          try {
            return await checked(composition, options, request);
          } catch (cause) {
            return unexpected(context, name, cause);
          }
        },
      });
    },
  };
}

async function checked(
  composition: Composition,
  { role, largestBody = largestRequestBody, answer }: HttpOptions,
  request: HttpRequest,
): Promise<HttpResponseInit> {
  const { config } = composition;
  const principal = config.callersAreAuthenticated
    ? readPrincipal(request.headers.get('x-ms-client-principal'), config.SYNCMEND_TENANT_ID)
    : null;
  if (!principal) return problem(401, 'Not signed in', 'Sign in with an account of this tenant.');
  if (!mayActAs(principal, role))
    return problem(
      403,
      'Not allowed',
      `This needs the app role ${role}; you have ${principal.roles.join(', ') || 'none'}.`,
    );
  if (request.method !== 'POST') return answer({ composition, request, principal, body: undefined });
  const text = await request.text();
  if (Buffer.byteLength(text) > largestBody)
    return problem(413, 'Too large', `A request body holds at most ${largestBody} bytes.`);
  const body = parse(text);
  if (body instanceof SyntaxError)
    return problem(400, 'Malformed request', `The body is not JSON: ${body.message}`, {
      errors: [{ field: '(body)', message: 'must be JSON' }],
    });
  return answer({ composition, request, principal, body });
}

function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    return cause instanceof SyntaxError ? cause : new SyntaxError('unreadable');
  }
}

function unexpected(context: InvocationContext, name: string, cause: unknown): HttpResponseInit {
  if (cause instanceof Error && cause.constructor.name === 'StoreUnavailable') {
    context.warn('The store did not answer a request', { function: name, message: cause.message });
    return {
      ...problem(503, 'Store unavailable', 'The case store does not answer now. Try again in a few seconds.'),
      headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
    };
  }
  context.error('A request failed unexpectedly', {
    function: name,
    stack: cause instanceof Error ? cause.stack : String(cause),
  });
  return problem(
    500,
    'Unexpected error',
    `The request could not be answered. The log names the cause under ${context.invocationId}.`,
  );
}

export const answerJson = (body: unknown, status = 200): HttpResponseInit => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
