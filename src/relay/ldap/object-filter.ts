import { AndFilter, type Filter, NotFilter, OrFilter } from 'ldapts';
import { equals } from './search-filter.ts';

/**
 * What can be synchronised: users, inetOrgPersons and contacts have the category `person`, groups `group`; computers and
 * managed service accounts have categories of their own. Indexed, unlike objectClass in older schemas.
 */
export const objectsOfInterest: Filter = new OrFilter({
  filters: [equals('objectCategory', 'person'), equals('objectCategory', 'group')],
});

/** The same among deleted objects, which keep their classes but not their category (MS-ADTS 3.1.1.5.5.1.1). */
export const deletedObjectsOfInterest: Filter = new AndFilter({
  filters: [
    equals('isDeleted', 'TRUE'),
    new OrFilter({
      filters: [equals('objectClass', 'user'), equals('objectClass', 'group'), equals('objectClass', 'contact')],
    }),
    new NotFilter({ filter: equals('objectClass', 'computer') }),
  ],
});
