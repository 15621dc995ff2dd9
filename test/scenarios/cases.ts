import type { ActiveDirectoryStandIn } from '../../dev/active-directory/active-directory.ts';
import type { CaseView } from '../../src/api-contract.ts';
import type { Organisation, Person, Reply } from './organisation.ts';
import { waitFor } from './wait-for.ts';

type Fix = CaseView['fixes'][number];

/** With its history. The store may be out of reach for a moment when time has been moved: its tokens are over then. */
export function readCase(organisation: Organisation, id: string): Promise<CaseView> {
  return waitFor(`case ${id} to be readable`, async () => {
    const { status, body } = await organisation.api('reader', 'GET', `/api/cases/${id}`);
    if (status !== 200 && status !== 503) throw new Error(`case ${id}: ${status} ${JSON.stringify(body)}`);
    return status === 200 && (body as CaseView);
  });
}

/** All cases whose error names `part` in its value or its object. */
export async function casesAbout(organisation: Organisation, part: string): Promise<CaseView[]> {
  const { body } = await organisation.api('reader', 'GET', `/api/cases?search=${encodeURIComponent(part)}`);
  return body?.value ?? [];
}

/** Detects, and answers the case of this value once it has been diagnosed. */
export async function diagnosedCase(organisation: Organisation, value: string): Promise<CaseView> {
  const [found] = await diagnosedCases(organisation, [value]);
  if (!found) throw new Error(`There is no case of ${value}.`);
  return found;
}

export async function diagnosedCases(organisation: Organisation, values: readonly string[]): Promise<CaseView[]> {
  await organisation.run('detect');
  return waitFor(
    `diagnosed cases of ${values}`,
    async () => {
      const { body } = await organisation.api('reader', 'GET', '/api/cases?pageSize=200');
      const listed: readonly CaseView[] = body?.value ?? [];
      const found = values.map((value) => listed.find(({ error }) => isSame(error.value, value)));
      const diagnosed = found.filter((subject) => subject !== undefined && subject.state !== 'Detected');
      return diagnosed.length === values.length && (diagnosed as CaseView[]);
    },
    { seconds: 60, pause: 250 },
  );
}

const isSame = (found: string | undefined, sought: string): boolean => found?.toLowerCase() === sought.toLowerCase();

/** The case once it is in one of these states, with its history. */
export function reach(organisation: Organisation, id: string, ...states: CaseView['state'][]): Promise<CaseView> {
  let last: CaseView | undefined;
  return waitFor(
    `case ${id} to be ${states.join(' or ')}`,
    async () => {
      last = await readCase(organisation, id);
      return states.includes(last.state) && last;
    },
    { tell: () => `It is ${last?.state}: ${last?.message} ${last && typesOf(last)}` },
  );
}

/** The fix after which this party has the value. */
export function fixKeeping(subject: CaseView, name: string): Fix {
  const fix = subject.fixes.find(({ title }) => title.startsWith(`${name} keeps`));
  if (!fix) throw new Error(`No fix keeps the value with ${name}: ${subject.fixes.map(({ title }) => title)}`);
  return fix;
}

export function approve(
  organisation: Organisation,
  { id }: Pick<CaseView, 'id'>,
  { id: fixId, planHash }: Pick<Fix, 'id' | 'planHash'>,
  more: object = {},
  by: Person = 'approver',
): Promise<Reply> {
  return organisation.api(by, 'POST', `/api/cases/${id}/approve`, { fixId, planHash, reason: 'They agreed.', ...more });
}

/** Approves the fix and waits until its changes are written at their master. */
export async function approveAndWrite(
  organisation: Organisation,
  subject: CaseView,
  fix: Fix,
  more: object = {},
): Promise<CaseView> {
  const { status, body } = await approve(organisation, subject, fix, more);
  if (status !== 200) throw new Error(`The approval was refused: ${status} ${JSON.stringify(body)}`);
  return reach(organisation, subject.id, 'Applied', 'Resolved', 'Undone');
}

/**
 * The case once its plan is carried out, by its record: the state may have moved on. A dead letter and a lost wake are the
 * sweep's to make good.
 */
export function recovered(organisation: Organisation, id: string): Promise<CaseView> {
  return sweepUntil(organisation, `case ${id} is written`, async () => {
    const subject = await readCase(organisation, id);
    return typesOf(subject).includes('Applied') && subject;
  });
}

export function sweepUntil<T>(
  organisation: Organisation,
  what: string,
  look: () => T | Promise<T>,
  tell?: () => string,
) {
  const lookOrSweep = async () => {
    const found = await look();
    if (!found) await organisation.sweep();
    return found;
  };
  return waitFor(what, lookOrSweep, { pause: 700, seconds: 90, ...(tell ? { tell } : {}) });
}

export const typesOf = ({ events }: CaseView): string[] => events.map(({ type }) => type);

/** How often the stand-ins accepted a write of this change, by their own logs. */
export function writesOf({ stack }: Organisation, { target, objectId, attribute }: Fix['changes'][number]): number {
  if (target === 'entra') {
    const patches = stack.graph.writes.filter((write) => write.method === 'PATCH' && write.objectId === objectId);
    return patches.filter((write) => write.attribute === attribute).length;
  }
  const { writes } = stack.directories as ActiveDirectoryStandIn;
  const modified = writes.filter((write) => write.operation === 'modify' && write.objectGuid === objectId);
  return modified.filter(({ changes }) => changes.some((change) => change.attribute === attribute)).length;
}
