import type { Failure, Result } from '../../domain/result.ts';
import { failed, succeeded } from '../../domain/result.ts';
import type { Sighting } from '../../domain/sighting.ts';
import type { CloudObjectType, SightingSource } from '../../ports.ts';
import { type Answer, isSuccess, isUnsupportedQuery } from './answer.ts';
import { cloudObjectOf, collections } from './cloud-object.ts';
import type { Connection } from './connection.ts';
import { literal, withQuery } from './odata.ts';
import { advancedQuery, followPages, largestPage } from './pages.ts';
import { sightingsOf } from './sightings.ts';

const objectTypes = ['user', 'group', 'contact'] as const satisfies readonly CloudObjectType[];

/**
 * Reads `onPremisesProvisioningErrors` of every user, group and contact: the only place where quarantined attributes show.
 * One call a type as long as the service can filter by the error.
 */
export function createProvisioningErrorSource(connection: Connection, tenant: string): SightingSource {
  const formThatWorked: Record<CloudObjectType, number> = { user: 0, group: 0, contact: 0 };

  async function readType(objectType: CloudObjectType): Promise<TypeRead> {
    const sightings: Sighting[] = [];
    const oddities: Failure[] = [];
    const take = (entries: unknown[]): void => {
      for (const entry of entries) {
        const object = cloudObjectOf(objectType, entry);
        if (object.ok) sightings.push(...sightingsOf(tenant, object.value, provisioningErrorsOf(entry)));
        else oddities.push(object.failure);
      }
    };
    const opened = await open(connection, objectType, formThatWorked[objectType]);
    if (!opened.ok) return { objectType, sightings, failure: opened.failure, answered: false };
    const { form, answer } = opened.value;
    const answered = isSuccess(answer);
    if (answered) formThatWorked[objectType] = form;
    const read = await followPages(connection, answer, collections[objectType].need, take, queryForms[form]?.headers);
    if (!read.ok) return { objectType, sightings, failure: read.failure, answered };
    const [oddity] = oddities;
    return { objectType, sightings, answered, ...(oddity === undefined ? {} : { failure: oddity }) };
  }

  return {
    name: 'graph',
    async read() {
      const reads = await Promise.all(objectTypes.map(readType));
      const failures = reads.flatMap(({ failure }) => failure ?? []);
      const [first] = failures;
      if (first !== undefined && reads.every(({ answered }) => !answered)) {
        return failed(failures.find(({ kind }) => kind === 'TryAgain') ?? first);
      }
      return succeeded({
        sightings: reads.flatMap(({ sightings }) => sightings),
        complete: failures.length === 0,
        problems: reads.flatMap(({ objectType, failure }) =>
          failure === undefined ? [] : problem(objectType, failure),
        ),
      });
    },
  };
}

interface TypeRead {
  readonly objectType: CloudObjectType;
  readonly sightings: Sighting[];
  /** Why the type was not read to its end. */
  readonly failure?: Failure;
  /** At least one page came. */
  readonly answered: boolean;
}

interface QueryForm {
  readonly filter: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly count?: 'true';
}

/**
 * From cheapest to surest. Microsoft's pages disagree on whether the filter needs an advanced query or works at all, so a
 * 400 moves on to the next form. The last reads every synchronised object and looks at its errors here; it alone would
 * show a category other than PropertyConflict, the only one documented.
 */
const byCategory = `onPremisesProvisioningErrors/any(o:o/category eq ${literal('PropertyConflict')})`;
const queryForms: readonly QueryForm[] = [
  { filter: byCategory, headers: {} },
  { filter: byCategory, headers: advancedQuery, count: 'true' },
  { filter: 'onPremisesSyncEnabled eq true', headers: {} },
];

/** First page in the first form, from `form` on, that the service supports. */
async function open(
  connection: Connection,
  objectType: CloudObjectType,
  form: number,
): Promise<Result<{ form: number; answer: Answer }>> {
  for (let current = form; ; current += 1) {
    const query = queryForms[current];
    if (query === undefined) throw new Error('there is no query form after the last');
    const sent = await connection.get(pathOf(objectType, query), query.headers);
    if (!sent.ok) return sent;
    const isLast = current === queryForms.length - 1;
    if (isLast || !isUnsupportedQuery(sent.value)) return succeeded({ form: current, answer: sent.value });
  }
}

const pathOf = (objectType: CloudObjectType, { filter, count }: QueryForm): string =>
  withQuery(collections[objectType].path, {
    $filter: filter,
    $select: listed[objectType].join(','),
    $top: largestPage,
    $count: count,
  });

const onEveryType = ['id', 'displayName', 'mail', 'onPremisesProvisioningErrors'];

/** What a sighting tells, and no more: the last form reads whole directories. */
const listed: Readonly<Record<CloudObjectType, readonly string[]>> = {
  user: [...onEveryType, 'userPrincipalName', 'onPremisesImmutableId', 'onPremisesDistinguishedName'],
  group: onEveryType,
  contact: onEveryType,
};

/** The entries as they came: what is not understood is kept whole. */
function provisioningErrorsOf(entry: unknown): Record<string, unknown>[] {
  return (entry as { onPremisesProvisioningErrors?: Record<string, unknown>[] }).onPremisesProvisioningErrors ?? [];
}

const problem = (objectType: CloudObjectType, failure: Failure): string =>
  `${objectType}s could not be read to the end: ${failure.message}` +
  (failure.kind === 'NotPermitted' ? ` ${failure.remedy}` : '');
