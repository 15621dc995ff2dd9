import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { PermissionSet } from './permissions.ts';

export interface Route {
  readonly method: string;
  /** Segments after /v1.0; `{name}` stands for any one. */
  readonly path: string;
  readonly needs: PermissionSet;
  /** Resource units of a call without $select, $expand or $top (throttling limits page). */
  readonly units?: number;
  /** `parameters` are the segments that stood for a `{name}`, in order. */
  readonly answer: (call: Call, ...parameters: string[]) => Answer;
}

/** The parameters of a path that fits a route's pattern. */
export function matchPath(pattern: string, segments: readonly string[]): string[] | undefined {
  const parts = pattern.split('/');
  if (parts.length !== segments.length) return undefined;
  const parameters: string[] = [];
  for (const [position, part] of parts.entries()) {
    const segment = segments[position] ?? '';
    if (part.startsWith('{')) parameters.push(segment);
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return parameters;
}

/** Resource units of one call: $select saves one, a $top below 20 too, $expand costs one, a write one more. */
export function unitsOf(route: Route, method: string, query: URLSearchParams): number {
  const base = route.units ?? 1;
  const saved = (query.has('$select') ? 1 : 0) + (Number(query.get('$top') ?? 100) < 20 ? 1 : 0);
  const added = (query.has('$expand') ? 1 : 0) + (method === 'GET' ? 0 : 1);
  return Math.max(1, base - saved + added);
}
