import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TlsMaterial } from '../tokens.ts';
import { type Control, ControlValueError } from './control.ts';

export interface ControlOptions {
  readonly controls: readonly Control[];
  readonly tls: TlsMaterial;
  /** Absent or 0: a free one. */
  readonly port?: number;
}

export interface ControlEndpoint {
  readonly url: string;
  stop(): Promise<void>;
}

/** RFC 9457. `problems` has one item for each control that was wrong. */
interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly problems?: readonly { readonly control: string; readonly detail: string }[];
}

/**
 * `GET` answers `{<name>: {value, meaning}}`, `PATCH {<name>: <value>}` sets all or nothing, and answers the same for
 * these names. No key is needed: it listens on the loopback interface only, and there is nothing behind it but this stack.
 */
export async function startControl({ controls, tls, port = 0 }: ControlOptions): Promise<ControlEndpoint> {
  const byName = new Map(controls.map((control) => [control.name, control]));
  if (byName.size !== controls.length) throw new Error('Two controls have the same name.');
  const server = createServer(tls, (request, response) => {
    void answer(request, byName).then(
      (shown) => send(response, shown),
      (error: unknown) => send(response, { status: 500, title: 'The control failed', detail: String(error) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Shown = Readonly<Record<string, { readonly value: unknown; readonly meaning: string }>>;
type Controls = ReadonlyMap<string, Control>;

async function answer(request: IncomingMessage, controls: Controls): Promise<Shown | Problem> {
  if (request.url !== '/') return { status: 404, title: 'Not found', detail: 'The controls are at /.' };
  switch (request.method) {
    case 'GET':
      return show([...controls.values()]);
    case 'PATCH':
      return set(parse(await text(request)), controls);
    default:
      return { status: 405, title: 'Method not allowed', detail: 'GET lists the controls, PATCH sets them.' };
  }
}

/** Every name and value is judged before any is set: by its own control, and by what is there before. */
async function set(
  values: Readonly<Record<string, unknown>> | undefined,
  controls: Controls,
): Promise<Shown | Problem> {
  if (values === undefined) {
    return { status: 400, title: 'Not a JSON object', detail: 'The body is {"<name of a control>": <value>}.' };
  }
  const judged = Object.entries(values).map(([name, value]) => judge(name, value, controls));
  const problems = judged.flatMap((one) => ('detail' in one ? [one] : []));
  if (problems.length > 0) {
    const detail = problems.map((problem) => `${problem.control}: ${problem.detail}`).join('; ');
    return { status: 400, title: 'Nothing was set', detail, problems };
  }
  const accepted = judged.flatMap((one) => ('apply' in one ? [one] : []));
  for (const { apply } of accepted) await apply();
  return show(accepted.map(({ control }) => control));
}

type Judged =
  | { readonly control: Control; readonly apply: () => void | Promise<void> }
  | { readonly control: string; readonly detail: string };

function judge(name: string, value: unknown, controls: Controls): Judged {
  const control = controls.get(name);
  if (!control) return { control: name, detail: 'There is no such control.' };
  try {
    return { control, apply: control.prepare(value) };
  } catch (error) {
    if (!(error instanceof ControlValueError)) throw error;
    return { control: name, detail: error.message };
  }
}

function show(controls: readonly Control[]): Shown {
  return Object.fromEntries(
    [...controls]
      .sort((a, b) => a.name.localeCompare(b.name))
      .map((control) => [control.name, { value: control.read(), meaning: control.meaning }]),
  );
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, body: Shown | Problem): void {
  const isProblem = typeof body['status'] === 'number';
  response.writeHead(isProblem ? Number(body['status']) : 200, {
    'content-type': isProblem ? 'application/problem+json' : 'application/json; charset=utf-8',
  });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}
