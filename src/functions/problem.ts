import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import type { Problem } from '../api-contract.ts';

/** An answer in the form of RFC 9457. */
export function problem(
  status: number,
  title: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): HttpResponseInit {
  const body: Problem = {
    type: `about:blank#${title.toLowerCase().replaceAll(' ', '-')}`,
    title,
    status,
    detail,
    ...more,
  };
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

/** A request whose fields do not fit; each is named with what it must be. */
export function malformed(error: z.ZodError): HttpResponseInit {
  const errors = error.issues.map((issue) => ({ field: issue.path.join('.') || '(body)', message: issue.message }));
  return problem(400, 'Malformed request', errors.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    errors,
  });
}
