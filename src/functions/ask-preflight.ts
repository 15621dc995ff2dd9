import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { largestPreflightBody, type PreflightJob, preflightRequest } from '../domain/preflight.ts';
import { answerJson, httpFunction } from './http-function.ts';
import { malformed, problem } from './problem.ts';

/** Of thousands of objects each may have something: the first say enough. */
const mostErrors = 50;

export const askPreflight = httpFunction({
  name: 'askPreflight',
  method: 'POST',
  route: 'api/preflight',
  role: 'Reader',
  largestBody: largestPreflightBody,
  async answer({ composition, request, principal, body }) {
    const parsed = preflightRequest.safeParse(body);
    if (!parsed.success) return malformed(new z.ZodError(parsed.error.issues.slice(0, mostErrors)));
    const asked = await composition.askPreflight(
      parsed.data.objects,
      principal.oid,
      request.headers.get('idempotency-key'),
    );
    switch (asked.outcome) {
      case 'answered':
        return answerJson({ answers: asked.answers });
      case 'malformed':
        return malformed(
          new z.ZodError(
            asked.problems
              .slice(0, mostErrors)
              .map(({ field, message }) => ({ code: 'custom', path: field.split('.'), message, input: undefined })),
          ),
        );
      case 'throttled':
        return throttled(asked.seconds);
      case 'conflict':
        return problem(409, 'Conflict', 'The idempotency-key was used for another request. Use a new one.', {
          code: 'IdempotencyKeyReused',
        });
      case 'accepted':
        return accepted(asked.id, asked.job);
    }
  },
});

function accepted(id: string, { state, done, total }: PreflightJob): HttpResponseInit {
  const answer = answerJson({ id, state, done, total }, 202);
  return { ...answer, headers: { ...answer.headers, location: `/api/preflight/${id}`, 'retry-after': '5' } };
}

function throttled(seconds: number): HttpResponseInit {
  const answer = problem(
    503,
    'Throttled',
    `Microsoft Graph asked to be left alone for ${seconds} seconds. Ask again then.`,
  );
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(Math.ceil(seconds)) } };
}
