import { integer, octets, readElement, readElements, readInteger, sequence } from './ber.ts';
import { type Call, controlOid } from './call.ts';
import type { RequestControl, SearchRequest } from './ldap-message.ts';
import type { ResponseControl } from './ldap-response.ts';
import type { Located } from './locate.ts';
import { Refusal, resultCode } from './refusal.ts';
import { findEntries, maxPageSize, type SearchAnswer } from './search.ts';
import { readSelection, showEntry } from './selection.ts';

/** The rest of the paged searches of one connection, by their cookies. They end with the connection. */
export class Cursors {
  readonly #remaining = new Map<string, readonly Located[]>();
  #last = 0;

  keep(remaining: readonly Located[]): string {
    const cookie = String(++this.#last);
    this.#remaining.set(cookie, remaining);
    return cookie;
  }

  take(cookie: string): readonly Located[] {
    const remaining = this.#remaining.get(cookie);
    if (!remaining) {
      throw new Refusal(
        resultCode.unavailableCriticalExtension,
        '00000057: LdapErr: DSID-0C090AA6, comment: Error processing control, data 0, v4563',
      );
    }
    this.#remaining.delete(cookie);
    return remaining;
  }
}

/** One page of a search. The page size is cut to MaxPageSize; a size of 0 with a cookie gives the search up. */
export function nextPage(call: Call, request: SearchRequest, control: RequestControl, cursors: Cursors): SearchAnswer {
  const { size, cookie } = readPageRequest(control);
  const found = cookie === '' ? findEntries(call, request) : cursors.take(cookie);
  if (cookie !== '' && size === 0) return page([], '', resultCode.success);
  const { faults } = call.controller.environment;
  if (faults.emptyPages > 0) {
    faults.emptyPages--;
    return page([], cursors.keep(found), resultCode.success);
  }
  const limit = Math.min(size || maxPageSize, maxPageSize, request.sizeLimit || maxPageSize);
  const selection = readSelection(call, request.attributes, request.typesOnly);
  // An object may have been deleted since the first page.
  const alive = found.slice(0, limit).filter(({ entry, replica }) => replica.byGuid(entry.guid) === entry);
  const remaining = found.slice(limit);
  const cutShort = remaining.length > 0 && request.sizeLimit > 0 && request.sizeLimit <= limit;
  return page(
    alive.map(({ entry, replica }) => showEntry(call, replica, entry, selection)),
    remaining.length > 0 && !cutShort ? cursors.keep(remaining) : '',
    cutShort ? resultCode.sizeLimitExceeded : resultCode.success,
  );
}

function readPageRequest({ value }: RequestControl): { size: number; cookie: string } {
  const [size, cookie] = readElements(readElement(value ?? Buffer.alloc(0)).content);
  return { size: readInteger(size?.content ?? Buffer.alloc(0)), cookie: cookie?.content.toString('utf8') ?? '' };
}

function page(entries: SearchAnswer['entries'], cookie: string, code: 0 | 4): SearchAnswer {
  const control: ResponseControl = { oid: controlOid.pagedResults, value: sequence(integer(0), octets(cookie)) };
  return { entries, references: [], result: { code }, controls: [control] };
}
